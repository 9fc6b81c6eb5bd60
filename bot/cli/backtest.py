"""`sayso backtest`: rules on candle files: chart, figures, verdict; trades and report as files."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from textwrap import fill
from typing import Any

from bot.backtest_notes import backtest_notes, early_words, inside_words
from bot.cli.command import OK, CliCommand, emit, json_flag, rules_argument
from bot.cli.history import candle_arguments, candles_for, count, history_of, money_arguments, priced
from bot.report_text import defined_figures, month_table
from bot.research import draw, marks
from bot.text_charts import terminal_chart
from bot.trade_files import reasons, write_trades
from runtime.candles import Candles
from runtime.feeds.files import gaps
from runtime.report import Report, report_data, report_on
from strategy_dsl.compiler import Compiled

WIDTH = 72


def _arguments(parser: ArgumentParser) -> None:
    rules_argument(parser)
    candle_arguments(parser)
    money_arguments(parser)
    parser.add_argument("--figures", action="store_true", help="every figure with its definition, and the months")
    parser.add_argument("--evidence", action="store_true", help="what the trades prove, test by test")
    parser.add_argument("--tried", type=count, default=1, help="how many variants of these rules you looked at")
    parser.add_argument("--trades", type=Path, metavar="OUT.csv", help="write the trades there (.csv or .json)")
    parser.add_argument(
        "--picture", type=Path, metavar="OUT.png", help="draw prices, trades, equity and drawdown there"
    )
    parser.add_argument("--dark", action="store_true", help="draw light on dark")
    json_flag(parser)


def _run(args: Namespace) -> int:
    compiled = priced(args)
    candles = candles_for(compiled, args.candle_files)
    history = history_of(compiled, candles, args)
    report, notes = report_on(compiled.strategy, history, args.tried), backtest_notes(compiled.strategy, history)
    if args.trades:
        write_trades(args.trades, report.backtest)
    if args.picture:
        draw(args.picture, compiled, report.backtest, next(iter(candles.values())), dark=args.dark)
    if args.json:
        emit({**_data(compiled, candles, report, deep=args.evidence), "notes": list(notes)})
    else:
        _print(args, report, notes)
    return OK


def _data(compiled: Compiled, candles: dict[str, Candles], report: Report, *, deep: bool) -> dict[str, Any]:
    found, why = report.backtest, reasons(report.backtest)
    return {
        "hash": compiled.hash,
        "candles": len(found.time),
        "first": int(found.time[0]),
        "last": int(found.time[-1]),
        "missing": {market: sum(count for _, count in gaps(each)) for market, each in candles.items()},
        "cash": found.cash,
        "final_equity": float(found.equity[-1]),
        **report_data(report, deep=deep),
        "exit_reasons": {each: why.count(each) for each in dict.fromkeys(why)},
        "skipped": dict(found.skipped),
        "funding": found.funding,
        "settled_after": found.settling.bars,
        "trades_before_settled": sum(found.early),
        "ambiguous_candles": found.ambiguous,
        "settled_candles": found.settled,
        "entry_share": found.entry_share,
    }


def _print(args: Namespace, report: Report, notes: tuple[str, ...]) -> None:
    found, metrics = report.backtest, report.metrics
    print(terminal_chart(found.equity, WIDTH, 8, marks(found), times=found.time, unit="equity"))
    print(f"{metrics.trades.count} trades, return {metrics.total_return:+.2%}, holding {metrics.holding_return:+.2%}")
    fall, holding = metrics.max_drawdown.fraction, metrics.holding_drawdown.fraction
    print(f"deepest fall {-fall:.2%}, holding {-holding:.2%}")
    print(f"final equity {found.equity[-1]:,.2f}")
    if found.funding:
        print(
            f"funding {'paid' if found.funding > 0 else 'received'} {abs(found.funding):,.2f}, in the trades' results"
        )
    for note in notes:
        print(fill(f"NOTE: {note}", WIDTH, subsequent_indent="  "))
    for each in (*early_words(found), *inside_words(found)):
        print(fill(each, WIDTH, subsequent_indent="  "))
    for why, times in found.skipped:
        print(f"not done, {why}: {times}x")
    print(f"{report.evidence.verdict}: {report.evidence.sentence}")
    if args.figures:
        print(f"\n{defined_figures(metrics)}\n\n{month_table(metrics.months)}")
    if args.evidence:
        print()
        for heading, sentence in report.explained():
            print(fill(f"{heading}: {sentence}", WIDTH, subsequent_indent="  "))


BACKTEST = CliCommand(
    "backtest",
    "run rules on history",
    "sayso backtest dip.say --candles BTC/USDT=btc-1h.parquet --cash 100000 --fee 0.1% --trades trades.csv",
    _arguments,
    _run,
)
