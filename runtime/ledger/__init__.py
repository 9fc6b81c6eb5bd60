"""The ledger: what was said, decided, sent and filled, in SQLite or PostgreSQL."""

from runtime.ledger.errors import LedgerError
from runtime.ledger.ledger import Ledger, open_ledger

__all__ = ["Ledger", "LedgerError", "open_ledger"]
