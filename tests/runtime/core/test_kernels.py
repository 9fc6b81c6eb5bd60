"""Compiled kernels: compiled ahead, each for one shape of arguments, and quick to start."""

import subprocess
import sys

import numpy as np

from runtime.candles import Candles
from runtime.core.columns import Columns
from runtime.core.kernels import arithmetic, comparisons, logic, recursions, smoothing, still
from runtime.core.kernels.warm import KERNELS, compile_kernels
from tests.made import walk_candles
from tests.runtime.core.catalogue_calls import expressions, node_of
from tests.runtime.core.test_no_lookahead import EXPRESSIONS


def public_kernels() -> set[object]:
    modules = (arithmetic, comparisons, logic, recursions, smoothing, still)
    found = {(name, each) for module in modules for name, each in vars(module).items() if hasattr(each, "signatures")}
    return {each for name, each in found if not name.startswith("_") and name != "compiled"}


def test_every_kernel_is_compiled_ahead() -> None:
    listed = {each for kernels in KERNELS.values() for each in kernels}
    assert listed == public_kernels()
    assert compile_kernels() == len(listed)


def test_no_kernel_is_compiled_for_a_second_shape_of_arguments() -> None:
    """Candles that may not be written to are no reason either: a compilation in the middle of a backtest takes seconds."""
    compile_kernels()
    walk = walk_candles(300, 5)
    for name in ("time", "open", "high", "low", "close", "volume"):
        getattr(walk, name).setflags(write=False)
    fixed = Candles(walk.market, walk.timeframe, walk.time, walk.open, walk.high, walk.low, walk.close, walk.volume)
    columns = Columns(fixed, {"BTC/USDT": fixed, "ETH/USDT": walk_candles(300, 6, "ETH/USDT")})
    for text in (*expressions(), *EXPRESSIONS):
        columns.of(node_of(text))
    for kernel in public_kernels():
        assert len(kernel.signatures) == 1, kernel  # type: ignore[attr-defined]


def test_the_first_columns_of_a_process_come_quickly() -> None:
    compile_kernels()
    code = (
        "import time; start = time.perf_counter()\n"
        "from tests.made import walk_candles; from tests.runtime.core.catalogue_calls import node_of\n"
        "from runtime.core.columns import Columns\n"
        "columns = Columns(walk_candles(5000, 1)); loaded = time.perf_counter()\n"
        "node = node_of('rsi(14) crosses below 30 and close > ema(close, 200)'); parsed = time.perf_counter()\n"
        "columns.of(node); print(time.perf_counter() - parsed)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 2.0


def test_kernels_take_nothing_from_what_lies_beyond_the_newest_candle() -> None:
    walk = walk_candles(200, 9)
    columns = Columns(walk.part(0, 150))
    read = [columns.column(node_of(text)) for text in expressions()]
    columns.span.reserve(200)
    columns.span.advance()
    for member in columns.span.members():
        for array in member.arrays():
            array[150:] = np.nan
    columns.extend(walk.part(150, 151))
    columns.span.advance()
    whole = Columns(walk.part(0, 151))
    for text, column in zip(expressions(), read, strict=True):
        np.testing.assert_array_equal(column.values(), whole.of(node_of(text)), err_msg=text)
