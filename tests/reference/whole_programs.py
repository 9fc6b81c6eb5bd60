"""Random strategies of the whole language, as text: shorts, schedules, holdings, grids, adds, orders, gates."""

from datetime import UTC, datetime
from random import Random
from typing import NamedTuple

from runtime.backtest import Costs
from runtime.candles import Candles
from strategy_dsl.timeframes import timeframe_ms
from tests.reference.programs import ENTRIES, EXITS, WINDOWS, filled, random_candles

MARKETS = ("BTC/USDT", "ETH/USDT", "SOL/USDT")
SHORTS = (
    "rsi(5) crosses above {high}",
    "close < sma(close, {short})",
    "close is rising 2 bars",
    "close < lowest(low, {short})[1]",
    "close > bollinger({short}, 1.5).upper",
    "change(close, 3) > 1%",
)
WAYS_OUT = (
    *EXITS,
    "adds_made >= 2",
    "parts_sold > 0 and close is falling",
    "position_low < 1% below entry_price",
    "max(profit, -profit) > 2%",
    "rsi(7) > 1.2 * at_entry(rsi(7))",
    "choose(held > 4, profit, 1%) < 0%",
    "targets_hit >= 1",
)
STOPS = (
    "{small}%",
    "{times} * atr(5)",
    "{small}% of average entry",
    "{times} * atr(5) of average entry",
    "{small}% of last entry",
    "{big}% of each entry",
    "{times} * atr(5) of each entry",
    "at lowest(low, {short})",
    "{times} * atr(5), following",
    "at lowest(low, {short}), following",
    "{times} * atr(5) of average entry, following",
)
TARGETS = (
    "{big}%",
    "2r",
    "{small}% for 50%, {big}% for 50%",
    "{small}% for 30%, {big}%",
    "{small}% of average entry",
    "{small}% of average entry for 50%, {big}% of last entry",
    "{small}% of each entry",
    "{small}% of each entry for 50%, {big}% of each entry",
    "{times} * atr(5) of average entry",
    "at highest(high, {short}) following",
    "{times} * atr(5) following",
    "{small}% for 25%, {big}% of average entry following",
    "1r for 50%, 3r",
)
TRAILS = (
    "{small}%",
    "{small}% after {small}%",
    "{times} * atr(5)",
    "{small}% after 1r",
    "{small}% once close is rising",
)
EVENS = ("after 1r", "after 1%", "after 0.5 * atr(5)", "once profit > 0.5%")
ADDS = (
    "{money} USDT at 0.5%, 1% and 2% below entry",
    "{money} USDT at 1%, 2% below entry, each 1.5 times the last",
    "{money} USDT at 0.5%, 1.5% above entry",
    "{percent}% of equity at 1% below average entry",
    "{money} USDT every 1% below last entry, at most 3 times",
    "{money} USDT every 0.5% above last entry, at most 3 times, 2h apart",
    "{money} USDT every 0.5 * atr(5) below entry, at most 4 times, each 1.2 times the last",
    "{money} USDT every 0.5 * atr(5) above entry, at most 2 times",
    "{money} USDT every 1% below average entry, at most 3 times, 90m apart",
    "{percent}% of equity when close is falling 2 bars, at most 2 times",
    "{money} USDT when profit < -0.5%, at most 3 times, 3h apart",
    "{money} USDT when profit > 0.5% and adds_made < 2, at most 3 times, each 2 times the last",
    "risk 0.1% of equity at 0.5%, 1% below entry",
    "risk 0.2% of equity when close is rising, at most 2 times",
)
ORDERS = (
    "limit at {tiny}% below close for {short} bars",
    "limit at low for 3h",
    "limit at sma(close, {short}) for 4 bars",
    "stop at {tiny}% above close for 6h",
    "stop at high for {short} bars",
    "stop at high + 0.2 * atr(5) for 90m",
    "limit at next_open for 2 bars",
    "limit at {tiny}% below next_open for 2 bars",
    "stop at {tiny}% above next_open for 3h",
    "limit at {tiny}% below close",
    "market",
)
TIMINGS = (
    "every 3h",
    "every 5h",
    "every 1d",
    "every 2d",
    "every 1w",
    "every monday at 09:00 UTC",
    "every monday, thursday at 16:30 America/New_York",
    "every day at 03:30 Europe/London",
    "every saturday",
    "every day at 02:30 America/New_York",
    "every month on day 1",
    "every month on day 31 at 12:00 UTC",
    "every month on last day at 08:00 Asia/Tokyo",
)
SCHEDULED = (
    "buy {money} USDT",
    "buy {percent}% of equity",
    "buy {money} USDT of BTC/USDT",
    "sell",
    "sell 50%",
    "sell 30%",
    "exit",
    "exit 25%",
    'alert "look"',
    "buy {money} USDT if close > open",
    "sell if rsi(5) > 60",
    'alert "now" if close > open',
    "sell 50% of BTC/USDT if profit > 0%",
)
SHORT_SCHEDULED = ("short {money} USDT", "cover", "cover 50%", "short {percent}% of equity if close < open")
GATES = (
    *WINDOWS,
    "only monday to friday between 22:30 and 05:00 America/New_York",
    "never between 01:00 and 03:30 Europe/London",
    "only saturday, sunday",
    "never friday between 20:00 and 20:00 UTC",
    "only monday, wednesday between 00:00 and 24:00 Asia/Tokyo",
    "never within 2h of a high-impact event",
    "never within 30m of a high-impact event",
    "only when losses_in_a_row < 3",
    "never when known(last_profit) and last_profit < -2%",
)
BREAKERS = (
    "pause 5h when losses_in_a_row >= 2",
    "pause 90m when change(close, 3) < -2%",
    "pause until tomorrow America/New_York when day_loss > 0.5%",
    "pause until monday when losses_since(1d) >= 2",
    "pause until wednesday Europe/London when close < lowest(low, 20)[1]",
    "halt when drawdown > 6%",
    "halt and close when drawdown > 4%",
    "halt and close when change(close, 2) < -5%",
)
LIMITS = (
    "at most 1 open position",
    "at most 1 open position, highest volume first",
    "at most 2 open positions, lowest rsi(5) first",
    "at most 2 open positions, highest change(close, 30) first",
)
COOLDOWNS = (
    "cooldown 3h",
    "cooldown 150m after a loss",
    "cooldown 6h after a stop",
    "cooldown 2h before the other side",
    "cooldown 12h before the other side",
)
SIZES = (
    "{percent}% of equity",
    "{percent}% of equity",
    "100% of equity",
    "500 USDT",
    "4,000 USDT",
    "risk 0.1% of equity",
    "risk 0.5% of equity",
    "volatility 15% a year",
    "volatility 90% a year",
    "2 BTC",
    "60% of equity",
)
HOLDS = (
    "60% BTC/USDT, 30% ETH/USDT",
    "50% BTC/USDT, 50% ETH/USDT",
    "60% ETH/USDT, 40% cash",
    "50% BTC/USDT, 10% ETH/USDT, 40% cash if close > sma(close, 5)",
    "choose(rsi(5) > 50, 60%, 20%) BTC/USDT, 30% ETH/USDT",
    "40% each",
    "30% each if close is rising",
    "choose(rsi(5) > 50, 40%, 10%) each",
    "best 1 by change(close, 5)",
    "best 2 by change(close, 9) if close > sma(close, 9)",
    "best 1 of (BTC/USDT, ETH/USDT) by rsi(5)",
)
OTHERWISE = (
    "",
    "",
    " otherwise cash",
    " otherwise 50% ETH/USDT",
    " otherwise 30% ETH/USDT, 70% cash",
    " otherwise 30% BTC/USDT, 60% ETH/USDT",
)
REBALANCES = (
    "every 6h",
    "every day at 12:00 UTC",
    "every 1w",
    "every monday, friday at 17:00 America/New_York",
    "every month on day 2",
    "when a weight drifts 2%",
    "when a weight drifts 0.5%",
    "when a weight drifts 10%",
)
GRIDS = (
    "from 85 to 115 in 12 steps of 60 USDT",
    "from 90 to 110 in 8 steps of 900 USDT",
    "from 70 to 130 in 40 steps of 100 USDT",
    "from 95 to 140 in 30 steps of 700 USDT",
)


class Writer:
    """Draws the lines of one strategy."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.count = self.random.choice((1, 1, 2, 2, 3))

    def maybe(self, share: float) -> bool:
        """Chance."""
        return self.random.random() < share

    def one(self, texts: tuple[str, ...]) -> str:
        """One of some texts, with numbers."""
        money, tiny = self.random.choice((50, 200, 900, 3000)), self.random.choice((0.1, 0.3, 0.8))
        text = self.random.choice(texts).replace("{money}", str(money)).replace("{tiny}", str(tiny))
        return filled(self.random, text)

    def some(self, share: float, word: str, texts: tuple[str, ...]) -> list[str]:
        """A clause, perhaps."""
        return [f"{word} {self.one(texts)}".strip()] if self.maybe(share) else []

    def gates(self) -> list[str]:
        """What keeps from entering."""
        lines = self.some(0.3, "", GATES) + self.some(0.1, "", GATES) + self.some(0.25, "", BREAKERS)
        return lines + self.some(0.1, "", BREAKERS)

    def head(self, perpetual: bool) -> str:
        """The markets: named, or a universe."""
        kind = " perpetual" if perpetual else ""
        if self.count > 1 and self.maybe(0.15):
            less = " except ETH/USDT" if self.maybe(0.3) else ""
            return f"trade top {self.random.choice((1, 2))} by volume in USDT{kind} on 1h{less}"
        return f"trade {' and '.join(MARKETS[: self.count])}{kind} on 1h"

    def levels(self) -> list[str]:
        """Stop, targets, trailing stop, break even, exits by time."""
        lines = self.some(0.85, "stop loss", STOPS) or ["stop loss none"]
        lines += self.some(0.55, "take profit", TARGETS) + self.some(0.3, "trailing stop", TRAILS)
        lines += self.some(0.25, "break even", EVENS)
        lines += self.some(0.3, "exit after", ("6h", "90m", "1d", "5 bars", "1 bars", "20 bars"))
        lines += self.some(0.15, "exit at", ("16:00 America/New_York", "09:30 Europe/London", "00:00 UTC"))
        return lines

    def rules(self, shorts: bool) -> list[str]:
        """Entries and exits by condition."""
        names = ["", " dip"] if self.maybe(0.3) else [""] * self.random.choice((1, 2))
        lines = [f"buy{name} when {self.one(ENTRIES)}" for name in names]
        lines += [f"short when {self.one(SHORTS)}" for _ in range(self.random.choice((1, 2)))] if shorts else []
        verbs = ("sell", "sell", "exit", *(("cover", "cover") if shorts else ()))
        for _ in range(self.random.choice((1, 2, 3))):
            verb = self.random.choice(verbs)
            portion = self.random.choice((" 50%", " 25%")) if self.maybe(0.3) else ""
            name = " dip" if " dip" in names and verb == "sell" and self.maybe(0.4) else ""
            lines.append(f"{verb}{portion}{name} when {self.one(WAYS_OUT)}")
        return lines

    def schedules(self, shorts: bool, share: float) -> list[str]:
        """Perhaps several things by the clock."""
        actions = (*SCHEDULED, *(SHORT_SCHEDULED if shorts else ()))
        return [f"{self.one(TIMINGS)} {self.one(actions)}" for _ in range(3) if self.maybe(share)]

    def traded(self) -> str:
        """A strategy of rules and levels."""
        shorts = self.maybe(0.5)
        lines = [self.head(shorts), "budget 10,000 USDT", *self.rules(shorts), *self.levels()]
        lines += ["reverse"] if shorts and self.maybe(0.5) else []
        lines += ["leverage " + self.random.choice(("2x", "3x"))] if shorts and self.maybe(0.4) else []
        lines += self.schedules(shorts, 0.15) + self.some(0.4, "add", ADDS) + self.some(0.15, "add", ADDS)
        lines += self.some(0.35, "order", ORDERS) + self.some(0.8, "size", SIZES)
        lines += self.gates() + self.some(0.3, "", COOLDOWNS)
        lines += self.some(0.4, "", LIMITS) if self.count > 1 else []
        lines += self.some(0.2, "at most", ("1 entries a day", "2 entries a day America/New_York"))
        lines += self.some(0.2, "", ('alert "x" when profit > 1%', 'alert "y" when close is rising'))
        return "\n".join([*lines, "ask never"]) + "\n"

    def scheduled(self) -> str:
        """A strategy of the clock."""
        shorts = self.maybe(0.4)
        lines = [self.head(shorts), "budget 10,000 USDT", *self.levels()]
        actions = (*SCHEDULED, *(SHORT_SCHEDULED if shorts else ()))
        first = self.one(TIMINGS[:9])
        lines.append(
            f"{first} {self.one(('buy {money} USDT', 'buy {percent}% of equity', 'buy {money} USDT if close > open'))}"
        )
        lines += [f"{self.one(TIMINGS)} {self.one(actions)}" for _ in range(self.random.choice((1, 2, 3)))]
        lines += ["reverse"] if shorts and self.maybe(0.5) else []
        lines += self.some(0.3, "order", ORDERS) + self.some(0.3, "add", ADDS) + self.gates()
        lines += self.some(0.3, "", COOLDOWNS) + (self.some(0.3, "", LIMITS) if self.count > 1 else [])
        lines += self.some(0.2, "at most", ("1 entries a day", "2 entries a day America/New_York"))
        return "\n".join([*lines, "ask never"]) + "\n"

    def held(self) -> str:
        """A strategy of weights."""
        self.count = max(2, self.count)
        hold = self.one(HOLDS)
        lines = [self.head(False), "budget 10,000 USDT", f"hold {hold}{self.one(OTHERWISE)}"]
        lines += [f"rebalance {self.one(REBALANCES)}", *self.some(0.3, "rebalance", REBALANCES)]
        lines += self.some(0.4, "stop loss", STOPS[:5]) + self.some(0.2, "take profit", ("{big}% for 50%", "{big}%"))
        lines += self.some(0.2, "trailing stop", TRAILS[:3]) + self.some(0.2, "exit after", ("1d", "20 bars"))
        return "\n".join([*lines, *self.gates(), "ask never"]) + "\n"

    def stepped(self) -> str:
        """A grid."""
        self.count = 1
        lines = [self.head(False), "budget 10,000 USDT", f"grid {self.one(GRIDS)}"]
        lines += self.some(0.4, "stop loss", ("at 85", "5%", "3% of average entry", "2% of each entry"))
        lines += self.some(0.2, "take profit", ("{big}%", "{small}% of average entry"))
        lines += self.some(0.2, "exit after", ("1d", "20 bars")) + self.schedules(False, 0.1)
        return "\n".join([*lines, *self.gates(), "ask never"]) + "\n"


STARTS = (
    datetime(2024, 3, 7, tzinfo=UTC),
    datetime(2024, 3, 28, 5, tzinfo=UTC),
    datetime(2024, 10, 24, tzinfo=UTC),
    datetime(2024, 10, 29, 22, tzinfo=UTC),
    datetime(2024, 1, 28, tzinfo=UTC),
    datetime(2024, 6, 3, tzinfo=UTC),
)
"""Around the days on which clocks change, the ends of months, and a plain Monday."""


class Case(NamedTuple):
    """One strategy with the candles, costs and events on which it is played."""

    text: str
    candles: dict[str, Candles]
    costs: Costs
    events: tuple[int, ...]


def whole_case(seed: int, count: int = 200) -> Case:
    """A strategy of the whole language on random walks, some with missing candles."""
    random, text = Random(seed), whole_text(seed)
    timeframe = "15m" if random.random() < 0.15 else "1h"
    text = text.replace(" on 1h\n", f" on {timeframe}\n").replace(" on 1h except", f" on {timeframe} except")
    start = int(random.choice(STARTS).timestamp() * 1000)
    markets = MARKETS if "trade top" in text else [each for each in MARKETS if each in text.split("\n")[0]]
    candles = {
        each: random_candles(seed * 3 + k, each, count, random.choice((0, 0, 1, 4, 12)), start, timeframe)
        for k, each in enumerate(markets)
    }
    costs = Costs((0.0005, 0.001, 0.0)[seed % 3], (0.0, 0.0, 0.0005)[seed // 3 % 3])
    span = count * timeframe_ms(timeframe)
    events = tuple(sorted(start + random.randrange(0, span, 60_000) for _ in range(5)))
    return Case(text, candles, costs, events)


def whole_text(seed: int) -> str:
    """One strategy."""
    writer = Writer(seed)
    kind = writer.random.random()
    if kind < 0.64:
        return writer.traded()
    if kind < 0.78:
        return writer.scheduled()
    return writer.held() if kind < 0.91 else writer.stepped()
