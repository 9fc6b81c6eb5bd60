"""`sayso signals`: what each rule said on each candle."""

import csv
from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.cli.command import OK, CliCommand, CommandError, compiled_file, emit, json_flag, rules_argument
from bot.cli.history import candle_arguments, candles_for
from runtime.atomic_files import replacing
from runtime.core.columns import SharedColumns
from runtime.core.machine.flat import judged_flat
from strategy_dsl.program import RulePlan, build_program

WORDS = {1.0: "true", 0.0: "false"}


def _arguments(parser: ArgumentParser) -> None:
    rules_argument(parser)
    candle_arguments(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a CSV with a column for each rule")
    json_flag(parser)


def _name(rule: RulePlan, taken: set[str]) -> str:
    name = (
        f"{rule.action}_{rule.number}" if rule.name is None or rule.action == "alert" else f"{rule.action}_{rule.name}"
    )
    return name if name not in taken else f"{name}_{rule.number}"


def _run(args: Namespace) -> int:
    compiled = compiled_file(args, args.rules)
    program = build_program(compiled.strategy)
    if not program.markets:
        raise CommandError("a universe is chosen while it runs: name the markets, for example trade BTC/USDT on 1d")
    candles = candles_for(compiled, args.candle_files)
    names: dict[str, RulePlan] = {}
    for rule in program.rules():
        names[_name(rule, set(names))] = rule
    rows: list[list[object]] = []
    judged = judged_flat(program, SharedColumns(candles))
    for market in program.markets:
        columns = [
            [WORDS.get(value, "unknown") for value in judged[market][rule.number].tolist()] for rule in names.values()
        ]
        rows += [[int(time), market, *values] for time, *values in zip(candles[market].time, *columns, strict=True)]
    _write(args.out, ["timestamp", "market", *names], rows)
    summary = {"rows": len(rows), "rules": {name: rule.claim for name, rule in names.items()}, "out": str(args.out)}
    if args.json:
        emit(summary)
    else:
        print(f"{len(rows)} candles, {len(names)} rules -> {args.out}")
    return OK


def _write(path: Path, header: list[str], rows: list[list[object]]) -> None:
    try:
        with replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise CommandError(f"{path} cannot be written ({reason}): choose another place") from None


SIGNALS = CliCommand(
    "signals",
    "write what each rule said on each candle",
    "sayso signals dip.say --candles BTC/USDT=btc-1h.parquet --out signals.csv",
    _arguments,
    _run,
)
