"""Rows as frozen dataclasses whose fields are named like the columns."""

from collections.abc import Mapping, Sequence
from dataclasses import Field, fields
from typing import Any, ClassVar, Protocol, TypeVar

from sqlalchemy import Column, Connection, Executable, Insert, Table, insert
from sqlalchemy.dialects import postgresql, sqlite


class Record(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


R = TypeVar("R", bound=Record)


def columns(record: type[Record], table: Table) -> list[Column[Any]]:
    """The columns of `table` that the fields of `record` name."""
    return [table.c[field.name] for field in fields(record)]


def values(record: Record) -> dict[str, Any]:
    """The fields of `record` as column values."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def first(c: Connection, record: type[R], query: Executable) -> R | None:
    """The first row of the query, or None."""
    row = c.execute(query).mappings().first()
    return None if row is None else record(**row)


def every(c: Connection, record: type[R], query: Executable) -> list[R]:
    """All rows of the query."""
    return [record(**row) for row in c.execute(query).mappings()]


def add(c: Connection, table: Table, row: Mapping[str, Any]) -> int:
    """Insert a row and return its number."""
    return int(c.execute(insert(table).values(**row).returning(table.c.id)).scalar_one())


def insert_once(c: Connection, table: Table, *unique: str) -> Insert:
    """An insert that leaves a row with the same `unique` columns as it is; other broken rules still raise."""
    if c.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing(index_elements=unique)
    return sqlite.insert(table).on_conflict_do_nothing(index_elements=unique)


def add_once(c: Connection, table: Table, row: Mapping[str, Any], unique: Sequence[str]) -> bool:
    """Insert a row unless one with the same `unique` columns exists; whether it was inserted."""
    # the count of inserted rows is not known on PostgreSQL, what the insert returns is
    inserted = insert_once(c, table, *unique).values(**row).returning(table.c[unique[0]])
    return c.execute(inserted).first() is not None


def changed(c: Connection, statement: Executable) -> bool:
    """Run an update and tell whether it met a row."""
    return c.execute(statement).rowcount > 0
