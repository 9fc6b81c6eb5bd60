"""What to try for a number: `length=10..20`, `2=25,30,35`, `wide=1%..5%/0.5%`."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from strategy_dsl import nodes
from strategy_dsl.formatter import decimal_text
from strategy_dsl.parameters import Parameter, parameters

MOST_VALUES = 1_000
PARTS = Decimal(10)
"""A range without a step between ends that are not whole is cut into so many."""

_RANGE = re.compile(r"(?P<low>[^./]+(?:\.\d+)?[^./]*)\.\.(?P<high>[^/]+)(?:/(?P<step>.+))?")

Choice = tuple[Parameter, tuple[Decimal, ...]]
"""A parameter with the values to try, in rising order as written."""


class RangeError(Exception):
    """What is wrong with a range, in one sentence with an example."""


def choices(strategy: nodes.Strategy, texts: Sequence[str]) -> tuple[Choice, ...]:
    """The parameters that `NAME=VALUES` texts name, with their values; raises RangeError."""
    known = {each.name: each for each in parameters(strategy)}
    found: dict[str, Choice] = {}
    for text in texts:
        name, equals, wanted = (part.strip() for part in text.partition("="))
        if not equals or not wanted:
            raise RangeError(f"`{text}` is no range: write NAME=10..20 or NAME=25,30,35")
        if name not in known:
            listed = ", ".join(known) or "none; name a number with `let length = 14` and use it as rsi(length)"
            raise RangeError(f"there is no number called `{name}` in these rules. The numbers: {listed}")
        if name in found:
            raise RangeError(f"`{name}` is there twice: give all of its values at once")
        found[name] = known[name], values(known[name], wanted)
    return tuple(found.values())


def values(parameter: Parameter, text: str) -> tuple[Decimal, ...]:
    """The values of `10..20`, `10..20/2`, `1%..5%/0.5%` or `25,30,35`, each once; raises RangeError."""
    matched = _RANGE.fullmatch(text.replace(" ", ""))
    if matched is None:
        return tuple(dict.fromkeys(_value(parameter, each) for each in text.replace(" ", "").split(",")))
    low, high = (_value(parameter, matched[end]) for end in ("low", "high"))
    if high < low:
        raise RangeError(f"`{text}` runs downwards: write {parameter.text(high)}..{parameter.text(low)}")
    whole = low == low.to_integral_value() and high == high.to_integral_value()
    step = _value(parameter, matched["step"]) if matched["step"] else Decimal(1) if whole else (high - low) / PARTS
    if step <= 0:
        return (low,)
    count = int((high - low) / step) + 1
    if count > MOST_VALUES:
        raise RangeError(f"`{text}` is {count:,} values, more than {MOST_VALUES:,}: write a step, for example /10")
    return tuple(low + step * at for at in range(count))


def _value(parameter: Parameter, text: str) -> Decimal:
    """One value, with the parameter's unit or without any; raises RangeError."""
    example = parameter.text(parameter.value)
    try:
        found = Decimal(text.removesuffix(parameter.unit) if parameter.unit else text)
    except InvalidOperation:
        raise RangeError(f"`{text}` is no value for `{parameter.name}`: write it like {example}") from None
    if not found.is_finite() or (parameter.whole and found != found.to_integral_value()):
        raise RangeError(f"`{parameter.name}` takes whole numbers, not {decimal_text(found)}")
    return found
