"""What people have set for themselves: notifications, quiet hours, how numbers are written, which strategy is meant."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from runtime.ledger.tables import preferences


def get(c: Connection, person_id: int, name: str, default: Any = None) -> Any:
    """What the person has set under a name: any JSON value."""
    found = c.execute(
        select(preferences.c.value).where(preferences.c.person_id == person_id, preferences.c.name == name)
    ).first()
    return default if found is None else found[0]


def put(c: Connection, person_id: int, name: str, value: Any) -> None:
    """Sets it; what was set before is replaced."""
    drop(c, person_id, name)
    c.execute(insert(preferences).values(person_id=person_id, name=name, value=value))


def drop(c: Connection, person_id: int, name: str) -> None:
    """Sets it back to what it is for everybody."""
    c.execute(delete(preferences).where(preferences.c.person_id == person_id, preferences.c.name == name))
