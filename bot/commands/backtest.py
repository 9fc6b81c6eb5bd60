"""`backtest`."""

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.drafts import looked_at, study_card
from bot.naming import unknown_strategy
from bot.pages import page
from bot.replies import Reply, say
from bot.research import study
from bot.working import apart
from runtime.ledger import strategies
from runtime.markets import MarketError


@command("/backtest [STRATEGY]", "backtest it", "test it", "run a backtest")
async def backtest(request: Request, desk: Desk) -> Reply:
    """What the strategy would have done on history."""
    with desk.ledger.read() as c:
        strategy = desk.named(c, request.person, request.words)
        if strategy is None or strategy.version_id is None:
            return unknown_strategy(c, request.person, request.words)
        compiled = desk.compiled(strategies.version(c, strategy.version_id).text)
        tried = looked_at(c, request.person, compiled)
    try:
        found = await apart(
            study,
            compiled,
            desk.markets(),
            desk.limits.paper,
            desk.pictures,
            tried=tried,
            dark=desk.settings.dark_pictures,
        )
    except MarketError as error:
        return Reply(page("problem", text=str(error)))
    reply = study_card(found)
    return Reply(reply.html, say("Paper", "Rules", "Numbers"), reply.picture, reply.kind)
