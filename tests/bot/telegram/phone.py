"""A phone: updates go in as Telegram would deliver them, what the strict fake took is on the screen."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from telegram import Update

from bot.desk import Desk
from bot.telegram.arrivals import Admitted
from bot.telegram.service import Service, quiet_libraries
from runtime.ledger import approvals
from tests.emulators.telegram_api import TelegramApi
from tests.parts import desk_at

ME = 42
ONLY_ME = Admitted(frozenset({ME}))
TOKEN = "1:canary-telegram-token"


@dataclass
class Phone:
    """One bot, one strict fake of Telegram, any number of people."""

    desk: Desk
    service: Service
    api: TelegramApi
    clock: list[float]
    updates: int = 0
    _read: int = field(default=0)

    def update(self, **parts: Any) -> None:
        """One update arrives, whatever it says."""
        self.updates += 1
        found = Update.de_json({"update_id": self.updates, **parts}, self.service.bot)
        assert found is not None
        with self.desk.ledger.write() as c:
            self.service.arrivals.receive(c, found)

    def text(self, words: str, user: int = ME, chat: int | None = None, **more: Any) -> dict[str, Any]:
        """A message as Telegram writes it."""
        kind = "private" if chat in (None, user) else "supergroup"
        where = {"id": chat or user, "type": kind, "first_name": "Ann", "title": "G"}
        who = {"id": user, "is_bot": False, "first_name": "Ann"}
        return {"message_id": 10_000 + self.updates, "date": 1, "chat": where, "from": who, "text": words, **more}

    async def says(self, *lines: str, user: int = ME) -> str:
        """Sends lines, one after the other; what came back for the last."""
        for line in lines:
            self.update(message=self.text(line, user))
            await self.settle()
        return self.screen()

    async def taps(self, label: str, user: int = ME, times: int = 1) -> str:
        """Taps the newest button of that label; what came back."""
        number, data = self.button(label)
        for _ in range(times):
            self.tap(data, number, user)
        await self.settle()
        return self.screen()

    def tap(self, data: str, message: int, user: int = ME, chat: int | None = None) -> None:
        """A tap on a message, as a client could send it."""
        who = {"id": user, "is_bot": False, "first_name": "Ann"}
        place = self.text("x", user, chat) | {"message_id": message}
        query = {"id": str(self.updates), "from": who, "chat_instance": "1", "data": data, "message": place}
        self.update(callback_query=query)

    def button(self, label: str) -> tuple[int, str]:
        """The message number and the data of the newest button of that label."""
        for number in range(len(self.api.taken), 0, -1):
            markup = json.loads(self.api.taken[number - 1].get("reply_markup", "{}"))
            for row in markup.get("inline_keyboard", []):
                for button in row:
                    if button["text"] == label:
                        return number, button["callback_data"]
        raise AssertionError(f"there is no button {label}")

    async def settle(self) -> None:
        """Handles what arrived and sends what waits."""
        await self.service.handle()
        for _ in range(60):
            self.clock[0] += 1.1
            self.desk.clock.now += timedelta(seconds=1)  # type: ignore[attr-defined]
            if not await self.service.sender.deliver() and not self._waiting():
                break

    def _waiting(self) -> bool:
        from runtime.ledger import messages

        with self.desk.ledger.read() as c:
            return bool(messages.unsent(c, "telegram", self.desk.clock(), 1))

    def screen(self) -> str:
        """What came since the last look."""
        new, self._read = self.api.taken[self._read :], len(self.api.taken)
        return "\n\n".join(each.get("text", each.get("caption", "[picture]")) for each in new)

    def waiting(self, person: int = 1) -> list[approvals.Approval]:
        """Open questions about orders."""
        with self.desk.ledger.read() as c:
            return approvals.open_ones(c, person)


@asynccontextmanager
async def phone_at(
    folder: Path, *scripted: dict[str, Any] | str, admitted: Admitted = ONLY_ME, **overrides: Any
) -> AsyncIterator[Phone]:
    """A bot in `folder` that hears who is admitted."""
    quiet_libraries()
    clock = [0.0]
    with TelegramApi(*scripted) as api, desk_at(folder, **overrides) as desk:
        service = Service(desk, TOKEN, api.url, admitted, None, lambda: clock[0])
        try:
            yield Phone(desk, service, api, clock)
        finally:
            await service.bot.shutdown()
