"""The rule of ../shared/golden as each other engine plays it: our semantics with that engine's documented differences.

A hand-written loop, independent of the compiled machine. Each difference is a field of `Semantics`; where one acts in a
trade, the trade carries its words, so what separates an engine's trade from ours has a cause or is unexplained. Prices
in quote currency, quantities in coins, times ms UTC.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import talib

from runtime.candles import Candles

CASH, FEE, SHARE = 100_000.0, 0.001, 0.1
PRESETS = {"base": (30.0, 200, 0.03, 0.06), "dense": (45.0, 100, 0.01, 0.02)}
"""RSI level, EMA length, stop, target."""

AT_CLOSE = "fills at the close that decided, not at the next open"
NO_LEVELS = "stop and target are laid after the entry candle"
LATE = "levels come a candle late: the open gapped over one as seen from the deciding close"
TARGET_FIRST = "the target goes before the stop: the high is replayed first"
STOP_FIRST = "the stop goes before a target that the open had passed already"
LEVEL_WINS = "a level touched in the candle goes before an exit due at its open"
TRADED_BACK = "a gapped stop fills at the stop where the candle trades back to it"
AT_LIMIT = "a gapped target fills at its price or the candle's low, never at the better open"
NEXT_OPEN = "a reached target is sold at the next open"
END_OPEN = "the last position is closed at the last open"
TICK = "a level is rounded to the market's tick"


@dataclass(frozen=True)
class Semantics:
    """What an engine does unlike us; the defaults are ours."""

    at_close: bool = False
    no_levels_at_entry: bool = False
    late_if_gapped: bool = False
    target_first: bool = False
    stop_before_gap: bool = False
    level_over_signal: bool = False
    stop_if_back: bool = False
    target_at_limit: bool = False
    low_is_floor: bool = False
    target_next_open: bool = False
    size_of: str = "fill"
    """What a tenth of the cash is divided by: `fill`, `fill and fee` or `signal close`."""
    digits: Callable[[float], float] = float
    """How a quantity is rounded."""
    tick: bool = False
    """Stops are rounded up and targets to the nearest hundredth, a half down."""


def down(quantity: float) -> float:
    """Down to 1e-8."""
    return math.floor(quantity * 1e8 + 1e-6) / 1e8


def nearest(quantity: float) -> float:
    """To the nearest 1e-8."""
    return round(quantity, 8)


ENGINES = {
    "ref-numba": Semantics(),
    "backtrader": Semantics(),
    "backtesting.py": Semantics(late_if_gapped=True, stop_before_gap=True, size_of="fill and fee", digits=down),
    "freqtrade": Semantics(stop_if_back=True, target_at_limit=True, low_is_floor=True, digits=down, tick=True),
    "nautilus-open": Semantics(target_first=True, target_at_limit=True, digits=nearest),
    "vectorbt": Semantics(
        no_levels_at_entry=True, stop_before_gap=True, level_over_signal=True, size_of="fill and fee"
    ),
    "basana": Semantics(no_levels_at_entry=True, target_next_open=True, size_of="signal close", digits=nearest),
    "jesse-warm1000": Semantics(at_close=True),
}


@dataclass
class Played:
    """One trade of the loop; `why` are the differences that acted in it."""

    entry_time: int
    exit_time: int
    entry_price: float
    exit_price: float
    quantity: float
    pnl: float
    reason: str
    why: set[str] = field(default_factory=set)


class Loop:
    """One market, long only, one position: buy where RSI(14) crosses below a level over the EMA, sell over 60."""

    def __init__(self, candles: Candles, preset: str, how: Semantics) -> None:
        level, length, self.stop_share, self.target_share = PRESETS[preset]
        rsi, ema = talib.RSI(candles.close, 14), talib.EMA(candles.close, length)
        before = np.concatenate([[np.nan], rsi[:-1]])
        self.entries = (before >= level) & (rsi < level) & (candles.close > ema)
        self.exits = rsi > 60
        self.candles, self.how = candles, how
        self.cash, self.trades = CASH, list[Played]()

    def run(self) -> list[Played]:
        """All trades in order."""
        i = 0
        while i < len(self.candles) - 1:
            i = self._trade(i) if self.entries[i] else i + 1
        return self.trades

    def _trade(self, decided: int) -> int:
        """Plays one trade; the candle in which it ended, at whose close the next may be decided."""
        c, how, why = self.candles, self.how, set[str]()
        first = decided + 1
        price = float(c.close[decided] if how.at_close else c.open[first])
        if price != c.open[first]:
            why.add(AT_CLOSE)
        divisor = {"fill": price, "fill and fee": price * (1 + FEE), "signal close": float(c.close[decided])}
        quantity = how.digits(SHARE * self.cash / divisor[how.size_of])
        stop, target = price * (1 - self.stop_share), price * (1 + self.target_share)
        if how.tick:
            stop, target = math.ceil(stop * 100 - 1e-6) / 100, math.ceil(target * 100 - 0.5 - 1e-6) / 100
        late = how.late_if_gapped and not stop < c.close[decided] < target
        if late:
            why.add(LATE)
        for bar in range(first, len(c)):
            found = self._left(bar, first, price, stop, target, late, why)
            if found is not None:
                return self._close(first, bar, price, *found, quantity, why)
        raise AssertionError("no set has a position at its end")

    def _left(
        self, bar: int, first: int, price: float, stop: float, target: float, late: bool, why: set[str]
    ) -> tuple[float, str] | None:
        """Price and reason of leaving in a candle."""
        c, how = self.candles, self.how
        opened, high, low = float(c.open[bar]), float(c.high[bar]), float(c.low[bar])
        if bar > first and how.target_next_open and c.high[bar - 1] >= target:
            why.add(NEXT_OPEN)
            return opened, "signal" if self.exits[bar - 1] else "target"
        if bar > first and self.exits[bar - 1] and not how.at_close:
            hit = low <= stop or high >= target
            if how.level_over_signal and hit:
                why.add(LEVEL_WINS)
            else:
                return opened, "signal"
        live = bar > first or not (how.no_levels_at_entry or late)
        if not live and how.no_levels_at_entry and (low <= stop or high >= target):
            why.add(NO_LEVELS)
        if live and (found := self._level(opened, high, low, stop, target, why)):
            return found
        if how.at_close and self.exits[bar]:
            return float(c.close[bar]), "signal"
        return None

    def _level(
        self, opened: float, high: float, low: float, stop: float, target: float, why: set[str]
    ) -> tuple[float, str] | None:
        """Price and reason of leaving at a level inside a candle."""
        how = self.how
        on_stop, on_target = low <= stop, high >= target and not how.target_next_open
        if on_stop and on_target and opened >= target:
            if how.stop_before_gap:
                why.add(STOP_FIRST)
            else:
                on_stop = False
        if on_stop and on_target and how.target_first and opened > stop:
            why.add(TARGET_FIRST)
            on_stop = False
        if on_stop and opened <= stop:
            if not (how.stop_if_back and high >= stop):
                return opened, "stop"
            if opened != stop:
                why.add(TRADED_BACK)
        if on_stop:
            if how.tick:
                why.add(TICK)
            return stop, "stop"
        if on_target and opened > target and not how.target_at_limit:
            return opened, "target"
        if on_target:
            best = max(target, low) if how.low_is_floor else target
            if opened > target and best != opened:
                why.add(AT_LIMIT)
            elif how.tick:
                why.add(TICK)
            return best, "target"
        return None

    def _close(
        self, first: int, bar: int, price: float, exit_price: float, reason: str, quantity: float, why: set[str]
    ) -> int:
        at_close = self.how.at_close and reason == "signal"
        if at_close:
            why.add(AT_CLOSE)
        time = self.candles.time
        pnl = quantity * (exit_price - price) - FEE * quantity * (price + exit_price)
        self.cash += pnl
        shown = int(time[bar + 1] if at_close else time[bar])
        self.trades.append(Played(int(time[first]), shown, price, exit_price, quantity, pnl, reason, why))
        return bar
