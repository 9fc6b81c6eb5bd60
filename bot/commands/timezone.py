"""`timezone ZONE`."""

import re
from zoneinfo import available_timezones

from rapidfuzz import fuzz, process
from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import when, words, zone_name
from bot.replies import Act, Button, Reply
from runtime.ledger import people
from strategy_dsl.phrasebook.names import ZONES

LIKELY = 76
"""How alike a place must be written to be offered, of 100: `londn` is like London, `mars` like no place on earth."""
SETTING = tuple(
    f"{verb} {whose}{noun} to"
    for verb in ("set", "change")
    for whose in ("my ", "the ", "")
    for noun in ("timezone", "time zone")
)
OFFSET = re.compile(r"(?:utc|gmt)([+-])(\d{1,2})")
EASTERNMOST, WESTERNMOST = 14, 12


@command("/timezone ZONE", "timezone", "time zone", "my timezone is", "my time zone is", "zone", *SETTING)
async def timezone(request: Request, desk: Desk) -> Act:
    """Times and summaries in your zone, for example: timezone Europe/Berlin."""

    def act(c: Connection) -> Reply:
        person, wanted = request.person, " ".join(request.words.split())
        if not wanted:
            text = "Your zone is {zone}; there it is {now}. Say for example: <b>timezone Europe/Berlin</b>"
            return Reply(words(text, zone=zone_name(person.zone), now=when(desk.clock(), person.zone)))
        zone = zone_of(wanted)
        if zone is None:
            rows = tuple((Button(each, f"say:timezone {each}"[:64]),) for each in near(wanted))
            return Reply(words("I know no zone {zone}. Zones are written like Europe/Berlin.", zone=wanted), rows)
        people.set_zone(c, person.id, zone)
        desk.forget_engine(person)
        text = "Times are now those of <b>{zone}</b>: there it is {now}. Each day is summed up when it ends there."
        return Reply(words(text, zone=zone_name(zone), now=when(desk.clock(), zone)))

    return act


def zone_of(wanted: str) -> str | None:
    """The zone of a name, a city, a common name such as `eastern time`, or an offset such as `UTC+2`."""
    plain = wanted.casefold().replace(" ", "_")
    offset = OFFSET.fullmatch(plain.replace("_", ""))
    if offset is not None:
        return _offset(offset[1], int(offset[2]))
    named = {phrase: zone for zone, phrases in ZONES.items() for phrase in phrases.split(" | ")}
    return _places().get(plain) or named.get(wanted.casefold()) or named.get(f"{wanted.casefold()} time")


def _offset(sign: str, hours: int) -> str | None:
    """East of Greenwich is written with a minus in the names of the zones."""
    if hours == 0:
        return "UTC"
    if hours > (EASTERNMOST if sign == "+" else WESTERNMOST):
        return None
    return f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"


def near(wanted: str) -> list[str]:
    """At most three zones of places that are written much like this, or that it names beside other words."""
    places = _places()
    parts = wanted.casefold().replace(",", " ").split()
    cities = [places[part] for part in parts if part in places and len(part) > 3]
    found = process.extract("_".join(parts), list(places), scorer=fuzz.ratio, limit=3, score_cutoff=LIKELY)
    return list(dict.fromkeys((*cities, *(places[name] for name, _, _ in found))))[:3]


def _places() -> dict[str, str]:
    """Every zone by its whole name and by its city."""
    zones = sorted(available_timezones())
    cities = {each.rsplit("/", 1)[-1].casefold(): each for each in reversed(zones)}
    return cities | {each.casefold(): each for each in zones}
