"""`notify KIND LEVEL`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.notifications import ALWAYS, KINDS, LEVELS, levels
from bot.pages import page, words
from bot.replies import Act, Reply
from runtime.ledger import preferences


@command("/notify KIND LEVEL", "notify", "notifications", "notification settings", "mute", "unmute")
async def notify(request: Request, desk: Desk) -> Act:
    """Which messages come, with sound, silently, once a day or not: notify fills silent."""

    def act(c: Connection) -> Reply:
        said = request.words.casefold().split()
        mine = levels(c, request.person.id)
        if not said:
            return Reply(page("notify", kinds=KINDS, levels=mine, always=ALWAYS))
        kinds = (
            list(KINDS)
            if said[0] in ("all", "everything")
            else [each for each in KINDS if said[0] in (each, each.rstrip("s"))]
        )
        if not kinds or len(said) != 2 or said[1] not in LEVELS:
            text = (
                "Say a kind and a level, for example <b>notify fills silent</b>. Kinds: {kinds}, all. Levels: {levels}."
            )
            return Reply(words(text, kinds=", ".join(KINDS), levels=", ".join(LEVELS)))
        preferences.put(c, request.person.id, "notify", {**mine, **dict.fromkeys(kinds, said[1])})
        return Reply(page("notify", kinds=KINDS, levels=levels(c, request.person.id), always=ALWAYS))

    return act
