"""`sayso manual`: the language, generated from its tables."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from bot.cli.command import OK, CliCommand, CommandError, emit, json_flag
from strategy_dsl.catalogue import FUNCTIONS
from strategy_dsl.checks.kinds import nearest
from strategy_dsl.reference import function_page, manual


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="a function, for example rsi")
    json_flag(parser)


def _run(args: Namespace) -> int:
    if args.name is None:
        text = manual()
        if args.json:
            emit({"manual": text, "functions": sorted(FUNCTIONS)})
        else:
            print(text, end="")
        return OK
    row = FUNCTIONS.get(args.name)
    if row is None:
        near = nearest(args.name, FUNCTIONS)
        raise CommandError(f"there is no function called {args.name}: {near or 'see `sayso manual` for all of them'}")
    if args.json:
        emit(asdict(row) | {"unit": row.unit.name.lower()})
    else:
        print(function_page(row), end="")
    return OK


MANUAL = CliCommand(
    "manual", "print the language's manual, or the page of one function", "sayso manual rsi", _arguments, _run
)
