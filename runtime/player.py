"""Plays one encoded strategy on one tape, as often as one likes, in the same memory."""

from typing import Any

import numpy as np

from runtime.core.machine import layout as at
from runtime.core.machine.rules import Encoded
from runtime.core.machine.run import DONE, play, value_at_end
from runtime.core.machine.state import empty_desk, new_state, with_more_lots
from runtime.core.machine.table import World
from runtime.core.machine.tape import Reel

ROOM = 2048
"""Trades, fills and decisions that there is room for before more is made."""


class Player:
    """Candles and rules, ready to be played from the first candle to the last.

    After `play`: `worth` and `exposure` (one value a point) are the equity and the worth of what is open, shorts below
    zero, at each close; `desk` holds trades and counts. All three are written over by the next `play`.
    """

    def __init__(self, plan: Encoded, film: Reel, cash: float, keep: bool = False) -> None:
        """`keep` keeps every decision; ValueError where there is nothing to play is for the caller."""
        self.plan, self.tape, self.keep, self._film = plan, film.tape, keep, film
        state, count = new_state(plan, cash, int(film.tape.time[0])), len(plan.program.markets)
        # as words, for records are copied field by field
        self._words = [at.words_of(each) for each in state]
        self._fresh = [each.copy() for each in self._words]
        rules = plan.rules
        self._burst = count * (
            8 + state.lots.shape[1] + 2 * len(rules.targets) + 2 * len(rules.schedules) + 64 + _judged(rules)
        )
        self._world = World(rules, state, film.tape, empty_desk(max(ROOM, 2 * self._burst)))
        self.desk, self._last = self._world.desk, self._world
        self.worth, self.exposure = np.empty(len(film.tape.time)), np.zeros(len(film.tape.time))
        self._played = False

    def play(self) -> None:
        """Plays all candles; what is open at the last close is worth what leaving it would bring."""
        self._begin()
        world = self._world
        point = play(world.address, 0, self._burst, self.worth, self.exposure)
        while point != DONE:
            world = World(self.plan.rules, with_more_lots(world.state), self.tape, _roomier(world.desk))
            point = play(world.address, point, self._burst, self.worth, self.exposure)
        value_at_end(world.address)
        self.worth[-1] = world.state.account[0]["cash"]
        self.desk, self._last = world.desk, world
        if self.desk.control[0]["full"]:
            raise AssertionError("one candle wrote more than was reckoned with")

    @property
    def trades(self) -> at.Records:
        """The trades of the last play, in order of their end."""
        return self.desk.trades[: self.desk.control[0]["trades"]]

    @property
    def state(self) -> at.State:
        """What the run remembers after the last play."""
        return self._last.state

    @property
    def address(self) -> int:
        """Where compiled functions find the run of the last play."""
        return self._last.address

    def _begin(self) -> None:
        desk = self._world.desk
        if self._played:
            for now, was in zip(self._words, self._fresh, strict=True):
                now[:] = was
            desk.control.fill(0)
            desk.skips.fill(0)
            self.exposure.fill(0.0)
        desk.control[0]["keep"] = int(self.keep)
        self._played = True


def _judged(rules: at.Rules) -> int:
    """How many rules are judged on a market at one close."""
    return sum(len(each) for each in (rules.entries, rules.closers, rules.alerts, rules.pauses, rules.halts))


def _roomier(desk: at.Desk) -> at.Desk:
    more: dict[str, Any] = {}
    for name in ("trades", "fills", "decisions", "alerts"):
        before = getattr(desk, name)
        more[name] = np.concatenate([before, np.zeros(len(before), before.dtype)])
    return desk._replace(**more)
