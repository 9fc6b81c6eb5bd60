"""A trade is a thread: the question, what was answered, the fill, the way out; and each answer is bound to its place."""

import json

from bot.telegram.arrivals import Admitted
from runtime.ledger.fills import of_run
from tests.bot.telegram.phone import ME, phone_at

STRATEGY = "buy $200 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%"


def bought(phone):
    with phone.desk.ledger.read() as c:
        return [each for each in of_run(c, 1) if each.side == "buy"]


async def test_the_question_loses_its_buttons_and_the_fill_answers_it(tmp_path):
    async with phone_at(tmp_path) as phone:
        await phone.says(STRATEGY, "paper", "skip")
        asked, _ = phone.button("Approve")
        shown = await phone.taps("Approve")
        assert "<b>Bought</b>" in shown
        assert "✓ <b>Approved</b>" in phone.api.edited[asked]
        assert "it is skipped" not in phone.api.edited[asked]
        fill = len(phone.api.taken)
        assert json.loads(phone.api.taken[fill - 1]["reply_parameters"])["message_id"] == asked
        await phone.says("close btc")
        thread = [json.loads(each["reply_parameters"]) for each in phone.api.taken if "reply_parameters" in each]
        assert thread[-1]["message_id"] == fill


async def test_a_question_that_ran_out_says_so_in_its_place(tmp_path):
    async with phone_at(tmp_path) as phone:
        await phone.says(STRATEGY, "paper", "skip")
        asked, _ = phone.button("Approve")
        await phone.says("skip")
        assert "Not answered in time" in phone.api.edited[asked]
        await phone.says("panic")
        later, _ = phone.button("Approve")
        assert later == asked or "Taken back" in phone.api.edited[later]


async def test_a_tap_counts_only_from_its_own_message_chat_and_person(tmp_path):
    async with phone_at(tmp_path, admitted=Admitted(frozenset({ME, 43}))) as phone:
        await phone.says(STRATEGY)
        await phone.says("hello", user=43)
        await phone.says("paper", "skip")
        asked, data = phone.button("Approve")
        phone.tap(data, asked - 1)
        phone.tap(data, asked, user=43)
        phone.tap(data, asked, chat=-100)
        await phone.settle()
        assert not bought(phone)
        assert len(phone.waiting()) == 1
        await phone.taps("Approve", times=3)
        assert len(bought(phone)) == 1


async def test_many_messages_after_a_silence_come_together(tmp_path):
    from runtime.ledger import messages

    async with phone_at(tmp_path) as phone:
        await phone.says("hello")
        with phone.desk.ledger.write() as c:
            for number in range(30):
                body = {"html": f"note {number}", "buttons": [], "picture": None, "reply_to": None, "edit": None}
                messages.queue(c, f"n{number}", 1, "telegram", str(ME), "normal", "reply", body, phone.desk.clock())
            body = {"html": "the stop was hit", "buttons": [], "picture": None, "reply_to": None, "edit": None}
            messages.queue(c, "c", 1, "telegram", str(ME), "critical", "critical", body, phone.desk.clock())
        phone.screen()
        await phone.settle()
        new = phone.api.taken[1:]
        assert "the stop was hit" in new[0]["text"]
        assert "<b>30 messages</b> that had to wait" in new[1]["text"]
        assert "note 29" in new[1]["text"]
        assert len(new) == 2


async def test_a_group_that_becomes_a_supergroup_keeps_its_messages(tmp_path):
    from runtime.ledger import messages

    moved = {
        "ok": False, "error_code": 400, "description": "Bad Request: group chat was upgraded",
        "parameters": {"migrate_to_chat_id": -1007},
    }  # fmt: skip
    async with phone_at(tmp_path) as phone:
        await phone.says("hello")
        phone.api.scripted.append(moved)
        with phone.desk.ledger.write() as c:
            body = {"html": "hello", "buttons": [], "picture": None, "reply_to": None, "edit": None}
            messages.queue(c, "g", 1, "telegram", "-5", "normal", "reply", body, phone.desk.clock())
        await phone.settle()
        assert phone.api.taken[-1]["chat_id"] == "-1007"
