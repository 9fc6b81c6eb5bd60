"""Messages of one person one after the other, those of several side by side; what protects money waits for nothing."""

import asyncio
import logging
import re
from collections import deque

from bot.commands import matched
from bot.conversation import Conversation
from bot.desk import Desk
from bot.telegram.arrivals import CHANNEL
from runtime.ledger import messages
from runtime.ledger.errors import LedgerError

URGENT = frozenset({"panic", "stop", "pause", "close"})
"""Commands that overtake a message that is still thought about: none of them reaches a model."""
STOPS, STARTS = frozenset({"panic", "stop", "pause"}), frozenset({"paper", "resume", "resumeall"})
ANSWERS = ("approve", "reject", "half")
"""Buttons below a question about an order; they overtake too."""
NO_NAME = re.compile(r"(?:loss|at|to|trading|buying|selling|when|if|after)\b|[\d$]", re.I)
"""Words behind `stop` or `pause` that begin no strategy's name."""
log = logging.getLogger("sayso.telegram")


class Lanes:
    """Takes up what has arrived; a thought that takes long delays only the person who waits for it."""

    def __init__(self, desk: Desk, conversation: Conversation) -> None:
        self.desk = desk
        self.conversation = conversation
        self.failures = 0
        self._newest = 0
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._lanes: dict[str, deque[messages.Incoming]] = {}
        self._busy: set[str] = set()

    def take_up(self) -> int:
        """Begins what may begin, in the order of arrival; how many messages are at work."""
        with self.desk.ledger.read() as c:
            arrived = messages.pending(c, CHANNEL, self._newest)
        for row in arrived:
            self._newest = row.id
            if is_urgent(row):
                self._begin(row, None)
                self._drop_starts(row)
            else:
                self._lanes.setdefault(row.user_id, deque()).append(row)
        for lane in list(self._lanes):
            self._go_on(lane)
        return len(self._tasks)

    async def finish(self) -> None:
        """Until nothing that has arrived is left, or something cannot be handled now."""
        before = self.failures
        while self.failures == before and self.take_up():
            await asyncio.wait(self._tasks.values())

    def _go_on(self, lane: str) -> None:
        if lane in self._busy:
            return
        if rows := self._lanes.get(lane):
            self._busy.add(lane)
            self._begin(rows.popleft(), lane)
        else:
            self._lanes.pop(lane, None)

    def _begin(self, row: messages.Incoming, lane: str | None) -> None:
        task = asyncio.create_task(self.conversation.handle(row.id))
        self._tasks[row.id] = task
        task.add_done_callback(lambda done: self._ended(done, row, lane))

    def _ended(self, done: "asyncio.Task[None]", row: messages.Incoming, lane: str | None) -> None:
        del self._tasks[row.id]
        if lane is not None:
            self._busy.discard(lane)
        if done.cancelled():
            return
        if (error := done.exception()) is not None:
            # it is not marked as done, so that it comes first when things are taken up again
            self.failures += 1
            self._lanes.setdefault(row.user_id, deque()).appendleft(row)
            log.error("a message could not be handled now", exc_info=error)
        elif lane is not None:
            # what came behind it need not wait for the next round
            self._go_on(lane)

    def _drop_starts(self, urgent: messages.Incoming) -> None:
        """What would start something and was said before a stop is not done after it."""
        rows = self._lanes.get(urgent.user_id)
        if rows is None or _command(urgent) not in STOPS:
            return
        for row in [each for each in rows if _command(each) in STARTS]:
            rows.remove(row)
            try:
                self.conversation.drop(row.id)
            except LedgerError as error:
                log.error("a message could not be dropped now: %s", error)


def is_urgent(row: messages.Incoming) -> bool:
    """Whether a message must not wait for one that came before it."""
    if "secret" in row.payload or "viewer" in row.payload:
        return False
    button = row.payload.get("button", "")
    if button.partition(":")[0] in ANSWERS:
        return True
    return _command(row) in URGENT


def _command(row: messages.Incoming) -> str:
    """The name of the command that a message is; empty for `stop loss 3%`, which is none."""
    button = row.payload.get("button", "")
    text = button.removeprefix("say:") or row.payload.get("text", "")
    try:
        found = matched(text)
    except Exception:
        # a text that breaks its readers must not hold up anybody else; handling it says what is wrong
        log.exception("a message could not be looked at")
        return ""
    if found is None:
        return ""
    is_plain = bool(button) or text.startswith("/") or not NO_NAME.match(found[1])
    return found[0].name if is_plain else ""
