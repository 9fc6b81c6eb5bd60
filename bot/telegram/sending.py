"""The outbox -> Telegram: one message a second and chat, in order of severity, none lost."""

import logging
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.desk import Desk
from bot.telegram.arrivals import CHANNEL
from bot.telegram.splitting import length, parts
from bot.terminal.render import rendered
from runtime.ledger import messages
from runtime.ledger.messages import Outgoing

CAPTION = 1024
CHART = re.compile(r"<pre>.*?</pre>\n?", re.S)
TAG = re.compile(r"<[^>]*>")
SECONDS_A_CHAT = 1.0
SECONDS_OVERALL = 1 / 25
MOST_AT_ONCE = 1_000
CROWDED = 8
"""Plain messages that wait for one chat before they are sent together."""
NUMBERED = frozenset({"ask", "filled", "refused", "alert", "critical"})
"""Kinds that carry their number, by which a person can name them and see that one came twice."""
GIVE_UP = timedelta(days=3650)
PATIENCE, PATIENCE_CRITICAL = timedelta(seconds=60), timedelta(seconds=5)
"""The longest wait after a failure before the next try."""
MOST_REFUSALS = 5
"""How often Telegram may call a message bad before it is left; what it cannot reach is tried for ever."""
log = logging.getLogger("sayso.telegram")


class NotYet(Exception):
    """A message that this one changes has not been sent itself."""


class Sender:
    """Delivers unsent rows; a row counts as sent only once Telegram has taken it."""

    def __init__(self, desk: Desk, bot: Bot, monotonic: Callable[[], float]) -> None:
        self.desk = desk
        self.bot = bot
        self.monotonic = monotonic
        self._next: dict[str, float] = {}
        self._next_overall = 0.0
        self._parts: dict[int, tuple[str, int]] = {}
        """How many parts of which words have gone out, so that a later part that fails does not bring them twice."""

    async def deliver(self) -> int:
        """Sends what may be sent now; returns how many rows went out."""
        with self.desk.ledger.read() as c:
            waiting = messages.unsent(c, CHANNEL, self.desk.clock(), MOST_AT_ONCE)
        chats: dict[str, list[Outgoing]] = defaultdict(list)
        for row in waiting:
            chats[row.chat_id].append(row)
        sent = 0
        for chat, rows in chats.items():
            now = self.monotonic()
            if now < self._next.get(chat, 0.0):
                continue
            if now < self._next_overall:
                break
            self._next[chat] = now + SECONDS_A_CHAT
            self._next_overall = max(self._next_overall + SECONDS_OVERALL, now - 1.0)
            sent += await self._deliver(_crowd(rows))
        return sent

    async def _deliver(self, rows: list[Outgoing]) -> int:
        """Sends one row, or several as one message."""
        row = rows[0]
        try:
            reference = await self._send(row, _joined(rows))
        except RetryAfter as error:
            wait = _seconds(error)
            self._next[row.chat_id] = self.monotonic() + wait
            return self._later(rows, timedelta(seconds=wait))
        except ChatMigrated as error:
            with self.desk.ledger.write() as c:
                messages.move_chat(c, CHANNEL, row.chat_id, str(error.new_chat_id), self.desk.clock())
            return 0
        except Forbidden:
            log.warning("a chat has blocked the bot; its messages stay unsent until it writes again")
            return self._later(rows, GIVE_UP)
        except NotYet:
            return self._later(rows, timedelta(seconds=2))
        except BadRequest as error:
            is_over = row.attempts + 1 >= MOST_REFUSALS
            log.error("message #%d was refused (%s)%s", row.id, error.message, "; it is left unsent" if is_over else "")
            return self._later(rows, GIVE_UP if is_over else timedelta(seconds=2**row.attempts))
        except TelegramError as error:
            log.warning("sending failed (%s); it will be tried again", type(error).__name__)
            most = PATIENCE_CRITICAL if row.severity == "critical" else PATIENCE
            return self._later(rows, min(most, timedelta(seconds=2 ** min(row.attempts + 1, 6))))
        self._parts.pop(row.id, None)
        with self.desk.ledger.write() as c:
            for each in rows:
                messages.sent(c, each.id, reference, self.desk.clock())
        return len(rows)

    def _later(self, rows: list[Outgoing], wait: timedelta) -> int:
        with self.desk.ledger.write() as c:
            for each in rows:
                messages.failed(c, each.id, self.desk.clock() + wait)
        return 0

    async def _send(self, row: Outgoing, payload: dict[str, Any]) -> str:
        """Sends one row, in parts if need be; the keyboard goes under the last."""
        keyboard = _keyboard(payload)
        chat = int(row.chat_id)
        html = payload["html"]
        if payload.get("delete"):
            return await self._deleted(chat, int(payload["delete"]))
        if payload.get("edit"):
            return await self._changed(chat, payload["edit"], html)
        thread = self._thread(payload.get("reply_to"))
        quiet = bool(payload.get("silent"))
        picture = Path(payload["picture"]) if payload.get("picture") else None
        done = self._done(row.id, html)
        if picture is not None and picture.is_file():
            # the picture says what the chart of characters says, and fits a phone
            html = CHART.sub("", html)
            short = length(html) <= CAPTION
            try:
                if short:
                    return await self._photo(chat, picture.read_bytes(), html, keyboard)
                if not done:
                    await self._photo(chat, picture.read_bytes(), None, None)
            except BadRequest as error:
                # the words matter more
                log.warning("a picture was refused (%s)", error.message)
        document = Path(payload["document"]) if payload.get("document") else None
        if document is not None and document.is_file():
            message = await self.bot.send_document(
                chat, document.read_bytes(), filename=document.name, caption=html, parse_mode="HTML"
            )
            return str(message.message_id)
        reference = ""
        texts = [each for each in parts(html) if TAG.sub("", each).strip()]
        for number, text in enumerate(texts, 1):
            if number <= done:
                continue
            shown = keyboard if number == len(texts) else None
            reference = await self._text(chat, text, shown, thread if number == 1 else None, quiet=quiet)
            self._parts[row.id] = (payload["html"], number)
        return reference

    def _done(self, row_id: int, html: str) -> int:
        """How many parts of these words have gone out already."""
        words, number = self._parts.get(row_id, ("", 0))
        return number if words == html else 0

    async def _changed(self, chat: int, key: str, html: str) -> str:
        """Puts other words into a message that was sent, and takes its buttons away."""
        with self.desk.ledger.read() as c:
            row = messages.by_key(c, key)
        if row is None:
            return ""
        if row.message_ref is None:
            raise NotYet
        try:
            await self.bot.edit_message_text(html, chat, int(row.message_ref), parse_mode="HTML")
        except BadRequest as error:
            # it says so already, or it is gone: there is nothing left to change
            log.info("a message was not changed (%s)", error.message)
        return row.message_ref

    async def _deleted(self, chat: int, message: int) -> str:
        try:
            await self.bot.delete_message(chat, message)
        except BadRequest as error:
            # it is gone, or too old to be deleted by a bot
            log.warning("a message with a secret was not deleted (%s)", error.message)
        return ""

    def _thread(self, key: str | None) -> ReplyParameters | None:
        """The earlier message that this one answers, where it was sent."""
        if key is None:
            return None
        with self.desk.ledger.read() as c:
            row = messages.by_key(c, key)
        if row is None or not row.message_ref:
            return None
        return ReplyParameters(int(row.message_ref), allow_sending_without_reply=True)

    async def _photo(self, chat: int, photo: bytes, caption: str | None, keyboard: InlineKeyboardMarkup | None) -> str:
        mode = None if caption is None else "HTML"
        message = await self.bot.send_photo(chat, photo, caption=caption, parse_mode=mode, reply_markup=keyboard)
        return str(message.message_id)

    async def _text(
        self,
        chat: int,
        html: str,
        keyboard: InlineKeyboardMarkup | None,
        thread: ReplyParameters | None,
        *,
        quiet: bool,
    ) -> str:
        said: dict[str, Any] = {"reply_markup": keyboard, "reply_parameters": thread, "disable_notification": quiet}
        try:
            message = await self.bot.send_message(chat, html, parse_mode="HTML", **said)
        except BadRequest as error:
            if "parse" not in error.message.lower():
                raise
            # a message in plain words is better than one that is lost
            plain = rendered({"html": html}, 4_000, colour=False)
            message = await self.bot.send_message(chat, plain, **said)
        return str(message.message_id)


def _crowd(rows: list[Outgoing]) -> list[Outgoing]:
    """The first row, or all that can go together where many wait: a flood is told in one message."""
    plain = [
        row
        for row in rows
        if row.severity in ("normal", "digest")
        and not (any(row.payload.get(part) for part in ("picture", "edit", "document")))
    ]
    if not plain or rows[0] is not plain[0]:
        return rows[:1]
    digest = [row for row in plain if row.severity == "digest"]
    together = plain if len(plain) > CROWDED else digest if rows[0].severity == "digest" else rows[:1]
    return together[:50]


def _joined(rows: list[Outgoing]) -> dict[str, Any]:
    texts = [_numbered(row) for row in rows]
    if len(rows) > 1:
        texts.insert(0, f"<b>{len(rows)} messages</b> that had to wait:")
    return {**rows[-1].payload, "html": "\n\n".join(texts)}


def _numbered(row: Outgoing) -> str:
    """The words of a row, with its number where a person may want to name it."""
    html = str(row.payload["html"])
    return f"{html}\n<i>#{row.id}</i>" if row.kind in NUMBERED else html


def _seconds(error: RetryAfter) -> float:
    found = error.retry_after
    return found.total_seconds() if isinstance(found, timedelta) else float(found)


def _keyboard(payload: dict[str, Any]) -> InlineKeyboardMarkup | None:
    rows = payload.get("buttons") or []
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(each["label"], callback_data=each["data"]) for each in row] for row in rows]
    )
