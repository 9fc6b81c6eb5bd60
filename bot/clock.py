"""The present: the one place where the wall clock is read."""

from datetime import UTC, datetime


def system_clock() -> datetime:
    """The present in UTC."""
    return datetime.now(UTC)  # noqa: TID251
