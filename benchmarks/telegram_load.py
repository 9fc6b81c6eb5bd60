"""200 people in Telegram at once: `python -m benchmarks.telegram_load [PEOPLE [ROUNDS]]`, and how quick an alert is.

Everybody has a strategy at work, most with a position open, and sends one of a mix of commands in the same moment; the
messages are handled one after the other by the real service on a real SQLite file. Printed are the milliseconds of our
own work on a message (writing it down, thinking, acting, queueing the answer), by the clock and of the processor, the
slowest commands, and the memory after each round. Sending is apart: Telegram takes about 25 messages a second from a
bot, whatever we do. Goals: 99 of 100 within 100 ms on one core, flat memory; 95 of 100 alerts of an idle bot are at the
server within 3 seconds.
"""

import asyncio
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.player import owner
from bot.telegram.arrivals import Admitted
from bot.telegram.service import Service, quiet_libraries
from runtime.ledger import messages
from runtime.ledger.fills import of_run
from tests.bot.telegram.phone import TOKEN, Phone, phone_at
from tests.emulators.telegram_api import TelegramApi
from tests.parts import desk_at
from tests.transcripts import drawn_once

FIRST = 1_000
STRATEGY = "buy $200 of {coin} when RSI drops below {level} on the hourly chart, sell above 60, stop 3%"
COINS = ("BTC", "ETH", "SOL", "BNB")
MIX = (
    *["status"] * 6, *["positions"] * 4, *["profit"] * 3, *["why not"] * 3, *["trades"] * 3, *["why"] * 2,
    "balance", "orders", "order 1", "daily", "weekly", "performance", "summary", "rules", "show", "versions",
    "strategies", "limits", "notify", "quiet 22:00-07:00", "help", "help backtest", "alerts", "health", "pause",
    "resume", "yes", "what is rsi?", "move my stop to break even", "timezone",
)  # fmt: skip
ALERTS = 40


def memory() -> float:
    """What this process holds, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def now() -> NDArray[np.float64]:
    """Seconds, by the clock and of the processor."""
    return np.array([time.perf_counter(), time.process_time()])


async def moved_in(phone: Phone, people: int) -> None:
    """Everybody has a running strategy and an open position."""
    for number in range(people):
        line = STRATEGY.format(coin=COINS[number % len(COINS)], level=30 + number % 20)
        for words in (line, "paper", "skip", "approve"):
            phone.update(message=phone.text(words, FIRST + number))
            await phone.service.handle()
    with phone.desk.ledger.write() as c:
        for each in messages.unsent(c, "telegram", phone.desk.clock(), 1_000_000):
            messages.sent(c, each.id, "1", phone.desk.clock())


async def one_round(phone: Phone, people: int, chance: random.Random) -> list[tuple[float, float, str]]:
    """Each sends one command; the milliseconds of each, by the clock and of the processor, with its words."""
    lines = [chance.choice(MIX) for _ in range(people)]
    written: list[NDArray[np.float64]] = []
    for number, words in enumerate(lines):
        began = now()
        phone.update(message=phone.text(words, FIRST + number))
        written.append(now() - began)
    with phone.desk.ledger.read() as c:
        rows = messages.pending(c, "telegram")
    assert len(rows) == people
    found = []
    for row, words, before in zip(rows, lines, written, strict=True):
        began = now()
        await phone.service.conversation.handle(row.id)
        wall, cpu = (now() - began + before) * 1000
        found.append((float(wall), float(cpu), words))
    return found


async def load(people: int, rounds: int) -> None:
    """Prints what a message costs and what is held."""
    everybody = Admitted(frozenset(range(FIRST, FIRST + people)))
    with tempfile.TemporaryDirectory() as folder, drawn_once():
        async with phone_at(Path(folder), admitted=everybody) as phone:
            empty = memory()
            await moved_in(phone, people)
            with phone.desk.ledger.read() as c:
                bought = sum(bool(of_run(c, run)) for run in range(1, people + 1))
            print(f"{people} people with a running strategy each, {bought} have bought; {empty:.0f} MB before them")
            chance, all_of_them, held = random.Random(7), [], [memory()]
            for _ in range(rounds):
                all_of_them += await one_round(phone, people, chance)
                held.append(memory())
    for name, times in (
        ("by the clock", sorted(wall for wall, _, _ in all_of_them)),
        ("of the processor", sorted(cpu for _, cpu, _ in all_of_them)),
    ):
        print(
            f"{len(times)} messages, ms {name}: median {statistics.median(times):.1f}, 95 of 100 within "
            f"{times[int(len(times) * 0.95)]:.1f}, 99 of 100 within {times[int(len(times) * 0.99)]:.1f}, "
            f"slowest {times[-1]:.1f}"
        )
    print(f"MB before and after each round: {', '.join(f'{each:.0f}' for each in held)}")
    by_words: dict[str, list[float]] = defaultdict(list)
    for _, cpu, words in all_of_them:
        by_words[words].append(cpu)
    slow = sorted(by_words, key=lambda words: -statistics.median(by_words[words]))
    for words in slow[:8]:
        print(f"{statistics.median(by_words[words]):8.1f} ms median of {len(by_words[words]):4}  {words}")


async def alerts() -> None:
    """Prints how long an alert takes from its row to the server, at an idle bot."""
    quiet_libraries()
    arrived: dict[str, float] = {}

    class Stamped(TelegramApi):
        def answer(self, method: str, values: dict[str, str], file: bytes | None = None) -> dict[str, object] | str:
            if "text" in values:
                arrived[values["text"].split("\n")[0]] = time.perf_counter()
            if method == "getUpdates":
                time.sleep(1)
                return {"ok": True, "result": []}
            return super().answer(method, values, file)

    chance, queued = random.Random(7), {}
    with tempfile.TemporaryDirectory() as folder, Stamped() as api, desk_at(Path(folder)) as desk:
        service = Service(desk, TOKEN, api.url, Admitted(frozenset({FIRST})), None, time.monotonic)
        api.seconds_a_reply = 0.05
        desk.clock = lambda: datetime.now(UTC)
        person = owner(desk, "telegram", str(FIRST), str(FIRST), "Ann")
        stop = asyncio.Event()
        running = asyncio.create_task(service.run(stop))
        await asyncio.sleep(1)
        for number in range(ALERTS):
            with desk.ledger.write() as c:
                body = {"html": f"alert {number}", "buttons": [], "picture": None, "reply_to": None, "edit": None}
                messages.queue(
                    c, f"a{number}", person.id, "telegram", str(FIRST), "critical", "alert", body, desk.clock()
                )
            queued[f"alert {number}"] = time.perf_counter()
            await asyncio.sleep(1.0 + chance.random())
        await asyncio.sleep(2)
        stop.set()
        await running
    times = sorted(arrived[name] - at for name, at in queued.items())
    print(
        f"{ALERTS} alerts at an idle bot: median {statistics.median(times):.2f} s, 95 of 100 within "
        f"{times[int(len(times) * 0.95)]:.2f} s, slowest {times[-1]:.2f} s"
    )


if __name__ == "__main__":
    wanted = [int(each) for each in sys.argv[1:]]
    asyncio.run(load(*(wanted + [200, 10][len(wanted) :])[:2]))
    asyncio.run(alerts())
