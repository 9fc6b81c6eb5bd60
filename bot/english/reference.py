"""The language in short for the model, from the tables that the parser and the checker use."""

from strategy_dsl.catalogue import FUNCTIONS, OUTSIDE, SHAPES, VALUES
from strategy_dsl.syntax_words import FORMS
from strategy_dsl.timeframes import TIMEFRAMES

NOTES = {
    "trade": "perpetual: where shorts or leverage are asked for",
    "buy": "open a long; while a position is open it is ignored",
    "short": "open a short; needs a perpetual market and a stop",
    "every": "by the clock",
    "hold": "weights of equity, with rebalance",
    "stop": "none: where the message says nothing of a stop",
    "cooldown": "no entry for a while",
    "only": "gates for entries",
    "pause": "breakers on losses",
}
"""What the forms of a clause do not say by themselves."""
EXPLAINED = frozenset(
    {
        "highest", "drawdown_from_high", "rise_from_low", "count", "bars_since", "streak", "newly", "value_when",
        "since", "latch", "at_entry", "percentrank", "zscore", "touches_high", "opening_range", "swing_high",
        "change", "choose", "month_so_far", "known",
    }
)  # fmt: skip
"""Functions whose name and example leave open what they give."""
GRAMMAR = """\
condition: VALUE (< <= > >= == !=) VALUE, A crosses above B, A crosses below B, A is between B and C, A is rising
  3 bars, A is falling, weekday is monday, not C, C and D, C or D; parentheses wherever `and` meets `or`;
  (C) for 3 bars (true on each of them), (C) in last 5 bars (on any of them)
value: number, percent, name, function(...), + - * /, 2% above X, 2% below X, 50% of X, X[1] (one candle earlier),
  X on 4h (of the last closed 4-hour candle), (X) of ETH/USDT (of another market)
`let NAME = value or condition` names a part. A condition may go over several lines that begin with spaces."""


def clauses() -> str:
    """Every form of every clause, one a line."""
    lines = []
    for keyword, forms in FORMS.items():
        note = f"   # {NOTES[keyword]}" if keyword in NOTES else ""
        lines += [forms[0] + note, *forms[1:]]
    return "The language, one clause a line. Forms:\n" + "\n".join(lines)


def grammar() -> str:
    """Conditions and values, and the timeframes."""
    return f"{GRAMMAR}\nTimeframes: {' '.join(TIMEFRAMES)}."


def functions() -> str:
    """Every function by one example, with what it means where the example does not tell."""
    rows = [(name, row) for name, row in FUNCTIONS.items() if name not in SHAPES]
    plain = "; ".join(row.example for name, row in rows if name not in EXPLAINED)
    told = "\n".join(f"{row.example}   # {row.about.split(';')[0]}" for name, row in rows if name in EXPLAINED)
    return f"Functions, by example:\n{plain}\n{told}"


def values() -> str:
    """Shapes and plain values by name."""
    names = " ".join(name for name in VALUES if name not in OUTSIDE)
    return f"Candle shapes, each a condition: {' '.join(SHAPES)}.\nValues by name: {names}."
