"""One running Sayso per ledger, held by the operating system or the server, so that a crash lets go."""

import fcntl
import os
import socket
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from runtime.ledger.address import Address, address_of, make_folder
from runtime.ledger.engines import open_engine
from runtime.ledger.errors import LedgerInUse, LedgerReadOnly
from runtime.ledger.faults import told_plainly

INSTANCE_LOCK = 0x5361_7973_6F02

# a machine that vanishes without a word is given up after a minute, not after the usual two hours
_NOTICE_LOSS = (
    "SET tcp_keepalives_idle = 30",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
)


class Hold(Protocol):
    """What keeps other processes out."""

    def held(self) -> bool:
        """Whether it still does."""

    def release(self) -> None:
        """Let others in."""


class Instance:
    """The right to be the one Sayso on a ledger, until closed or the process ends, however it ends."""

    def __init__(self, hold: Hold) -> None:
        self._hold = hold

    def held(self) -> bool:
        """Whether it is still ours; on PostgreSQL a broken connection loses it, and trading must stop."""
        return self._hold.held()

    def close(self) -> None:
        """Let another Sayso start."""
        self._hold.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def claim(url: str) -> Instance:
    """Become the one Sayso on the ledger at `url`; LedgerInUse when another process is."""
    address = address_of(url)
    if address.file is None:
        return Instance(_ServerHold(address))
    make_folder(address.file)
    return Instance(_FileHold(address.file.with_name(address.file.name + ".lock"), address.place))


class _FileHold:
    """A lock on a file that the kernel drops when the process ends; the file itself stays."""

    def __init__(self, file: Path, place: str) -> None:
        self._descriptor = _open(file)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._descriptor, 20, 0).decode("ascii", "replace").strip()
            self.release()
            raise _in_use(place, holder) from error
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, str(os.getpid()).encode(), 0)

    def held(self) -> bool:
        return self._descriptor >= 0

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class _ServerHold:
    """An advisory lock of a database session, which the server drops when the connection ends."""

    def __init__(self, address: Address) -> None:
        self._engine = open_engine(address)
        try:
            with told_plainly(address.place, writing=True):
                self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                self._take(address)
        except BaseException:
            self._engine.dispose()
            raise

    def held(self) -> bool:
        try:
            return bool(self._connection.execute(_OWN).scalar())
        except DBAPIError:
            return False

    def release(self) -> None:
        # ending the session is what frees its lock
        self._connection.invalidate()
        self._connection.close()
        self._engine.dispose()

    def _take(self, address: Address) -> None:
        try:
            for setting in _NOTICE_LOSS:
                self._connection.execute(text(setting))
            self._connection.execute(_SIGN, {"name": f"sayso {os.getpid()} {socket.gethostname()}"[:63]})
            if not self._connection.execute(_TAKE).scalar():
                raise _in_use(address.place, _signature(self._connection))
        except BaseException:
            self.release()
            raise


_KEY = {"key": INSTANCE_LOCK}
_SIGN = text("SELECT set_config('application_name', :name, false)")
_TAKE = text("SELECT pg_try_advisory_lock(:key)").bindparams(**_KEY)
_LOCKS = """FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND ((classid::bigint << 32) | objid::bigint) = :key"""
_OWN = text(f"SELECT count(*) {_LOCKS} AND pid = pg_backend_pid()").bindparams(**_KEY)
_HOLDER = text(
    f"SELECT application_name FROM pg_stat_activity WHERE pid IN (SELECT pid {_LOCKS})"  # noqa: S608
).bindparams(**_KEY)


def _signature(connection: Connection) -> str:
    """The process number of the holder, and its machine when that is another one."""
    name = str(connection.execute(_HOLDER).scalar() or "")
    _, _, signature = name.partition("sayso ")
    process, _, machine = signature.partition(" ")
    return process if machine in ("", socket.gethostname()) else f"{process} on {machine}"


def _open(file: Path) -> int:
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LedgerReadOnly(
            f"Sayso may not write to {file} ({error.strerror}): give this user the right to write there,"
            " or name another database."
        ) from error


def _in_use(place: str, holder: str) -> LedgerInUse:
    process = f" (process {holder})" if holder else ""
    return LedgerInUse(
        f"Sayso is already running on this database{process}, {place}: stop that one first,"
        " or start this one with another database."
    )
