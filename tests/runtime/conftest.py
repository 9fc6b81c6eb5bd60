"""Real databases for the suites of the runtime."""

from tests.databases import database_kind, ledger, ledger_url, postgresql_ledger_url, sqlite_ledger_url

__all__ = ["database_kind", "ledger", "ledger_url", "postgresql_ledger_url", "sqlite_ledger_url"]
