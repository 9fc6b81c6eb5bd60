"""`breakeven MARKET`."""

from typing import Any

from sqlalchemy import Connection

from bot.commands.registry import Request, command, confirm, confirmed
from bot.desk import Desk
from bot.exit_plans import StopWish
from bot.pages import money, signed, words
from bot.pages import price as price_text
from bot.replies import Act, Reply, say
from bot.standing import Held, held_by
from runtime.ledger.people import Person


@command("/breakeven MARKET", "breakeven", "break even", "stop to break even")
async def breakeven(request: Request, desk: Desk) -> Act:
    """Move the stop of an open position to its entry price, for example: breakeven BTC."""
    return move_stop(request.person, desk, StopWish(request.words.upper().split("/")[0].strip() or None, None))


def move_stop(person: Person, desk: Desk, wish: StopWish) -> Act:
    """Moves the stop of one open position; farther away only after a yes."""

    def act(c: Connection) -> Reply:
        held = [each for each in held_by(c, desk, person) if wish.coin in (None, each.coin)]
        if not held:
            return Reply(
                words("No position is open{on}.", on=f" in {wish.coin}" if wish.coin else ""), say("Positions")
            )
        if len(held) > 1:
            names = ", ".join(dict.fromkeys(each.coin for each in held))
            return Reply(
                words(
                    "Which one? Open: {names}. Say for example <b>breakeven {coin}</b>", names=names, coin=held[0].coin
                )
            )
        target = held[0].entry if wish.price is None else wish.price
        return _moved(c, desk, person, held[0], target)

    return act


def _moved(c: Connection, desk: Desk, person: Person, held: Held, target: float) -> Reply:
    way = 1 if held.is_long else -1
    if not desk.engine(c, person).can_move_stop(held.run):
        return Reply(
            words("Here every entry has a stop of its own, so there is none to move. Change the rules instead.")
        )
    if (held.mark - target) * way <= 0:
        text = "{market} is at {mark} now: a stop at {target} would close it at once. <b>close {coin}</b> does that."
        values = {"market": held.market, "mark": price_text(held.mark), "target": price_text(target)}
        return Reply(words(text, coin=held.coin.lower(), **values), say(f"Close {held.coin}", "Positions"))
    if held.stop is not None and (target - held.stop) * way < 0:
        lost = (held.stop - target) * way * held.quantity
        text = (
            "That is farther away than the stop at {stop}: up to {lost} more can be lost on {market}."
            " Move it to {target} all the same?"
        )
        values = {"stop": price_text(held.stop), "lost": money(lost), "target": price_text(target)}
        shown = words(text, market=held.market, **values)
        return confirm(c, desk, person, "stop", shown, run=held.run.id, market=held.market, price=target)
    return _set(c, desk, person, held, target)


@confirmed("stop")
def _confirmed(c: Connection, desk: Desk, person: Person, payload: dict[str, Any]) -> Reply:
    for held in held_by(c, desk, person):
        if (held.run.id, held.market) == (payload["run"], payload["market"]):
            return _set(c, desk, person, held, float(payload["price"]))
    return Reply(words("That position is closed already; nothing was changed."), say("Positions"))


def _set(c: Connection, desk: Desk, person: Person, held: Held, target: float) -> Reply:
    if not desk.engine(c, person).move_stop(c, held.run, held.market, target):
        return Reply(words("That position is closed already; nothing was changed."), say("Positions"))
    way = 1 if held.is_long else -1
    result = (target - held.entry) * way * held.quantity
    text = (
        "The stop of {market} is now at <b>{target}</b> ({result} before fees if it is hit)."
        " It holds for this position; the next one has the stop of the rules."
    )
    shown = words(text, market=held.market, target=price_text(target), result=signed(result))
    return Reply(shown, say("Positions"))
