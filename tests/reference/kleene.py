"""Three-valued logic: True, False and None for unknown (Meaning 4: `unknown and false` is false, `unknown or true` true)."""

from collections.abc import Iterable

Truth = bool | None


def not_(value: Truth) -> Truth:
    """Unknown stays unknown."""
    return None if value is None else not value


def all_of(values: Iterable[Truth]) -> Truth:
    """False where one is false, else unknown where one is unknown, else true."""
    found: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            found = None
    return found


def any_of(values: Iterable[Truth]) -> Truth:
    """True where one is true, else unknown where one is unknown, else false."""
    found: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            found = None
    return found


def at_least(count: int, values: Iterable[Truth]) -> Truth:
    """Enough of them are true; unknown where the unknown ones decide."""
    listed = list(values)
    true = sum(1 for value in listed if value is True)
    unknown = sum(1 for value in listed if value is None)
    if true >= count:
        return True
    return False if true + unknown < count else None
