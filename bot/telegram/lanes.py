"""Messages of one person one after the other, those of several side by side; what protects money waits for nothing."""

import asyncio
import logging
import re
from collections.abc import Sequence

from bot.commands import matched
from bot.conversation import Conversation
from bot.desk import Desk
from bot.telegram.arrivals import CHANNEL
from runtime.ledger import messages

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
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._taken: dict[str, int] = {}
        self.failures = 0

    def take_up(self) -> int:
        """Begins what may begin, in the order of arrival; how many messages are at work."""
        with self.desk.ledger.read() as c:
            waiting = messages.pending(c, CHANNEL)
        for row in waiting:
            if row.id in self._tasks:
                continue
            if self._is_urgent(row):
                self._drop_starts(waiting, row)
                self._begin(row.id, None)
            elif row.user_id not in self._taken:
                self._begin(row.id, row.user_id)
        return len(self._tasks)

    async def finish(self) -> None:
        """Until nothing that has arrived is left, or something cannot be handled now."""
        before = self.failures
        while self.failures == before and self.take_up():
            await asyncio.wait(self._tasks.values())

    def _drop_starts(self, waiting: Sequence[messages.Incoming], urgent: messages.Incoming) -> None:
        """What would start something and was said before a stop is not done after it."""
        if _command(urgent) not in STOPS:
            return
        for row in waiting:
            is_earlier = row.id < urgent.id and row.user_id == urgent.user_id and row.id not in self._tasks
            if is_earlier and _command(row) in STARTS:
                self.conversation.drop(row.id)

    def _is_urgent(self, row: messages.Incoming) -> bool:
        try:
            return is_urgent(row)
        except Exception:
            # a text that breaks its readers must not hold up anybody else; handling it says what is wrong
            log.exception("a message could not be looked at")
            return False

    def _begin(self, inbox_id: int, lane: str | None) -> None:
        if lane is not None:
            self._taken[lane] = inbox_id
        task = asyncio.create_task(self.conversation.handle(inbox_id))
        self._tasks[inbox_id] = task
        task.add_done_callback(lambda done: self._ended(done, inbox_id, lane))

    def _ended(self, done: "asyncio.Task[None]", inbox_id: int, lane: str | None) -> None:
        del self._tasks[inbox_id]
        if lane is not None:
            del self._taken[lane]
        if not done.cancelled() and (error := done.exception()) is not None:
            # it is not marked as done, so that it is taken up again
            self.failures += 1
            log.error("a message could not be handled now", exc_info=error)
        elif lane is not None and not done.cancelled():
            # what came behind it need not wait for the next round
            self.take_up()


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
    found = matched(text)
    if found is None:
        return ""
    is_plain = bool(button) or text.startswith("/") or not NO_NAME.match(found[1])
    return found[0].name if is_plain else ""
