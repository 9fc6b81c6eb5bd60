"""The outbox -> Telegram: one message a second and chat, in order of severity, none lost."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.desk import Desk
from bot.telegram.arrivals import CHANNEL
from bot.telegram.splitting import length, parts
from bot.terminal.render import rendered
from runtime.ledger import messages
from runtime.ledger.messages import Outgoing

CAPTION = 1024
CHART = re.compile(r"<pre>.*?</pre>\n?", re.S)
SECONDS_A_CHAT = 1.0
RANK = {"critical": 0, "ask": 1}
GIVE_UP = timedelta(days=3650)
log = logging.getLogger("sayso.telegram")


class Sender:
    """Delivers unsent rows; a row counts as sent only once Telegram has taken it."""

    def __init__(self, desk: Desk, bot: Bot, monotonic: Callable[[], float]) -> None:
        self.desk = desk
        self.bot = bot
        self.monotonic = monotonic
        self._next: dict[str, float] = {}

    async def deliver(self) -> int:
        """Sends what may be sent now; returns how many messages went out."""
        with self.desk.ledger.read() as c:
            waiting = messages.unsent(c, CHANNEL, self.desk.clock(), 100)
        waiting.sort(key=lambda row: (RANK.get(row.severity, 2), row.id))
        sent = 0
        for row in waiting:
            if self.monotonic() < self._next.get(row.chat_id, 0.0):
                continue
            self._next[row.chat_id] = self.monotonic() + SECONDS_A_CHAT
            sent += await self._deliver(row)
        return sent

    async def _deliver(self, row: Outgoing) -> bool:
        try:
            reference = await self._send(row, row.payload)
        except RetryAfter as error:
            wait = _seconds(error)
            self._next[row.chat_id] = self.monotonic() + wait
            return self._later(row, timedelta(seconds=wait))
        except Forbidden:
            log.warning("a chat has blocked the bot; its message stays unsent")
            return self._later(row, GIVE_UP)
        except TelegramError as error:
            log.warning("sending failed (%s); it will be tried again", type(error).__name__)
            return self._later(row, timedelta(seconds=min(60, 2 ** min(row.attempts + 1, 6))))
        with self.desk.ledger.write() as c:
            messages.sent(c, row.id, reference, self.desk.clock())
        return True

    def _later(self, row: Outgoing, wait: timedelta) -> bool:
        with self.desk.ledger.write() as c:
            messages.failed(c, row.id, self.desk.clock() + wait)
        return False

    async def _send(self, row: Outgoing, payload: dict[str, Any]) -> str:
        """Sends one row, in parts if need be; the keyboard goes under the last."""
        keyboard = _keyboard(payload)
        chat = int(row.chat_id)
        html = payload["html"]
        picture = Path(payload["picture"]) if payload.get("picture") else None
        if picture is not None and picture.is_file():
            # the picture says what the chart of characters says, and fits a phone
            html = CHART.sub("", html)
            short = length(html) <= CAPTION
            photo = picture.read_bytes()
            if short:
                return await self._photo(chat, photo, html, keyboard)
            await self._photo(chat, photo, None, None)
        reference = ""
        texts = parts(html)
        for number, text in enumerate(texts, 1):
            reference = await self._text(chat, text, keyboard if number == len(texts) else None)
        return reference

    async def _photo(self, chat: int, photo: bytes, caption: str | None, keyboard: InlineKeyboardMarkup | None) -> str:
        mode = None if caption is None else "HTML"
        message = await self.bot.send_photo(chat, photo, caption=caption, parse_mode=mode, reply_markup=keyboard)
        return str(message.message_id)

    async def _text(self, chat: int, html: str, keyboard: InlineKeyboardMarkup | None) -> str:
        try:
            message = await self.bot.send_message(chat, html, parse_mode="HTML", reply_markup=keyboard)
        except BadRequest as error:
            if "parse" not in error.message.lower():
                raise
            # a message in plain words is better than one that is lost
            plain = rendered({"html": html}, 4_000, colour=False)
            message = await self.bot.send_message(chat, plain, reply_markup=keyboard)
        return str(message.message_id)


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
