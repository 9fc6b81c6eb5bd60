"""`sayso sweep`: the same rules with every combination of some of their numbers."""

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from textwrap import fill

from bot.backtest_notes import backtest_notes
from bot.cli.command import OK, CliCommand, CommandError, emit, json_flag, rules_argument
from bot.cli.history import candle_arguments, candles_for, history_of, money_arguments, priced
from bot.sweep_charts import sweep_picture
from bot.sweep_text import parameter_lines, sweep_data, sweep_sentences, sweep_table
from runtime.sweep import Sweep, SweepError, sweep
from strategy_dsl.compiler import Compiled
from strategy_dsl.parameters import parameters
from strategy_dsl.ranges import RangeError, choices

BAR = 30
WIDTH = 72


def _arguments(parser: ArgumentParser) -> None:
    rules_argument(parser)
    parser.add_argument("ranges", nargs="*", metavar="NAME=VALUES", help="length=10..20, wide=1%%..5%%/0.5%%, 2=25,30")
    candle_arguments(parser, required=False)
    money_arguments(parser)
    parser.add_argument("--picture", type=Path, metavar="OUT.png", help="draw a heat map (two numbers) or a line (one)")
    parser.add_argument("--dark", action="store_true", help="draw light on dark")
    parser.add_argument("--cores", type=int, default=0, help="processes; all cores where not given")
    json_flag(parser)


def _run(args: Namespace) -> int:
    compiled = priced(args)
    places, ranges = _told_apart(args)
    if not ranges:
        return _listed(compiled, args)
    if not places:
        raise CommandError("there are no candles to sweep on: add --candles MARKET=FILE")
    history = history_of(compiled, candles_for(compiled, places), args)
    try:
        chosen = choices(compiled.strategy, ranges)
        if args.picture and len(chosen) > 2:
            raise CommandError("a picture shows one number or two: leave --picture out, or try fewer numbers")
        found = sweep(compiled.strategy, chosen, history, args.cores or os.cpu_count() or 1, _progress)
    except (RangeError, SweepError) as error:
        raise CommandError(str(error)) from None
    if args.picture:
        sweep_picture(args.picture, found, compiled.strategy.name or "Sweep", dark=args.dark)
    if args.json:
        emit(sweep_data(found))
    else:
        for note in backtest_notes(compiled.strategy, history):
            print(fill(f"NOTE: {note}", WIDTH, subsequent_indent="  "))
        _print(found)
    return OK


def _told_apart(args: Namespace) -> tuple[list[str], list[str]]:
    """Candle files and ranges: `--candles` takes all that follows it, also the ranges, whose names have no slash."""
    ranges = [each for each in args.candle_files if "=" in each and "/" not in each.partition("=")[0]]
    return [each for each in args.candle_files if each not in ranges], [*args.ranges, *ranges]


def _listed(compiled: Compiled, args: Namespace) -> int:
    found = parameters(compiled.strategy)
    if args.json:
        emit([{"name": each.name, "label": each.label, "written": each.text(each.value)} for each in found])
    else:
        print(parameter_lines(found) or "These rules have no number to try.")
        if found:
            print(f"\nname what to try, for example: {found[0].example()}")
    return OK


def _print(found: Sweep) -> None:
    print(f"{sweep_table(found)}\n")
    for sentence in sweep_sentences(found):
        print(fill(sentence, WIDTH, subsequent_indent="  "))


def _progress(done: int, of: int) -> None:
    """A bar on a terminal, nothing in a file or a pipe."""
    if not sys.stderr.isatty():
        return
    full = BAR * done // of
    end = "\n" if done == of else ""
    print(f"\r[{'█' * full}{'·' * (BAR - full)}] {done:,} of {of:,}", end=end, file=sys.stderr, flush=True)


SWEEP = CliCommand(
    "sweep",
    "run rules with every combination of some numbers",
    "sayso sweep dip.say length=10..20 bottom=25,30,35 --candles BTC/USDT=btc-1h.parquet --picture sweep.png",
    _arguments,
    _run,
)
