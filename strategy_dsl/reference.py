"""The manual, generated from the grammar's examples and the catalogue, so that it cannot lag behind."""

from strategy_dsl.catalogue import FUNCTIONS, POSITION, SERIES, Function, Parameter
from strategy_dsl.syntax_words import FORMS
from strategy_dsl.units import INFINITY

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
    ("close of ETH/USDT > 3000", "another of the traded markets"),
)
"""Every kind of expression with what it means; each one compiles."""


def manual() -> str:
    """The whole manual as Markdown."""
    parts = [
        "# The strategy language\n",
        "One clause a line. An indented line continues the clause above, `#` starts a comment.\n",
        "## Clauses\n",
        _table((f"`{form}`",) for forms in FORMS.values() for form in forms),
        "## Expressions\n",
        _table((f"`{example}`", about) for example, about in EXPRESSIONS),
        "## Values of a candle\n",
        _table((f"`{row.name}`", row.about, row.unit.value) for row in SERIES.values()),
        "## Values of an open position\n",
        "Unknown while there is none, so they stand in `sell when`, `exit when` and `alert` only.\n",
        _table((f"`{row.name}`", row.about, row.unit.value) for row in POSITION.values()),
        "## Functions\n",
        *(function_page(row) for row in FUNCTIONS.values()),
    ]
    return "\n".join(parts)


def function_page(row: Function) -> str:
    """One function: what it is, its parameters, unit, source and an example."""
    signature = f"{row.name}({', '.join(each.name for each in row.parameters)})"
    lines = [f"### `{signature}`\n", f"{row.about[0].upper()}{row.about[1:]}.\n"]
    lines += [f"- {each.name}: {_range(each)}" for each in row.parameters]
    if row.components:
        lines.append(f"- lines: {', '.join(f'`.{each}`' for each in row.components)}")
    bounds = "" if INFINITY in (-row.low, row.high) else f", from {row.low:g} to {row.high:g}"
    lines.append(f"- unit: {row.unit.value}{bounds}")
    if row.source:
        lines.append(f"- source: {row.source}")
    return "\n".join([*lines, f"- example: `{row.example}`\n"])


def _range(parameter: Parameter) -> str:
    if parameter.kind == "series":
        return "any value or series"
    if parameter.kind == "condition":
        return "anything true or false"
    kind = "a whole number" if parameter.kind == "length" else "a number"
    low, high = (decimal_text_of(bound) for bound in (parameter.low, parameter.high))
    return f"{kind} from {low} to {high}"


def decimal_text_of(value: float) -> str:
    """A bound as text without a trailing `.0`."""
    return f"{value:g}"


def _table(rows: "object") -> str:
    lines = [" | ".join(("", *row, "")).strip() for row in rows]  # type: ignore[attr-defined]
    width = lines[0].count("|") - 1
    return "\n".join(["|" + "  |" * width, "|" + "--|" * width, *lines]) + "\n"
