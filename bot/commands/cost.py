"""`cost`."""

from datetime import timedelta
from decimal import Decimal

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.reader import midnight
from bot.replies import Reply
from runtime.ledger import model_calls

MONTH = timedelta(days=30)


@command("/cost", "what does the model cost", "model cost", "costs of the model")
async def cost(request: Request, desk: Desk) -> Reply:
    """What the model cost you today and in 30 days, and what is left today."""
    now, settings = desk.clock(), desk.settings
    with desk.ledger.read() as c:
        today = model_calls.used(c, request.person.id, midnight(now))
        month = model_calls.used(c, request.person.id, now - MONTH)
    spent = sum((each.cost for each in today.values()), Decimal(0))
    tokens = sum(each.tokens for each in today.values())
    body = page(
        "cost",
        today=today,
        spent=spent,
        tokens=tokens,
        month=sum((each.cost for each in month.values()), Decimal(0)),
        month_calls=sum(each.calls for each in month.values()),
        cap=settings.model_daily_dollars,
        token_cap=settings.model_daily_tokens,
        left=max(Decimal(0), settings.model_daily_dollars - spent),
        key=settings.anthropic_api_key is not None,
    )
    return Reply(body)
