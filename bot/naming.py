"""Which strategy is meant, and what to say where none is."""

from sqlalchemy import Connection

from bot.pages import words
from bot.replies import Reply, say
from runtime.ledger import strategies
from runtime.ledger.people import Person


def unknown_strategy(c: Connection, person: Person, name: str) -> Reply:
    """There is none of that name: which there are."""
    mine = [each.name for each in strategies.listing(c, person.id)]
    if not mine:
        return Reply(
            words("There is no strategy yet. Tell me one, for example: buy BTC when RSI drops below 30, stop 3%")
        )
    if not name:
        return Reply(words("Which one? {names}", names=", ".join(mine)))
    return Reply(
        words(
            "I know no strategy “{name}”, or several are called so. Yours: {names}", name=name, names=", ".join(mine)
        ),
        say("Strategies"),
    )
