"""Telegram at its worst, over real HTTP: floods, dropped connections, refusals, slow replies; nothing that matters is lost."""

import random
import re
import time
from datetime import timedelta

import pytest
from telegram import Update

from runtime.ledger import messages
from tests.bot.telegram.phone import ME, phone_at
from tests.emulators.telegram_api import BLOCKED, flood

STRATEGY = "buy $200 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%"
TOO_OLD = {
    "ok": False,
    "error_code": 400,
    "description": "Bad Request: query is too old and response timeout expired or query ID is invalid",
}
NOT_MODIFIED = {
    "ok": False,
    "error_code": 400,
    "description": "Bad Request: message is not modified: specified new message content and reply markup are exactly the same",
}
BAD_PICTURE = {"ok": False, "error_code": 400, "description": "Bad Request: PHOTO_INVALID_DIMENSIONS"}
NO_CHAT = {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}
OUT_OF_ORDER = {"ok": False, "error_code": 502, "description": "Bad Gateway"}


def put(phone, html, key, severity="normal", chat=str(ME), **more):
    with phone.desk.ledger.write() as c:
        body = {"html": html, "buttons": [], "picture": None, "reply_to": None, "edit": None} | more
        assert messages.queue(c, key, 1, "telegram", chat, severity, severity, body, phone.desk.clock())


def texts(phone):
    return [each.get("text", each.get("caption", "")) for each in phone.api.taken]


async def drained(phone, rounds=400):
    for _ in range(rounds):
        phone.clock[0] += 1.1
        phone.desk.clock.now += timedelta(seconds=1)
        await phone.service.sender.deliver()
        if not phone._waiting() and not waits(phone):
            return
    raise AssertionError("it never ended")


def waits(phone):
    with phone.desk.ledger.read() as c:
        return messages.waiting_for(c, 1)


class Storm:
    """Floods, gateways that fail and lines that drop, chosen by chance; it notes who writes while told to wait."""

    def __init__(self, seed, clock):
        self.chance, self.clock = random.Random(seed), clock
        self.closed, self.early, self.bad = {}, [], 0

    def __call__(self, chat):
        if self.clock[0] < self.closed.get(chat, 0.0):
            self.early.append(chat)
        if self.chance.random() < 0.35:
            return None
        self.bad += 1
        kind = self.chance.randrange(5)
        if kind == 0:
            return "drop"
        if kind == 1:
            return OUT_OF_ORDER
        seconds = self.chance.randint(1, 30)
        self.closed[chat] = self.clock[0] + seconds
        return flood(seconds)


@pytest.mark.parametrize(
    "seed", [1, 2, pytest.param(3, marks=pytest.mark.slow), pytest.param(4, marks=pytest.mark.slow)]
)
async def test_in_a_storm_no_alert_is_lost_and_none_is_sent_while_told_to_wait(tmp_path, seed):
    async with phone_at(tmp_path) as phone:
        await phone.says("hello")
        phone.api.taken.clear()
        phone.api.storm = storm = Storm(seed, phone.clock)
        for number in range(6):
            put(phone, f"stop {number} was hit", f"c{number}", "critical")
            put(phone, f"note {number}", f"n{number}")
            put(phone, f"stop {number} was hit elsewhere", f"o{number}", "critical", chat="43")
        await drained(phone)
        shown = "\n".join(texts(phone))
        assert storm.bad >= 15
        assert storm.early == []
        for number in range(6):
            assert shown.count(f"stop {number} was hit\n") == shown.count(f"stop {number} was hit elsewhere\n") == 1
            assert len(re.findall(rf"note {number}$", shown, re.M)) == 1


async def test_a_tap_that_is_too_old_to_be_answered_still_counts(tmp_path):
    async with phone_at(tmp_path) as phone:
        await phone.says(STRATEGY, "paper", "skip")
        number, data = phone.button("Approve")
        phone.api.by_method["answerCallbackQuery"] = [TOO_OLD]
        who = {"id": ME, "is_bot": False, "first_name": "Ann"}
        place = phone.text("x") | {"message_id": number}
        query = {"id": "1", "from": who, "chat_instance": "1", "data": data, "message": place}
        found = Update.de_json({"update_id": 900, "callback_query": query}, phone.service.bot)
        phone.service._write((found,))
        await phone.service._answer_taps((found,))
        await phone.settle()
        assert phone.api.by_method["answerCallbackQuery"] == []
        assert "<b>Bought</b>" in "\n".join(texts(phone))


async def test_a_message_that_says_so_already_is_left_and_not_tried_again(tmp_path):
    async with phone_at(tmp_path) as phone:
        await phone.says(STRATEGY, "paper", "skip")
        phone.api.by_method["editMessageText"] = [NOT_MODIFIED]
        await phone.taps("Reject")
        assert phone.api.by_method["editMessageText"] == []
        assert waits(phone) == 0


async def test_parts_that_went_out_are_not_sent_twice(tmp_path):
    async with phone_at(tmp_path) as phone:
        await phone.says("hello")
        phone.api.taken.clear()
        count = [0]

        def storm(chat):
            count[0] += 1
            return {2: flood(3), 4: "drop"}.get(count[0])

        phone.api.storm = storm
        put(phone, "".join(f"line {number}\n" for number in range(1_200)), "long")
        await drained(phone)
        assert len(phone.api.taken) >= 3
        assert "".join(each if each.endswith("\n") else each + "\n" for each in texts(phone)).split("\n")[:-1] == [
            f"line {number}" for number in range(1_200)
        ]


async def test_a_message_that_is_always_refused_is_left_and_stands_in_nobodys_way(tmp_path):
    async with phone_at(tmp_path) as phone:
        await phone.says("hello")
        phone.api.taken.clear()
        asked = []
        phone.api.storm = lambda chat: asked.append(chat) or (NO_CHAT if chat == "99" else None)
        put(phone, "lost", "l", chat="99")
        put(phone, "   \n ", "blank")
        put(phone, "the stop was hit", "c", "critical")
        for _ in range(60):
            phone.clock[0] += 10
            phone.desk.clock.now += timedelta(seconds=10)
            await phone.service.sender.deliver()
        assert asked.count("99") == 5
        assert ["the stop was hit" in each for each in texts(phone)] == [True]
        assert not phone._waiting()


async def test_words_come_without_a_picture_that_is_refused(tmp_path):
    async with phone_at(tmp_path) as phone:
        await phone.says(STRATEGY)
        phone.screen()
        phone.api.by_method["sendPhoto"] = [BAD_PICTURE]
        assert "111 trades" in await phone.says("backtest")
        assert phone.api.by_method["sendPhoto"] == []


async def test_what_is_to_wait_for_the_morning_waits_when_the_person_writes(tmp_path):
    async with phone_at(tmp_path) as phone:
        await phone.says("hello")
        with phone.desk.ledger.write() as c:
            body = {"html": "the digest", "buttons": [], "picture": None, "reply_to": None, "edit": None}
            now = phone.desk.clock()
            messages.queue(c, "d", 1, "telegram", str(ME), "digest", "filled", body, now, now + timedelta(hours=8))
        phone.api.scripted.append(BLOCKED)
        put(phone, "it was blocked", "b")
        await phone.settle()
        assert "the digest" not in await phone.says("hello")
        assert "it was blocked" in "\n".join(texts(phone))
        phone.desk.clock.now += timedelta(hours=8)
        await phone.settle()
        assert "the digest" in "\n".join(texts(phone))


async def test_slow_replies_keep_order_and_send_nothing_twice(tmp_path):
    async with phone_at(tmp_path) as phone:
        await phone.says("hello")
        phone.api.taken.clear()
        phone.api.seconds_a_reply = 0.2
        for number in range(4):
            put(phone, f"stop {number}", f"s{number}", "critical")
        started = time.monotonic()
        await drained(phone)
        assert time.monotonic() - started >= 0.8
        assert [each.split("\n")[0] for each in texts(phone)] == [f"stop {number}" for number in range(4)]
