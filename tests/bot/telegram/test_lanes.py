"""One person's long thought holds up nobody else, and nothing that protects money."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.telegram.arrivals import Admitted
from bot.telegram.lanes import is_urgent
from runtime.ledger import messages
from strategy_dsl.phrasebook.reading import Reading
from tests.bot.telegram.phone import ME, Phone, phone_at

BOB = 43
BUY = "buy $500 of BTC when RSI drops below 40 on the hourly chart, sell above 60, stop 3%"


class Slow:
    """A reader that thinks until it is let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.asked: list[str] = []

    async def read(self, text: str, *_: Any) -> Reading:
        self.asked.append(text)
        await self.go.wait()
        return Reading("answer", reasons=("thought",))

    async def close(self) -> None:
        self.go.set()


async def shown(phone: Phone, word: str) -> str:
    """What came until a word did."""
    found = ""
    for _ in range(100):
        await phone.service.take_up()
        await asyncio.sleep(0.01)
        phone.clock[0] += 1.1
        await phone.service.sender.deliver()
        found += phone.screen()
        if word in found:
            return found
    raise AssertionError(f"{word} did not come: {found}")


async def test_a_thought_holds_up_neither_others_nor_a_panic(tmp_path: Path) -> None:
    async with phone_at(tmp_path, admitted=Admitted(frozenset({ME, BOB}))) as phone:
        await phone.says(BUY, "paper")
        await phone.says("status", user=BOB)
        slow = phone.service.conversation.reader = Slow()  # type: ignore[assignment]
        phone.update(message=phone.text("and now something long to think about"))
        phone.update(message=phone.text("status"))
        phone.update(message=phone.text("limits", BOB))
        assert "imits" in await shown(phone, "imits")
        assert slow.asked == ["and now something long to think about"]
        phone.update(message=phone.text("panic"))
        panicked = await shown(phone, "topped")
        assert "Status" not in panicked
        # her other message waits for its turn
        with phone.desk.ledger.read() as c:
            assert [row.payload["text"] for row in messages.pending(c, "telegram")][1:] == ["status"]
        slow.go.set()
        later = await shown(phone, "Status")
        assert later.index("thought") < later.index("Status")


async def test_a_message_that_fails_is_taken_up_again(tmp_path: Path) -> None:
    async with phone_at(tmp_path) as phone:
        handle, tries = phone.service.conversation.handle, []

        async def failing(inbox_id: int) -> None:
            tries.append(inbox_id)
            if len(tries) == 1:
                raise OSError("disk")
            await handle(inbox_id)

        phone.service.conversation.handle = failing  # type: ignore[method-assign]
        phone.update(message=phone.text("status"))
        assert "Status" in await shown(phone, "Status")
        assert len(tries) == 2


@pytest.mark.parametrize(
    ("payload", "urgent"),
    [
        ({"text": "panic"}, True),
        ({"text": "/stop"}, True),
        ({"text": "pause btc"}, True),
        ({"text": "close everything red"}, True),
        ({"button": "approve:abc"}, True),
        ({"button": "say:pause btc 1h"}, True),
        ({"text": "stop loss 3%"}, False),
        ({"text": "status"}, False),
        ({"text": "yes"}, False),
        ({"button": "say:Paper"}, False),
        ({"text": "panic", "viewer": "1"}, False),
        ({"text": "", "secret": "a key"}, False),
    ],
)
def test_what_may_overtake(payload: dict[str, str], urgent: bool) -> None:
    row = messages.Incoming.__new__(messages.Incoming)
    object.__setattr__(row, "payload", payload)
    assert is_urgent(row) == urgent


async def test_a_text_that_breaks_its_reader_holds_up_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> None:
        if "boom" in text:
            raise OverflowError

    async with phone_at(tmp_path, admitted=Admitted(frozenset({ME, BOB}))) as phone:
        monkeypatch.setattr("bot.telegram.lanes.matched", broken)
        phone.update(message=phone.text("boom"))
        phone.update(message=phone.text("status", BOB))
        assert "Status" in await shown(phone, "Status")


async def test_what_was_said_before_a_stop_is_not_started_after_it(tmp_path: Path) -> None:
    async with phone_at(tmp_path) as phone:
        await phone.says(BUY)
        slow = phone.service.conversation.reader = Slow()  # type: ignore[assignment]
        for text in ("something long to think about", "paper", "stop btc 1h"):
            phone.update(message=phone.text(text))
        assert "Not done: “paper”" in await shown(phone, "Not done")
        slow.go.set()
        assert "thought" in await shown(phone, "thought")
        assert "Nothing is running" in await phone.says("status")
