"""A value as the readers pass it on, and the marks in it that the timeframe settles."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Operand:
    """A value in the rules language; `kind` says what it may be compared with."""

    text: str
    kind: str
    name: str = ""
    assumed: tuple[str, ...] = ()
    unit: str = ""


def prior(timeframe: str) -> str:
    """A mark that leaves out the candle at hand: `[1]`, or the last closed candle of another timeframe."""
    return f"{{prior:{timeframe}}}"


def on(timeframe: str) -> str:
    """A mark that becomes ` on 4h` where the strategy runs on another timeframe."""
    return f"{{on:{timeframe}}}" if timeframe else ""


FINE = "{fine:5m}"
"""A mark on what needs short candles: where no timeframe is said, this one."""
