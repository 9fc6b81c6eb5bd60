"""`sayso chat`: the conversation in this terminal."""

import asyncio
import shutil
import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.cli.command import OK, CliCommand, settings_of
from bot.cli.parts import open_desk
from bot.terminal.chat import Screen, TerminalChat, typed_lines

NARROW, WIDE = 34, 88


def market_arguments(parser: ArgumentParser) -> None:
    """Adds where the market comes from and how fast it plays."""
    parser.add_argument("--candles", help="replay these candle files (PATH or MARKET=PATH, separated by commas)")
    parser.add_argument("--exchange", help="paper on the present prices of this exchange, for example binance")
    parser.add_argument("--exchange-url", help="another host in place of the exchange's own")
    parser.add_argument("--simulated", action="store_const", const=True, help="go back to the simulated market")
    parser.add_argument("--data-dir", type=Path, help="folder of the database and pictures")
    parser.add_argument("--seed", type=int, help="seed of the simulated market")
    parser.add_argument("--speed", dest="candles_a_second", type=float, help="candles a second")


def _run(args: Namespace) -> int:
    columns = shutil.get_terminal_size((80, 24)).columns
    screen = Screen(_write, max(NARROW, min(columns - 1, WIDE)), sys.stdout.isatty())
    with open_desk(settings_of(args)) as desk:
        asyncio.run(TerminalChat(desk, screen, time.monotonic).run(typed_lines()))
    return OK


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


CHAT = CliCommand(
    "chat", "talk to Sayso in this terminal", "sayso chat --candles btc-1h.parquet", market_arguments, _run
)
