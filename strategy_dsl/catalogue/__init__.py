"""Every function and value of the language, one row each."""

from strategy_dsl.catalogue.rows import COMPONENTS_OF, FUNCTIONS, Function, Parameter
from strategy_dsl.catalogue.values import POSITION, SERIES, VALUES, Value

__all__ = ["COMPONENTS_OF", "FUNCTIONS", "POSITION", "SERIES", "VALUES", "Function", "Parameter", "Value"]
