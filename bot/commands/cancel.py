"""`cancel`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import words
from bot.replies import Act, Reply, say
from runtime.ledger import questions


@command("/cancel", "cancel that", "never mind", "nevermind", "forget it", "scrap that", "no wait")
async def cancel(request: Request, desk: Desk) -> Act:
    """Take back what is open: orders that wait for you, or a question of mine."""

    def act(c: Connection) -> Reply:
        engine = desk.engine(c, request.person)
        waiting, question = len(engine.waiting(c)), questions.open_one(c, request.person.id)
        if waiting:
            engine.withdraw(c, None, "you cancelled it")
            engine.save(c)
            text = "Taken back: {count} order{s} that waited for you. Nothing was bought or sold."
            return Reply(words(text, count=waiting, s="s" * (waiting != 1)), say("Status"))
        if question is not None:
            questions.settle(c, question.id, "cancelled", desk.clock())
            return Reply(words("Forgotten. Everything is as it was."))
        return Reply(words("Nothing is waiting, so there is nothing to cancel. Say <b>undo</b> to take back a change."))

    return act
