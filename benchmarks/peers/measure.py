"""What every engine's script shares: it is called in the engine's own environment and prints one line of JSON.

`python SCRIPT.py year|combinations CANDLES.parquet` tells the seconds of the first call in the process (imports and
the reading of candles counted apart), the best of some warm calls, and the largest memory of the process.
"""

import json
import resource
import sys
import time

STARTED = time.perf_counter()
COMBINATIONS = [(length, below) for length in range(10, 20) for below in range(26, 36)]


def candles_of(path):
    """Columns of the parquet file as float64 arrays, `time` as int64 milliseconds."""
    import numpy as np
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path, use_threads=False)
    found = {}
    for name in ("open", "high", "low", "close", "volume"):
        found[name] = np.ascontiguousarray(table.column(name).to_numpy(), np.float64)
    time_name = next(name for name in table.column_names if "time" in name or "date" in name)
    column = table.column(time_name).to_numpy()
    kind = column.dtype.kind
    found["time"] = column.astype("datetime64[ms]").astype(np.int64) if kind == "M" else column.astype(np.int64)
    return found


def measured(load, work, budget_seconds=6.0, most=15):
    """Runs `work(load(path))` again and again until the budget is spent, and prints what it took."""
    path = sys.argv[2]
    candles = load(path)
    ready = time.perf_counter()
    trades = work(candles)
    first = time.perf_counter()
    taken = []
    while len(taken) < most and (not taken or sum(taken) < budget_seconds):
        begin = time.perf_counter()
        work(candles)
        taken.append(time.perf_counter() - begin)
    taken.sort()
    print(
        json.dumps(
            {
                "loaded": ready - STARTED,
                "first": first - ready,
                "warm": taken[len(taken) // 2],
                "best": taken[0],
                "calls": len(taken),
                "trades": int(trades),
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )
