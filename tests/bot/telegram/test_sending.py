"""The outbox against a strict fake: floods are waited out, nothing critical is lost."""

from datetime import timedelta

import pytest

from bot.player import owner
from bot.telegram.arrivals import Admitted
from bot.telegram.sending import Sender
from bot.telegram.service import Service, quiet_libraries
from runtime.ledger import messages
from tests.emulators.telegram_api import BLOCKED, UNPARSED, TelegramApi, flood
from tests.parts import desk_at


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


async def sending(tmp_path, api, work):
    quiet_libraries()
    with desk_at(tmp_path) as desk:
        person = owner(desk, "telegram", "42", "42", "Ann")
        clock = Clock()
        service = Service(desk, "1:canary", api.url, Admitted(), None, clock)
        try:
            return await work(desk, person, service.sender, clock)
        finally:
            await service.bot.shutdown()


def put(desk, person, html, key, severity="normal", **payload):
    with desk.ledger.write() as c:
        body = {"html": html, "buttons": [], "picture": None} | payload
        assert messages.queue(c, key, person.id, "telegram", "42", severity, "reply", body, desk.clock())


async def drained(desk: object, sender: Sender, clock: Clock, most: int = 40) -> int:
    sent = 0
    for _ in range(most):
        sent += await sender.deliver()
        clock.now += 1.0
        desk.clock.now += timedelta(seconds=1)
    return sent


async def test_what_matters_goes_first_one_a_second(tmp_path):
    async def work(desk, person, sender, clock):
        for number in range(3):
            put(desk, person, f"note {number}", f"n{number}")
        put(desk, person, "panic", "p", "critical")
        assert await sender.deliver() == 1
        assert await sender.deliver() == 0
        assert await drained(desk, sender, clock) == 3
        assert [each["text"] for each in api.taken] == ["panic", "note 0", "note 1", "note 2"]

    with TelegramApi() as api:
        await sending(tmp_path, api, work)


async def test_a_flood_is_waited_out_and_nothing_is_lost(tmp_path):
    async def work(desk, person, sender, clock):
        put(desk, person, "stop hit", "a", "critical")
        assert await sender.deliver() == 0
        clock.now += 5
        desk.clock.now += timedelta(seconds=5)
        assert await sender.deliver() == 0
        assert api.taken == []
        assert await drained(desk, sender, clock) == 1
        assert [each["text"] for each in api.taken] == ["stop hit"]

    with TelegramApi(flood(20), "drop", flood(2)) as api:
        await sending(tmp_path, api, work)


async def test_broken_markup_is_sent_as_plain_words(tmp_path):
    async def work(desk, person, sender, clock):
        put(desk, person, "<b>half open", "a")
        assert await drained(desk, sender, clock, 3) == 1
        assert api.taken[0]["text"] == "half open"

    with TelegramApi(UNPARSED) as api:
        await sending(tmp_path, api, work)


async def test_a_blocked_chat_holds_nobody_up(tmp_path):
    async def work(desk, person, sender, clock):
        put(desk, person, "one", "a")
        put(desk, person, "two", "b")
        assert await drained(desk, sender, clock, 5) == 1
        assert [each["text"] for each in api.taken] == ["two"]

    with TelegramApi(BLOCKED) as api:
        await sending(tmp_path, api, work)


async def test_long_messages_come_in_parts_with_the_buttons_last(tmp_path):
    async def work(desk, person, sender, clock):
        html = "<b>" + "line &amp; line\n" * 900 + "</b>"
        put(desk, person, html, "a", buttons=[[{"label": "Yes", "data": "say:yes"}]])
        assert await drained(desk, sender, clock, 3) == 1
        assert len(api.taken) > 2
        assert ["reply_markup" in each for each in api.taken].count(True) == 1
        assert "reply_markup" in api.taken[-1]

    with TelegramApi() as api:
        await sending(tmp_path, api, work)


async def test_the_token_is_in_no_error(tmp_path, caplog):
    async def work(desk, person, sender, clock):
        put(desk, person, "one", "a")
        await drained(desk, sender, clock, 3)

    with TelegramApi("drop", flood(1), BLOCKED) as api, caplog.at_level("DEBUG"):
        await sending(tmp_path, api, work)
    assert "canary" not in caplog.text


@pytest.mark.parametrize("wrong", [1, 5])
def test_a_code_can_be_guessed_five_times(wrong):
    from bot.telegram.pairing import Pairing

    pairing = Pairing("123456")
    for _ in range(wrong):
        assert not pairing.matches("/start 000000")
    assert pairing.matches("/start 123456") == (wrong < 5)
    assert not pairing.matches("/start 123456")
