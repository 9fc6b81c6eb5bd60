"""The tables: every constraint has a name, every "once" is a unique constraint."""

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from runtime.ledger.columns import Json, Money, UtcTime
from runtime.ledger.states import (
    ACCOUNT_STATES,
    APPROVAL_STATES,
    INTENT_STATES,
    QUESTION_STATES,
    REPLAY_STATES,
    SIDES,
    STRATEGY_STATES,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite numbers rows by itself only for a primary key that is spelled INTEGER
WholeNumber = BigInteger().with_variant(Integer(), "sqlite")


def _id() -> Column[int]:
    return Column("id", WholeNumber, primary_key=True)


def _reference(column: str, table: str, index: bool = False) -> Column[int]:
    return Column(column, WholeNumber, ForeignKey(f"{table}.id"), nullable=False, index=index)


def _one_of(column: str, allowed: Sequence[str]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in allowed)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _only_where(name: str, *columns: str, condition: str, unique: bool = True) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(condition), postgresql_where=text(condition))


people = Table(
    "people",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

addresses = Table(
    "addresses",
    metadata,
    _id(),
    _reference("person_id", "people", index=True),
    Column("channel", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("chat_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("channel", "user_id"),
)

preferences = Table(
    "preferences",
    metadata,
    Column("person_id", WholeNumber, ForeignKey("people.id"), primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("value", Json, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    _id(),
    _reference("person_id", "people"),
    Column("mode", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("opening_cash", Money, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_reason", Text, nullable=False),
    Column("state_at", UtcTime, nullable=False),
    Column("high_water", Money, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("person_id", "mode", "currency"),
    _one_of("state", ACCOUNT_STATES),
)

strategies = Table(
    "strategies",
    metadata,
    _id(),
    _reference("person_id", "people"),
    _reference("account_id", "accounts", index=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("budget", Money, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_reason", Text, nullable=False),
    Column("state_at", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    _one_of("state", STRATEGY_STATES),
    _only_where("uq_strategies_name", "person_id", "name_key", condition="state <> 'deleted'"),
)

versions = Table(
    "versions",
    metadata,
    _id(),
    _reference("strategy_id", "strategies"),
    Column("number", Integer, nullable=False),
    Column("is_current", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("limits_hash", Text, nullable=False),
    Column("english", Text, nullable=False),
    Column("provenance", Json, nullable=False),
    Column("source", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("strategy_id", "number"),
    UniqueConstraint("strategy_id", "id"),
    _only_where("uq_versions_current", "strategy_id", condition="is_current"),
)

replays = Table(
    "replays",
    metadata,
    _id(),
    _reference("account_id", "accounts", index=True),
    Column("feed", Json, nullable=False),
    Column("speed", Double, nullable=False),
    Column("clock", UtcTime),
    Column("cursor", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    _one_of("state", REPLAY_STATES),
)

runs = Table(
    "runs",
    metadata,
    _id(),
    _reference("strategy_id", "strategies"),
    Column("version_id", WholeNumber, nullable=False),
    _reference("replay_id", "replays", index=True),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("cursor", BigInteger),
    Column("state", Json),
    ForeignKeyConstraint(["strategy_id", "version_id"], ["versions.strategy_id", "versions.id"]),
    _only_where("uq_runs_active", "strategy_id", condition="ended_at IS NULL"),
)

decisions = Table(
    "decisions",
    metadata,
    _id(),
    _reference("run_id", "runs"),
    _reference("version_id", "versions"),
    Column("market", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("candle_time", BigInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("distance", Double),
    Column("trace", Json, nullable=False),
    UniqueConstraint("run_id", "market", "candle_time", "rule"),
    Index("ix_decisions_run_id_candle_time", "run_id", "candle_time"),
)

intents = Table(
    "intents",
    metadata,
    Column("id", Text, primary_key=True),
    _reference("run_id", "runs"),
    _reference("version_id", "versions"),
    Column("market", Text, nullable=False),
    Column("candle_time", BigInteger, nullable=False),
    Column("leg", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("quantity", Money, nullable=False),
    Column("price", Money),
    Column("details", Json, nullable=False),
    Column("state", Text, nullable=False),
    Column("verdict", Json),
    Column("planned_at", UtcTime, nullable=False),
    Column("state_at", UtcTime, nullable=False),
    UniqueConstraint("run_id", "market", "candle_time", "leg"),
    UniqueConstraint("id", "run_id", "market", "side"),
    _one_of("state", INTENT_STATES),
    _one_of("side", SIDES),
)

fills = Table(
    "fills",
    metadata,
    _id(),
    Column("venue", Text, nullable=False),
    Column("trade_id", Text, nullable=False),
    Column("intent_id", Text, nullable=False, index=True),
    Column("run_id", WholeNumber, nullable=False),
    Column("market", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("quantity", Money, nullable=False),
    Column("price", Money, nullable=False),
    Column("fee", Money, nullable=False),
    Column("fee_currency", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("venue", "trade_id"),
    # a fill can only be booked where its intent belongs
    ForeignKeyConstraint(
        ["intent_id", "run_id", "market", "side"],
        ["intents.id", "intents.run_id", "intents.market", "intents.side"],
    ),
    Index("ix_fills_run_id_market", "run_id", "market"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("token", Text, primary_key=True),
    _reference("person_id", "people"),
    Column("intent_id", Text, ForeignKey("intents.id"), index=True),
    Column("kind", Text, nullable=False),
    Column("plan_hash", Text, nullable=False),
    Column("user_id", Text),
    Column("payload", Json, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("settled_at", UtcTime),
    Column("settled_by", Text),
    _one_of("state", APPROVAL_STATES),
    _only_where("ix_approvals_open", "person_id", condition="state = 'open'", unique=False),
)

inbox = Table(
    "inbox",
    metadata,
    _id(),
    Column("channel", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("chat_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("payload", Json, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    UniqueConstraint("channel", "external_id"),
    _only_where("ix_inbox_pending", "channel", "id", condition="done_at IS NULL", unique=False),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("dedupe_key", Text, nullable=False),
    _reference("person_id", "people"),
    Column("channel", Text, nullable=False),
    Column("chat_id", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Json, nullable=False),
    Column("queued_at", UtcTime, nullable=False),
    Column("next_attempt_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", UtcTime),
    Column("message_ref", Text),
    UniqueConstraint("dedupe_key"),
    Index("ix_outbox_person_id_id", "person_id", "id"),
    _only_where("ix_outbox_unsent", "channel", "id", condition="sent_at IS NULL", unique=False),
)

questions = Table(
    "questions",
    metadata,
    _id(),
    _reference("person_id", "people"),
    Column("kind", Text, nullable=False),
    Column("payload", Json, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("settled_at", UtcTime),
    Column("answer", Json),
    _one_of("state", QUESTION_STATES),
    _only_where("uq_questions_open", "person_id", condition="state = 'open'"),
)

summaries = Table(
    "summaries",
    metadata,
    Column("person_id", WholeNumber, ForeignKey("people.id"), primary_key=True, autoincrement=False),
    Column("replay_id", WholeNumber, primary_key=True, autoincrement=False, server_default="0"),
    Column("local_date", Date, primary_key=True),
    Column("claimed_at", UtcTime, nullable=False),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("detail", Text, nullable=False),
)

model_calls = Table(
    "model_calls",
    metadata,
    _id(),
    _reference("person_id", "people"),
    Column("purpose", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("reserved_at", UtcTime, nullable=False),
    Column("cost_reserved", Money, nullable=False),
    Column("input_tokens", Integer),
    Column("output_tokens", Integer),
    Column("cache_read", Integer),
    Column("cache_write", Integer),
    Column("cost", Money),
    Index("ix_model_calls_person_id_reserved_at", "person_id", "reserved_at"),
)
