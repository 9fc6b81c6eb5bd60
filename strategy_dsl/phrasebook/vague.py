"""Changes said without a number ("tighter", "less aggressive"): answered with numbers to choose from."""

from dataclasses import replace
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.formatter import format_strategy
from strategy_dsl.phrasebook import wishes
from strategy_dsl.phrasebook.changes import CannotChange, Step, merged, resized
from strategy_dsl.phrasebook.reading import Option, Question
from strategy_dsl.phrasebook.spans import plain

TIGHTER = ("0.75", "0.5", "0.33")
WIDER = ("1.25", "1.5", "2")
SMALLER = ("0.75", "0.5", "0.25")
LARGER = ("1.25", "1.5", "2")


def vague_question(strategy: nodes.Strategy, what: str, direction: str) -> Question:
    """The question for `what` (stop, target, size, runners) smaller or larger; CannotChange where nothing trades."""
    if not strategy.opens():
        raise CannotChange("These rules open no position, so there is nothing to make smaller or larger.")
    if what == "unprotected":
        return unprotected_question(strategy, strategy)
    if what == "stop":
        return _stop(strategy, direction)
    if what == "instead":
        return _trailing(strategy, direction)
    if what == "trail":
        return _trail_distance(strategy, direction)
    if what in ("target", "runners"):
        return _target(strategy, direction)
    if what in OFFERS:
        return _offer(strategy, what, direction)
    return _size(strategy, direction)


OFFERS = {
    "timeframe": ("timeframe", "Which candles?", {"less": (-1, -2), "more": (1, 2), "": (-1, 1)}),
    "threshold": ("threshold", "To what level?", {}),
    "entry": ("entry", "How should it buy?", {}),
    "exit": ("exit", "When should it sell?", {}),
}


def _offer(strategy: nodes.Strategy, what: str, direction: str) -> Question:
    """Candles of other lengths, or other levels of what is compared with a number; CannotChange where none fit."""
    topic, text, _ = OFFERS[what]
    rules = format_strategy(strategy)
    wanted = {"less": ("less",), "more": ("more",), "": ("less", "more")}[direction]
    changes = [
        change for way in wanted for change in (wishes.frames(way) if what == "timeframe" else wishes.levels(what, way))
    ]
    options = tuple(wishes.offered(tuple(changes), rules))[: wishes.MOST_OPTIONS]
    if not options:
        raise CannotChange(f"I see nothing to change there. Say it with a number, please: {EXAMPLES[what]}.")
    return Question(topic, text, options)


EXAMPLES = {
    "timeframe": "use 4h candles", "threshold": "25 instead of 30", "entry": "buy when RSI drops below 25 instead",
    "exit": "sell when RSI is above 70 instead",
}  # fmt: skip


def unprotected_question(old: nodes.Strategy, new: nodes.Strategy) -> Question:
    """Before the only stop goes: a wider one, or none with what that means."""
    texts = _scaled_stop(old, ("1.5", "2")) or ("5%", "8%")
    kept = tuple(_option(new, f"stop loss {text}", merged(f"stop loss {text}")) for text in texts)
    none = _option(new, NO_STOP, lambda strategy: strategy)
    text = "Without a stop one bad trade can lose all that was put in. Widen it instead?"
    return Question("stop", text, (*kept, none))


NO_STOP = "no stop loss at all"


def _stop(strategy: nodes.Strategy, direction: str) -> Question:
    factors = {"less": TIGHTER, "more": WIDER, "": (TIGHTER[1], WIDER[1], WIDER[2])}[direction]
    texts = _scaled_stop(strategy, factors) or ("3%", "2%", "1.5%")
    asked = {"less": "How much tighter?", "more": "How much wider?", "": "Where should the stop be?"}[direction]
    now = " now" if strategy.stop and strategy.stop.level else ""
    return Question("stop", f"{asked}{_now('stop loss', strategy, now)}", _options(strategy, "stop loss", texts))


def _trail_distance(strategy: nodes.Strategy, direction: str) -> Question:
    """Another distance for the trailing stop."""
    now = next((line for line in format_strategy(strategy).splitlines() if line.startswith("trailing stop")), "")
    texts = {"less": ("2%", "1.5%", "1%"), "more": ("3%", "5%", "8%"), "": ("2%", "3%", "5%")}[direction]
    options = [one for one in _options(strategy, "trailing stop", texts) if not now.startswith(one.label)]
    return Question("stop", f"How far behind?{_now('trailing stop', strategy, ' now')}", tuple(options))


def _trailing(strategy: nodes.Strategy, said: str) -> Question:
    """A trailing stop in the place of the stop, of the target, or of both."""
    match strategy.stop:
        case nodes.StopLoss(nodes.Distance(nodes.Percent(value))) if not said:
            said = f"{plain(value)}%"
    line = f"trailing stop {said or '3%'}"
    options = []
    for label, fields in (
        ("the take profit", ("targets",)),
        ("the stop loss", ("stop",)),
        ("both", ("targets", "stop")),
    ):
        empty: dict[str, object] = {"targets": (), "stop": nodes.StopLoss(None)}
        if all(getattr(strategy, name) in ((), None, nodes.StopLoss(None)) for name in fields):
            continue
        changed = replace(strategy, **{name: empty[name] for name in fields})  # type: ignore[arg-type]
        options.append(_option(changed, f"{line} instead of {label}", merged(line)))
    return Question("stop", f"In the place of what? I would write `{line}`.", tuple(options))


def _now(clause: str, strategy: nodes.Strategy, known: str) -> str:
    line = next((line for line in format_strategy(strategy).splitlines() if line.startswith(clause)), "")
    return f" It is `{line}`{known}." if line else ""


def _scaled_stop(strategy: nodes.Strategy, factors: tuple[str, ...]) -> tuple[str, ...]:
    match strategy.stop:
        case nodes.StopLoss(nodes.Distance(nodes.Percent(value))):
            return tuple(f"{_round(value * Decimal(factor))}%" for factor in factors)
        case nodes.StopLoss(nodes.Distance(nodes.Arithmetic(nodes.Number(value), "*", nodes.Call("atr", (length,))))):
            size = length.value if isinstance(length, nodes.Number) else Decimal(14)
            return tuple(f"{_round(value * Decimal(factor))} * atr({plain(size)})" for factor in factors)
    return ()


def _round(value: Decimal) -> str:
    return plain(value.quantize(Decimal("0.1")) if value >= Decimal("0.2") else value.quantize(Decimal("0.01")))


def _target(strategy: nodes.Strategy, direction: str) -> Question:
    factors = {"less": SMALLER, "": ("0.75", "1.5", "2")}.get(direction, ("1.5", "2", "3"))
    values = [target.level.value for target in strategy.targets if isinstance(target.level, nodes.Distance)]
    first = values[0] if values and isinstance(values[0], nodes.Percent) else None
    texts = tuple(f"{_round(first.value * Decimal(factor))}%" for factor in factors) if first else ("6%", "9%", "12%")
    return Question(
        "target", f"How far?{_now('take profit', strategy, ' now')}", _options(strategy, "take profit", texts)
    )


def _options(strategy: nodes.Strategy, clause: str, texts: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(_option(strategy, f"{clause} {text}", merged(f"{clause} {text}")) for text in texts)


def _option(strategy: nodes.Strategy, label: str, step: Step) -> Option:
    return Option(label, format_strategy(step(strategy)), label)


def _size(strategy: nodes.Strategy, direction: str) -> Question:
    factors = {"less": SMALLER, "more": LARGER}.get(direction, (SMALLER[1], LARGER[1], LARGER[2]))
    options = []
    for factor in factors:
        try:
            changed = resized(Decimal(factor))(strategy)
        except CannotChange:
            continue
        line = next(line for line in format_strategy(changed).splitlines() if line.startswith("size "))
        options.append(Option(line, format_strategy(changed), line))
    word = {"less": "How much smaller", "more": "How much larger"}.get(direction, "How large")
    return Question("size", f"{word} should each entry be?{_now('size', strategy, ' now')}", tuple(options))
