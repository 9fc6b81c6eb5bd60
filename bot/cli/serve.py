"""`sayso bot` and `sayso run`."""

from argparse import Namespace

from bot.cli.chat import market_arguments
from bot.cli.command import CliCommand, CommandError


def _bot(_: Namespace) -> int:
    raise CommandError("being built")


BOT = CliCommand("bot", "talk in Telegram", "sayso bot", market_arguments, _bot)
RUN = CliCommand("run", "run without a chat", "sayso run --seconds 60", market_arguments, _bot)
