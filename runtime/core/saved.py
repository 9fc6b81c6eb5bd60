"""The machine's state as plain data and back, so that a restart goes on where it stopped."""

from dataclasses import asdict
from typing import Any

from runtime.core.levels import Level
from runtime.core.memory import LastExit, Memory
from runtime.core.orders import Order, Plan
from runtime.core.position import Position
from runtime.core.state import State


def state_data(state: State) -> dict[str, Any]:
    """A state as JSON-able data; floats keep every digit."""
    return asdict(state)


def state_from(data: dict[str, Any]) -> State:
    """The state that `state_data` gave."""
    return State(
        cash=data["cash"],
        positions={name: _position(each) for name, each in data["positions"].items()},
        last_exits={name: LastExit(**each) for name, each in data["last_exits"].items()},
        marks=data["marks"],
        memory=Memory(**data.get("memory", {})),
    )


def _position(data: dict[str, Any]) -> Position:
    targets = [(price, share) for price, share in data["targets"]]
    # a position opened before break even could wait for a condition
    data = {"evens": data["even_after"] is not None, **data}
    return Position(**{**data, "targets": targets, "trail": _level(data["trail"])})


def order_data(order: Order) -> dict[str, Any]:
    """An order as JSON-able data."""
    return asdict(order)


def order_from(data: dict[str, Any]) -> Order:
    """The order that `order_data` gave."""
    return Order(**{**data, "plan": None if data["plan"] is None else _plan(data["plan"])})


def _plan(data: dict[str, Any]) -> Plan:
    levels = {name: _level(data[name]) for name in ("stop", "trail", "trail_after", "even_after")}
    targets = tuple((Level(*level), share) for level, share in data["targets"])
    waits = {name: bool(data.get(name, False)) for name in ("trail_once", "even_once")}
    return Plan(
        stop=levels["stop"],
        targets=targets,
        trail=levels["trail"],
        trail_after=levels["trail_after"],
        even_after=levels["even_after"],
        **waits,
    )


def _level(data: Any) -> Level | None:
    return None if data is None else Level(*data)
