"""What an implementation of our own is given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from runtime.candles import Floats


@dataclass(frozen=True)
class Inputs:
    """The row's inputs, then its series and conditions, in order; all of one length. Texts are words, clocks, zones."""

    series: Sequence[Floats]
    numbers: Mapping[str, float]
    component: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)

    def whole(self, name: str) -> int:
        """A whole number among the arguments."""
        return int(self.numbers[name])


Own = Callable[[Inputs], Floats]
"""An implementation of our own."""
