"""Column types that give back exactly what was put in, on SQLite and PostgreSQL alike."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

JsonObject = dict[str, Any]

DECIMAL_KEY = "$decimal"
PLAIN = frozenset({int, float, bool, str, type(None)})


class UtcTime(TypeDecorator[datetime]):
    """An aware time, to the microsecond, always given back in UTC.

    On SQLite it is text of fixed width (`2026-01-02T03:04:05.000006+00:00`), so that text order is time order.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Timestamp with time zone where the database has one, else text."""
        stored = DateTime(timezone=True) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(stored)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """The time in UTC; ValueError for a time without a zone."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"the time {value.isoformat()} has no zone: pass an aware UTC datetime")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The stored time as an aware datetime in UTC."""
        if value is None:
            return None
        stored: datetime = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return stored.astimezone(UTC)


class Money(TypeDecorator[Decimal]):
    """An exact Decimal kept as text, digits and exponent unchanged.

    SQL must neither compare, order nor add it (text order is not number order): that is done in Python.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """The digits; TypeError for anything but a Decimal, ValueError for NaN and infinities."""
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"money must be a Decimal, not {type(value).__name__} {value!r}")
        if not value.is_finite():
            raise ValueError(f"money must be a finite number, not {value}")
        return str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """The very Decimal that was stored."""
        return None if value is None else Decimal(value)


class Json(TypeDecorator[Any]):
    """JSON as text with sorted keys; a Decimal inside stays that Decimal, a tuple comes back as a list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The text; TypeError or ValueError for what would not come back the same."""
        if value is None:
            return None
        return json.dumps(_tagged(value), sort_keys=True, allow_nan=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The stored value."""
        return None if value is None else json.loads(value, object_hook=_untagged)


def _tagged(value: Any) -> Any:
    match value:
        case Decimal():
            return {DECIMAL_KEY: _finite(value)}
        case Mapping():
            return {_plain_key(key): _tagged(item) for key, item in value.items()}
        case list() | tuple() if PLAIN.issuperset(map(type, value)):
            return value
        case list() | tuple():
            return [_tagged(item) for item in value]
        case _:
            return value


def _finite(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"JSON must hold finite numbers, not {value}")
    return str(value)


def _plain_key(key: object) -> str:
    # json would turn the key 1 into "1" without a word
    if not isinstance(key, str):
        raise TypeError(f"JSON keys must be text, not {key!r}")
    return f"${key}" if key.startswith("$") else key


def _untagged(stored: JsonObject) -> Any:
    if DECIMAL_KEY in stored:
        return Decimal(stored[DECIMAL_KEY])
    return {key[1:] if key.startswith("$") else key: item for key, item in stored.items()}
