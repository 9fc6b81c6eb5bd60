"""`sayso version`."""

from argparse import Namespace
from importlib.metadata import version
from platform import python_version

from bot.cli.command import OK, CliCommand, emit, json_flag


def _run(args: Namespace) -> int:
    found = {"sayso": version("sayso"), "python": python_version()}
    if args.json:
        emit(found)
    else:
        print(f"sayso {found['sayso']}, Python {found['python']}; play money only")
    return OK


VERSION = CliCommand("version", "print the version", "sayso version", json_flag, _run)
