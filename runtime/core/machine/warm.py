"""Compiles the position machine once, at installation, so that no first backtest waits for it."""

import shutil
from pathlib import Path
from typing import Any

from numba import types

from runtime.core.machine.account import equity
from runtime.core.machine.answers import buy_now, read_all, read_rows, sell_now, take_waiting
from runtime.core.machine.calm import rests
from runtime.core.machine.closing import at_close
from runtime.core.machine.compiled import CACHE_FOLDER
from runtime.core.machine.levels import protection
from runtime.core.machine.opening import at_open
from runtime.core.machine.run import inside, opened, play, value_at_end
from runtime.core.machine.waiting import drop

_I, _F = types.int64, types.float64
_LINE, _INTS, _CUBE = types.Array(_F, 1, "C"), types.Array(_I, 1, "C"), types.Array(_F, 3, "C")
ENTRANCES: tuple[tuple[Any, tuple[Any, ...]], ...] = (
    (play, (_I, _I, _I, _LINE, _LINE)),
    (value_at_end, (_I,)),
    (inside, (_I, _I)),
    (opened, (_I, _I)),
    (at_open, (_I, _I)),
    (at_close, (_I, _I)),
    (equity, (_I,)),
    (protection, (_I, _I)),
    (rests, (_I,)),
    (drop, (_I, _I)),
    (take_waiting, (_I, _I, _F, _I)),
    (buy_now, (_I, _I, _I, _F, _I, _I, _I)),
    (sell_now, (_I, _I, _F, _I, _I, _I)),
    (read_all, (_I, _INTS, _CUBE)),
    (read_rows, (_I, _I, _I, _LINE)),
)
"""Every function of the machine that Python calls, and what it is called with."""


def compile_machine() -> int:
    """Compiles what is not on disk yet, forgets the machine code of other states of these files; how many entrances."""
    for function, arguments in ENTRANCES:
        function.compile(arguments)
    here = Path(CACHE_FOLDER)
    for other in here.parent.glob("machine-*"):
        if other != here:
            shutil.rmtree(other, ignore_errors=True)
    return len(ENTRANCES)


def machine_is_warm() -> bool:
    """Whether the machine code of every entrance lies on disk."""
    kept = {each.name.split("-")[0].rpartition(".")[2] for each in Path(CACHE_FOLDER).rglob("*.nbi")}
    return all(function.__name__ in kept for function, _ in ENTRANCES)
