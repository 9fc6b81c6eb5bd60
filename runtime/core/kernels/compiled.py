"""The one way in which kernels are compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

from runtime.candles import Floats

Series = tuple[Floats, ...]
"""As many arrays as the kernel takes."""
Kernel = Callable[[Series, Floats, Floats, Floats, int, int], None]
"""`kernel(series, numbers, state, out, start, stop)`."""
STATE = 8
"""How many floats a kernel may remember."""

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """Compiles on the first call of an installation; later processes read the machine code from disk.

    Only functions of the same file may be called inside: the cache notices a change of its own file only.
    """
    return cast(_Function, njit(cache=True, error_model="numpy", nogil=True)(function))
