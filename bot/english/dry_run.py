"""Rules that hold but cannot be meant: on made candles they never buy, close at once, or test nothing."""

import numpy as np

from bot.english.directions import said_outright
from bot.evaluation.made import candle_sets
from runtime.candles import Floats
from runtime.core.columns import Columns
from strategy_dsl import nodes
from strategy_dsl.compiler import Compiled
from strategy_dsl.formatter import expression
from strategy_dsl.nodes import walk
from strategy_dsl.program import beyond_candles, build_program, inline

WARM_UP = 600
SETS = (0, 3, 4)
"""Which made candles are tried: a wild walk, collapses, dives."""
NEARLY_ALWAYS = 0.93
AT_ONCE = 0.8
LOSSES = ("drawdown", "day_loss", "losses_in_a_row")
NEVER = "`{rule}` is never true on any candles tried"
CLOSES = "`{way_out}` is already true where `{way_in}` opens"
IDLE = "`{part}` is true on nearly every candle"
STOPS = "`{condition}` holds before anything is lost"


def unmeant(compiled: Compiled, text: str = "") -> tuple[str, ...]:
    """What is odd about the rules, in sentences; nothing for rules that cannot be tried on candles alone.

    A condition that tests nothing is odd unless the `text` says it outright.
    """
    found = _breakers(compiled.strategy)
    strategy = compiled.strategy
    trade = strategy.trade
    if trade is None or not trade.markets or not strategy.rules:
        return found
    lets = {each.name: each.value for each in strategy.lets}
    for _ in lets:
        lets = {name: inline(value, lets) for name, value in lets.items()}
    reads = build_program(strategy).reads
    sets = candle_sets(reads, trade.timeframe, {})
    worlds = [Columns(sets[index][trade.markets[0]], sets[index]) for index in SETS]
    rules = [(each, inline(each.condition, lets)) for each in strategy.rules]
    known = [(rule, condition) for rule, condition in rules if not beyond_candles(condition)]
    odd = _odd(known, worlds)
    return (*found, *(each for each in odd if not _is_said(each, text)))


def _is_said(oddity: str, text: str) -> bool:
    _, condition, after = oddity.split("`", 2)
    return after == IDLE.split("`")[-1] and said_outright(text, condition)


def _odd(known: list[tuple[nodes.Rule, nodes.Node]], worlds: list[Columns]) -> tuple[str, ...]:
    found = []
    ways_in = [(rule, node, _true(node, worlds)) for rule, node in known if rule.action in ("buy", "short")]
    for rule, node, opens in ways_in:
        text = expression(rule.condition)
        # a price of its own may lie beyond the made candles
        if not opens.any() and not _names_a_price(node):
            found.append(NEVER.format(rule=text))
        for part in node.conditions if isinstance(node, nodes.AllOf) else (node,):
            if (
                isinstance(part, nodes.Compare)
                and not _names_a_price(part)
                and _true(part, worlds).mean() > NEARLY_ALWAYS
            ):
                found.append(IDLE.format(part=expression(part)))
        closing = "sell" if rule.action == "buy" else "cover"
        for out, way_out in known:
            whole = out.action == closing and not out.portion and opens.any()
            if whole and _true(way_out, worlds)[opens].mean() > AT_ONCE:
                found.append(CLOSES.format(way_out=expression(out.condition), way_in=text))
    return tuple(dict.fromkeys(found))


def _true(node: nodes.Node, worlds: list[Columns]) -> np.ndarray:
    columns: list[Floats] = [each.of(node)[WARM_UP:] for each in worlds]
    found: np.ndarray = np.concatenate(columns) == 1
    return found


COMPUTED = (nodes.Call, nodes.Component, nodes.Share, nodes.Arithmetic, nodes.Shifted)
PRICES = ("open", "high", "low", "close")


def _names_a_price(node: nodes.Node) -> bool:
    """Whether somewhere a price is compared with a plain number."""
    compared = [list(walk(each)) for each in walk(node) if isinstance(each, nodes.Compare | nodes.Crosses)]
    return any(_plain_price(parts) for parts in compared)


def _plain_price(parts: list[nodes.Node]) -> bool:
    numbers = any(isinstance(each, nodes.Number) and each.value > 0 for each in parts)
    prices = any(isinstance(each, nodes.Name) and each.name in PRICES for each in parts)
    return numbers and prices and not any(isinstance(each, COMPUTED) for each in parts)


def _breakers(strategy: nodes.Strategy) -> tuple[str, ...]:
    conditions = [each.condition for each in strategy.pauses] + [each.condition for each in strategy.halts]
    found = []
    for each in conditions:
        match each:
            case nodes.Compare((nodes.Name(name), _), (("<" | "<="),)) if name in LOSSES:
                found.append(STOPS.format(condition=expression(each)))
    return tuple(found)
