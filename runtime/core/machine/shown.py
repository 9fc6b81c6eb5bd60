"""What a run holds and does, as people are told: reasons in words, stops and targets as prices."""

import math
from collections.abc import Mapping
from typing import Any

from runtime.core.machine import layout as at
from runtime.core.machine.levels import protection
from runtime.core.machine.orders import Held
from runtime.core.machine.rules import Encoded
from runtime.core.machine.table import World


class Shown:
    """Reads the state of runs of one encoded program; `claims` are the rules' sentences by number."""

    def __init__(self, plan: Encoded, claims: Mapping[int, str]) -> None:
        self.plan, self.program, self.claims = plan, plan.program, claims

    def reason(self, kind: str, rule: int) -> str:
        """Why an order is made, in a few words."""
        if rule <= -2:
            return "the time that was set"
        if kind == "time":
            strategy = self.program.strategy
            spans = [each.duration or f"{each.bars} bars" for each in strategy.exits_after]
            return " or ".join([*spans, *(f"{each.clock} {each.zone}" for each in strategy.exits_at)])
        if kind == "halt":
            return "the strategy halted"
        return self.claims.get(rule, kind) if kind in ("entry", "signal", "reverse", "add") else kind

    def levels(
        self, state: at.State, m: int, slot: int, price: float, side: int
    ) -> tuple[float | None, tuple[float, ...]]:
        """Where a position would end that began at a price."""
        guard = self.plan.rules.guards[0]
        plan = state.waiting_plans[slot] if slot >= 0 else state.plans[m]
        found = [laid(plan[guard["stop"]], price, -side)] if guard["stop"] >= 0 else []
        if guard["trail"] >= 0 and guard["trail_begin"] == at.AT_ONCE:
            found.append(laid(plan[guard["trail"]], price, -side))
        nearest = None if not found else max(found) if side > 0 else min(found)
        targets = tuple(laid(plan[each["level"]], price, side) for each in self.targets(0))
        return nearest, targets

    def targets(self, guard: int) -> Any:
        """The targets of a guard, in order."""
        row = self.plan.rules.guards[guard]
        return self.plan.rules.targets[row["first_target"] : row["first_target"] + row["targets"]]

    def held(self, world: World, m: int) -> Held:
        """What is open in a market, with its stop and the targets it has not met."""
        state = world.state
        row, market = state.positions[m], state.markets[m]
        stop, _ = protection(world.address, m)
        average = float(row["cost"] / row["quantity"])
        side, hit = int(row["side"]), int(row["hit"])
        plan, bases = state.plans[m], (float(row["first_price"]), average, float(row["last_price"]), average)
        targets = tuple(
            laid(plan[each["level"]], bases[each["reference"]], side)
            for k, each in enumerate(self.targets(int(row["guard"])))
            if not hit & (1 << k)
        )
        return Held(
            self.program.markets[m],
            side,
            float(row["quantity"]),
            average,
            int(row["time"]),
            int(row["rule"]),
            None if math.isnan(stop) else stop,
            targets,
            float(market["mark"]),
        )


def laid(level: Any, base: float, way: int) -> float:
    """The price of a level that was read, from a base, upwards (1) or downwards (-1)."""
    if level["kind"] == at.PRICE:
        return float(level["number"])
    step = level["number"] * base if level["kind"] == at.RATIO else level["number"]
    return float(base + way * step)
