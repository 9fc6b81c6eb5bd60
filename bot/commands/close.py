"""`close MARKET`."""

import re
from typing import Any

from sqlalchemy import Connection

from bot.commands.registry import Request, command, confirm, confirmed
from bot.desk import Desk
from bot.pages import page, words
from bot.replies import Act, Reply, say
from bot.selecting import Selection, selection
from bot.standing import Held, held_by
from runtime.ledger.people import Person
from strategy_dsl.phrasebook.operation_words import PARTS


@command(
    "/close MARKET",
    "close",
    "close my",
    "sell my",
    "close everything …",
    "close all …",
    "sell everything …",
    "sell all …",
    "exit all …",
    fits=lambda said: selection(said) is not None,
)
async def close(request: Request, desk: Desk) -> Act:
    """Sell positions now: close BTC, or close everything green above 1%, keep BTC."""

    def act(c: Connection) -> Reply:
        held = held_by(c, desk, request.person)
        if not held:
            return Reply(words("No position is open."))
        names = list(dict.fromkeys(each.coin for each in held))
        if PARTS & set(re.findall("[a-z]+", request.words.casefold())):
            text = "I close positions whole. For a part, write a rule: take half off at 3%. Or say close {name}."
            return Reply(words(text, name=names[0]), say(*(f"Close {name}" for name in names[:4])))
        asked = selection(request.words)
        meant = [each for each in held if asked is not None and asked.takes(each.coin, each.share)]
        if asked is None or (not meant and asked.is_plain):
            text = words("Which one? Open: {names}", names=", ".join(names))
            return Reply(text, say(*(f"Close {name}" for name in names[:4])))
        if not meant:
            return Reply(words("None of the {count} open positions is like that.", count=len(held)), say("Positions"))
        if asked.is_plain:
            return _close(c, desk, request.person, meant)
        return _asked(c, desk, request.person, asked, meant, held)

    return act


def _asked(c: Connection, desk: Desk, person: Person, asked: Selection, meant: list[Held], held: list[Held]) -> Reply:
    """Several at once: the list first."""
    kept = [each for each in held if each not in meant]
    body = page("close_list", meant=meant, kept=kept)
    return confirm(c, desk, person, "close", body, positions=[[each.run.id, each.market] for each in meant])


@confirmed("close")
def _confirmed(c: Connection, desk: Desk, person: Person, payload: dict[str, Any]) -> Reply:
    wanted = {(run, market) for run, market in payload["positions"]}
    return _close(c, desk, person, [each for each in held_by(c, desk, person) if (each.run.id, each.market) in wanted])


def _close(c: Connection, desk: Desk, person: Person, meant: list[Held]) -> Reply:
    engine = desk.engine(c, person)
    done = [each for each in meant if engine.close(c, each.run, each.market, "you closed it")]
    engine.save(c)
    if not done:
        return Reply(
            words("Nothing was sold: the positions are closed already, or there is no price now."), say("Status")
        )
    return Reply(page("closed", markets=[each.market for each in done]), say("Status"))
