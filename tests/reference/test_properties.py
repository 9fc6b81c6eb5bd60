"""Random strategies of the whole language: no look into the future, money that adds up, nothing borrowed, limits kept."""

from random import Random

import pytest

from runtime.candles import Candles
from tests.reference.programs import EXITS, STOPS, TARGETS, TRAILS, WINDOWS, filled, random_candles
from tests.reference.results import Result
from tests.reference.scenes import BTC, ETH, HOUR, play

MORE = (
    "reverse",
    "order limit at 0.5% below close for 3 bars",
    "order stop at 0.5% above close for 6h",
    "order limit at next_open for 2 bars",
    "add 300 USDT at 1%, 2% below entry, each 1.5 times the last",
    "add 200 USDT every 1% above last entry, at most 3 times, 2h apart",
    "add 5% of equity when close is falling 2 bars, at most 2 times",
    "pause 5h when losses_in_a_row >= 2",
    "pause until tomorrow America/New_York when day_loss > 0.5%",
    "halt when drawdown > 8%",
    "halt and close when drawdown > 5%",
    "at most 1 open position, highest volume first",
    "at most 2 entries a day America/New_York",
    "cooldown 2h before the other side",
    "every 6h buy 100 USDT if close > open",
    "every day at 03:30 Europe/London sell 50%",
    "every monday, thursday at 09:00 UTC exit",
    'alert "x" when profit > 1%',
    "break even once profit > 1%",
    "size volatility 15% a year",
)
WHOLE = (
    f"hold 60% {BTC}, 30% {ETH}\nrebalance every 6h\nstop loss 3%",
    f"hold best 1 by change(close, 5) if close > sma(close, 9) otherwise 50% {ETH}\nrebalance when a weight drifts 5%",
    "hold 40% each if close is rising\nrebalance every day at 12:00 UTC\nnever sunday",
    "grid from 85 to 115 in 12 steps of 60 USDT",
    "grid from 90 to 110 in 8 steps of 90 USDT\nstop loss at 85\nonly when close > 88",
)


def wild(seed: int) -> str:
    """A strategy of everything."""
    random = Random(seed)
    head = f"trade {BTC} and {ETH} on 1h\n"
    if seed % 5 == 0:
        return head + random.choice(WHOLE)
    lines = ["buy when close is falling 2 bars", "short when close is rising 3 bars and volume > 20"]
    lines += [
        filled(random, f"exit when {random.choice(EXITS)}"),
        filled(random, f"stop loss {random.choice(STOPS[:-1])}"),
    ]
    lines += [filled(random, f"take profit {random.choice(TARGETS)}")] if random.random() < 0.5 else []
    lines += [filled(random, f"trailing stop {random.choice(TRAILS)}")] if random.random() < 0.3 else []
    lines += [random.choice(WINDOWS)] if random.random() < 0.3 else []
    words = set()
    for more in random.sample(MORE, 5):
        if more.split()[0] in words:
            continue
        words.add(more.split()[0])
        lines.append(more)
    return head + "\n".join(lines)


def part(candles: dict[str, Candles], end: int) -> dict[str, Candles]:
    """The candles that opened before a moment."""
    return {market: each.part(0, int((each.time < end).sum())) for market, each in candles.items()}


def played(seed: int, candles: dict[str, Candles]) -> Result:
    return play(wild(seed), candles, cash=5000.0, fee=0.001, slippage=0.0005)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(80))
def test_whole_language(seed: int) -> None:
    holes = (0, 6)[seed % 2]
    candles = {BTC: random_candles(seed, BTC, 200, holes), ETH: random_candles(seed + 999, ETH, 200, holes)}
    found = played(seed, candles)
    # money: what was made is what the trades say, and cash plus positions never pass it
    assert sum(each.pnl for each in found.trades) == pytest.approx(worth_at_end(found) - 5000.0, abs=1e-6)
    for each in found.fills:
        assert each.quantity > 0 and each.price > 0 and each.fee == pytest.approx(each.quantity * each.price * 0.001)
    # nothing is held on both sides at once and no more is sold than there is
    held = {BTC: 0.0, ETH: 0.0}
    for each in found.fills:
        step = each.quantity if each.side in ("buy", "cover") else -each.quantity
        if each.side in ("sell", "cover"):
            assert abs(held[each.market] + step) <= abs(held[each.market]) + 1e-9
        else:
            assert held[each.market] * step >= -1e-6, each
        held[each.market] += step
    # no look into the future: on fewer candles the same happened until then
    end = int(candles[BTC].time[120])
    before = played(seed, part(candles, end))
    assert before.fills == [each for each in found.fills if each.time < end]
    assert before.equity == [each for each in found.equity if each[0] < end + HOUR]


def worth_at_end(found: Result) -> float:
    """The last equity, less what leaving at the last close cost."""
    leaving = sum(
        each.quantity * each.exit_price * 0.001 + each.quantity * each.exit_price / (1 - each.side * 0.0005) * 0.0005
        for each in found.trades
        if each.kind == "end"
    )
    return found.equity[-1][1] - leaving
