"""A small world to put rows into: one person, one account, one strategy at work on one market."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection

from runtime.ledger import accounts, people, replays, runs, strategies
from runtime.ledger.approvals import Approval
from runtime.ledger.fills import Fill
from runtime.ledger.intents import Intent

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CANDLE = 1_772_625_600_000
MARKET = "BTC/USDT"


@dataclass(frozen=True)
class World:
    person: int
    account: int
    strategy: int
    version: int
    replay: int
    run: int

    def intent(self, name: str = "i1", candle_time: int = CANDLE, **changes: object) -> Intent:
        fields = {"id": name, "run_id": self.run, "version_id": self.version, "market": MARKET, "leg": "entry"}
        amounts = {"side": "buy", "quantity": Decimal("0.5"), "price": None, "details": {}}
        return Intent(**{**fields, **amounts, "candle_time": candle_time, "planned_at": NOON, **changes})  # type: ignore[arg-type]

    def fill(self, trade: str = "t1", intent: str = "i1", **changes: object) -> Fill:
        fields = {"venue": "paper", "trade_id": trade, "intent_id": intent, "run_id": self.run, "market": MARKET}
        amounts = {"side": "buy", "quantity": Decimal("0.5"), "price": Decimal(100), "fee": Decimal("0.1")}
        return Fill(**{**fields, **amounts, "fee_currency": "USDT", "at": NOON, **changes})  # type: ignore[arg-type]

    def approval(self, token: str = "a1", **changes: object) -> Approval:
        fields = {"token": token, "person_id": self.person, "intent_id": None, "kind": "entry", "plan_hash": "h"}
        times = {"opened_at": NOON, "expires_at": NOON + 5 * MINUTE}
        return Approval(**{**fields, **times, "user_id": None, "payload": {"text": "Buy?"}, **changes})  # type: ignore[arg-type]


def build(c: Connection, name: str = "Ada") -> World:
    """The world of one person, written to the ledger."""
    person = people.ensure_person(c, "telegram", name, f"chat of {name}", name, "owner", NOON)
    account = accounts.ensure_account(c, person.id, "paper", "USDT", Decimal(10_000), NOON)
    strategy = strategies.create(c, person.id, account.id, "RSI dip", Decimal(1000), NOON)
    assert strategy is not None
    version = strategies.add_version(c, strategy.id, "buy when ...", "h1", "l1", "Buy", {}, "phrasebook", NOON)
    replay = replays.create(c, account.id, {"kind": "simulated"}, 60.0, NOON)
    run = runs.start(c, strategy.id, version.id, replay.id, NOON)
    assert run is not None
    return World(person.id, account.id, strategy.id, version.id, replay.id, run.id)
