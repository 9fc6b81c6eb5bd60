"""Paper without questions does what a backtest of the same candles from the same start does; a question makes it drift."""

import pytest
from sqlalchemy import Connection

from bot.trades import trades_of
from runtime.as_tested import AsTested, as_tested
from runtime.core.calendar import milliseconds
from runtime.ledger import Ledger, runs
from runtime.markets import Markets
from tests.candle_files import MONDAY_MS
from tests.runtime.live_world import Known
from tests.runtime.test_engine import STRATEGIES, candles_for
from tests.runtime.world import World

BEFORE, HOUR_MS = 300, 3_600_000


class Later(World):
    """A market that runs from some candle on."""

    def make_markets(self) -> Markets:
        """The candles before the start are known."""
        return Known(self.candles).begin(MONDAY_MS + BEFORE * HOUR_MS)


@pytest.fixture
def database_kind() -> str:
    """One database will do."""
    return "sqlite"


def here(c: Connection, world: World) -> AsTested:
    ended = [(trade, sale) for trade in trades_of(c, world.run_ids[0]) for sale in trade.sales]
    return AsTested(len(ended), float(sum(trade.result_of(sale) for trade, sale in ended)))


def both(ledger: Ledger, world: World) -> tuple[AsTested, AsTested | None]:
    with ledger.read() as c:
        return here(c, world), as_tested(world.live(), milliseconds(runs.get(c, world.run_ids[0]).started_at))


@pytest.mark.parametrize("name", ["plain", "parts", "trailing", "longer", "partial", "two", "three", "short", "limit"])
def test_without_questions_there_is_no_drift(ledger: Ledger, name: str) -> None:
    world = Later(ledger, candles_for(name, 700))
    world.run(STRATEGIES[name])
    assert both(ledger, world)[1] is None
    for played in (90, 200):
        world.play(candles=played)
        found, tested = both(ledger, world)
        assert tested is not None and found.trades == tested.trades
        assert found.result == pytest.approx(tested.result, abs=1e-4)
    assert found.trades > 2


def test_a_question_that_was_not_approved_is_drift(ledger: Ledger) -> None:
    world = Later(ledger, candles_for("plain", 700))
    world.run(STRATEGIES["plain"].replace("ask never\n", ""))
    for _ in range(30):
        world.play(candles=50)
        for each in world.waiting():
            world.answer(each.token, "reject")
    found, tested = both(ledger, world)
    assert tested is not None
    assert found.trades == 0 and tested.trades > 2
