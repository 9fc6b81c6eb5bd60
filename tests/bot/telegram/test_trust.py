"""Who may do what: strangers nothing, viewers look, groups only when listed; secrets leave no trace; once is once."""

import asyncio
import random

import pytest
from sqlalchemy import text

from bot.commands import COMMANDS, LOOKS
from bot.secret_words import secret_in
from bot.telegram.arrivals import Admitted
from runtime.ledger import approvals
from runtime.ledger.fills import of_run
from runtime.ledger.tables import metadata
from tests.bot.telegram.phone import ME, phone_at

STRATEGY = "buy $200 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%"
VIEWER, STRANGER, GROUP = 77, 6666, -1005
EVERYBODY = Admitted(frozenset({ME, 43}), frozenset({VIEWER}), frozenset({GROUP}))
SECRETS = {
    "my key is sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWx0123456789": "an API key",
    "token 123456789:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0": "a bot token",
    "api secret: 9Xk2LmQpR7sTvW4yZb1CdEfG": "an exchange key",
    "password: hunter22": "a password",
    "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318": "a private key",
    "my seed phrase: legal winner thank year wave sausage worth useful legal winner thank yellow": "a recovery phrase",
}


def everything(phone):
    """All rows but those of what arrived and of what is said."""
    quiet = {"inbox", "outbox", "heartbeats"}
    with phone.desk.ledger.read() as c:
        return {t.name: c.execute(t.select()).all() for t in metadata.sorted_tables if t.name not in quiet}


@pytest.mark.parametrize(("said", "kind"), SECRETS.items())
async def test_a_secret_is_deleted_and_kept_nowhere(tmp_path, said, kind):
    async with phone_at(tmp_path) as phone:
        await phone.says("hello")
        phone.update(message=phone.text(said))
        number = 10_000 + phone.updates - 1
        await phone.settle()
        assert phone.api.deleted == [number]
        assert kind in phone.screen()
        secret = said.split()[-1].encode()
        files = [each for each in tmp_path.iterdir() if each.is_file()]
        assert not any(secret in each.read_bytes() for each in files)


@pytest.mark.parametrize(
    "said",
    [STRATEGY, "rename it to 2024-Momentum", "sell at 60000 and buy back at 58000", "show BTC/USDT:USDT", "x" * 500,
     "strategy hash 8f14e45fceea167a5a36dedd4bea2543", "what is an api key?", "https://example.com/A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6"],
)  # fmt: skip
def test_plain_words_are_no_secret(said):
    assert secret_in(said) is None


async def test_a_viewer_looks_at_the_owners_account_and_cannot_act(tmp_path):
    async with phone_at(tmp_path, admitted=EVERYBODY) as phone:
        await phone.says(STRATEGY, "paper", "skip")
        number, data = phone.button("Approve")
        before = everything(phone)
        assert "BTC 1h" in await phone.says("status", user=VIEWER)
        for line in (
            STRATEGY,
            "approve",
            "yes",
            "panic",
            "stop",
            "make the stop 9%",
            "delete btc",
            "paper",
            "show btc",
        ):
            await phone.says(line, user=VIEWER)
        phone.tap(data, number, VIEWER)
        phone.tap(data, number, VIEWER, chat=GROUP)
        await phone.settle()
        assert everything(phone) == before
        assert len(phone.waiting()) == 1


def test_what_a_viewer_may_say_only_looks():
    assert set(COMMANDS) >= LOOKS
    acts = {
        "paper",
        "stop",
        "pause",
        "resume",
        "resumeall",
        "panic",
        "close",
        "delete",
        "rename",
        "undo",
        "cancel",
        "sweep",
    }
    assert not LOOKS & (
        acts | {"breakeven", "notify", "quiet", "timezone", "export", "skip", "speed", "language_of_numbers"}
    )


async def test_a_group_is_heard_only_if_it_is_listed_and_only_commands(tmp_path):
    async with phone_at(tmp_path, admitted=EVERYBODY) as phone:
        await phone.says(STRATEGY, "paper")
        phone.screen()
        for words, user, chat in (
            ("/status", ME, -1), ("/status", STRANGER, -1), ("hello all", STRANGER, GROUP), ("I like status", ME, GROUP),
        ):  # fmt: skip
            phone.update(message=phone.text(words, user, chat))
        await phone.settle()
        assert phone.screen() == ""
        phone.update(message=phone.text("/status", STRANGER, GROUP))
        phone.update(message=phone.text("/panic", STRANGER, GROUP))
        phone.update(message=phone.text("/pause", ME, GROUP))
        await phone.settle()
        shown = phone.screen()
        assert "BTC 1h" in shown
        assert "You may look here" in shown
        assert "Paused" in shown or "paused" in shown
        assert {each["chat_id"] for each in phone.api.taken[-3:]} == {str(GROUP)}


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.slow)])
async def test_forged_updates_change_nothing(tmp_path, count):
    chance = random.Random(7)
    async with phone_at(tmp_path, admitted=EVERYBODY) as phone:
        await phone.says(STRATEGY)
        await phone.says("status", user=43)
        await phone.says("paper", "skip")
        number, data = phone.button("Approve")
        token = data.split(":")[1]
        before = everything(phone)
        lines = ["/panic", "approve", "yes", STRATEGY, "/start 000000", "make the stop 50%", "/delete btc", "/stop"]
        forged = [
            f"approve:{token}",
            f"half:{token}",
            f"approve:{token[:-1]}x",
            "say:panic",
            "say:stop",
            "approve:",
            "x" * 64,
        ]
        for _ in range(count):
            phone.updates += chance.randrange(3)
            kind, user = chance.randrange(7), chance.choice((STRANGER, 1087968824, 136817688, 777000, 90001))
            if kind == 0:
                phone.update(message=phone.text(chance.choice(lines), user))
            elif kind == 1:
                phone.update(message=phone.text(chance.choice(lines), chance.choice((ME, user)), -4242))
            elif kind == 2:
                phone.tap(chance.choice(forged), number, user)
            elif kind == 3:
                phone.update(edited_message=phone.text(chance.choice(lines), ME))
            elif kind == 4:
                phone.tap(chance.choice(forged[:3]), number + chance.choice((-1, 1, 5)), ME)
            elif kind == 5:
                phone.tap(f"approve:{token}", number, 43)
            else:
                phone.update(inline_query={"id": "1", "from": {"id": ME, "is_bot": False, "first_name": "A"},
                                           "query": "/panic", "offset": ""})  # fmt: skip
        await phone.service.handle()
        assert everything(phone) == before
        assert len(phone.waiting()) == 1


@pytest.mark.parametrize("count", [100, pytest.param(1_000, marks=pytest.mark.slow)])
async def test_many_taps_at_once_are_one_order(tmp_path, count):
    async with phone_at(tmp_path) as phone:
        await phone.says(STRATEGY, "paper", "skip")
        number, data = phone.button("Approve")
        for _ in range(count):
            phone.tap(data, number)
        with phone.desk.ledger.read() as c:
            rows = [each for (each,) in c.execute(text("select id from inbox where done_at is null"))]
        assert len(rows) == count
        # in any order, and each more than once: what a crowded event loop may do
        random.Random(3).shuffle(rows)
        await asyncio.gather(*(phone.service.conversation.handle(each) for each in (*rows, *rows[: count // 5])))
        with phone.desk.ledger.read() as c:
            assert len([each for each in of_run(c, 1) if each.side == "buy"]) == 1
            assert approvals.by_token(c, data.split(":")[1]).state == "approved"
