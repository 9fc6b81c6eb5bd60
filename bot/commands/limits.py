"""`limits`."""

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Reply
from strategy_dsl.limits import Paper


@command("/limits", "show limits", "risk limits")
async def limits(request: Request, desk: Desk) -> Reply:
    """The hard limits in force; no chat can change them."""
    names = list(Paper.model_fields)
    rows = [
        (name.replace("_", " "), getattr(desk.limits.paper, name), getattr(desk.limits.live, name),
         Paper.model_fields[name].description or "")
        for name in names
    ]  # fmt: skip
    return Reply(page("limits", rows=rows, file=str(desk.settings.limits_file)))
