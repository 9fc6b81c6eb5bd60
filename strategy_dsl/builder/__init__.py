"""Lark's tree -> nodes, clause by clause."""

from strategy_dsl.builder.clauses import Kept
from strategy_dsl.builder.schedules import Builder

__all__ = ["Builder", "Kept"]
