"""Values from outside the candles: known from their moment on, until they are stale; the same as in the reference."""

import numpy as np
import pytest

from runtime.backtest import Costs, run_backtest
from runtime.core.columns import SharedColumns
from runtime.core.outside import Outside
from runtime.feeds.outside_files import OutsideError, read_events, read_outside
from strategy_dsl.catalogue import VALUES
from strategy_dsl.compiler import compile_rules
from strategy_dsl.parser import parse
from strategy_dsl.program import build_program
from tests.candle_files import MONDAY_MS
from tests.made import OPEN, backtest_of, candles_of, walk_candles
from tests.reference import values as reference
from tests.reference.machine import run
from tests.reference.test_against_engine import merged, same

HOUR = 3_600_000
HEAD = "trade BTC/USDT on 1h\nbudget 10,000 USDT\nsize 10% of equity\n"


def series(points: list[tuple[int, float]], age: int) -> Outside:
    return Outside(np.array([t for t, _ in points], np.int64), np.array([v for _, v in points]), age)


def fear(*points: tuple[float, float], age: float = 2) -> dict[str, Outside]:
    return {"fear_and_greed": series([(MONDAY_MS + int(at * HOUR), value) for at, value in points], int(age * HOUR))}


def entered(rules: str, outside: dict[str, Outside], count: int = 8) -> list[int]:
    found = backtest_of(HEAD + rules + "stop loss 50%\n", candles_of([(100, 100, 100, 100)] * count), outside=outside)
    return [(each.entry_ms - MONDAY_MS) // HOUR for each in found.trades]


def test_a_value_is_known_from_the_close_at_its_moment_on_and_not_before() -> None:
    # closes are at 1h, 2h, …; a value of 3h is seen at the close of candle 2, and its order meets the open of candle 3
    assert entered("buy when fear_and_greed < 20\n", fear((3, 10), age=99)) == [3]
    assert entered("buy when fear_and_greed < 20\n", fear((3 + 1 / HOUR, 10), age=99)) == [4]


def test_a_stale_value_is_unknown_and_one_just_at_its_age_is_not() -> None:
    rules = "buy when fear_and_greed < 20 and hour == 4\n"
    assert entered(rules, fear((3, 10), age=2)) == [5]
    assert entered(rules, fear((3, 10), age=2 - 1 / HOUR)) == []
    assert entered("buy when not known(fear_and_greed) and hour == 4\n", fear((3, 10), age=1)) == [5]


def test_without_data_a_value_is_unknown() -> None:
    assert entered("buy when fear_and_greed < 20\n", {}) == entered("buy when not fear_and_greed < 20\n", {}) == []


def test_a_market_s_own_series_goes_before_the_one_for_all() -> None:
    own = {"fear_and_greed of BTC/USDT": fear((1, 10), age=99)["fear_and_greed"]}
    assert entered("buy when fear_and_greed < 20\n", {**fear((1, 90), age=99), **own}) == [1]
    other = {"fear_and_greed of ETH/USDT": fear((1, 10), age=99)["fear_and_greed"]}
    assert entered("buy when fear_and_greed < 20\n", {**fear((1, 90), age=99), **other}) == []


RULES = [
    "buy when fear_and_greed crosses below 40",
    "buy when fear_and_greed[3] < fear_and_greed",
    "buy when sma(fear_and_greed, 3) < 40 and close > open",
    "buy when fear_and_greed on 4h is rising",
    "buy when regime is trending",
    "buy when regime is quiet or regime is ranging",
    "buy when funding_rate < 0%",
    "buy when not known(conviction) or conviction > 50",
    "buy when fear_and_greed < 40 and (not known(last_profit) or last_profit > -1%)",
    "buy when open_interest > sma(open_interest, 5) for 2 bars",
]
WORDS = VALUES["regime"].words


def made(seed: int) -> tuple[dict[str, Outside], dict[str, reference.Outside]]:
    """The same random series for both, with holes longer than their age."""
    random = np.random.default_rng(seed)
    ours, theirs = {}, {}
    for name, low, high in (("fear_and_greed", 0, 100), ("funding_rate", -0.001, 0.001), ("conviction", 0, 100),
                            ("open_interest", 0, 1e6), ("regime", 0, 4)):  # fmt: skip
        times = np.cumsum(random.integers(1, 12 * HOUR, 80)) + MONDAY_MS - 10 * HOUR
        values = random.uniform(low, high, len(times))
        # whole numbers: their sums are exact in any order
        values = values if name == "funding_rate" else np.floor(values)
        age = int(random.integers(2, 9)) * HOUR
        ours[name] = Outside(times, values, age)
        told = [WORDS[int(each)] for each in values] if name == "regime" else values.tolist()
        theirs[name] = reference.Outside(tuple(zip(times.tolist(), told, strict=True)), age)
    return ours, theirs


@pytest.mark.parametrize("rule", RULES)
def test_the_engine_and_the_reference_agree(rule: str) -> None:
    traded = 0
    for seed in range(4):
        text = f"{HEAD}{rule}\nstop loss 2%\ntake profit 2%\nexit after 9 bars\nask never\n"
        candles = {"BTC/USDT": walk_candles(400, seed)}
        ours, theirs = made(seed)
        program = build_program(compile_rules(text, OPEN).strategy)
        found = run_backtest(program, candles, 10_000.0, Costs(0.001), outside=ours).trades
        wanted = run(parse(text).strategy, candles, 10_000.0, 0.001, 0.0, theirs).trades
        same(
            merged([(t.market, t.entry_time, t.exit_time, t.kind, t.entry_price, t.exit_price, t.quantity, t.pnl) for t in wanted]),
            merged([(t.market, t.entry_ms, t.exit_ms, t.kind, t.entry_price, t.exit_price, t.quantity, t.pnl) for t in found]),
        )  # fmt: skip
        traded += len(found)
    assert traded


def test_a_column_grows_as_it_was_computed_at_once() -> None:
    from strategy_dsl.nodes import Name

    candles, (outside, _) = walk_candles(300, 1), made(1)
    at_once = SharedColumns({"BTC/USDT": candles}, outside=outside)
    whole = at_once.of("BTC/USDT").of(Name("fear_and_greed"))
    growing = SharedColumns({"BTC/USDT": candles.part(0, 100)}, outside=outside)
    growing.of("BTC/USDT").of(Name("fear_and_greed"))
    for at in range(100, 300):
        growing.extend({"BTC/USDT": candles.part(at, at + 1)})
    grown = growing.of("BTC/USDT").of(Name("fear_and_greed"))
    assert np.array_equal(whole, grown, equal_nan=True) and np.isnan(whole).any() and (~np.isnan(whole)).any()


def test_files(tmp_path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("time,value\n2024-01-01T08:00,0.01%\n1704067200000,-0.0002\n")
    found = read_outside(path, "funding_rate", 5)
    assert found.time.tolist() == [MONDAY_MS, MONDAY_MS + 8 * HOUR] and found.age_ms == 5
    assert found.value.tolist() == pytest.approx([-0.0002, 0.0001])
    path.write_text("time,value\n2024-01-01,ranging\n")
    assert read_outside(path, "regime").value.tolist() == [1.0]
    path.write_text("when\n2024-01-02\n2024-01-01T00:00:00+00:00\n")
    assert read_events(path) == (MONDAY_MS, MONDAY_MS + 24 * HOUR)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("fear_and_greed", "time,value\n", "has no values"),
        ("fear_and_greed", "time,value\n2024-01-01\n", "line 2"),
        ("fear_and_greed", "time,value\n2024-01-01,101\n", "from 0 to 100"),
        ("fear_and_greed", "time,value\n2024-01-01,x\n", "not a number"),
        ("fear_and_greed", "time,value\nyesterday,5\n", "no time"),
        ("fear_and_greed", "time,value\n2024-01-01,5\n2024-01-01,6\n", "two values"),
        ("regime", "time,value\n2024-01-01,bullish\n", "none of trending"),
    ],
)
def test_broken_files_are_told(tmp_path, name: str, text: str, says: str) -> None:
    path = tmp_path / "f.csv"
    path.write_text(text)
    with pytest.raises(OutsideError, match=says):
        read_outside(path, name)


def test_high_impact_events_shut_a_window() -> None:
    rules = "buy when close > 0\nexit after 1 bars\nnever within 1h of a high-impact event\n"
    candles = candles_of([(100, 100, 100, 100)] * 10)
    opened = [
        {(each.entry_ms - MONDAY_MS) // HOUR for each in backtest_of(HEAD + rules, candles, events=events).trades}
        for events in ((), (MONDAY_MS + 5 * HOUR,))
    ]
    # from 4h to 6h, both included, it is shut
    assert opened[0] & {4, 5, 6} and not opened[1] & {4, 5, 6} and opened[1] & {7, 8}
