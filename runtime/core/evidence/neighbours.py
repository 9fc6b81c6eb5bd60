"""Parameter neighbourhood: whether a small change of one number breaks the result."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Neighbour:
    """One number changed: what (`length of rsi 14 -> 15`), and the run that came of it.

    `total` is its return (0.01 for one percent), `mean` its average trade return, None without a trade.
    """

    change: str
    total: float
    mean: float | None
    trades: int


@dataclass(frozen=True)
class Neighbourhood:
    """All neighbours of a strategy; `share` of them made money (their average trade was above 0)."""

    neighbours: tuple[Neighbour, ...]

    @property
    def positive(self) -> int:
        """How many made money a trade."""
        return sum(each.mean is not None and each.mean > 0 for each in self.neighbours)

    @property
    def share(self) -> float:
        """The part of them that made money."""
        return self.positive / len(self.neighbours)

    @property
    def worst(self) -> Neighbour:
        """The one with the lowest return."""
        return min(self.neighbours, key=lambda each: each.total)


def neighbourhood(neighbours: Sequence[Neighbour]) -> Neighbourhood | None:
    """All neighbours together; None where the rules have no number to change."""
    return Neighbourhood(tuple(neighbours)) if neighbours else None
