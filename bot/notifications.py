"""Which messages a person gets and how loud: levels by kind, quiet hours, and what breaks through both."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.replies import Reply
from runtime.ledger import preferences
from runtime.ledger.people import Person

LEVELS = ("on", "silent", "digest", "off")
KINDS = {
    "fills": "what was bought and sold, and why",
    "refusals": "orders that the risk gate refused",
    "skips": "questions that ran out",
    "alerts": "alerts you asked for",
    "summaries": "the summary of a day or week",
    "market": "late, missing or corrected candles",
}
ALWAYS = "alarms and halts, questions about orders, and answers to what you say"
"""What no level and no quiet hour holds back."""
_OF_KIND = {
    "filled": "fills", "refused": "refusals", "skipped": "skips", "alert": "alerts", "summary": "summaries",
    "feed": "market",
}  # fmt: skip
DIGEST_AT = time(8)


@dataclass(frozen=True)
class Delivery:
    """How one message goes out: its rank, whether it makes a sound, and not before when."""

    severity: str
    is_silent: bool = False
    not_before: datetime | None = None


def levels(c: Connection, person_id: int) -> dict[str, str]:
    """The level of every kind; `on` where nothing was set."""
    mine = preferences.get(c, person_id, "notify", {})
    return {kind: mine.get(kind, "on") for kind in KINDS}


def quiet_hours(c: Connection, person_id: int) -> tuple[time, time] | None:
    """From when to when only alarms make a sound, in the person's zone."""
    found = preferences.get(c, person_id, "quiet")
    return (time.fromisoformat(found[0]), time.fromisoformat(found[1])) if found else None


def delivery(c: Connection, person: Person, reply: Reply, now: datetime) -> Delivery | None:
    """How a message goes out; None for one that the person does not want."""
    if reply.kind == "critical":
        return Delivery("critical")
    is_quiet = _is_quiet(quiet_hours(c, person.id), now.astimezone(ZoneInfo(person.zone)).time())
    if reply.kind == "ask":
        return Delivery("ask", is_quiet)
    kind = _OF_KIND.get(reply.kind)
    level = "on" if kind is None else levels(c, person.id)[kind]
    if level == "off":
        return None
    if level == "digest":
        return Delivery("digest", True, _next_digest(now, person.zone))
    # an answer to what was just said needs no peace and quiet
    return Delivery("normal", level == "silent" or (is_quiet and kind is not None))


def _is_quiet(hours: tuple[time, time] | None, at: time) -> bool:
    if hours is None:
        return False
    start, end = hours
    return start <= at < end if start < end else at >= start or at < end


def _next_digest(now: datetime, zone: str) -> datetime:
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() + timedelta(days=local.time() >= DIGEST_AT)
    return datetime.combine(day, DIGEST_AT, ZoneInfo(zone))
