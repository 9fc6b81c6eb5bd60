"""Columns that the runs of an account share: what candles alone decide is computed once for all that read the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakSet

from runtime.candles import Candles
from runtime.core.columns import SharedColumns
from runtime.core.outside import OutsideValues


@dataclass(eq=False)
class GrowingColumns:
    """Columns, the candles of each market that they have been computed on, and the values they began with."""

    columns: SharedColumns
    candles: dict[str, Candles]
    outside: OutsideValues

    def are_of(self, candles: Mapping[str, Candles]) -> bool:
        """Whether they stand on these candles: the very same ones, of the same markets."""
        return self.candles.keys() == candles.keys() and all(self.candles[name] is candles[name] for name in candles)

    def grow(self, was: Mapping[str, Candles], now: Mapping[str, Candles], newer: Mapping[str, Candles]) -> bool:
        """Brings them from `was` by `newer` to `now`, once for all runs.

        False where another run has brought them elsewhere, for it took other candles in.
        """
        if not self.are_of(now):
            if not self.are_of(was):
                return False
            self.columns.extend({name: each for name, each in newer.items() if len(each)})
            self.candles = dict(now)
        return True


class RunColumns:
    """Finds the columns of candles that a run reads; they live as long as one of the runs that use them."""

    def __init__(self) -> None:
        self._known: WeakSet[GrowingColumns] = WeakSet()

    def of(self, candles: Mapping[str, Candles], outside: OutsideValues) -> GrowingColumns:
        """Those that stand on these candles and values now, or new ones."""
        fitting = (each for each in self._known if each.outside is outside and each.are_of(candles))
        found = next(fitting, None)
        if found is None:
            found = GrowingColumns(SharedColumns(candles, outside=outside), dict(candles), outside)
            self._known.add(found)
        return found
