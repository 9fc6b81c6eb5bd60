"""What each kind of row remembers, on both databases."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from runtime.ledger import (
    Ledger,
    accounts,
    approvals,
    decisions,
    heartbeats,
    intents,
    messages,
    model_calls,
    people,
    questions,
    replays,
    runs,
    strategies,
    summaries,
)
from runtime.ledger.decisions import Decision
from tests.runtime.ledger.world import CANDLE, MARKET, MINUTE, NOON, World, build

HOUR_MS = 3_600_000


@pytest.fixture
def world(ledger: Ledger) -> World:
    with ledger.write() as c:
        return build(c)


def test_people(ledger: Ledger, world: World) -> None:
    with ledger.write() as c:
        again = people.ensure_person(c, "telegram", "Ada", "chat 2", "Ada L", "viewer", NOON)
        other = people.ensure_person(c, "terminal", "Ada", "here", "Bob", "owner", NOON)
        people.set_zone(c, world.person, "Europe/Berlin")
        found = people.find_person(c, "telegram", "Ada")
        assert found == people.Person(world.person, "Ada", "Europe/Berlin")
        assert people.find_person(c, "telegram", "Bob") is None
        assert again.id == world.person != other.id
        assert people.addresses(c, world.person) == [people.Address("telegram", "Ada", "chat 2", "viewer")]


def test_accounts(ledger: Ledger, world: World) -> None:
    with ledger.write() as c:
        same = accounts.ensure_account(c, world.person, "paper", "USDT", Decimal(5), NOON)
        live = accounts.ensure_account(c, world.person, "live", "USDT", Decimal("5.10"), NOON)
        assert (same.id, same.opening_cash, same.state) == (world.account, Decimal(10_000), "ACTIVE")
        assert str(live.high_water) == "5.10"
        accounts.set_state(c, live.id, "HALTED", "daily loss", NOON)
        assert accounts.get(c, live.id).state_reason == "daily loss"
        # as text 9 would be more than 10000
        marks = [accounts.raise_high_water(c, world.account, Decimal(value)) for value in ("9", "10000.01", "10000")]
        assert marks == [Decimal(10_000), Decimal("10000.01"), Decimal("10000.01")]
        assert accounts.get(c, world.account).high_water == Decimal("10000.01")
        with pytest.raises(LookupError):
            accounts.get(c, 404)


def test_strategies(ledger: Ledger, world: World) -> None:
    with ledger.write() as c:
        assert strategies.create(c, world.person, world.account, " rsi  DIP ", Decimal(1), NOON) is None
        other = strategies.create(c, world.person, world.account, "Trend", Decimal(1), NOON)
        assert other is not None and (other.version, other.state) == (None, "draft")
        assert strategies.by_name(c, world.person, "rsi dip") == strategies.get(c, world.strategy)
        assert not strategies.rename(c, other.id, "RSI DIP")
        assert strategies.rename(c, other.id, "trend")
        assert [strategy.name for strategy in strategies.listing(c, world.person)] == ["RSI dip", "trend"]
        strategies.set_state(c, world.strategy, "deleted", "asked", NOON)
        assert strategies.by_name(c, world.person, "RSI dip") is None
        assert [strategy.name for strategy in strategies.listing(c, world.person)] == ["trend"]
        assert strategies.rename(c, other.id, "RSI dip")
        with pytest.raises(LookupError):
            strategies.get(c, 404)


def test_versions(ledger: Ledger, world: World) -> None:
    with ledger.write() as c:
        said = {"stop": {"said": Decimal("0.03")}}
        second = strategies.add_version(c, world.strategy, "text", "h2", "l2", "english", said, "model", NOON)
        assert (second.number, second.is_current, second.provenance) == (2, True, said)
        assert strategies.get(c, world.strategy).version == 2
        strategies.set_current(c, world.strategy, world.version)
        assert strategies.get(c, world.strategy).version_id == world.version
        assert [(one.number, one.is_current) for one in strategies.versions(c, world.strategy)] == [
            (1, True),
            (2, False),
        ]
        other = strategies.create(c, world.person, world.account, "Trend", Decimal(1), NOON)
        assert other is not None
        with pytest.raises(LookupError):
            strategies.set_current(c, other.id, second.id)
        with pytest.raises(LookupError):
            strategies.version(c, 404)


def test_replays(ledger: Ledger, world: World) -> None:
    with ledger.write() as c:
        replays.move(c, world.replay, NOON, 7)
        replays.set_speed(c, world.replay, 0.5)
        replay = replays.current(c, world.account)
        assert replay == replays.get(c, world.replay)
        assert (replay.clock, replay.cursor, replay.speed) == (NOON, 7, 0.5)
        replays.set_state(c, world.replay, "ended")
        assert replays.current(c, world.account) is None
        with pytest.raises(LookupError):
            replays.get(c, 404)


def test_runs(ledger: Ledger, world: World) -> None:
    state = {"cash": Decimal("999.10"), "open": [{"at": 1}]}
    with ledger.write() as c:
        assert runs.start(c, world.strategy, world.version, world.replay, NOON) is None
        runs.save_states(c, [(world.run, CANDLE, state)])
        second = strategies.add_version(c, world.strategy, "text", "h2", "l2", "english", {}, "model", NOON)
        runs.set_version(c, world.run, second.id)
        (run,) = runs.active(c, world.replay)
        assert (run.cursor, runs.state(c, run.id), run.version_id) == (CANDLE, state, second.id)
        runs.end(c, world.run, NOON + MINUTE)
        runs.end(c, world.run, NOON + 2 * MINUTE)
        assert runs.active(c, world.replay) == []
        assert runs.get(c, world.run).ended_at == NOON + MINUTE
        with pytest.raises(LookupError):
            runs.get(c, 404)


def test_decisions(ledger: Ledger, world: World) -> None:
    def decided(candle: int, rule: str, outcome: str = "waited", market: str = MARKET) -> Decision:
        time = CANDLE + candle * HOUR_MS
        return Decision(world.run, world.version, market, rule, time, outcome, 0.1 + 0.2, {"rsi": 31.5})

    first, exits, second = decided(0, "buy"), decided(0, "sell"), decided(1, "buy")
    with ledger.write() as c:
        decisions.record(c, [])
        decisions.record(c, [first, exits])
        decisions.record(c, [decided(0, "buy", "entered"), second, decided(2, "buy", market="ETH/USDT")])
        assert decisions.latest(c, world.run, MARKET) == [second]
        assert decisions.latest(c, world.run, MARKET, "sell") == [exits]
        assert decisions.latest(c, world.run, "SOL/USDT") == []
        assert decisions.between(c, world.run, CANDLE, CANDLE + HOUR_MS) == [first, exits]


def test_intents(ledger: Ledger, world: World) -> None:
    with ledger.write() as c:
        planned = world.intent(price=Decimal("100.10"), details={"reason": "dip"})
        assert intents.plan(c, planned) and intents.get(c, "i1") == planned
        assert not intents.plan(c, world.intent("other id"))
        assert intents.plan(c, world.intent("i2", CANDLE + 1, planned_at=NOON + MINUTE))
        assert intents.set_state(c, "i1", "SENDING", {"allowed": True}, NOON + MINUTE)
        assert intents.get(c, "i1").verdict == {"allowed": True}
        assert intents.set_state(c, "i2", "REJECTED")
        assert [intent.id for intent in intents.open_for(c, world.run)] == ["i1"]
        assert [intent.id for intent in intents.listing(c, world.run)] == ["i2", "i1"]
        assert [intent.id for intent in intents.listing(c, world.run, limit=1)] == ["i2"]
        with pytest.raises(LookupError):
            intents.get(c, "404")


@pytest.mark.parametrize(
    ("before", "to", "moves"),
    [
        ("PLANNED", "WAITING", True),
        ("WAITING", "SENDING", True),
        ("UNKNOWN", "SENDING", True),
        ("SENDING", "SENDING", False),
        ("FILLED", "SENDING", False),
        ("SENDING", "SKIPPED", False),
        ("SENDING", "WAITING", False),
        ("SENDING", "PLANNED", False),
        ("CANCELLED", "FILLED", True),
    ],
)
def test_where_an_intent_can_go(ledger: Ledger, world: World, before: str, to: str, moves: bool) -> None:
    with ledger.write() as c:
        intents.plan(c, world.intent(state=before))
        assert intents.set_state(c, "i1", to) is moves  # type: ignore[arg-type]
        assert intents.get(c, "i1").state == (to if moves else before)


def test_approvals(ledger: Ledger, world: World) -> None:
    with ledger.write() as c:
        opened = approvals.open_(c, world.approval(user_id="Ada"))
        assert approvals.by_token(c, "a1") == opened and approvals.open_ones(c, world.person) == [opened]
        assert approvals.settle(c, "a1", "approved", "Mallory", NOON) is None
        assert approvals.settle(c, "a2", "approved", "Ada", NOON) is None
        won = approvals.settle(c, "a1", "approved", "Ada", NOON + MINUTE)
        assert won is not None and (won.state, won.settled_by, won.settled_at) == ("approved", "Ada", NOON + MINUTE)
        assert approvals.settle(c, "a1", "rejected", "Ada", NOON) is None
        assert approvals.open_ones(c, world.person) == []
        approvals.open_(c, world.approval("a3", user_id="Ada"))
        assert approvals.settle(c, "a3", "withdrawn", "sayso", NOON) is not None


@pytest.mark.parametrize("late", [timedelta(0), timedelta(microseconds=1), timedelta(days=9)])
def test_an_approval_expires(ledger: Ledger, world: World, late: timedelta) -> None:
    with ledger.write() as c:
        opened = approvals.open_(c, world.approval())
        assert approvals.expire_due(c, opened.expires_at - timedelta(microseconds=1)) == []
        assert approvals.settle(c, "a1", "approved", "Ada", opened.expires_at + late) is None
        assert [one.state for one in approvals.expire_due(c, opened.expires_at + late)] == ["expired"]
        assert approvals.settle(c, "a1", "approved", "Ada", NOON) is None


def test_the_inbox(ledger: Ledger) -> None:
    with ledger.write() as c:
        numbers = [messages.receive(c, "telegram", key, "chat", "ada", {"text": key}, NOON) for key in "bca"]
        assert messages.receive(c, "telegram", "b", "chat", "ada", {"text": "again"}, NOON) is None
        assert messages.receive(c, "terminal", "b", "chat", "ada", {"text": "b"}, NOON) is not None
        assert [message.payload["text"] for message in messages.pending(c, "telegram")] == ["b", "c", "a"]
        assert numbers[0] is not None and messages.done(c, numbers[0], NOON)
        assert not messages.done(c, numbers[0], NOON)
        assert messages.incoming(c, numbers[0]).done_at == NOON
        assert [message.id for message in messages.pending(c, "telegram")] == numbers[1:]
        with pytest.raises(LookupError):
            messages.incoming(c, 404)


def test_the_outbox(ledger: Ledger, world: World) -> None:
    with ledger.write() as c:
        for key in "bca":
            assert messages.queue(c, key, world.person, "telegram", "chat", "info", "fill", {"html": key}, NOON)
        assert not messages.queue(c, "b", world.person, "telegram", "chat", "info", "fill", {}, NOON)
        one, two, _ = messages.unsent(c, "telegram", NOON, 10)
        messages.sent(c, one.id, "message 1", NOON)
        messages.sent(c, one.id, "message 2", NOON + MINUTE)
        messages.failed(c, two.id, NOON + MINUTE)
        assert [message.dedupe_key for message in messages.unsent(c, "telegram", NOON, 10)] == ["a"]
        assert [message.dedupe_key for message in messages.unsent(c, "telegram", NOON + MINUTE, 1)] == ["c"]
        first, second, third = messages.since(c, world.person, 0)
        assert (first.message_ref, first.sent_at, second.attempts) == ("message 1", NOON, 1)
        assert messages.since(c, world.person, second.id) == [third]


def test_questions(ledger: Ledger, world: World) -> None:
    with ledger.write() as c:
        earlier = questions.ask(c, world.person, "stop", {"options": [1]}, NOON)
        later = questions.ask(c, world.person, "size", {}, NOON + MINUTE)
        assert questions.open_one(c, world.person) == later
        assert not questions.settle(c, earlier.id, "late", NOON)
        assert questions.settle(c, later.id, {"percent": Decimal("0.05")}, NOON)
        assert questions.open_one(c, world.person) is None


def test_summaries(ledger: Ledger, world: World) -> None:
    with ledger.write() as c:
        days = [date(2026, 3, 4), date(2026, 3, 4), date(2026, 3, 5)]
        assert [summaries.claim(c, world.person, day, NOON) for day in days] == [True, False, True]


def test_heartbeats(ledger: Ledger) -> None:
    with ledger.write() as c:
        heartbeats.beat(c, "feed", NOON)
        heartbeats.beat(c, "engine", NOON)
        heartbeats.beat(c, "feed", NOON + MINUTE, "BTC/USDT")
        beats = [heartbeats.Heartbeat("engine", NOON, ""), heartbeats.Heartbeat("feed", NOON + MINUTE, "BTC/USDT")]
        assert heartbeats.all_(c) == beats


def test_model_calls(ledger: Ledger, world: World) -> None:
    with ledger.write() as c:
        model_calls.reserve(c, world.person, "rules", "m", Decimal("9.9"), NOON - MINUTE)
        call = model_calls.reserve(c, world.person, "rules", "m", Decimal("0.10"), NOON)
        assert model_calls.spent(c, world.person, NOON) == Decimal("0.10")
        assert model_calls.book(c, call, 1, 2, 3, 4, Decimal("0.0123456789"))
        assert not model_calls.book(c, call, 1, 2, 3, 4, Decimal(9))
        model_calls.reserve(c, world.person, "rules", "m", Decimal("0.10"), NOON)
        assert model_calls.spent(c, world.person, NOON) == Decimal("0.1123456789")


def test_the_nearest_of_each_day_outlives_the_others(ledger: Ledger, world: World) -> None:
    def row(hour: int, distance: float | None, action: str = "none", rule: str = "1") -> Decision:
        trace = {"action": action, "readings": [[0.0, 1.0, 2.0]]}
        return Decision(world.run, world.version, MARKET, rule, day + hour * HOUR_MS, "false", distance, trace)

    day = CANDLE // (24 * HOUR_MS) * 24 * HOUR_MS
    rows = [
        row(0, 0.5), row(1, 0.1), row(2, 0.1), row(3, None), row(4, 0.01, "flat"), row(5, 0.7, rule="2"),
        row(24, 0.9), row(25, 0.8), row(48, 0.3), row(49, 0.2),
    ]  # fmt: skip
    with ledger.write() as c:
        decisions.record(c, rows)
        assert decisions.near_misses(c, world.run, day, day + 72 * HOUR_MS) == [rows[4], rows[5], rows[7], rows[9]]
        assert decisions.forget_quiet(c, world.run, day + 48 * HOUR_MS) == 5
        assert decisions.forget_quiet(c, world.run, day + 48 * HOUR_MS) == 0
        kept = decisions.between(c, world.run, day, day + 72 * HOUR_MS)
        assert kept == [rows[1], rows[5], rows[7], rows[8], rows[9]]


def test_old_decisions_in_which_nothing_was_true_are_forgotten(ledger: Ledger, world: World) -> None:
    def row(hour: int, outcome: str, action: str) -> Decision:
        trace = {"action": action, "readings": [[0.0, 1.0, 2.0]]}
        return Decision(world.run, world.version, MARKET, "1", CANDLE + hour * HOUR_MS, outcome, None, trace)

    rows = [
        row(0, "false", "none"), row(1, "true", "enter"), row(2, "unknown", "flat"), row(3, "true", "flat"),
        row(4, "false", "halt"), row(5, "false", "none"),
    ]  # fmt: skip
    with ledger.write() as c:
        decisions.record(c, rows)
        assert decisions.forget_quiet(c, world.run, CANDLE + 5 * HOUR_MS) == 2
        assert decisions.forget_quiet(c, world.run, CANDLE + 5 * HOUR_MS) == 0
        kept = decisions.between(c, world.run, CANDLE, CANDLE + 6 * HOUR_MS)
        assert kept == [rows[1], rows[3], rows[4], rows[5]]
