"""TA-Lib without pandas.

TA-Lib imports pandas (0.2 s of the first reply) only to accept pandas' own types. Only arrays are passed here,
so pandas is hidden while TA-Lib is imported; whoever imports pandas afterwards gets it as usual.
"""

import sys
from types import ModuleType


def _load() -> ModuleType:
    hidden = "pandas" not in sys.modules
    if hidden:
        sys.modules["pandas"] = None  # type: ignore[assignment]
    try:
        import talib  # noqa: PLC0415
    finally:
        if hidden:
            del sys.modules["pandas"]
    found: ModuleType = talib
    return found


talib = _load()
