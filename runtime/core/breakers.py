"""Pauses and halts: what keeps a strategy from entering for a while, or until a person restarts it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from runtime.core.calendar import milliseconds, moment, zone
from runtime.core.memory import Memory
from strategy_dsl import nodes
from strategy_dsl.program import Program
from strategy_dsl.timeframes import DAYS, duration_ms

Action = Literal["none", "pause", "halt", "halt and close"]
Read = Callable[[nodes.Node], float]
"""A condition at this close: 1, 0 or NaN."""


def read_breakers(
    program: Program, memory: Memory, market: str, close_ms: int, read: Read
) -> list[tuple[int, float, Action]]:
    """Judges every pause and halt on one market: its number, its condition and what came of it.

    A pause begins when its condition is newly true and holds for the whole strategy.
    """
    found: list[tuple[int, float, Action]] = []
    first = len(program.rules()) + 1
    for number, pause in enumerate(program.strategy.pauses, first):
        held = read(pause.condition)
        begins = memory.newly(f"{number}:{market}", held)
        if begins:
            memory.paused_until = max(memory.paused_until, pause_end(pause, close_ms))
        found.append((number, held, "pause" if begins else "none"))
    for number, halt in enumerate(program.strategy.halts, first + len(program.strategy.pauses)):
        held = read(halt.condition)
        begins = memory.newly(f"{number}:{market}", held) and not memory.halted
        memory.halted = memory.halted or begins
        found.append((number, held, ("halt and close" if halt.close else "halt") if begins else "none"))
    return found


def pause_end(pause: nodes.Pause, close_ms: int) -> int:
    """When a pause that begins now is over: after its length, or at the next midnight of its day and zone."""
    if pause.duration is not None:
        return close_ms + duration_ms(pause.duration)
    where = zone(pause.zone)
    date = moment(close_ms).astimezone(where).date() + timedelta(days=1)
    while pause.until != "tomorrow" and DAYS[date.weekday()] != pause.until:
        date += timedelta(days=1)
    return milliseconds(datetime(date.year, date.month, date.day, tzinfo=where))


def entries_that_day(memory: Memory, close_ms: int, zone_name: str) -> int:
    """Entries on the local day of a moment."""
    where = zone(zone_name)
    today = moment(close_ms).astimezone(where).date()
    return sum(moment(each).astimezone(where).date() == today for each in memory.entries)
