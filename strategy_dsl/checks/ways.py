"""Problems of ways in and out: none, too many, or clauses that do not go together."""

from collections.abc import Iterator

from strategy_dsl import nodes
from strategy_dsl.catalogue import FUNCTIONS, OUTSIDE, VALUES
from strategy_dsl.checks.wording import nearest
from strategy_dsl.diagnostics import Diagnostic
from strategy_dsl.nodes import walk

WORDS = {word for row in FUNCTIONS.values() for parameter in row.parameters for word in parameter.words}
"""Words that functions take as arguments, such as `day`."""
_ENTRY = "for example: buy when rsi(14) crosses below 30"


def ways_in(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """A strategy that cannot trade, or a way out of what nothing opens."""
    if not strategy.opens() and not strategy.alerts and not _scheduled(strategy, "alert"):
        yield Diagnostic("E308", "nothing ever buys: this strategy cannot trade", None, "", _ENTRY)
    elif not strategy.opens() and strategy.closers():
        yield Diagnostic("E308", "there is a way out but nothing ever buys", strategy.closers()[0].span)
    opened = {rule.action for rule in strategy.entries()} | {each.action for each in strategy.schedules}
    closers: list[nodes.Rule | nodes.Schedule] = [*strategy.rules, *strategy.schedules]
    for closer, opener in (("sell", "buy"), ("cover", "short")):
        for each in closers:
            if each.action == closer and opener not in opened and strategy.opens():
                what = "buys" if opener == "buy" else "goes short"
                hint = f"`{closer}` closes only what `{opener}` opened; `exit` closes either"
                yield Diagnostic("E322", f"a `{closer}`, but nothing {what}", each.span, "", hint)
    if strategy.reverse and not {"buy", "short"} <= opened:
        hint = "it needs a `buy` and a `short`"
        yield Diagnostic("E330", "there is no other side to reverse to", strategy.reverse.span, "", hint)


def _scheduled(strategy: nodes.Strategy, action: str) -> bool:
    return any(each.action == action for each in strategy.schedules)


def alone(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """`hold` and `grid` go with no other way in."""
    others = {
        "buy": tuple(rule for rule in strategy.rules if rule.action != "exit"),
        "add": strategy.adds,
        "every": tuple(each for each in strategy.schedules if each.action != "alert"),
        "size": () if strategy.size is None else (strategy.size,),
        "order": () if strategy.order is None else (strategy.order,),
        "grid": () if strategy.grid is None else (strategy.grid,),
    }
    for name, clause in (("hold", strategy.hold), ("grid", strategy.grid)):
        if clause is None:
            continue
        for word, found in others.items():
            if found and word != name:
                message = f"`{name}` stands alone: it decides by itself what is bought and sold"
                yield Diagnostic("E325", message, found[0].span, f"leave out `{word}`")


def ways_out(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """No end to a trade, none that is certain, and trades without a stop."""
    level = strategy.stop is not None and strategy.stop.level is not None
    if strategy.entries():
        certain, doubtful = _ends(strategy, level=level)
        if not certain and not doubtful:
            hint = "add `stop loss 3%`, `take profit 6%` or `sell when rsi(14) > 60`"
            yield Diagnostic("E309", "nothing ever ends a trade", None, "", hint)
        elif not certain:
            message = "the only way out needs a value from outside, which may be missing for days"
            yield Diagnostic("E333", message, doubtful[0].span, "", "add `stop loss 3%` or `exit after 7d`")
    if strategy.opens() and not level and strategy.trailing is None:
        message = "there is no stop loss: a trade can lose all that was put in"
        yield Diagnostic("W701", message, None, "", "for example: stop loss 3%", "warning")


def _ends(strategy: nodes.Strategy, *, level: bool) -> tuple[bool, list[nodes.Node]]:
    """Whether something certain ends a trade, and the rules that may not because of a value from outside."""
    lets = {each.name: each.value for each in strategy.lets}
    timed = strategy.exits_after or strategy.exits_at
    certain = bool(level or timed or _all_of_it(strategy.targets) or _trails(strategy, lets) or _reverses(strategy))
    closers: list[tuple[nodes.Node | None, nodes.Percent | None, nodes.Node]] = [
        (rule.condition, rule.portion, rule) for rule in strategy.closers()
    ]
    closers += [
        (each.condition, each.portion, each) for each in strategy.schedules if each.action in ("sell", "cover", "exit")
    ]
    closers += [(halt.condition, None, halt) for halt in strategy.halts if halt.close]
    doubtful: list[nodes.Node] = []
    if strategy.trailing is not None and not _trails(strategy, lets):
        doubtful.append(strategy.trailing)
    for condition, portion, clause in closers:
        if portion is not None and portion.value < 100:
            continue
        if condition is not None and from_outside(condition, lets):
            doubtful.append(clause)
        else:
            certain = True
    return certain, doubtful


def _all_of_it(targets: tuple[nodes.Target, ...]) -> bool:
    """Whether the targets leave nothing of a trade."""
    parts = sum(each.portion.value if each.portion else 100 for each in targets)
    return parts >= 100


def _trails(strategy: nodes.Strategy, lets: dict[str, nodes.Node]) -> bool:
    trailing = strategy.trailing
    return trailing is not None and not (trailing.after is not None and from_outside(trailing.after, lets))


def _reverses(strategy: nodes.Strategy) -> bool:
    return strategy.reverse is not None


def from_outside(node: nodes.Node, lets: dict[str, nodes.Node], through: tuple[str, ...] = ()) -> bool:
    """Whether a value depends on something outside the candles."""
    for each in walk(node):
        if isinstance(each, nodes.Name):
            if each.name in lets and each.name not in through:
                if from_outside(lets[each.name], lets, (*through, each.name)):
                    return True
            elif each.name in OUTSIDE:
                return True
    return False


def same_way(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """An exit that is the entry of its own side."""
    closes = {"buy": ("sell", "exit"), "short": ("cover", "exit")}
    for rule in strategy.entries():
        for closer in strategy.closers():
            other = closer.name is not None and closer.name != rule.name
            if closer.condition == rule.condition and closer.action in closes[rule.action] and not other:
                hint = "the trade would end as it begins"
                yield Diagnostic("E310", "the way in is also the way out", rule.span, "", hint)
                break


def names(strategy: nodes.Strategy) -> Iterator[Diagnostic]:
    """Rules that name no entry, and `let`s defined twice."""
    opened_by = {"sell": ("buy",), "cover": ("short",), "exit": ("buy", "short")}
    for rule in strategy.closers():
        known = {each.name for each in strategy.entries() if each.name and each.action in opened_by[rule.action]}
        if rule.name and rule.name not in known:
            what = " or ".join(f"`{each}`" for each in opened_by[rule.action])
            yield Diagnostic("E311", f"no {what} is called `{rule.name}`", rule.span, "", nearest(rule.name, known))
    seen: set[str] = set()
    for let in strategy.lets:
        if let.name in VALUES or let.name in FUNCTIONS or let.name in WORDS:
            hint = "choose another name, for example `my_" + let.name + "`"
            yield Diagnostic("E336", f"`{let.name}` is a name of the language", let.span, "taken", hint)
        if let.name in seen:
            yield Diagnostic(
                "E301", f"`{let.name}` is defined twice", let.span, "the second one", "keep the one you mean"
            )
        seen.add(let.name)
