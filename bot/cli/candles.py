"""`sayso candles`: the candle store, filled from exchanges and files, without any key."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.command import OK, PROBLEMS, CliCommand, CommandError, emit, json_flag, settings_of
from bot.cli.store_words import Standing, hole_words, shown, standing, table
from bot.clock import system_clock
from runtime.core.calendar import milliseconds
from runtime.exchange_rules import write_exchange_rules
from runtime.feeds.columns import CandleFileError
from runtime.feeds.exchange import ExchangeSource
from runtime.feeds.fetching import fetch_into, repair, whole_only
from runtime.feeds.files import gaps, load_candles, save_candles
from runtime.feeds.store import CandleStore, Series
from runtime.feeds.versions import first_since
from strategy_dsl.timeframes import TIMEFRAMES

Action = Callable[[Namespace, CandleStore], int]
STOPPED = 130


def moment(text: str) -> datetime:
    """`2024-01-31` or `2024-01-31T15:00` in UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is not a day such as 2024-01-31, or a time such as 2024-01-31T15:00") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _list(args: Namespace, store: CandleStore) -> int:
    return _show(args, [standing(store, each) for each in store.listing()])


def _fetch(args: Namespace, store: CandleStore) -> int:
    series, until = _series(args), args.until or system_clock()
    since_ms, until_ms = milliseconds(args.since), milliseconds(until)
    with closing(ExchangeSource(args.exchange, args.url)) as source:
        try:
            found = fetch_into(store, source, series, since_ms, until_ms, None if args.json else _progress)
        except KeyboardInterrupt:
            print("\nStopped. What has come is kept; the same command goes on from here.", file=sys.stderr)
            return STOPPED
        if args.rules is not None:
            rules, mode = source.rules(series.market, series.timeframe)
            write_exchange_rules(args.rules, args.exchange, series.market, rules, mode)
    candles = store.read(series, since_ms, until_ms)
    holes = gaps(candles)
    if args.out is not None:
        save_candles(candles, args.out)
    missing = sum(count for _, count in holes)
    if args.json:
        emit(
            {"candles": len(candles), "new": found.new, "revised": found.revised, "missing": missing,
             "impossible": found.impossible, "out": args.out}
        )  # fmt: skip
        return OK
    there = len(candles) - found.new
    print(f"{series}: {len(candles):,} candles, {found.new:,} new, {there:,} were here, {missing:,} missing")
    _say_changes(found.revised, found.impossible, args.exchange)
    if args.out is not None:
        print(f"written to {args.out}")
    return OK


def _import(args: Namespace, store: CandleStore) -> int:
    now_ms = milliseconds(system_clock())
    candles = whole_only(load_candles(args.file, args.market), now_ms)
    series = Series(args.exchange, candles.market, candles.timeframe)
    written = store.append(series, candles, now_ms)
    if args.json:
        emit({"series": str(series), "candles": len(candles), "new": len(written.new), "revised": len(written.revised)})
    else:
        print(f"{series}: {len(candles):,} candles in the file, {len(written.new):,} new")
        _say_changes(len(written.revised), (), args.file.name)
    return OK


def _export(args: Namespace, store: CandleStore) -> int:
    series = _series(args)
    since, until, as_of = (
        None if each is None else milliseconds(each) for each in (args.since, args.until, args.as_of)
    )
    if args.first_since is not None:
        kept = first_since(store.versions(series, since, until), milliseconds(args.first_since))
        candles = kept.candles(series.market, series.timeframe)
    else:
        candles = store.read(series, since, until, as_of)
    if not len(candles):
        raise CandleFileError(f"the store has no candles of {series} there: `sayso candles list` shows what it has")
    save_candles(candles, args.out)
    if args.json:
        emit({"candles": len(candles), "out": args.out})
    else:
        print(f"{series}: {len(candles):,} candles -> {args.out}")
    return OK


def _repair(args: Namespace, store: CandleStore) -> int:
    results = []
    for series in _chosen(args, store):
        with closing(ExchangeSource(series.exchange, args.url)) as source:
            found = repair(store, source, series, None if args.json else _progress)
        results.append(
            {"series": str(series), "filled": found.fetched.new, "revised": found.fetched.revised,
             "venue_does_not_have": [[start, count] for start, count in found.holes]}
        )  # fmt: skip
        if not args.json:
            still = sum(count for _, count in found.holes)
            print(f"{series}: {found.fetched.new:,} filled, {still:,} {series.exchange} does not have itself")
            print(*(f"  {hole_words(*hole)}" for hole in found.holes[:10]), sep="\n", end="\n" if found.holes else "")
            if len(found.holes) > 10:
                print(f"  and {len(found.holes) - 10:,} more holes")
            _say_changes(found.fetched.revised, found.fetched.impossible, series.exchange)
    if args.json:
        emit(results)
    return OK


def _check(args: Namespace, store: CandleStore) -> int:
    found = [standing(store, each) for each in _chosen(args, store)]
    _show(args, found)
    if not args.json:
        for each in found:
            for line in each.holes[:10]:
                print(f"{each.series}: {line}")
            if len(each.holes) > 10:
                print(f"{each.series}: and {len(each.holes) - 10:,} more holes")
            if each.damage:
                print(f"{each.series}: {each.damage}")
    return PROBLEMS if any(each.damage for each in found) else OK


def _show(args: Namespace, found: list[Standing]) -> int:
    if args.json:
        emit([each.data() for each in found])
    elif found:
        print(table(found))
    else:
        print("The store is empty: `sayso candles fetch BTC/USDT 1h --since 2024-01-01` fills it.")
    return OK


def _say_changes(revised: int, impossible: tuple[str, ...], who: str) -> None:
    if revised:
        print(f"{revised:,} were different here; both versions are kept (--as-of gives the older ones)")
    for each in impossible[:5]:
        print(f"left out, since no candle can be so ({who}): {each}")


def _progress(done: int, expected: int) -> None:
    end = "\n" if done >= expected else ""
    print(f"\r{shown(done)} of {shown(expected)}", end=end, file=sys.stderr, flush=True)


def _series(args: Namespace) -> Series:
    return Series(args.exchange, args.market, args.timeframe)


def _chosen(args: Namespace, store: CandleStore) -> list[Series]:
    """The series that are meant: the one named, else all."""
    if args.market is None:
        return store.listing()
    if args.timeframe is None:
        raise CommandError(f"name the timeframe, too, for example: {args.market} 1h")
    if (wanted := _series(args)) not in store.listing():
        raise CandleFileError(f"the store has no candles of {wanted}: `sayso candles list` shows what it has")
    return [wanted]


def _arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)

    def action(name: str, about: str, run: Action) -> ArgumentParser:
        one = actions.add_parser(name, help=about, description=about)
        one.set_defaults(action=run)
        one.add_argument("--data-dir", type=Path, help="folder of the database and pictures")
        one.add_argument("--exchange", default="binance", help="an exchange that ccxt knows")
        json_flag(one)
        return one

    def market(one: ArgumentParser, count: str | None = None) -> None:
        one.add_argument("market", nargs=count, help="for example BTC/USDT")
        one.add_argument("timeframe", nargs=count, choices=(*TIMEFRAMES,), metavar="TIMEFRAME", help="for example 1h")

    def span(one: ArgumentParser, *, needs_since: bool) -> None:
        one.add_argument("--since", type=moment, required=needs_since, metavar="DAY", help="first day, UTC")
        one.add_argument("--until", type=moment, metavar="DAY", help="the day after the last, UTC; now if not given")

    action("list", "what the store has", _list)
    fetch = action("fetch", "bring candles of an exchange; goes on where it was stopped", _fetch)
    market(fetch)
    span(fetch, needs_since=True)
    fetch.add_argument(
        "--rules", type=Path, metavar="FILE.json", help="save the market's steps and minimums there, too"
    )
    fetch.add_argument("--out", type=Path, help="write them to a .parquet or .csv file, too")
    taken = action("import", "take candles from a .parquet or .csv file", _import)
    taken.add_argument("file", type=Path)
    taken.add_argument("--market", help="where the file's name does not tell, for example BTC/USDT")
    given = action("export", "write candles to a .parquet or .csv file", _export)
    market(given)
    span(given, needs_since=False)
    given.add_argument("--as-of", type=moment, metavar="TIME", help="as they were known then, UTC")
    given.add_argument(
        "--first-since", type=moment, metavar="TIME", help="as a run saw them that began then: later ones as first seen"
    )
    given.add_argument("--out", type=Path, required=True, help="a .parquet or .csv file")
    mended = action("repair", "ask the exchange again for every hole", _repair)
    market(mended, "?")
    checked = action("check", "holes, changed candles and damage", _check)
    market(checked, "?")
    for one in (fetch, mended):
        one.add_argument("--url", help="another host in place of the exchange's own")


def _run(args: Namespace) -> int:
    action: Action = args.action
    return action(args, CandleStore(settings_of(args).candle_folder))


CANDLES = CliCommand(
    "candles",
    "the candle store: list, fetch, import, export, repair, check; no key, no account",
    "sayso candles fetch BTC/USDT 1h --since 2024-01-01",
    _arguments,
    _run,
)
