"""Every function and value of the language, one row each."""

from strategy_dsl.catalogue.rows import COMPONENTS_OF, FUNCTIONS, Function, Parameter
from strategy_dsl.catalogue.values import OUTSIDE, PAST, POSITION, SERIES, STRATEGY, VALUES, Scope, Value

__all__ = [
    "COMPONENTS_OF",
    "FUNCTIONS",
    "OUTSIDE",
    "PAST",
    "POSITION",
    "SERIES",
    "STRATEGY",
    "VALUES",
    "Function",
    "Parameter",
    "Scope",
    "Value",
]
