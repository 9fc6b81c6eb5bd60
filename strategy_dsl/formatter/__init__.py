"""Tree -> canonical text. `parse(format(s)) == s` for every tree, and formatting is idempotent."""

from strategy_dsl.formatter.clauses import (
    add_text,
    clause_lines,
    format_strategy,
    halt_text,
    hold_text,
    pause_text,
    rebalance_text,
    rule_text,
    schedule_text,
    timing_text,
    window_text,
)
from strategy_dsl.formatter.expressions import expression
from strategy_dsl.formatter.numbers import (
    bars_text,
    days_text,
    decimal_text,
    grouped,
    money_text,
    percent_text,
    rounded,
)

__all__ = [
    "add_text",
    "bars_text",
    "clause_lines",
    "days_text",
    "decimal_text",
    "expression",
    "format_strategy",
    "grouped",
    "halt_text",
    "hold_text",
    "money_text",
    "pause_text",
    "percent_text",
    "rebalance_text",
    "rounded",
    "rule_text",
    "schedule_text",
    "timing_text",
    "window_text",
]
