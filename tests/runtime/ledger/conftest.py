"""What the ledger's tests share."""

from tests.databases import (
    database_kind,
    database_url,
    ledger,
    ledger_url,
    postgresql_ledger_url,
    postgresql_url,
    sqlite_ledger_url,
    sqlite_url,
)

__all__ = [
    "database_kind",
    "database_url",
    "ledger",
    "ledger_url",
    "postgresql_ledger_url",
    "postgresql_url",
    "sqlite_ledger_url",
    "sqlite_url",
]
