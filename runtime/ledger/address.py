"""Where a ledger lives."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from runtime.ledger.errors import LedgerReadOnly, LedgerUnreachable


@dataclass(frozen=True)
class Address:
    """A database address; `file` is the SQLite file and None on PostgreSQL."""

    url: URL
    file: Path | None

    @property
    def place(self) -> str:
        """How people are told which ledger is meant; never with a password."""
        return str(self.file) if self.file else self.url.render_as_string(hide_password=True)


def address_of(url: str) -> Address:
    """The address in `url`, which is `sqlite:///FILE` or `postgresql://USER@HOST/DATABASE`."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        # the text may hold a password, so it is not repeated
        raise _not_understood() from error
    if backend == "postgresql":
        return Address(parsed.set(drivername="postgresql+psycopg"), None)
    if backend != "sqlite" or parsed.query or parsed.database in (None, "", ":memory:"):
        raise _not_understood()
    return Address(parsed, Path(str(parsed.database)).resolve())


def make_folder(file: Path) -> None:
    """Make the folder for `file`, closed to other users if it is new."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise LedgerReadOnly(
            f"Sayso cannot make the folder {file.parent} ({reason}): make it yourself or name another one."
        ) from error


def _not_understood() -> LedgerUnreachable:
    return LedgerUnreachable(
        "Sayso does not understand the database address: write sqlite:///FILE or"
        " postgresql://USER:PASSWORD@HOST/DATABASE."
    )
