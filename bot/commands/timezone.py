"""`timezone ZONE`."""

from zoneinfo import available_timezones

from rapidfuzz import fuzz, process
from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import when, words
from bot.replies import Act, Button, Reply
from runtime.ledger import people

LIKELY = 70


@command("/timezone ZONE", "timezone", "time zone", "my timezone is", "my time zone is", "zone")
async def timezone(request: Request, desk: Desk) -> Act:
    """Times and summaries in your zone, for example: timezone Europe/Berlin."""

    def act(c: Connection) -> Reply:
        person, wanted = request.person, request.words.strip().replace(" ", "_")
        if not wanted:
            text = "Your zone is {zone}; there it is {now}. Say for example: <b>timezone Europe/Berlin</b>"
            return Reply(words(text, zone=person.zone, now=when(desk.clock(), person.zone)))
        zones = {each.casefold(): each for each in sorted(available_timezones())}
        zones |= {each.rsplit("/", 1)[-1].casefold(): each for each in sorted(available_timezones(), reverse=True)}
        zone = zones.get(wanted.casefold())
        if zone is None:
            near = process.extract(wanted.casefold(), list(zones), scorer=fuzz.WRatio, limit=3, score_cutoff=LIKELY)
            names = list(dict.fromkeys(zones[name] for name, _, _ in near))
            rows = tuple((Button(each, f"say:timezone {each}"[:64]),) for each in names)
            return Reply(words("I know no zone {zone}. Zones are written like Europe/Berlin.", zone=wanted), rows)
        people.set_zone(c, person.id, zone)
        desk.forget_engine(person)
        text = "Times are now those of <b>{zone}</b>: there it is {now}. Each day is summed up when it ends there."
        return Reply(words(text, zone=zone, now=when(desk.clock(), zone)))

    return act
