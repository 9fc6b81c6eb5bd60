"""What a backtest has to say about its data before anybody believes its figures."""

from runtime.core.outside import given_for
from runtime.variants import History
from strategy_dsl import nodes
from strategy_dsl.catalogue import OUTSIDE
from strategy_dsl.nodes import walk
from strategy_dsl.program import build_program


def backtest_notes(strategy: nodes.Strategy, history: History) -> tuple[str, ...]:
    """One sentence for each thing that is missing or not counted."""
    return (*_unknown(strategy, history), *_without_events(strategy, history))


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


def _without_events(strategy: nodes.Strategy, history: History) -> list[str]:
    if history.events or not any(each.event for each in strategy.windows):
        return []
    never = any(each.event and each.gate == "never" for each in strategy.windows)
    what = "`never within … of a high-impact event` never shuts" if never else "windows around them never open"
    return [f"no high-impact events were given (--events): {what}"]
