"""Values from outside the candles and high-impact events, on the command line of `backtest` and `sweep`."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.cli.command import CommandError
from runtime.core.outside import Outside
from runtime.feeds.outside_files import OutsideError, read_events, read_outside, sources_of
from strategy_dsl.catalogue import OUTSIDE


def outside_arguments(parser: ArgumentParser) -> None:
    """Adds files of values and of events."""
    parser.add_argument(
        "--outside", action="append", default=[], metavar="NAME[:MARKET]=FILE.csv[,AGE]",
        help=f"times and values of {', '.join(OUTSIDE)}; older than AGE (as 8h or 2d) is unknown",
    )  # fmt: skip
    parser.add_argument("--events", type=Path, metavar="FILE.csv", help="times of high-impact events, first column")


def outside_of(args: Namespace) -> dict[str, Outside]:
    """The series of the call by name, or by `NAME of MARKET`; raises CommandError."""
    try:
        return {key: read_outside(path, name, age) for key, (name, path, age) in sources_of(args.outside).items()}
    except OutsideError as error:
        raise CommandError(str(error)) from None


def events_of(args: Namespace) -> tuple[int, ...] | None:
    """The moments of the call, ms UTC; None where no file was given. Raises CommandError."""
    try:
        return read_events(args.events) if args.events else None
    except OutsideError as error:
        raise CommandError(str(error)) from None
