"""A real PostgreSQL for the conversation."""

from tests.databases import postgresql_ledger_url

__all__ = ["postgresql_ledger_url"]
