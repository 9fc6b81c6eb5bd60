"""Paper on present prices: the fake exchange over real HTTP, candle by candle, against the same candles known whole."""

from collections.abc import Iterator
from pathlib import Path

import ccxt
import numpy as np
import pytest

from runtime.candles import Candles
from runtime.core.calendar import moment
from runtime.core.columns import SharedColumns
from runtime.feeds.fetching import repair
from runtime.feeds.store import Series
from runtime.ledger import Ledger
from runtime.live_run import PATIENCE_MS
from runtime.markets import Markets
from tests.candle_files import MONDAY_MS, without
from tests.emulators.venue import Fault, Venue
from tests.emulators.venue_http import running_venue
from tests.made import OPEN, walk_candles
from tests.runtime.live_world import Known, LiveWorld, Room, closing_world, decided
from tests.runtime.test_engine import STRATEGIES
from tests.runtime.world import World

HOUR_MS, SECOND_MS = 3_600_000, 1_000
BTC, ETH, SOL = "BTC/USDT", "ETH/USDT", "SOL/USDT"
BEFORE, LIVE = 300, 120
START = MONDAY_MS + BEFORE * HOUR_MS
EASY = "trade BTC/USDT on 1h\nbudget 10000 USDT\nbuy when close > 0\nstop loss 3%\n"


@pytest.fixture(autouse=True)
def _unthrottled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ccxt.Exchange, "throttle", lambda _, cost=None: None)


@pytest.fixture
def database_kind() -> str:
    """One database will do: what the engine writes to either is proven in `test_engine`."""
    return "sqlite"


@pytest.fixture
def candles() -> dict[str, Candles]:
    return {name: walk_candles(BEFORE + LIVE + 5, seed, name) for seed, name in enumerate((BTC, ETH, SOL), 11)}


@pytest.fixture
def venue(candles: dict[str, Candles]) -> Iterator[Venue]:
    with running_venue(dict(candles), START + 60 * SECOND_MS) as running:
        yield running


@pytest.fixture
def world(venue: Venue, ledger: Ledger, tmp_path: Path) -> Iterator[LiveWorld]:
    with closing_world(LiveWorld(ledger, {}, OPEN, room=Room(venue, tmp_path / "candles"))) as made:
        yield made


def after(candle: int, seconds: float = 3) -> int:
    """So many seconds after the close of the live candle with this number, from 0."""
    return START + (candle + 1) * HOUR_MS + round(seconds * SECOND_MS)


def known(ledger: Ledger, candles: dict[str, Candles], rules: str, last: int, name: str = "known") -> World:
    """The same run on candles that were all there from the start."""

    class KnownWorld(World):
        def make_markets(self) -> Markets:
            kept = {name: each.part(0, BEFORE + last + 2) for name, each in self.candles.items()}
            return Known(kept).begin(START)

    world = KnownWorld(ledger, candles)
    world.run(rules, name)
    world.play(candles=10_000)
    return world


def same_run(live: World, replay: World) -> int:
    """The same decisions bit for bit, and the same fills; how many of these there are."""
    count = len(decided(live.ledger, live.run_ids[0]))
    assert decided(live.ledger, live.run_ids[0]) == decided(replay.ledger, replay.run_ids[0])[:count] and count
    fills = [(each.market, each.side, each.quantity, each.price, each.fee, each.at) for each in live.fills()]
    others = [(each.market, each.side, each.quantity, each.price, each.fee, each.at) for each in replay.fills()]
    assert fills == others[: len(fills)]
    return len(fills)


MORE = [pytest.param(name, marks=pytest.mark.slow) for name in ("parts", "trailing", "partial", "two")]


@pytest.mark.parametrize("name", ["plain", "longer", "three", *MORE])
def test_candle_by_candle_it_decides_bit_for_bit_as_on_known_candles(
    world: LiveWorld, candles: dict[str, Candles], name: str
) -> None:
    world.run(STRATEGIES[name])
    for at in range(LIVE):
        assert world.tick(after(at)) == 1
        if at % 17 == 16:
            world.reboot()
    assert same_run(world, known(world.ledger, candles, STRATEGIES[name], LIVE)) >= 2


def test_the_order_in_which_markets_arrive_changes_nothing(
    world: LiveWorld, candles: dict[str, Candles], venue: Venue
) -> None:
    rules, random = STRATEGIES["three"], np.random.default_rng(5)
    world.run(rules)
    for at in range(60):
        late = [name for name in candles if random.random() < 0.4]
        venue.withheld = {(name, START + at * HOUR_MS) for name in late}
        played = world.tick(after(at))
        assert played == (0 if late else 1), "what came waits for what is late"
        venue.withheld = set()
        assert played + world.tick(after(at, 9)) == 1
    assert same_run(world, known(world.ledger, candles, rules, LIVE)) > 2


def test_the_unfinished_candle_is_never_decided_on(world: LiveWorld) -> None:
    run = world.run(EASY + "ask never\n")
    for seconds in (0.5, 600, 3_599, 3_600, 3_601.9):
        assert world.tick(START + round(seconds * SECOND_MS)) == 0, f"played at {seconds} s"
    assert not decided(world.ledger, run)
    assert world.tick(START + HOUR_MS + 2 * SECOND_MS) == 1
    assert [row[0] for row in decided(world.ledger, run)] == [START]


def test_a_question_runs_out_by_the_clock_and_the_market_does_not_wait(world: LiveWorld) -> None:
    world.run(EASY)
    world.tick(after(0))
    (asked,) = world.waiting()
    assert asked.expires_at == moment(after(0) + 300 * SECOND_MS)
    world.tick(after(0, 302))
    assert world.waiting()
    world.tick(after(0, 304))
    assert not world.waiting() and world.kinds() == ["ask", "answered", "skipped"] and not world.fills()
    assert world.tick(after(1)) == 1
    assert len(world.waiting()) == 1


def test_a_question_is_asked_once_while_it_is_open(world: LiveWorld) -> None:
    world.run(EASY + "ask before buying, for 5h\n")
    world.tick(after(0))
    world.tick(after(1))
    world.tick(after(2))
    assert len(world.waiting()) == 1
    reasons = [row[4] for row in decided(world.ledger, world.run_ids[0])]
    assert "a question about it is open" in reasons[1] and "a question about it is open" in reasons[2]


def test_a_yes_meets_the_present_price(world: LiveWorld, candles: dict[str, Candles]) -> None:
    world.run(EASY)
    world.tick(after(0))
    world.tick(after(0, 120))
    (asked,) = world.waiting()
    assert world.answer(asked.token, "approve") == "done"
    (fill,) = world.fills()
    row = BEFORE + 1
    opened, close = candles[BTC].open[row], candles[BTC].close[row]
    present = opened + (close - opened) * (120 * SECOND_MS / HOUR_MS)
    assert float(fill.price) == pytest.approx(present * 1.0005, rel=1e-4) and fill.at == moment(after(0, 120))


def test_a_yes_without_a_fresh_price_buys_nothing(world: LiveWorld, venue: Venue) -> None:
    world.run(EASY)
    world.tick(after(0))
    venue.lasting = Fault("unavailable", on="")
    world.tick(after(0, 120))
    (asked,) = world.waiting()
    assert world.answer(asked.token, "approve") == "no price"
    assert not world.fills()


def test_candles_missed_while_it_was_down_are_history_and_buy_nothing(
    world: LiveWorld, candles: dict[str, Candles]
) -> None:
    rules = STRATEGIES["plain"]
    world.run(rules)
    for at in range(10):
        world.tick(after(at))
    before = len(world.fills())
    world.room.venue.now_ms = after(70)
    world.reboot()
    assert world.tick(after(70)) == 61
    missed = world.engine().presence.take_missed()
    assert missed.candles == 60
    assert not [each for each in world.fills()[before:] if each.side == "buy" and each.at < moment(after(70))]
    replay = known(world.ledger, candles, rules, LIVE)
    times = [row[:4] for row in decided(world.ledger, world.run_ids[0])]
    assert times == [row[:4] for row in decided(replay.ledger, replay.run_ids[0])][: len(times)], "all were judged"
    reasons = "".join(str(row[4]) for row in decided(world.ledger, world.run_ids[0]))
    assert missed.entries == reasons.count("its candle was missed") > 0


def falling(candles: Candles, at: int) -> Candles:
    """The same until a candle, then 20% lower."""
    factor = np.where(np.arange(len(candles)) < at, 1.0, 0.8)
    columns = (each * factor for each in (candles.open, candles.high, candles.low, candles.close))
    return Candles(candles.market, "1h", candles.time, *columns, candles.volume)


def test_a_stop_that_was_reached_while_it_was_down_is_honoured_at_the_present_price(
    world: LiveWorld, venue: Venue
) -> None:
    venue.candles[BTC] = falling(venue.candles[BTC], BEFORE + 5)
    world.run(EASY + "ask never\n")
    world.tick(after(0))
    (bought,) = world.fills()
    venue.now_ms = after(40)
    world.reboot()
    world.tick(after(40))
    sold = world.fills()[1]
    assert (sold.side, sold.at) == ("sell", moment(after(40)))
    present = world.markets.price(BTC, "1h").last
    assert float(sold.price) == pytest.approx(present * 0.9995) and sold.price < bought.price
    bought_on = sorted(each.candle_time for each in world.intents().values() if each.side == "buy")
    assert bought_on == [START + HOUR_MS, START + 41 * HOUR_MS], "only on candles that had just closed"


def test_a_market_without_its_candle_is_waited_for_and_then_left_out_for_good(
    world: LiveWorld, candles: dict[str, Candles], venue: Venue
) -> None:
    rules = STRATEGIES["two"]
    world.run(rules)
    for at in range(12):
        if at == 4:
            venue.withheld = {(ETH, START + at * HOUR_MS)}
            assert world.tick(after(at)) == 0
            assert world.tick(START + (at + 1) * HOUR_MS + PATIENCE_MS - 9) == 0
            assert world.tick(START + (at + 1) * HOUR_MS + PATIENCE_MS + 9) == 1
            venue.withheld = set()
        world.tick(after(at, 50))
        if at in (5, 9):
            world.reboot()
    assert START + 4 * HOUR_MS in world.markets.candles(ETH, "1h").time, "it is in the store"
    assert START + 4 * HOUR_MS not in world.live().candles[ETH].time, "and not in what this run decides on"
    holed = {**candles, ETH: without(candles[ETH], BEFORE + 4)}
    live, replay = (
        decided(world.ledger, each) for each in (world.run_ids[0], known(world.ledger, holed, rules, LIVE).run_ids[0])
    )
    assert live == replay[: len(live)]


def test_a_hole_refilled_behind_its_back_changes_nothing_of_a_run(
    world: LiveWorld, candles: dict[str, Candles], venue: Venue
) -> None:
    gone = START + 6 * HOUR_MS
    venue.withheld = {(BTC, gone)}
    rules = STRATEGIES["plain"]
    world.run(rules)
    for at in range(30):
        world.tick(after(at, 40))
        if at == 15:
            venue.withheld = set()
            world.markets.close()
            assert repair(world.markets.store, world.markets._history, Series("binance", BTC, "1h")).fetched.new == 1
            world.reboot()
    assert gone in world.markets.candles(BTC, "1h").time and gone not in world.live().candles[BTC].time
    replay = known(world.ledger, {BTC: without(candles[BTC], BEFORE + 6)}, rules, LIVE)
    live = decided(world.ledger, world.run_ids[0])
    assert live == decided(replay.ledger, replay.run_ids[0])[: len(live)]


def test_a_changed_candle_is_told_and_the_run_keeps_what_it_saw(
    world: LiveWorld, candles: dict[str, Candles], venue: Venue
) -> None:
    rules = STRATEGIES["plain"]
    world.run(rules)
    for at in range(20):
        if at == 10:
            venue.corrected[BTC, START + 9 * HOUR_MS] = 1.0
        world.tick(after(at))
        if at == 14:
            world.reboot()
    assert [each.opened_ms for each in world.markets.revised] == [] and len(
        world.markets.store.read(world.markets._series(BTC, "1h"), START, as_of_ms=after(9))
    ) == 10
    newest = world.markets.store.read(world.markets._series(BTC, "1h"))
    assert newest.close[newest.time == START + 9 * HOUR_MS] == 1.0
    assert same_run(world, known(world.ledger, candles, rules, LIVE)) >= 0


def columns_are_those_of_its_candles(world: LiveWorld, at: int) -> None:
    """Every column of a run is, bit for bit, what it is when computed on the run's own candles alone."""
    run = world.live(at)
    alone = SharedColumns(run._read)
    for market in run.program.markets:
        for node in run.plan.columns:
            shared = run.machine.shared.of(market).of(node)
            assert shared.tobytes() == alone.of(market).of(node).tobytes(), (market, node)


def test_runs_that_read_the_same_candles_share_their_columns(world: LiveWorld, candles: dict[str, Candles]) -> None:
    quick = STRATEGIES["plain"].replace("45", "48")
    world.run(STRATEGIES["plain"])
    world.run(quick, "quick")
    for at in range(40):
        assert world.tick(after(at)) == 2
        if at == 20:
            world.reboot()
    one, two = world.live(0), world.live(1)
    assert one.machine.shared is two.machine.shared
    for at in (0, 1):
        columns_are_those_of_its_candles(world, at)
    same_run(world, known(world.ledger, candles, STRATEGIES["plain"], LIVE))
    replay = known(world.ledger, candles, quick, LIVE, "known quick")
    mine, whole = decided(world.ledger, world.run_ids[1]), decided(world.ledger, replay.run_ids[0])
    assert mine == whole[: len(mine)]


def test_a_run_without_a_late_candle_and_one_with_it_keep_columns_of_their_own(world: LiveWorld, venue: Venue) -> None:
    venue.withheld = {(BTC, START + 6 * HOUR_MS)}
    world.run(STRATEGIES["plain"])
    world.run(STRATEGIES["plain"], "beside")
    for at in range(16):
        world.tick(after(at, 40))
    assert world.live(0).machine.shared is world.live(1).machine.shared
    venue.withheld = set()
    world.markets.close()
    assert repair(world.markets.store, world.markets._history, Series("binance", BTC, "1h")).fetched.new == 1
    world.reboot()
    world.run(STRATEGIES["plain"], "later")
    for at in range(16, 30):
        world.tick(after(at, 40))
    assert len({id(world.live(at).machine.shared) for at in (0, 2)}) == 2
    for at in (0, 1, 2):
        columns_are_those_of_its_candles(world, at)


def test_runs_that_go_past_a_late_candle_part_and_decide_on(
    world: LiveWorld, candles: dict[str, Candles], venue: Venue
) -> None:
    rules = STRATEGIES["two"]
    world.run(rules)
    world.run(rules, "beside")
    for at in range(12):
        if at == 4:
            venue.withheld = {(ETH, START + at * HOUR_MS)}
            assert world.tick(after(at, PATIENCE_MS / SECOND_MS + 9)) == 2
            venue.withheld = set()
        world.tick(after(at, 50))
        for number in (0, 1):
            columns_are_those_of_its_candles(world, number)
    assert START + 4 * HOUR_MS not in world.live(1).candles[ETH].time
    holed = {**candles, ETH: without(candles[ETH], BEFORE + 4)}
    replay = decided(world.ledger, known(world.ledger, holed, rules, LIVE).run_ids[0])
    for number in world.run_ids:
        mine = decided(world.ledger, number)
        assert mine == replay[: len(mine)] and mine
