"""`language_of_numbers STYLE`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import money, words
from bot.replies import Act, Button, Reply
from bot.writing import STYLES, writing
from runtime.ledger import preferences

EXAMPLE = 1234.5


@command("/language_of_numbers STYLE", "language of numbers", "language-of-numbers", "number format", "digits")
async def language_of_numbers(request: Request, desk: Desk) -> Act:
    """How numbers are written: 1,234.50 or 1.234,50 or 1 234,50 or 1'234.50."""

    def act(c: Connection) -> Reply:
        said = " ".join(request.words.casefold().split()).replace("'", "’")
        examples = {" ".join(each.example.split()): name for name, each in STYLES.items()}
        wanted = examples.get(said, said)
        buttons = tuple((Button(each.example, f"say:language_of_numbers {name}"),) for name, each in STYLES.items())
        if wanted not in STYLES:
            return Reply(words("How shall I write numbers? English, German, French or Swiss:"), buttons)
        preferences.put(c, request.person.id, "numbers", wanted)
        with writing(wanted):
            return Reply(words("Numbers are now written like {shown}.", shown=money(EXAMPLE)))

    return act
