"""What a backtest has to say about its data before anybody believes its figures."""

from runtime.backtest import Backtest
from runtime.core.outside import given_for
from runtime.variants import History
from strategy_dsl import nodes
from strategy_dsl.catalogue import OUTSIDE
from strategy_dsl.nodes import walk
from strategy_dsl.program import build_program


def backtest_notes(strategy: nodes.Strategy, history: History, *, chat: bool = False) -> tuple[str, ...]:
    """One sentence for each thing that is missing or not counted; in the chat the owner's settings give them."""
    return (
        *_unknown(strategy, history),
        *_without_events(strategy, history, "SAYSO_EVENTS" if chat else "--events"),
        *_unfunded(
            strategy,
            history,
            "no file of it is given (SAYSO_OUTSIDE)" if chat else "give --outside funding_rate=FILE.csv",
        ),
        *_survivors(strategy),
    )


def _unknown(strategy: nodes.Strategy, history: History) -> list[str]:
    """Values from outside that rules read and nobody gave."""
    names = dict.fromkeys(each.name for each in walk(strategy) if isinstance(each, nodes.Name) and each.name in OUTSIDE)
    reads = build_program(strategy).reads or tuple(history.candles)
    found = []
    for name in names:
        without = [market for market in reads if given_for(history.outside, name, market) is None]
        if without:
            of = "" if len(without) == len(reads) else f" of {' and '.join(without)}"
            found.append(f"no {name} data{of}: it is unknown, and rules that need it never act")
    return found


def _unfunded(strategy: nodes.Strategy, history: History, source: str) -> list[str]:
    """Perpetuals whose funding nobody gave."""
    trade = strategy.trade
    if trade is None or not trade.perpetual:
        return []
    markets = build_program(strategy).markets or tuple(history.candles)
    without = [market for market in markets if given_for(history.outside, "funding_rate", market) is None]
    if not without:
        return []
    of = "" if len(without) == len(markets) else f" of {' and '.join(without)}"
    return [f"funding{of} is not counted: {source}"]


def _survivors(strategy: nodes.Strategy) -> list[str]:
    if strategy.trade is None or strategy.trade.universe is None:
        return []
    return ["you have files of these only; markets that died are missing, so the past looks better than it was"]


def _without_events(strategy: nodes.Strategy, history: History, source: str) -> list[str]:
    if history.events or not any(each.event for each in strategy.windows):
        return []
    never = any(each.event and each.gate == "never" for each in strategy.windows)
    what = "`never within … of a high-impact event` never shuts" if never else "windows around them never open"
    return [f"no high-impact events were given ({source}): {what}"]


def early_words(found: Backtest) -> tuple[str, ...]:
    """Trades that more history could change."""
    said = []
    if count := sum(found.early):
        said.append(
            f"{count:,} of {len(found.early):,} trades came in the first {found.settling.bars:,} candles, before"
            " the values were settled: more history could change them (before_settled in the trades file)"
        )
    if found.settling.unsure:
        said.append(f"{', '.join(found.settling.unsure)} can depend on where the candles begin")
    return tuple(said)


def inside_words(found: Backtest) -> tuple[str, ...]:
    """How sure the order of stop and target inside candles is."""
    said = []
    if found.settled:
        said.append(f"{found.settled:,} candles touched both stop and target and were settled on finer candles")
    if found.ambiguous and found.settled:
        said.append(
            f"{found.ambiguous:,} times a finer candle or one without finer ones touched both: taken as the stop"
        )
    elif found.ambiguous:
        said.append(
            f"{found.ambiguous:,} candles touched both stop and target: taken as the stop; --finer with shorter candles"
            " tells which came first"
        )
    return tuple(said)
