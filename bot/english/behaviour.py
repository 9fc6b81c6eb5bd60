"""What readings would have done on the same candles: asked about only where that differs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from bot.evaluation.made import candle_sets
from runtime.backtest import Backtest, Costs
from runtime.candles import Candles
from runtime.markets import MarketError
from runtime.variants import History
from strategy_dsl import nodes
from strategy_dsl.compiler import Compiled
from strategy_dsl.gist import gist
from strategy_dsl.program import build_program

DAYS = 90
DAY_MS = 86_400_000
WARM_UP = 1_000
"""Candles before the days that are compared."""
FEE, SLIPPAGE = 0.001, 0.0005
UNKNOWN_RISK = Decimal("Infinity")
TOPICS = {
    "markets": "market", "timeframe": "timeframe", "stop": "stop", "targets": "target", "trail": "stop", "size": "size",
    "time_exit": "exit", "window": "timezone", "schedule": "entry", "limits": "size",
}  # fmt: skip
"""The topic of a question about a setting."""

CandlesOf = Callable[[str, str], Candles]
"""Candles of a market on a timeframe, newest last; raises MarketError."""


@dataclass(frozen=True)
class Behaviour:
    """What rules did: each entry and exit, what it came to, what they ask consent for, and their worst case."""

    trades: tuple[tuple[object, ...], ...]
    worth: tuple[float, ...]
    consent: str
    bought: int
    shorted: int
    risk: Decimal
    known: bool = True

    def told(self) -> str:
        """`would have bought 14 times`."""
        if not self.known:
            return "cannot be tried on these candles"
        counts = [("bought", self.bought), ("sold short", self.shorted)]
        words = [f"{verb} {count} time{'s' * (count != 1)}" for verb, count in counts if count]
        return "would have " + (" and ".join(words) or "done nothing")


def same(one: Behaviour, other: Behaviour) -> bool:
    """Whether two readings would have done the same; what cannot be tried is never the same."""
    alike = one.known and other.known and one.consent == other.consent and one.trades == other.trades
    return alike and len(one.worth) == len(other.worth) and bool(np.allclose(one.worth, other.worth, rtol=1e-9))


def behaviour(compiled: Compiled, candles_of: CandlesOf, days: int = DAYS) -> Behaviour:
    """The last days of the candles; where nothing happened there, or there are none, made candles beside them."""
    real = _on(compiled, _recent(compiled, candles_of, days), days)
    made = [] if real and real.trades else [_on(compiled, each, None) for each in _made(compiled)]
    played = [each for each in (real, *made) if each is not None]
    shown = real or (played[0] if played else None)
    # what happened on the recent candles decides; where nothing did, the made ones do
    compared = [shown] if shown is not None and shown.trades else played
    if not compared or shown is None:
        return Behaviour((), (), _consent(compiled.strategy), 0, 0, _risk(compiled), known=False)
    trades = tuple(each for one in compared for each in one.trades)
    worth = tuple(each for one in compared for each in one.worth)
    return Behaviour(trades, worth, _consent(compiled.strategy), shown.bought, shown.shorted, _risk(compiled))


def made_behaviour(compiled: Compiled) -> Behaviour:
    """On made candles alone, where nobody has a market open."""
    return behaviour(compiled, _no_candles)


def _no_candles(market: str, timeframe: str) -> Candles:
    raise MarketError(f"no candles of {market} on {timeframe}")


def _made(compiled: Compiled) -> list[dict[str, Candles]]:
    trade = compiled.strategy.trade
    if trade is None or not trade.markets:
        return []
    reads = build_program(compiled.strategy).reads
    return candle_sets(reads, trade.timeframe, {})[:2]


def _recent(compiled: Compiled, candles_of: CandlesOf, days: int) -> Mapping[str, Candles] | None:
    """The candles of these days, with those before them that averages need; None where there are none."""
    program = build_program(compiled.strategy)
    found = {}
    for market in program.reads:
        try:
            whole = candles_of(market, program.timeframe)
        except MarketError:
            return None
        first = int(np.searchsorted(whole.time, whole.time[-1] - days * DAY_MS)) if len(whole) else 0
        found[market] = whole.part(max(0, first - WARM_UP), len(whole))
    return found


def _on(compiled: Compiled, candles: Mapping[str, Candles] | None, days: int | None) -> Behaviour | None:
    """One run; None where these rules cannot be run on these candles."""
    if candles is None:
        return None
    budget = compiled.strategy.budget
    history = History(candles, float(budget.amount) if budget else 10_000.0, Costs(FEE, SLIPPAGE))
    try:
        found = history.run(compiled.strategy)
    except (KeyError, ValueError):
        return None
    first = int(found.time[-1]) - days * DAY_MS if days else int(found.time[0])
    return _told(compiled, found, first)


def _told(compiled: Compiled, found: Backtest, first: int) -> Behaviour:
    seen = [each for each in found.trades if each.exit_ms >= first]
    trades = tuple((each.market, each.entry_ms, each.exit_ms, each.side) for each in seen)
    begun = {(each.market, each.entry_ms, each.side) for each in seen}
    worth = found.equity[found.time >= first]
    bought = sum(side > 0 for _, _, side in begun)
    shares = tuple((worth / worth[0]).tolist()) if len(worth) else ()
    return Behaviour(trades, shares, "", bought, len(begun) - bought, _risk(compiled))


def _consent(strategy: nodes.Strategy) -> str:
    """What the person is asked before: no candles show it."""
    return repr((strategy.ask, strategy.alerts, strategy.halts))


def _risk(compiled: Compiled) -> Decimal:
    worst = compiled.envelope
    if worst is None:
        return Decimal(0)
    return worst.largest_exposure if worst.loss_is_whole_position else worst.loss_at_once


def topic(one: nodes.Strategy, other: nodes.Strategy) -> str:
    """On which choice two readings differ: a setting, or else the way in or out."""
    mine, theirs = gist(one), gist(other)
    for name, found in TOPICS.items():
        if mine[name] != theirs[name]:
            return found
    sides = {each.action for each in one.rules} ^ {each.action for each in other.rules}
    if sides & {"short", "cover"}:
        return "side"
    ways_in = [[each for each in strategy.rules if each.action in ("buy", "short")] for strategy in (one, other)]
    return "entry" if ways_in[0] != ways_in[1] else "exit"
