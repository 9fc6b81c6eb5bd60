"""Many threads at once: nothing is lost, nothing happens twice."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from sqlalchemy import Connection, insert, select, update

from runtime.ledger import (
    Ledger,
    accounts,
    approvals,
    fills,
    intents,
    messages,
    open_ledger,
    questions,
    runs,
    strategies,
    summaries,
)
from runtime.ledger.tables import heartbeats
from tests.runtime.ledger.world import MINUTE, NOON, World, build

T = TypeVar("T")
WRITERS = 8


def together(count: int, work: Callable[[int], T]) -> list[T]:
    """Run `work` in `count` threads that start at the same moment."""
    barrier = threading.Barrier(count)

    def begin(number: int) -> T:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def each_writes(ledger: Ledger, work: Callable[[Connection], T], count: int = WRITERS) -> list[T]:
    def write(_: int) -> T:
        with ledger.write() as c:
            return work(c)

    return together(count, write)


@pytest.fixture
def world(ledger: Ledger) -> World:
    with ledger.write() as c:
        return build(c)


def count_up(ledger: Ledger, times: int) -> None:
    """Read and write back one more, as a careless program would."""
    for _ in range(times):
        with ledger.write() as c:
            before = int(c.execute(select(heartbeats.c.detail)).scalar_one())
            c.execute(update(heartbeats).values(detail=str(before + 1)))


@pytest.mark.parametrize("ledgers", [1, WRITERS], ids=["one-ledger", "one-each"])
def test_no_update_is_lost(ledger: Ledger, ledger_url: str, ledgers: int) -> None:
    opened = [open_ledger(ledger_url) for _ in range(ledgers)]
    with ledger.write() as c:
        c.execute(insert(heartbeats).values(name="counter", at=NOON, detail="0"))
    together(WRITERS, lambda number: count_up(opened[number % ledgers], 50))
    with ledger.read() as c:
        assert c.execute(select(heartbeats.c.detail)).scalar_one() == str(WRITERS * 50)
    for one in opened:
        one.close()


def test_opening_a_new_ledger_many_times_at_once(database_url: str) -> None:
    for one in together(WRITERS, lambda _: open_ledger(database_url)):
        with one.read() as c:
            assert c.execute(select(heartbeats)).all() == []
        one.close()


@pytest.mark.parametrize("user_id", [None, "Ada"])
def test_one_of_fifty_taps_settles_an_approval(ledger: Ledger, world: World, user_id: str | None) -> None:
    with ledger.write() as c:
        approvals.open_(c, world.approval(user_id=user_id))
    states = ["approved", "halved", "rejected"]

    def tap(number: int) -> object:
        with ledger.write() as c:
            return approvals.settle(c, "a1", states[number % 3], "Ada", NOON + MINUTE)  # type: ignore[arg-type]

    wins = [won for won in together(50, tap) if won is not None]
    with ledger.read() as c:
        assert wins == [approvals.by_token(c, "a1")]


def test_a_leg_is_planned_once(ledger: Ledger, world: World) -> None:
    def plan(number: int) -> bool:
        with ledger.write() as c:
            return intents.plan(c, world.intent(f"i{number}"))

    assert sorted(together(WRITERS, plan)) == [False] * (WRITERS - 1) + [True]


def test_one_sender_gets_an_intent(ledger: Ledger, world: World) -> None:
    with ledger.write() as c:
        intents.plan(c, world.intent())
    won = each_writes(ledger, lambda c: intents.set_state(c, "i1", "SENDING"))
    assert won.count(True) == 1


def test_a_trade_is_booked_once(ledger: Ledger, world: World) -> None:
    with ledger.write() as c:
        intents.plan(c, world.intent())
    assert each_writes(ledger, lambda c: fills.record(c, world.fill())).count(True) == 1
    with ledger.read() as c:
        assert len(fills.of_run(c, world.run)) == 1


def test_a_message_arrives_once(ledger: Ledger) -> None:
    def receive(c: Connection) -> int | None:
        return messages.receive(c, "telegram", "update 7", "chat", "ada", {"text": "hi"}, NOON)

    arrived = each_writes(ledger, receive)
    assert arrived.count(None) == WRITERS - 1
    with ledger.read() as c:
        assert [message.id for message in messages.pending(c, "telegram")] == [n for n in arrived if n]


def test_a_message_is_done_once(ledger: Ledger) -> None:
    with ledger.write() as c:
        number = messages.receive(c, "telegram", "update 7", "chat", "ada", {"text": "hi"}, NOON)
    assert number is not None
    assert each_writes(ledger, lambda c: messages.done(c, number, NOON)).count(True) == 1


def test_a_notice_is_queued_once(ledger: Ledger, world: World) -> None:
    def queue(c: Connection) -> bool:
        return messages.queue(c, "fill t1", world.person, "telegram", "chat", "info", "fill", {"html": "x"}, NOON)

    assert each_writes(ledger, queue).count(True) == 1


def test_a_summary_is_claimed_once(ledger: Ledger, world: World) -> None:
    claimed = each_writes(ledger, lambda c: summaries.claim(c, world.person, NOON.date(), NOON))
    assert claimed.count(True) == 1


def test_a_question_is_settled_once_and_one_is_open(ledger: Ledger, world: World) -> None:
    asked = each_writes(ledger, lambda c: questions.ask(c, world.person, "stop", {}, NOON))
    newest = max(question.id for question in asked)
    assert each_writes(ledger, lambda c: questions.settle(c, newest, "3%", NOON)).count(True) == 1
    with ledger.read() as c:
        assert questions.open_one(c, world.person) is None


def test_an_expiry_is_told_once(ledger: Ledger, world: World) -> None:
    with ledger.write() as c:
        approvals.open_(c, world.approval())
    told = each_writes(ledger, lambda c: approvals.expire_due(c, NOON + 5 * MINUTE))
    assert [[approval.token for approval in one] for one in told if one] == [["a1"]]


def test_a_strategy_starts_once(ledger: Ledger, world: World) -> None:
    with ledger.write() as c:
        runs.end(c, world.run, NOON)
    started = each_writes(ledger, lambda c: runs.start(c, world.strategy, world.version, world.replay, NOON + MINUTE))
    assert [run is not None for run in started].count(True) == 1


def test_names_accounts_and_versions_are_unique(ledger: Ledger, world: World) -> None:
    made = each_writes(
        ledger, lambda c: strategies.create(c, world.person, world.account, "Trend", world.intent().quantity, NOON)
    )
    assert [strategy is not None for strategy in made].count(True) == 1
    same = each_writes(
        ledger, lambda c: accounts.ensure_account(c, world.person, "live", "USDT", world.intent().quantity, NOON)
    )
    assert len({account.id for account in same}) == 1
    versions = each_writes(
        ledger, lambda c: strategies.add_version(c, world.strategy, "t", "h", "l", "e", {}, "edit", NOON)
    )
    assert sorted(version.number for version in versions) == list(range(2, 2 + WRITERS))
