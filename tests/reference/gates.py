"""What keeps a strategy from entering: windows, pauses, halts, cooldowns, entries a day (Meaning 1, 4 and 7). Exits never ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strategy_dsl.timeframes import duration_ms
from tests.reference.clock import day_of, in_window, pause_end

if TYPE_CHECKING:
    from tests.reference.machine import Run

EVENTS = "high_impact_event"


class Gates:
    """The gates of one run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.strategy = run.strategy
        self.halted = False
        self.paused_until = 0
        self.was: dict[tuple[str, int, str], bool] = {}

    def newly(self, what: str, number: int, market: str, held: object) -> bool:
        """True now and not at the close before."""
        key = (what, number, market)
        before, self.was[key] = self.was.get(key, False), held is True
        return held is True and not before

    def read(self, now: int, market: str, at: int) -> bool:
        """Pauses and halts at a close; true where everything is to be closed."""
        closing = False
        for number, pause in enumerate(self.strategy.pauses):
            held = self.run.world.at(pause.condition, market, at)
            if self.newly("pause", number, market, held):
                self.paused_until = max(self.paused_until, pause_end(pause, now))
        for halt in self.strategy.halts:
            if self.run.world.at(halt.condition, market, at) is True and not self.halted:
                self.halted = True
                closing = closing or halt.close
        return closing

    def closed(self, now: int, market: str, at: int | None) -> str:
        """Why entries and adds of every kind wait at this moment; empty where they do not."""
        if self.halted:
            return "halted"
        if now < self.paused_until:
            return "paused"
        for window in self.strategy.windows:
            if window.condition is not None:
                held = None if at is None else self.run.world.at(window.condition, market, at)
                if held is not (window.gate == "only"):
                    return "outside the window" if held is not None else "a window is unknown"
                continue
            if window.event is not None:
                inside = self.near_event(now, duration_ms(window.event))
            else:
                inside = in_window(window, now)
            if inside != (window.gate == "only"):
                return "outside the window"
        return ""

    def near_event(self, now: int, within: int) -> bool:
        """Whether a high-impact event of the calendar is near."""
        events = self.run.world.outside.get(EVENTS)
        return events is not None and any(abs(time - now) <= within for time, _ in events.points)

    def cooling(self, now: int, market: str, side: int) -> str:
        """Whether a cooldown after the last exit forbids a new position; a planned exit counts as one of now."""
        past = self.run.account.past.get(market)
        leaving = [each.side for each in self.run.exits.get(market, []) if each.portion is None]
        for cooldown in self.strategy.cooldowns:
            if leaving and (cooldown.after == "any" or (cooldown.after == "other side" and side not in leaving)):
                return "cooldown"
            if past is None or now >= past.time + duration_ms(cooldown.duration):
                continue
            after = {
                "any": True,
                "loss": past.pnl < 0,
                "stop": past.kind in ("stop", "trail"),
                "other side": past.side != side,
            }
            if after[cooldown.after]:
                return "cooldown"
        return ""

    def full_day(self, now: int, pending: int) -> str:
        """Whether the day, in the clause's zone, has had all its entries."""
        limit = self.strategy.entries_a_day
        if limit is None:
            return ""
        today = day_of(now, limit.zone)
        entered = sum(1 for time in self.run.account.entered if day_of(time, limit.zone) == today)
        return "entries a day" if entered + pending >= limit.value else ""
