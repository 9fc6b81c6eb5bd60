"""`help`."""

from bot.commands.registry import COMMANDS, GROUPS, Request, command
from bot.desk import Desk
from bot.pages import page
from bot.replies import Button, Reply


@command("/help COMMAND", "help", "?", "what can you do", "menu", "commands", "help me")
async def help_(request: Request, desk: Desk) -> Reply:
    """What you can say; help backtest tells more about one command."""
    wanted = request.words.casefold().lstrip("/").strip().replace(" ", "_")
    group = next((name for name in GROUPS if name.casefold().replace(" ", "_") == wanted), None)
    if wanted in COMMANDS:
        shown = [COMMANDS[wanted]]
    elif group is not None:
        shown = [COMMANDS[name] for name in GROUPS[group].split() if name in COMMANDS]
    else:
        buttons = tuple(Button(name, f"say:help {name.lower()}") for name in GROUPS)
        rows = tuple(buttons[at : at + 3] for at in range(0, len(buttons), 3))
        groups = [(name, names.split()) for name, names in GROUPS.items()]
        return Reply(page("help", groups=groups, label=desk.markets().label), rows)
    return Reply(page("help_more", commands=shown))
