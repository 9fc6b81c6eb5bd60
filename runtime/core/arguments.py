"""What a function of the language is called with, as its implementation takes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from strategy_dsl import nodes
from strategy_dsl.catalogue import Function, Parameter


@dataclass(frozen=True)
class Arguments:
    """Expressions to compute as columns, numbers by keyword (percents as ratios), words and times by name."""

    series: tuple[nodes.Node, ...]
    numbers: dict[str, float]
    texts: dict[str, str]

    @classmethod
    def of(cls, row: Function, arguments: Sequence[nodes.Node]) -> "Arguments":
        """The arguments of a checked call, sorted by what they are."""
        series: list[nodes.Node] = []
        numbers: dict[str, float] = {}
        texts: dict[str, str] = {}
        for parameter, value in zip(row.parameters, arguments, strict=True):
            match value:
                case _ if parameter.kind in ("series", "condition"):
                    series.append(value)
                case nodes.Number(amount):
                    numbers |= _by_keyword(parameter, float(amount))
                case nodes.Percent(percent):
                    numbers |= _by_keyword(parameter, float(percent) / 100)
                case nodes.Clock(text) | nodes.Zone(text) | nodes.Name(text) | nodes.Duration(text):
                    texts[parameter.name] = text
        return cls(tuple(series), numbers, texts)


def _by_keyword(parameter: Parameter, value: float) -> dict[str, float]:
    return dict.fromkeys([key for key in parameter.keywords if key] or [parameter.name], value)
