"""The conversation in Telegram: stock python-telegram-bot here, an independent Bot API emulator there, HTTP between."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from runtime.ledger import approvals, messages
from runtime.ledger.fills import of_run
from runtime.ledger.ledger import open_ledger

FULL = 507
"""What the emulator answers when its queue holds all it can."""
TOKEN = "123456:canary-telegram-token"
ME, STRANGER = 4242, 6666
STRATEGY = "buy $200 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%"


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Telegram:
    """The emulator in a process of its own."""

    def __init__(self, folder: Path):
        self.port, self.journal = free_port(), folder / "journal.jsonl"
        command = Path(sys.executable).with_name("lo-bot-api-emulator")
        argv = [str(command), "--port", str(self.port), "--enable-control", "--journal", str(self.journal)]
        self.process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{self.port}"
        self.messages = 100
        wait_for(lambda: self._asked("getMe") is not None, 10)

    def _asked(self, method):
        try:
            with urllib.request.urlopen(f"{self.url}/bot{TOKEN}/{method}", b"", timeout=2) as reply:
                return json.load(reply)
        except (urllib.error.URLError, ConnectionError):
            return None

    def update(self, update):
        body = json.dumps({"token": TOKEN, "update": update}).encode()
        request = urllib.request.Request(f"{self.url}/__fixture/updates", body, {"Content-Type": "application/json"})
        for _ in range(300):
            try:
                with urllib.request.urlopen(request, timeout=5) as reply:
                    return json.load(reply)
            except urllib.error.HTTPError as error:
                if error.code != FULL:
                    raise
                # a bot that is killed before it can poll lets the emulator's queue fill up
                time.sleep(0.1)
        raise AssertionError("nobody takes the updates")

    def says(self, words, user=ME, kind="private"):
        self.messages += 1
        self.update({"message": self._message(words, user, kind)})

    def _message(self, words, user, kind):
        chat = {"id": user if kind == "private" else -100, "type": kind, "first_name": "A", "title": "G"}
        who = {"id": user, "is_bot": False, "first_name": "Ann"}
        return {"message_id": self.messages, "date": 1, "chat": chat, "from": who, "text": words}

    def taps(self, data, user=ME, message=None):
        self.messages += 1
        who = {"id": user, "is_bot": False, "first_name": "Ann"}
        query = {"id": str(self.messages), "from": who, "chat_instance": "1", "data": data}
        place = self._message("x", ME, "private")
        self.update({"callback_query": query | {"message": place | {"message_id": message or self.messages}}})

    def methods(self):
        if not self.journal.exists():
            return []
        rows = [json.loads(line) for line in self.journal.read_text().splitlines()]
        return [row.get("method", "") for row in rows if row.get("status", 200) == 200]

    def stop(self):
        self.process.kill()
        self.process.wait()


def wait_for(what, seconds=15.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


class Bot:
    """`sayso bot` in a process of its own."""

    def __init__(self, telegram, folder: Path, users=str(ME)):
        keep = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
        self.env = keep | {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "SAYSO_TELEGRAM_API_URL": telegram.url,
            "SAYSO_TELEGRAM_USERS": users,
            "SAYSO_DATA_DIR": str(folder / "data"),
        }
        self.folder, self.log = folder, folder / "bot.log"
        self.ledger_url = f"sqlite:///{folder / 'data' / 'sayso.db'}"
        self.start()

    def start(self):
        with self.log.open("ab") as log:
            argv = [sys.executable, "-m", "bot", "bot", "--simulated"]
            self.process = subprocess.Popen(argv, env=self.env, cwd=self.folder, stdout=log, stderr=log)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        return self.process.wait(10)

    def read(self, question):
        if not (self.folder / "data" / "sayso.db").exists():
            return None
        ledger = open_ledger(self.ledger_url)
        try:
            with ledger.read() as c:
                return question(c)
        finally:
            ledger.close()

    def said(self):
        return self.read(lambda c: [each.payload["html"] for each in messages.since(c, 1, 0)]) or []

    def heard(self):
        rows = self.read(lambda c: c.execute(text("select payload, done_at from inbox order by id")).all()) or []
        return [json.loads(payload) for payload, _ in rows]

    def saw(self, words, seconds=15.0):
        return wait_for(lambda: any(words in each for each in self.said()), seconds)


def asked_in(c):
    """The number that Telegram gave to the question about an order."""
    found = [each.message_ref for each in messages.since(c, 1, 0) if each.kind == "ask" and each.message_ref]
    return int(found[0]) if found else None


@pytest.fixture
def telegram(tmp_path):
    found = Telegram(tmp_path)
    yield found
    found.stop()


@pytest.fixture
def bot(telegram, tmp_path):
    found = Bot(telegram, tmp_path)
    yield found
    if found.process.poll() is None:
        found.kill()


def test_the_whole_first_conversation_with_buttons(telegram, bot):
    telegram.says(STRATEGY, STRANGER)
    telegram.says(STRATEGY, ME, "supergroup")
    telegram.update({"message": telegram._message("/start", 1087968824, "private")})
    telegram.says(STRATEGY)
    assert bot.saw("this is what I understood")
    telegram.taps("say:paper")
    assert bot.saw("runs now with")
    telegram.taps("say:skip")
    wait_for(lambda: bot.read(lambda c: approvals.open_ones(c, 1)))
    token = bot.read(lambda c: approvals.open_ones(c, 1))[0].token
    asked = wait_for(lambda: bot.read(asked_in))
    telegram.taps(f"approve:{token}", STRANGER, asked)
    for _ in range(3):
        telegram.taps(f"approve:{token}", ME, asked)
    assert bot.saw("<b>Bought</b>")
    assert bot.saw("Too late")
    telegram.says("why")
    assert bot.saw("because")
    wait_for(lambda: "sendPhoto" in telegram.methods())
    wait_for(lambda: telegram.methods().count("answerCallbackQuery") >= 5)
    assert len([each for each in bot.read(lambda c: of_run(c, 1)) if each.side == "buy"]) == 1
    assert len(bot.heard()) == 7
    assert bot.stop() == 0
    shown = bot.log.read_text() + "".join(bot.said())
    assert "canary-telegram-token" not in shown
    assert b"canary-telegram-token" not in (bot.folder / "data" / "sayso.db").read_bytes()


def test_the_owner_is_the_one_with_the_code(telegram, tmp_path):
    bot = Bot(telegram, tmp_path, users="")
    try:
        wait_for(lambda: "/start " in bot.log.read_text())
        code = bot.log.read_text().split("/start ")[1].split()[0]
        telegram.says("hello", STRANGER)
        telegram.says("/start 000000x", STRANGER)
        telegram.says(f"/start {code}")
        assert bot.saw("trades on your say-so")
        telegram.says(f"/start {code}", STRANGER)
        telegram.says("status")
        assert bot.saw("Nothing is running")
        assert [each["text"] for each in bot.heard()] == ["/start", "status"]
        bot.kill()
        bot.start()
        telegram.says("strategies")
        assert bot.saw("No strategy yet")
    finally:
        bot.kill()


def has_heard(bot, count):
    return len(bot.heard()) == count


@pytest.mark.parametrize("rounds", [2, pytest.param(200, marks=pytest.mark.slow)])
def test_commands_queued_while_it_is_killed_are_done_once_each(telegram, bot, rounds):
    expected = []
    for number in range(rounds):
        # all of them slower than the fastest that is allowed
        words = [f"speed {(number * 10 + each + 1) / 4:g}" for each in range(10)]
        for each in words:
            telegram.says(each)
        expected += words
        time.sleep(0.15 * (number % 4))
        bot.kill()
        bot.start()
        if number % 20 == 19:
            # the emulator queues no more than some hundred
            wait_for(partial(has_heard, bot, len(expected)), 120)
    wait_for(lambda: len(bot.heard()) == len(expected), 30)
    assert [each["text"] for each in bot.heard()] == expected
    last = f"The market now plays {rounds * 10 / 4:g} candles a second."
    bot.saw(last, 30)
    answers = [each for each in bot.said() if "now plays" in each]
    assert answers == [f"The market now plays {(number + 1) / 4:g} candles a second." for number in range(rounds * 10)]
