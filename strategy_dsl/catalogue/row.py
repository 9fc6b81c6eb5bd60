"""What one row of the catalogue holds, and the parts that many rows share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from strategy_dsl.units import INFINITY, Kind, Unit

ParameterKind = Literal["series", "length", "number", "percent", "condition", "clock", "zone", "word", "duration"]
Numbers = Mapping[str, float]
History = Callable[[Numbers], int]
"""From the numeric arguments by parameter name to the number of candles before the first known value."""

Days = Callable[[Numbers, str], int]
"""From the numeric arguments and the word argument, such as `week`, to days."""


@dataclass(frozen=True)
class Parameter:
    """One argument: `keywords` are the names by which the implementation takes it, `words` what a word may be.

    The bounds of a percent are percents: `low` 0.1 is 0.1%.
    """

    name: str
    kind: ParameterKind
    low: float = -INFINITY
    high: float = INFINITY
    keywords: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """What one line of a function has of its own: unit, bounds; first value and words are the function's if not given."""

    unit: Unit
    low: float = -INFINITY
    high: float = INFINITY
    history: History | None = None
    phrase: str = ""


@dataclass(frozen=True)
class Function:
    """One function: parameters, unit and bounds, the implementation as text, words for people."""

    name: str
    parameters: tuple[Parameter, ...]
    unit: Unit
    implementation: str
    phrase: str
    about: str
    source: str
    example: str
    low: float = -INFINITY
    high: float = INFINITY
    inputs: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    history: History | None = field(default=None, compare=False)
    """None where the first value depends on the candles themselves, as for the latest swing high."""
    settled: History | None = field(default=None, compare=False)
    """For what never forgets quite: from where on a longer history changes a value by less than 1e-9 of it."""
    lines: Mapping[str, Line] = field(default_factory=dict, compare=False)
    keeps_bounds: bool = True
    """Whether a value of unit SAME stays between the bounds of what it is made from."""
    path_dependent: bool = False
    """Whether a value depends on where the candles begin, however long ago that was."""
    days: Days | None = field(default=None, compare=False)
    """For what goes by the calendar: after how many days of candles a value is settled at the latest."""
    ends_by_itself: bool = False
    """Whether a value depends on where the candles begin until something ends it, as the end of a row of candles."""
    since_phrase: str = ""
    """The words inside `since(C, …)`, where the function takes its first argument only; empty where it may not."""
    special: Literal["", "since", "known"] = ""

    def kind(self, component: str | None, arguments: Sequence[Kind]) -> Kind:
        """Unit and bounds of the function or one of its lines, given the kinds of its arguments."""
        line = self.lines.get(component or "")
        if line is not None:
            return Kind(line.unit, line.low, line.high)
        if self.unit is not Unit.SAME:
            return Kind(self.unit, self.low, self.high)
        pairs = zip(self.parameters, arguments, strict=False)
        made_from = [kind for parameter, kind in pairs if parameter.kind == "series"]
        if not made_from:
            return Kind(Unit.NUMBER)
        unit = next((each.unit for each in made_from if each.unit is not Unit.NUMBER), Unit.NUMBER)
        market = next((each.market for each in made_from if each.unit is unit), None)
        if not self.keeps_bounds:
            return Kind(unit, self.low, self.high, market)
        low, high = min(each.low for each in made_from), max(each.high for each in made_from)
        return Kind(unit, max(low, self.low), min(high, self.high), market)

    def first_value(self, numbers: Numbers, component: str = "") -> int | None:
        """How many candles come before the first known value; None where that depends on the candles."""
        line = self.lines.get(component)
        history = line.history if line is not None and line.history is not None else self.history
        return None if history is None else history(numbers)

    def settled_value(self, numbers: Numbers, component: str = "") -> int | None:
        """How many candles come before the first settled value.

        None where no number can say: the candles themselves decide, or the value is path-dependent.
        """
        if self.path_dependent or self.ends_by_itself:
            return None
        return self.first_value(numbers, component) if self.settled is None else self.settled(numbers)

    def words(self, component: str, texts: Sequence[str]) -> str:
        """The words for a call, given those for its arguments."""
        line = self.lines.get(component)
        phrase = line.phrase if line is not None and line.phrase else self.phrase
        bare = texts[0].removeprefix("the ") if texts else ""
        return phrase.format(*texts, bare0=bare, component=component.replace("_", " "))

    def needs_position(self) -> bool:
        """Whether the value depends on the strategy's trades, not on candles alone."""
        return self.implementation.startswith("position:")

    def signature(self) -> str:
        """`bollinger(length, deviations)`; a function without parameters is written without parentheses."""
        return f"{self.name}({', '.join(each.name for each in self.parameters)})" if self.parameters else self.name


def length(keyword: str = "timeperiod", name: str = "length", low: int = 2) -> Parameter:
    """A whole number of candles up to 5,000; `keyword` is the implementation's name for it."""
    return Parameter(name, "length", low, 5_000, (keyword,))


def own(name: str = "length", low: int = 1) -> Parameter:
    """A length that the implementation takes by its own name."""
    return length("", name, low)


def at_once(_: Numbers) -> int:
    """Known from the first candle on."""
    return 0


def full(numbers: Numbers) -> int:
    """Known once `length` candles are there."""
    return int(numbers["length"]) - 1


def one_more(numbers: Numbers) -> int:
    """Known once there is one candle more than `length`: the first step needs two."""
    return int(numbers["length"])


def days_of(periods: int, period: str = "") -> Days:
    """So many days, weeks or months; without a period of its own, of the word argument."""
    return lambda _, word: periods * {"day": 1, "week": 7, "month": 31}[period or word]


def constant(candles: int) -> History:
    """The same number of candles whatever the arguments."""
    return lambda _: candles


SERIES_IN = Parameter("series", "series")
CONDITION_IN = Parameter("condition", "condition")
BARS_IN = own("bars")
ZONE_IN = Parameter("zone", "zone")
PERIOD_IN = Parameter("period", "word", words=("day", "week", "month"))
HLC = ("high", "low", "close")
HLCV = (*HLC, "volume")
