"""Values from outside the candles and high-impact events, on the command line of `backtest` and `sweep`."""

import re
from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.cli.command import CommandError
from runtime.core.outside import Outside
from runtime.feeds.outside_files import OutsideError, read_events, read_outside
from strategy_dsl.catalogue import OUTSIDE
from strategy_dsl.timeframes import duration_ms

AGE = re.compile(r"(.+),(\d+[mhdw])")


def outside_arguments(parser: ArgumentParser) -> None:
    """Adds files of values and of events."""
    parser.add_argument(
        "--outside", action="append", default=[], metavar="NAME[:MARKET]=FILE.csv[,AGE]",
        help=f"times and values of {', '.join(OUTSIDE)}; older than AGE (as 8h or 2d) is unknown",
    )  # fmt: skip
    parser.add_argument("--events", type=Path, metavar="FILE.csv", help="times of high-impact events, first column")


def outside_of(args: Namespace) -> dict[str, Outside]:
    """The series of the call by name, or by `NAME of MARKET`; raises CommandError."""
    found: dict[str, Outside] = {}
    for each in args.outside:
        head, _, place = each.partition("=")
        name, _, market = head.partition(":")
        if name not in OUTSIDE or not place:
            raise CommandError(f"{each} is not one of {', '.join(OUTSIDE)}: write it like fear_and_greed=FILE.csv,2d")
        aged = AGE.fullmatch(place)
        path, age = (aged[1], duration_ms(aged[2])) if aged else (place, None)
        key = f"{name} of {market}" if market else name
        if key in found:
            raise CommandError(f"{key} is given twice: give one file for each")
        try:
            found[key] = read_outside(Path(path), name, age)
        except OutsideError as error:
            raise CommandError(str(error)) from None
    return found


def events_of(args: Namespace) -> tuple[int, ...] | None:
    """The moments of the call, ms UTC; None where no file was given. Raises CommandError."""
    try:
        return read_events(args.events) if args.events else None
    except OutsideError as error:
        raise CommandError(str(error)) from None
