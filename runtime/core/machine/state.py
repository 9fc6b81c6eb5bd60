"""What a run remembers: begun, copied, written down and read back."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from runtime.core.machine import layout as at
from runtime.core.machine.levels import ABSENT
from runtime.core.machine.rules import Encoded

MOST_WAITING = 64
LOTS = 16
SLOTS = ("waiting", "waiting_plans", "waiting_values", "losses")
"""Of these most places are empty: those behind the last used one are as in a fresh state, and not written down."""


def new_state(encoded: Encoded, cash: float, first_ms: int) -> at.State:
    """The state of a run that begins with so much cash at the opening `first_ms`."""
    rules, markets = encoded.rules, len(encoded.program.markets)
    settings = rules.settings[0]
    levels, entries, adds = encoded.level_count, len(rules.at_entry), len(rules.adds)
    waiting = MOST_WAITING + markets
    lots = LOTS + int(settings["grid_steps"]) + _adds(rules) if settings["lots"] else 1
    state = at.State(
        account=np.zeros(1, at.ACCOUNT),
        markets=np.zeros(markets, at.MARKET),
        positions=np.zeros(markets, at.POSITION),
        plans=np.zeros((markets, levels), at.LEVEL_READ),
        entry_values=np.full((markets, entries), np.nan),
        names=np.full((markets, len(at.NAMES) + len(rules.spans)), np.nan),
        lots=np.zeros((markets, lots), at.LOT),
        adding=np.zeros((markets, adds), at.ADDING),
        planned=np.zeros((markets, encoded.most_planned), at.PLANNED),
        waiting=np.zeros(waiting, at.WAITING),
        waiting_plans=np.zeros((waiting, levels), at.LEVEL_READ),
        waiting_values=np.full((waiting, entries), np.nan),
        was=np.zeros((encoded.breaker_count, markets), np.int64),
        losses=np.zeros(at.MOST_LOSSES, np.int64),
        resting=np.zeros((markets, int(settings["grid_steps"])), np.int64),
    )
    account = state.account[0]
    for name in ("cash", "budget", "peak", "day_equity", "last_equity"):
        account[name] = cash
    for name in ("day", "utc_day", "zone_day"):
        account[name] = -1
    account["hold_due"], account["hold_open"] = int(settings["hold"]), first_ms - 1
    state.markets["opened_before"] = first_ms - 1
    state.markets["wanted"], state.markets["present"], state.markets["row"] = np.nan, np.nan, -1
    return state


def _adds(rules: at.Rules) -> int:
    return sum(max(int(each["count"]), int(each["times"]), 1) for each in rules.adds)


def with_more_lots(state: at.State) -> at.State:
    """The same state with room for twice as many lots."""
    more = np.zeros((state.lots.shape[0], 2 * state.lots.shape[1]), at.LOT)
    more[:, : state.lots.shape[1]] = state.lots
    return state._replace(lots=more)


def copied(state: at.State) -> at.State:
    """An independent copy."""
    return at.State(**{name: each.copy() for name, each in state._asdict().items()})


def restore(state: at.State, saved: at.State) -> None:
    """Puts a state back to a copy of it."""
    for each, was in zip(state, saved, strict=True):
        each[...] = was


def state_data(state: at.State) -> dict[str, Any]:
    """A state as JSON-able data by field names; floats keep every digit, unknown ones are None."""
    return {name: _data(_used(array) if name in SLOTS else array) for name, array in state._asdict().items()}


def state_from(data: Mapping[str, Any], fresh: at.State) -> at.State:
    """The state that `state_data` gave, in the shape of a fresh one; what it lacks keeps its beginning."""
    return at.State(**{name: _filled(array, data.get(name, [])) for name, array in fresh._asdict().items()})


def carried(state: at.State, old: Encoded, new: Encoded, cash: float, first_ms: int) -> at.State:
    """The state of a run whose rules were changed: money, positions and memory go on, orders that wait do not.

    Where a position is open, `new` was encoded with the program of `old` as the newest of its older ones: positions
    keep the levels that they were opened with.
    """
    fresh = new_state(new, cash, first_ms)
    for name in ("account", "markets", "positions", "adding", "losses"):
        _copy(getattr(state, name), getattr(fresh, name))
    while fresh.lots.shape[1] < state.lots.shape[1]:
        fresh = with_more_lots(fresh)
    _copy(state.lots, fresh.lots)
    fresh.account["waiting"] = 0
    fresh.markets["planned"], fresh.markets["adding"] = 0, 0
    fresh.adding["due"] = 0
    fresh.plans["kind"] = ABSENT
    if len(new.rules.guards) > 1:
        fresh.positions["guard"] += 1
        own, width = new.own_levels, state.plans.shape[1]
        fresh.plans[:, own : own + width] = state.plans
    for place, node in enumerate(new.at_entry):
        if node in old.at_entry:
            fresh.entry_values[:, place] = state.entry_values[:, old.at_entry.index(node)]
    for position in fresh.positions:
        if position["open"] and position["name"] >= 0:
            name = old.entry_names[position["name"]]
            # a name that is gone belongs to no rule
            position["name"] = [*new.entry_names, name].index(name)
    if old.program.strategy.grid == new.program.strategy.grid:
        _copy(state.resting, fresh.resting)
    if fresh.was.shape == state.was.shape:
        fresh.was[...] = state.was
    return fresh


def _copy(source: np.ndarray[Any, Any], target: np.ndarray[Any, Any]) -> None:
    """Copies what both have room for."""
    cut = tuple(slice(0, min(pair)) for pair in zip(source.shape, target.shape, strict=True))
    target[cut] = source[cut]


def _used(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    empty = np.isnan(array) if array.dtype == np.float64 else array == np.zeros((), array.dtype)
    used = np.flatnonzero(~empty.all(axis=tuple(range(1, array.ndim))))
    return array[: used[-1] + 1] if len(used) else array[:0]


def _data(array: np.ndarray[Any, Any]) -> Any:
    if array.ndim > 1:
        return [_data(each) for each in array]
    if array.dtype.names:
        return [[_plain(value) for value in row] for row in array.tolist()]
    return [_plain(each) for each in array.tolist()]


def _plain(value: Any) -> Any:
    return None if value != value else value


def _filled(array: np.ndarray[Any, Any], rows: list[Any]) -> np.ndarray[Any, Any]:
    if array.ndim > 1:
        width = max([array.shape[1], *(len(each) for each in rows)]) if array.dtype == at.LOT else array.shape[1]
        wider = np.zeros((array.shape[0], width), array.dtype)
        wider[:, : array.shape[1]] = array
        for place, row in enumerate(rows[: len(wider)]):
            wider[place] = _filled(wider[place], row)
        return wider
    found = array.copy()
    for place, value in enumerate(rows[: len(found)]):
        if array.dtype.names:
            found[place] = tuple(np.nan if each is None else each for each in value)
        else:
            found[place] = np.nan if value is None else value
    return found


def empty_desk(room: int, decisions: int = 0) -> at.Desk:
    """A desk with room for so many answers, trades, fills and alerts, and for decisions."""
    return at.Desk(
        control=np.zeros(1, at.CONTROL),
        order=np.zeros(1, at.ORDER),
        answers=np.zeros(room, at.ANSWER),
        trades=np.zeros(room, at.TRADE),
        fills=np.zeros(room, at.FILL),
        decisions=np.zeros(max(decisions, room), at.DECISION),
        alerts=np.zeros(room, at.ALERT),
        skips=np.zeros(len(at.ACTIONS), at.COUNT),
    )
