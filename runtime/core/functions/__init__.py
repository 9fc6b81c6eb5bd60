"""The functions of the catalogue on arrays, one module a theme; NaN is unknown."""
