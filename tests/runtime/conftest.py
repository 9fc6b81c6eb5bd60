"""Real databases for the suites of the runtime."""

from tests.databases import (  # noqa: F401
    database_kind,
    ledger,
    ledger_url,
    postgresql_ledger_url,
    sqlite_ledger_url,
)
