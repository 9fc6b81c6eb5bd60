"""Every command, one file each; importing this fills the table."""

from bot.commands import (
    backtest,
    close,
    cost,
    help,
    limits,
    listing,
    numbers,
    panic,
    paper,
    pause,
    resume,
    rules,
    skip,
    speed,
    status,
    stop,
    summary,
    sweep,
    trades,
    undo,
    versions,
    why,
    whynot,
)
from bot.commands.registry import COMMANDS, Command, Request, matched

__all__ = ["COMMANDS", "Command", "Request", "matched"]
