"""The database's errors, told as one sentence with the next step."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, TimeoutError

from runtime.ledger.errors import (
    LedgerBusy,
    LedgerError,
    LedgerFull,
    LedgerReadOnly,
    LedgerUnreachable,
    LedgerUnreadable,
)

_READ_ONLY = "give this user the right to write there, or name another database."
_FULL = "free some room on that disk and start again; nothing that was saved is lost."
_BUSY = "close what else is using it and try again."
_UNREADABLE = "name another file, or put a copy of your ledger back in its place."
_UNREACHABLE = "check that the folder is there and that this user may write in it."
_NO_SERVER = "check that the server runs and that the name and password in the address are right."
_DISK = "check the disk, then start again."

Kind = tuple[type[LedgerError], str, str]

_BY_SQLITE_CODE: dict[int, Kind] = {
    sqlite3.SQLITE_PERM: (LedgerReadOnly, "may not write to", _READ_ONLY),
    sqlite3.SQLITE_READONLY: (LedgerReadOnly, "may not write to", _READ_ONLY),
    sqlite3.SQLITE_FULL: (LedgerFull, "has no room left for", _FULL),
    sqlite3.SQLITE_BUSY: (LedgerBusy, "waited too long for", _BUSY),
    sqlite3.SQLITE_LOCKED: (LedgerBusy, "waited too long for", _BUSY),
    sqlite3.SQLITE_NOTADB: (LedgerUnreadable, "finds no ledger in", _UNREADABLE),
    sqlite3.SQLITE_CORRUPT: (LedgerUnreadable, "finds damage in", _UNREADABLE),
    sqlite3.SQLITE_CANTOPEN: (LedgerUnreachable, "cannot open", _UNREACHABLE),
    sqlite3.SQLITE_IOERR: (LedgerUnreachable, "gets errors from the disk of", _DISK),
}

_BY_SQLSTATE: dict[str, Kind] = {
    "25006": (LedgerReadOnly, "may not write to", _READ_ONLY),
    "42501": (LedgerReadOnly, "may not write to", _READ_ONLY),
    "53100": (LedgerFull, "has no room left for", _FULL),
    "55P03": (LedgerBusy, "waited too long for", _BUSY),
    "40P01": (LedgerBusy, "waited too long for", _BUSY),
    "53300": (LedgerBusy, "gets no free connection to", _BUSY),
}

_UNREACHABLE_SQLSTATES = ("08", "28", "3D", "57")


@contextmanager
def told_plainly(place: str, writing: bool) -> Iterator[None]:
    """Turn known database errors inside the block into a LedgerError about `place`."""
    try:
        yield
    except TimeoutError as error:
        raise _sentence(place, (LedgerBusy, "gets no free connection to", _BUSY)) from error
    except (DBAPIError, sqlite3.Error) as error:
        kind = _kind(error)
        # a write through a reading connection is a mistake in the program, not in the folder
        if kind is None or (kind[0] is LedgerReadOnly and not writing):
            raise
        raise _sentence(place, kind) from error


def _kind(error: DBAPIError | sqlite3.Error) -> Kind | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        # the low byte is the kind, the rest tells apart variants of it
        return _BY_SQLITE_CODE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    return _server_kind(cause, isinstance(error, DBAPIError) and error.connection_invalidated)


def _server_kind(cause: object, disconnected: bool) -> Kind | None:
    sqlstate = getattr(cause, "sqlstate", None)
    # without a state the server never answered
    unanswered = sqlstate is None and type(cause).__name__ in ("OperationalError", "ConnectionTimeout")
    if disconnected or unanswered or (sqlstate or "").startswith(_UNREACHABLE_SQLSTATES):
        return LedgerUnreachable, "cannot reach", _NO_SERVER
    return _BY_SQLSTATE.get(sqlstate or "")


def _sentence(place: str, kind: Kind) -> LedgerError:
    error, problem, next_step = kind
    return error(f"Sayso {problem} {place}: {next_step}")
