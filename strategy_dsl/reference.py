"""The manual, generated from the grammar's examples and the catalogue, so that it cannot lag behind."""

import re
from collections.abc import Iterable, Mapping

from strategy_dsl.catalogue import (
    FUNCTIONS,
    OUTSIDE,
    PAST,
    POSITION,
    SERIES,
    STRATEGY,
    THEMES,
    VALUES,
    Function,
    Parameter,
    Value,
)
from strategy_dsl.syntax_words import ABOUT, FORMS
from strategy_dsl.units import INFINITY, Kind, Unit

EXPRESSIONS = (
    ("close > ema(close, 200)", "comparisons: < <= > >= == !=, also in chains such as a > b > c"),
    ("rsi(14) crosses below 30", "true on the one candle where it moves to the other side"),
    ("close is rising 3 bars", "three steps up in a row; `is falling` likewise"),
    ("close > 2% above open", "`2% above X`, `2% below X`, `2% of X`; X is one factor"),
    ("close is within 1% of open", "near enough"),
    ("rsi(14) is between 40 and 60", "both ends included"),
    ("weekday is monday", "words compare with `is` and `in (monday, friday)`"),
    ("(close > open) for 3 bars", "true on each of the last three candles"),
    ("rsi(14) < 30 in last 5 bars", "true on any of the last five"),
    ("rsi(14) < 30 then within 10 bars close > open", "first one, then the other"),
    ("first close > open since close < open", "the first time since"),
    ("at least 2 of (rsi(14) < 30, close < open, volume > 100)", "enough of them"),
    ("not (close > open)", "`and`, `or`, `not`; mixing `and` with `or` needs parentheses"),
    ("close > highest(high, 20)[1]", "`[1]` is the value one candle earlier"),
    ("(close > ema(close, 50)) on 4h", "on the last closed candle of a longer timeframe"),
    ("close of ETH/USDT > 3000", "another market, traded or not"),
    ("close of heikin_ashi > open of heikin_ashi", "on Heikin-Ashi candles"),
    ("change(close, 1) on 1mo > 5%", "`on` takes calendar weeks and months too"),
    ("bullish_engulfing in last 2 bars", "candle shapes are conditions"),
    ("macd(12, 26, 9).histogram is rising 2 bars", "a function of several lines, by the line's name"),
    ("close > choose(weekday is monday, high, low)[1]", "one value or another"),
    ("since(new_day(UTC), highest(high)) > 2% above open", "the extreme since something last happened"),
    ("not known(last_exit_price) or close > 2% above last_exit_price", "a value that may not be there yet"),
    ("losses_since(3d) >= 2", "trades lost in a length of time"),
)
"""Every kind of expression with what it means; each one compiles."""


_HINT = "`sayso manual rsi` shows the page of one.\n"


def manual() -> str:
    """The whole manual as Markdown."""
    parts = [*_language(), "## Functions\n"]
    for theme, rows in THEMES.items():
        parts += [f"## {theme}\n", *(function_page(row) for row in rows)]
    return "\n".join(parts)


def _language() -> list[str]:
    return [
        "# The strategy language\n",
        "One clause a line. An indented line continues the clause above, `#` starts a comment.\n",
        "## Clauses\n",
        *(clause_page(word) for word in FORMS),
        "## Expressions\n",
        _table((f"`{example}`", about) for example, about in EXPRESSIONS),
        "## Values of a candle\n",
        _values(SERIES),
        "## Values of an open position\n",
        "Unknown while there is none, so nothing that opens a position can ask for them. `pause` and `halt` are judged "
        "on each market by itself.\n",
        _values(POSITION),
        "## Values of a market's last trade\n",
        "Unknown before there was one.\n",
        _values(PAST),
        "## Values of the strategy\n",
        _values(STRATEGY),
        "## Values from outside the candles\n",
        "Optional, each with an age limit; unknown while stale, and a rule acts only on what is true.\n",
        _values(OUTSIDE),
    ]


def _values(rows: Mapping[str, Value]) -> str:
    return _table((f"`{row.name}`", row.about, row.unit.value) for row in rows.values())


def overview() -> str:
    """The manual with one line a function instead of its page."""
    lists = [
        f"### {theme}\n\n" + _table((f"`{row.signature()}`", row.about) for row in rows)
        for theme, rows in THEMES.items()
    ]
    return "\n".join([*_language(), "## Functions\n", _HINT, *lists])


def page(name: str) -> str:
    """The page of a function, a value or a clause, or of all that have this name; empty where there is none."""
    pages = [function_page(FUNCTIONS[name])] if name in FUNCTIONS else []
    if name in VALUES:
        pages.append(value_page(VALUES[name]))
    word = name.split()[0] if name else ""
    if word in FORMS and (name == word or any(f"{form} ".startswith(f"{name} ") for form in FORMS[word])):
        pages.append(clause_page(word))
    return "\n".join(dict.fromkeys(pages))


def page_names() -> list[str]:
    """Everything that has a page."""
    clauses = (" ".join(form.split()[:2]) for forms in FORMS.values() for form in forms)
    return list(dict.fromkeys([*FUNCTIONS, *VALUES, *FORMS, *clauses]))


def clause_page(word: str) -> str:
    """One clause: what it means and every form it has."""
    return "\n".join([f"### {word}\n", f"{ABOUT[word]}\n", *(f"- `{form}`" for form in FORMS[word]), ""])


_KNOWN = {
    "position": "while a position is open",
    "past": "once the market has had a trade",
    "outside": "while it is supplied and fresh",
    "order": "to an order",
}


def value_page(row: Value) -> str:
    """One value without arguments."""
    when = f"\n- known only {_KNOWN[row.scope]}" if row.scope in _KNOWN else ""
    return (
        f"### `{row.name}`\n\n{_sentence(row.about)}\n\n- unit: {kind_text(Kind(row.unit, row.low, row.high))}{when}\n"
    )


def function_page(row: Function) -> str:
    """One function: what it is, its parameters, unit, lines, first value, source and an example."""
    lines = [f"### `{row.signature()}`\n", f"{_sentence(row.about)}\n"]
    lines += [f"- {each.name}: {parameter_text(each)}" for each in row.parameters]
    if row.components:
        lines += [f"- `.{each}`: {_line_text(row, each)}" for each in row.components]
    else:
        lines.append(f"- unit: {_unit_text(row)}")
    lines.append(f"- first value: {first_value_text(row)}")
    lines += [f"- settled: {text}" for text in (settled_text(row),) if text]
    if row.source:
        lines.append(f"- source: {row.source}")
    return "\n".join([*lines, f"- example: `{row.example}`\n"])


def _sentence(about: str) -> str:
    # `hl2` and `tanh(x)` stay as the language writes them
    plain = re.match(r"[a-z]+(?![\w(])", about)
    return f"{about[0].upper()}{about[1:]}." if plain else f"{about}."


def _line_text(row: Function, name: str) -> str:
    own = row.lines.get(name)
    kind = kind_text(row.kind(name, []))
    if own is None or own.history is None:
        return kind
    return f"{kind}; first value after {own.history(_call_of(row)[1])} candles"


def _unit_text(row: Function) -> str:
    if row.unit is not Unit.SAME:
        return kind_text(Kind(row.unit, row.low, row.high))
    bounds = ", between the same bounds" if row.keeps_bounds else ""
    return f"{Unit.SAME.value}{bounds}"


def kind_text(kind: Kind) -> str:
    """A unit with its bounds: `an oscillator's score, from 0 to 100`. Bounds of a percent are told as percents."""
    low, high = ((f"{bound:.0%}" if kind.unit is Unit.PERCENT else f"{bound:g}") for bound in (kind.low, kind.high))
    if kind.unit is Unit.CONDITION or -kind.low == kind.high == INFINITY:
        return kind.unit.value
    if kind.high == INFINITY:
        return f"{kind.unit.value}, at least {low}"
    return f"{kind.unit.value}, from {low} to {high}" if kind.low > -INFINITY else f"{kind.unit.value}, at most {high}"


def first_value_text(row: Function) -> str:
    """After how many candles the example's call is known for the first time."""
    over = any(each.kind in ("series", "condition") for each in row.parameters)
    call, numbers, component = _call_of(row)
    candles = row.first_value(numbers, component)
    if row.needs_position():
        return "once there has been a trade" if not over else "while a position is open"
    if candles is None:
        return "depends on the candles"
    if candles == 0:
        return "as soon as what it is made from is known" if over else "on the first candle"
    count = f"{candles} candle{'' if candles == 1 else 's'}"
    return f"after {count}{' of what it is made from' if over else ''} for `{call}`"


def settled_text(row: Function) -> str:
    """From where on a longer history does not change the value; empty where it never does."""
    call, numbers, component = _call_of(row)
    if row.path_dependent:
        return "never: it depends on where the candles begin, however long ago that was"
    if row.ends_by_itself:
        return "once the row of candles has been broken"
    if row.settled is not None:
        return f"after {row.settled(numbers)} candles for `{call}`: a longer history changes it by less than 1e-9 then"
    if row.days is not None:
        found = re.search(r"\b(day|week|month)\b", row.example)
        return f"after {row.days(numbers, found.group() if found else 'day')} days at the latest"
    return "with its first value" if row.first_value(numbers, component) else ""


def _call_of(row: Function) -> tuple[str, dict[str, float], str]:
    """The call in a row's example: its text, its numeric arguments, its line."""
    if not row.parameters:
        return row.name, {}, ""
    found = re.search(rf"\b{row.name}(?=\()", row.example)
    if found is None:
        raise AssertionError(f"the example of {row.name} does not call it")
    rest, depth, starts, end = row.example[found.end() :], 0, [1], 0
    for end, letter in enumerate(rest):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 1:
            starts.append(end + 1)
        if depth == 0:
            break
    texts = [rest[start:stop].strip(" ,") for start, stop in zip(starts, [*starts[1:], end], strict=True)]
    line = re.match(r"\.(\w+)", rest[end + 1 :])
    pairs = zip(row.parameters, texts, strict=False)
    numbers = {each.name: float(text) for each, text in pairs if each.kind in ("length", "number")}
    component = line.group(1) if line else ""
    return f"{row.name}{rest[: end + 1]}{line.group() if line else ''}", numbers, component


def parameter_text(parameter: Parameter) -> str:
    """What an argument may be."""
    if parameter.words:
        return f"one of {', '.join(parameter.words)}"
    if parameter.kind in _ARGUMENTS:
        return _ARGUMENTS[parameter.kind]
    kind, sign = {"length": ("a whole number", ""), "percent": ("a percent", "%")}.get(parameter.kind, ("a number", ""))
    low, high = (f"{decimal_text_of(bound)}{sign}" for bound in (parameter.low, parameter.high))
    return f"{kind} from {low} to {high}"


_ARGUMENTS = {
    "series": "any value or series",
    "condition": "anything true or false",
    "clock": "a time of day such as 09:30",
    "zone": "a zone such as UTC or Europe/London",
    "duration": "a length of time such as 3d",
}


def decimal_text_of(value: float) -> str:
    """A bound as text without a trailing `.0`."""
    return f"{value:g}"


def _table(rows: Iterable[Iterable[str]]) -> str:
    lines = [" | ".join(("", *row, "")).strip() for row in rows]
    width = lines[0].count("|") - 1
    return "\n".join(["|" + "  |" * width, "|" + "--|" * width, *lines]) + "\n"
