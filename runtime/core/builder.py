"""Makes columns over one span of candles, each of them once however often it is asked for.

A column lives for as long as a strategy, a cache or another column needs it.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar
from weakref import WeakValueDictionary

from runtime.candles import Floats
from runtime.core.column import Column, Fixed, Line, Patched, Stepped, Windowed
from runtime.core.functions.talib_calls import MONEY_SCALE, SCALED, Called
from runtime.core.kernels import arithmetic, smoothing, still
from runtime.core.kernels.compiled import Kernel
from runtime.core.span import Span

_Made = TypeVar("_Made", Column, Fixed, Called)
Operand = Column | float


class Builder:
    """What composed functions are made with; equal parts of different functions are one column."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self._made: WeakValueDictionary[Hashable, Column | Called] = WeakValueDictionary()

    def once(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """What was made before under this key, or what `make` gives."""
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = make()
        return found  # type: ignore[return-value]

    def fixed(self, number: float) -> Fixed:
        """The same number on every candle."""
        return self.once(("fixed", number), lambda: Fixed(self.span, number))

    def stepped(self, kernel: Kernel, inputs: Sequence[Column], *numbers: float) -> Column:
        """A kernel over columns."""
        key = (kernel, *inputs, *numbers)
        return self.once(key, lambda: Stepped(self.span, kernel, inputs, numbers))

    def windowed(self, function: Callable[..., Floats], reach: int | None, *inputs: Column) -> Column:
        """A function of arrays that looks back at most `reach` candles, None where there is no bound."""
        return Windowed(self.span, function, inputs, reach)

    def shifted(self, column: Column, bars: int) -> Column:
        """The values so many candles earlier."""
        return self.stepped(arithmetic.shift, [column], bars) if bars else column

    def operated(self, left: Operand, operator: str, right: Operand) -> Column:
        """`left operator right`, element by element; a division by nothing is unknown."""
        code = arithmetic.OPERATORS.index(operator)
        if isinstance(left, Fixed):
            left = left.number
        if isinstance(right, Fixed):
            right = right.number
        if not isinstance(right, Column):
            base = left if isinstance(left, Column) else self.fixed(left)
            return self.stepped(arithmetic.operate_number, [base], code, right)
        if not isinstance(left, Column):
            return self.stepped(arithmetic.number_operate, [right], code, left)
        return self.stepped(arithmetic.operate, [left, right], code)

    # TA-Lib

    def ta(self, name: str, *series: Column, line: int = 0, **numbers: float) -> Column:
        """One result of a TA-Lib function, mended where a market does not move; some by kernels that are faster."""
        length = numbers.get("timeperiod", 0)
        match name:
            case "EMA":
                return self.stepped(smoothing.smoothed, series, length, 2.0 / (length + 1))
            case "RMA":
                return self.stepped(smoothing.smoothed, series, length, 1.0 / length)
            case "RSI":
                return self.stepped(smoothing.strength, series, length)
        key = ("ta", name, *series, line, *sorted(numbers.items()))
        return self.once(key, lambda: self._mended(name, series, line, numbers))

    def _mended(self, name: str, series: tuple[Column, ...], line: int, numbers: dict[str, float]) -> Column:
        power, degree = SCALED.get(name, (0, 0))
        inputs = [self.operated(each, "*", 2.0**power) for each in series] if power else list(series)
        if name == "MFI":
            inputs[3] = self.operated(inputs[3], "*", 2.0**MONEY_SCALE)
        call = self.once(
            ("call", name, *series, *sorted(numbers.items())), lambda: Called(self.span, name, inputs, numbers)
        )
        found: Column = Line(call, line)
        if degree:
            found = Patched(found, still.scaled, series[:1], [2.0 ** (-power * degree)])
        return self._still(name, series, line, numbers, found)

    def _repeats(self, column: Column) -> Column:
        return self.stepped(still.repeats, [column])

    def _still(
        self, name: str, series: tuple[Column, ...], line: int, numbers: dict[str, float], found: Column
    ) -> Column:
        length = numbers.get("timeperiod", 0)
        match name:
            case "SMA" | "WMA" | "TRIMA":
                return Patched(found, still.kept, (self._repeats(series[0]), series[0]), [length])
            case "STDDEV" | "VAR":
                return Patched(found, still.nothing, [self._repeats(series[0])], [length])
            case "BBANDS" if line != 1:
                middle = self.ta(name, *series, line=1, **numbers)
                return Patched(found, still.kept, (self._repeats(series[0]), middle), [length])
            case "CCI":
                high, low, close = series
                typical = self.operated(self.operated(self.operated(high, "+", low), "+", close), "/", 3)
                return Patched(found, still.nothing, [self._repeats(typical)], [length])
            case "STOCH":
                slow, signal = numbers["slowk_period"], numbers["slowd_period"]
                return self._no_range(found, series, numbers["fastk_period"], slow if line == 0 else slow + signal - 1)
            case "WILLR":
                return self._no_range(found, series, length, 1)
            case "ULTOSC":
                return Patched(found, still.no_true_range, series, [min(numbers.values())])
            case "MFI":
                return Patched(found, still.no_money, series, [length])
        return found

    def _no_range(self, found: Column, series: tuple[Column, ...], length: float, windows: float) -> Column:
        high, low, *_ = series
        return Patched(found, still.no_range, (self._repeats(high), self._repeats(low), high, low), [length, windows])

    def pattern(self, code: str, series: tuple[Column, ...], history: int) -> Column:
        """One of TA-Lib's candle patterns, `CDLHARAMI+` for its bullish and `-` for its bearish kind."""
        name, sign = code[:-1], code[-1]
        # the two kinds of a pattern are put right in arrays of their own
        call = Called(self.span, name, series, {})
        return Patched(Line(call, 0), still.pattern, series[:1], [1.0 if sign == "+" else -1.0, history])
