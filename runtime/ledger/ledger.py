"""The one truth of what happened."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from runtime.ledger.address import Address, address_of
from runtime.ledger.engines import PATIENCE_SECONDS, open_engine, readers, writers
from runtime.ledger.errors import LedgerBusy
from runtime.ledger.faults import told_plainly
from runtime.ledger.migrate import bring_up_to_date


class Ledger:
    """An open ledger; may be used from several threads, a connection from one only."""

    def __init__(self, engine: Engine, address: Address, patience_seconds: float) -> None:
        self._engine = engine
        self._readers = readers(engine)
        self._writers = writers(engine)
        self._place = address.place
        self._patience_seconds = patience_seconds
        self._turn = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that shows one moment and cannot write."""
        with told_plainly(self._place, writing=False), self._readers.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection that writes alone: all of it is kept at exit, none of it after an exception."""
        with self._my_turn(), told_plainly(self._place, writing=True), self._writers.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        # threads queue here rather than at the database: SQLite's waiters sleep up to 100 ms between tries
        if not self._turn.acquire(timeout=self._patience_seconds):
            raise LedgerBusy(
                f"Sayso waited too long for its own writing to {self._place}: restart Sayso and report this."
            )
        try:
            yield
        finally:
            self._turn.release()


def open_ledger(url: str, patience_seconds: float = PATIENCE_SECONDS) -> Ledger:
    """Open the ledger at `url`, made or brought up to date first if need be.

    A writer waits `patience_seconds` for another before it raises LedgerBusy.
    """
    address = address_of(url)
    bring_up_to_date(address, patience_seconds)
    return Ledger(open_engine(address, patience_seconds), address, patience_seconds)
