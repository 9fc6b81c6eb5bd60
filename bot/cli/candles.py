"""`sayso candles`: public candles from an exchange into a file, without any key."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.command import OK, CliCommand, emit, json_flag
from bot.cli.parts import system_clock
from runtime.core.calendar import milliseconds
from runtime.feeds.exchange import fetch_candles
from runtime.feeds.files import gaps, save_candles


def day(text: str) -> datetime:
    """`2024-01-31` as midnight UTC."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise ArgumentTypeError(f"{text} is not a day such as 2024-01-31") from None


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("market", help="for example BTC/USDT")
    parser.add_argument("timeframe", help="for example 1h")
    parser.add_argument("--exchange", default="binance", help="an exchange that ccxt knows")
    parser.add_argument("--since", type=day, required=True, metavar="DAY", help="first day, UTC")
    parser.add_argument("--until", type=day, metavar="DAY", help="the day after the last, UTC; now where not given")
    parser.add_argument("--out", type=Path, required=True, help="a .parquet or .csv file")
    parser.add_argument("--url", help="another host in place of the exchange's own")
    json_flag(parser)


def _run(args: Namespace) -> int:
    until = args.until or system_clock()
    report = None if args.json else _progress
    candles = fetch_candles(
        args.exchange, args.market, args.timeframe, milliseconds(args.since), milliseconds(until),
        base_url=args.url, report=report,
    )  # fmt: skip
    save_candles(candles, args.out)
    missing = sum(count for _, count in gaps(candles))
    if args.json:
        emit({"candles": len(candles), "missing": missing, "out": str(args.out)})
    else:
        print(f"\n{len(candles)} candles, {missing} missing -> {args.out}")
    return OK


def _progress(done: int, expected: int) -> None:
    print(f"\r{done} of about {expected} candles", end="", file=sys.stderr)


CANDLES = CliCommand(
    "candles",
    "fetch public candles from an exchange; no key, no account",
    "sayso candles BTC/USDT 1h --since 2024-01-01 --out BTCUSDT-1h.parquet",
    _arguments,
    _run,
)
