"""All checks of one strategy."""

from collections.abc import Collection

from strategy_dsl import nodes
from strategy_dsl.checks.history import looks_too_far, too_long
from strategy_dsl.checks.kinds import Kinds
from strategy_dsl.checks.lets import let_problems
from strategy_dsl.checks.logic import contradiction, impossible, lingering
from strategy_dsl.checks.places import HELD, ORDERED, Place, places
from strategy_dsl.checks.structure import structure
from strategy_dsl.checks.wording import short
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.formatter import expression
from strategy_dsl.program import inline, resolved_lets, with_numbers
from strategy_dsl.units import Unit


def check(strategy: nodes.Strategy) -> list[Diagnostic]:
    """Every problem and warning of a tree, limits aside."""
    if problems := let_problems(strategy):
        return problems
    strategy = with_numbers(strategy)
    lets = {each.name: each.value for each in strategy.lets}
    markets = strategy.trade.markets if strategy.trade else ()
    own = markets[0] if len(markets) == 1 else None
    kinds = Kinds(lets, strategy.trade.timeframe if strategy.trade else "", own)
    for let in strategy.lets:
        kinds.scopes = HELD | ORDERED
        kinds.of(nodes.Name(let.name, span=let.span))
    found = list(places(strategy))
    sound = [place for place in found if _fits(kinds, place)]
    plain = resolved_lets(strategy)
    silent = Kinds(lets, kinds.timeframe, own, scopes=HELD)
    logic = [
        problem
        for place in sound
        if place.expected == "condition"
        for problem in impossible(inline(place.node, plain), silent)
    ]
    history = [] if kinds.problems else too_long(strategy)
    return [*kinds.problems, *logic, *history, *structure(strategy), *lingering(found)]


def place_problems(strategy: nodes.Strategy, place: Place, sound: Collection[nodes.Node] = ()) -> list[Diagnostic]:
    """What is wrong with one expression of a strategy whose plain numbers are put in, its other clauses aside.

    The parts of an `and` are checked one by one, those that are in `sound` not again; what is left for the whole is
    whether they contradict each other.
    """
    markets = strategy.trade.markets if strategy.trade else ()
    own = markets[0] if len(markets) == 1 else None
    lets = {each.name: each.value for each in strategy.lets}
    timeframe = strategy.trade.timeframe if strategy.trade else ""
    kinds, silent = Kinds(lets, timeframe, own), Kinds(lets, timeframe, own, scopes=HELD)
    plain = resolved_lets(strategy) if lets else {}
    parts = place.node.conditions if isinstance(place.node, nodes.AllOf) else (place.node,)
    found: list[Diagnostic] = []
    for part in (place._replace(node=each) for each in parts if not any(each is known for known in sound)):
        if not _fits(kinds, part):
            return kinds.problems
        found += impossible(inline(part.node, plain), silent) if place.expected == "condition" else []
        found += looks_too_far(strategy, part)
    whole = inline(place.node, plain)
    return found + contradiction(whole) if isinstance(whole, nodes.AllOf) else found


def _fits(kinds: Kinds, place: Place) -> bool:
    """Checks one expression; whether nothing is wrong with it."""
    before = len(kinds.problems)
    kinds.scopes = place.scopes
    if place.expected == "condition":
        kinds.condition(place.node)
    else:
        kind = kinds.quantity(place.node)
        if place.expected == "price":
            _price(kinds, place, kind.unit)
        elif place.expected == "share":
            _share(kinds, place, kind.unit)
    return len(kinds.problems) == before


def _price(kinds: Kinds, place: Place, unit: Unit) -> None:
    plain = kinds.lets.get(place.node.name) if isinstance(place.node, nodes.Name) else place.node
    if isinstance(plain, nodes.Percent) and not isinstance(place.clause, nodes.Order):
        return
    if unit not in (Unit.PRICE, Unit.NUMBER):
        hint = "for example: stop loss 3%, stop loss 2 * atr(14), stop loss at lowest(low, 10)"
        if isinstance(place.clause, nodes.Order):
            hint = "for example: order limit at 0.5% below close for 3 bars"
        text = short(expression(place.node), 40)
        kinds.complain("E409", f"`{text}` is {unit.value}, not a price", place.node.span, "not a price", hint)


def _share(kinds: Kinds, place: Place, unit: Unit) -> None:
    text = short(expression(place.node), 40)
    if isinstance(place.node, nodes.Number):
        hint = f"write `{text}%`"
        kinds.complain("E411", f"a weight of {text}: of what?", place.node.span, "a percent?", hint)
    elif unit not in (Unit.PERCENT, Unit.NUMBER):
        hint = "a weight is a percent of the equity, for example: hold 60% BTC/USDT"
        kinds.complain("E411", f"`{text}` is {unit.value}, not a weight", place.node.span, "not a percent", hint)
