"""How the position machine is compiled: once for every strategy, cached on disk, exact floating point.

Compiled functions take one number for the whole run: the address of its table (see `world`). Handing over arrays one by
one would cost a minute of compiling and microseconds a call.
"""

from collections.abc import Callable
from getpass import getuser
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Any, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

Function = TypeVar("Function", bound=Callable[..., Any])
WORD = 8
"""Bytes of one number."""


def _cache_folder() -> str:
    """Where machine code is kept: a folder of its own for every state of these files.

    numba notices a change of a function's own file alone, and these functions call each other across files and know
    the layout of records: code of another day would read the wrong fields.
    """
    here = Path(__file__).parent
    digest = sha256()
    for file in sorted(here.glob("*.py")):
        digest.update(file.read_bytes())
    name = f"machine-{digest.hexdigest()[:16]}"
    own = here / "__pycache__" / name
    try:
        own.mkdir(parents=True, exist_ok=True)
    except OSError:
        own = Path(gettempdir()) / f"sayso-{getuser()}" / name
    return str(own)


CACHE_FOLDER = _cache_folder()


def compiled(function: Function) -> Function:
    """Machine code of a function; a division by zero gives infinity or NaN, nothing is reordered."""
    config: Any = numba.config
    before, config.CACHE_DIR = config.CACHE_DIR, CACHE_FOLDER
    try:
        return cast(Function, numba.njit(cache=True, error_model="numpy")(function))
    finally:
        config.CACHE_DIR = before


def _reader(kind: Any, llvm: ir.Type, doc: str) -> Any:
    def read(context: Any, place: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            return builder.load(builder.inttoptr(values[0], llvm.as_pointer()))

        return kind(types.int64), build

    read.__doc__ = doc
    return intrinsic(read)


def _writer(kind: Any, llvm: ir.Type, doc: str) -> Any:
    def write(context: Any, place: Any, value: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            builder.store(values[1], builder.inttoptr(values[0], llvm.as_pointer()))
            return context.get_dummy_value()

        return types.void(types.int64, kind), build

    write.__doc__ = doc
    return intrinsic(write)


number_at = _reader(types.float64, ir.DoubleType(), "The float64 at an address; the caller holds what lies there.")
integer_at = _reader(types.int64, ir.IntType(64), "The int64 at an address.")
put_number = _writer(types.float64, ir.DoubleType(), "Writes a float64 at an address.")
put_integer = _writer(types.int64, ir.IntType(64), "Writes an int64 at an address.")


def record_of(slot: int, kind: np.dtype[Any]) -> Any:
    """Gives `record(run, index)`: one record of the array whose address is in a slot of the run's table."""
    record = numba.from_dtype(kind)

    def read(context: Any, run: Any, index: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            word = ir.IntType(64)
            table = builder.add(values[0], ir.Constant(word, WORD * slot))
            base = builder.load(builder.inttoptr(table, word.as_pointer()))
            place = builder.add(base, builder.mul(values[1], ir.Constant(word, kind.itemsize)))
            return builder.inttoptr(place, context.get_value_type(record))

        return record(types.int64, types.int64), build

    return intrinsic(read)


def word_of(slot: int) -> Any:
    """Gives `word(run)`: the whole number in a slot of the run's table, an address or a count."""

    def read(context: Any, run: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            word = ir.IntType(64)
            return builder.load(
                builder.inttoptr(builder.add(values[0], ir.Constant(word, WORD * slot)), word.as_pointer())
            )

        return types.int64(types.int64), build

    return intrinsic(read)


def address(array: Any) -> int:
    """Where the numbers of a contiguous array lie."""
    if not array.flags.c_contiguous:
        raise TypeError("the machine reads contiguous arrays")
    return int(array.ctypes.data)
