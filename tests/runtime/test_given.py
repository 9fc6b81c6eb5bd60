"""Universes, values from outside and events on paper: what a backtest of the same candles and values does."""

import os
from pathlib import Path

import numpy as np
import pytest

from bot.trades import trades_of
from runtime.as_tested import as_tested
from runtime.backtest import Costs, Venue, run_backtest
from runtime.brokers.paper import PAPER_SLIPPAGE, STEP
from runtime.core.calendar import milliseconds, moment
from runtime.core.columns import SharedColumns
from runtime.feeds.given import Given
from runtime.feeds.outside_files import OutsideError
from runtime.ledger import Ledger, decisions, runs
from runtime.live_run import program_of
from runtime.markets import Feed, MarketError, Markets
from runtime.ready import not_on_paper
from runtime.run_columns import RunColumns
from strategy_dsl.compiler import compile_rules
from tests.candle_files import MONDAY_MS
from tests.made import OPEN, walk_candles
from tests.runtime.live_world import Known
from tests.runtime.world import World

HOUR_MS, BEFORE, COUNT = 3_600_000, 200, 600
HEAD = "trade {} on 1h\nbudget 10000 USDT\n"
UNIVERSE = (
    "trade top 2 by volume in USDT on 1h except SOL/USDT\nbudget 10000 USDT\n"
    + "buy when rsi(7) < 40\nsell when rsi(7) > 60\nstop loss 3%\nsize 20% of equity\nask never\n"
)
FEAR = (
    HEAD.format("BTC/USDT")
    + "buy when fear_and_greed crosses below 40\nsell when fear_and_greed > 60\nstop loss 5%\nask never\n"
)
EVENTS = (
    HEAD.format("BTC/USDT")
    + "buy when rsi(7) < 45\nsell when rsi(7) > 60\nstop loss 3%\nnever within 2h of a high-impact event\nask never\n"
)
MARKETS = ("ADA/USDT", "BTC/USDT", "ETH/USDT", "SOL/USDT")


@pytest.fixture
def database_kind() -> str:
    """One database will do."""
    return "sqlite"


@pytest.fixture
def files(tmp_path: Path) -> Given:
    """An index every hour, and an event every second day."""
    index = 50 + 30 * np.sin(np.arange(COUNT) / 9)
    rows = [f"{MONDAY_MS + k * HOUR_MS},{value:.2f}" for k, value in enumerate(index)]
    (tmp_path / "index.csv").write_text("\n".join(["time,value", *rows]))
    times = [moment(MONDAY_MS + k * 48 * HOUR_MS).isoformat() for k in range(20)]
    (tmp_path / "events.csv").write_text("\n".join(["time", *times]))
    return Given([f"fear_and_greed={tmp_path / 'index.csv'},1d"], str(tmp_path / "events.csv"), MARKETS)


class Later(World):
    """A market that runs from some candle on, with what the owner gives."""

    given: Given

    def make_markets(self) -> Markets:
        """The candles before the start are known."""
        found = Known(self.candles).begin(MONDAY_MS + BEFORE * HOUR_MS)
        found.given = self.given
        return found


def played(ledger: Ledger, files: Given, rules: str, restart_every: int = 0) -> Later:
    names = [name for name in MARKETS if "top" in rules or name == "BTC/USDT"]
    kind = type("Given", (Later,), {"given": files})
    world: Later = kind(ledger, {name: walk_candles(COUNT, seed, name) for seed, name in enumerate(names, 3)})
    world.run(rules)
    world.play(restart_every=restart_every)
    return world


@pytest.mark.parametrize("rules", [UNIVERSE, FEAR, EVENTS])
def test_paper_does_what_a_backtest_does(ledger: Ledger, files: Given, rules: str) -> None:
    world = played(ledger, files, rules, restart_every=3)
    with ledger.read() as c:
        ended = [(trade, sale) for trade in trades_of(c, world.run_ids[0]) for sale in trade.sales]
        tested = as_tested(world.live(), milliseconds(runs.get(c, world.run_ids[0]).started_at))
        taken = decisions.between(c, world.run_ids[0], 0, 10**15)
    assert tested is not None and len(ended) == tested.trades > 2
    assert float(sum(trade.result_of(sale) for trade, sale in ended)) == pytest.approx(tested.result, abs=1e-4)
    # and the values are those of a backtest that reads the files by itself
    program = world.markets.placed(program_of(rules))
    venue = dict.fromkeys(program.markets, Venue(step=float(STEP)))
    costs = Costs(0.001, PAPER_SLIPPAGE, venue=venue)
    found = run_backtest(program, dict(world.candles), 10_000, costs, files.events(), files.values(), decisions=True)
    assert found.decisions is not None
    rows, times = found.decisions.rows, found.decisions.film.tape.time
    theirs = {
        (int(times[row["t"]]), program.markets[row["market"]], int(row["number"])): float(row["held"]) for row in rows
    }
    assert len(taken) > 300
    for row in taken:
        held = theirs[row.candle_time, row.market, int(row.rule)]
        assert row.outcome == {1.0: "true", 0.0: "false"}.get(held, "unknown")


def test_columns_take_in_values_that_came_since(files: Given) -> None:
    candles = walk_candles(COUNT, 3, "BTC/USDT")
    program = program_of(FEAR)
    node = program.entries[0].condition
    path = Path(files.outside[0].partition("=")[2].rpartition(",")[0])
    lines = path.read_text().splitlines()
    known = SharedColumns({"BTC/USDT": candles}, outside=files.values())
    whole = known.of("BTC/USDT").of(node).copy()
    path.write_text("\n".join(lines[:301]))
    os.utime(path, ns=(1, 1))
    shared = SharedColumns({"BTC/USDT": candles.part(0, 300)}, outside=files.values())
    column = shared.of("BTC/USDT").column(node)
    column.values()
    for stop in range(301, COUNT + 1, 23):
        path.write_text("\n".join(lines[: stop + 1]))
        os.utime(path, ns=(stop, stop))
        shared.outside = files.values()
        size = len(shared.of("BTC/USDT").candles)
        shared.extend({"BTC/USDT": candles.part(size, stop)})
        assert np.array_equal(column.values(), whole[:stop], equal_nan=True)


def test_a_file_that_breaks_keeps_what_it_gave(files: Given) -> None:
    path = Path(files.outside[0].partition("=")[2].rpartition(",")[0])
    before = files.values()
    assert files.values() is before
    path.write_text("time,value\nnonsense")
    assert files.values() is before
    path.unlink()
    assert files.values() is before
    path.write_text("time,value\n2024-01-01,7\n")
    assert files.values()["fear_and_greed"].value.tolist() == [7.0]
    with pytest.raises(OutsideError, match="cannot be read"):
        Given(["fear_and_greed=nowhere.csv"])
    with pytest.raises(OutsideError, match="not one of"):
        Given(["fear=nowhere.csv"])


def test_without_a_source_paper_says_what_to_give(files: Given) -> None:
    fear, events = (compile_rules(rules, OPEN).strategy for rules in (FEAR, EVENTS))
    assert "SAYSO_OUTSIDE=fear_and_greed=FILE.csv" in (not_on_paper(fear)[0].hint or "")
    assert "SAYSO_EVENTS=FILE.csv" in (not_on_paper(events)[0].hint or "")
    assert not_on_paper(fear, files) == not_on_paper(events, files) == ()


def test_an_exchange_needs_names_to_choose_among() -> None:
    program = program_of(UNIVERSE)
    assert len(Markets(Feed(7, {})).placed(program).markets) == 7, "all but SOL of the simulated ones"
    with pytest.raises(MarketError, match="SAYSO_UNIVERSE"):
        Markets(Feed(0, {}, "binance", 1)).placed(program)
    named = Markets(Feed(0, {}, "binance", 1), Given(universe=("ADA/USDT", "SOL/USDT", "ETH/EUR"))).placed(program)
    assert named.markets == named.reads == ("ADA/USDT",)


def test_a_universe_goes_on_with_its_markets_whatever_is_named_since(ledger: Ledger, files: Given) -> None:
    world = played(
        ledger, files, UNIVERSE.replace("sell when rsi(7) > 60", "sell when rsi(7) > 99").replace("3%", "50%")
    )
    before = {market: each.entry_price for market, each in world.live().machine.positions().items()}
    assert before
    for names in (("ETH/USDT", "BTC/USDT", "ADA/USDT"), ("BTC/USDT",), ()):
        world.given = Given(universe=names)
        world.markets = world.make_markets()
        world.restart()
        assert {market: each.entry_price for market, each in world.live().machine.positions().items()} == before


def test_a_universe_without_a_market_is_a_sentence() -> None:
    program = program_of(UNIVERSE.replace("SOL/USDT", "ADA/USDT and SOL/USDT"))
    with pytest.raises(MarketError, match="no USDT market is left"):
        Markets(Feed(0, {}, "binance", 1), Given(universe=("ADA/USDT", "SOL/USDT"))).placed(program)


def test_a_run_never_joins_columns_of_older_values(files: Given) -> None:
    candles = {"BTC/USDT": walk_candles(COUNT, 3, "BTC/USDT")}
    shared, before = RunColumns(), files.values()
    first = shared.of(candles, before)
    assert shared.of(candles, before) is first
    path = Path(files.outside[0].partition("=")[2].rpartition(",")[0])
    path.write_text("\n".join(path.read_text().splitlines()[:100]))
    os.utime(path, ns=(1, 1))
    assert files.values() is not before and shared.of(candles, files.values()) is not first
