"""`sayso backtest`: rules on candle files: chart, figures, verdict; trades and report as files."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np

from bot.charts import backtest_picture
from bot.cli.command import OK, CliCommand, CommandError, emit, json_flag, limits_of, read_text, rules_argument
from bot.report_text import defined_figures, month_table
from bot.research import marks
from bot.text_charts import terminal_chart
from bot.trade_files import reasons, write_trades
from runtime.backtest import Backtest, Costs
from runtime.candles import Candles
from runtime.core.evidence.words import explained
from runtime.core.resample import resampled
from runtime.feeds.files import gaps, load_candles
from runtime.ready import runnable
from runtime.report import Report, report_data, report_on
from runtime.variants import History
from strategy_dsl.compiler import Compiled, compile_rules
from strategy_dsl.nodes import Money
from strategy_dsl.program import markets_read
from strategy_dsl.timeframes import timeframe_ms

WIDTH = 72


def ratio(text: str) -> float:
    """`0.1%` or `0.001` as a ratio."""
    try:
        value = Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except InvalidOperation:
        raise ArgumentTypeError(f"{text} is not a percent such as 0.1%") from None
    if not 0 <= value < 1:
        raise ArgumentTypeError(f"{text} must be from 0% up to 100%")
    return float(value)


def amount(text: str) -> Decimal:
    """An amount of money above zero."""
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ArgumentTypeError(f"{text} is not an amount such as 100000") from None
    if not value.is_finite() or value <= 0:
        raise ArgumentTypeError(f"{text} must be above 0")
    return value


def count(text: str) -> int:
    """A whole number of at least 1."""
    if not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError(f"{text} is not a number from 1 on")
    return int(text)


def candle_arguments(parser: ArgumentParser) -> None:
    """Adds the candle files."""
    parser.add_argument(
        "--candles",
        dest="candle_files",
        nargs="+",
        required=True,
        metavar="[MARKET=]FILE",
        help="parquet or CSV; timeframe from the spacing",
    )


def _arguments(parser: ArgumentParser) -> None:
    rules_argument(parser)
    candle_arguments(parser)
    parser.add_argument("--cash", type=amount, help="opening cash; the budget of the rules where not given")
    parser.add_argument("--fee", type=ratio, default=0.001, help="fee a side, 0.1%% where not given")
    parser.add_argument("--slippage", type=ratio, default=0.0, help="slippage of market orders and stops")
    parser.add_argument("--figures", action="store_true", help="every figure with its definition, and the months")
    parser.add_argument("--evidence", action="store_true", help="what the trades prove, test by test")
    parser.add_argument("--tried", type=count, default=1, help="how many variants of these rules you looked at")
    parser.add_argument("--trades", type=Path, metavar="OUT.csv", help="write the trades there (.csv or .json)")
    parser.add_argument(
        "--picture", type=Path, metavar="OUT.png", help="draw prices, trades, equity and drawdown there"
    )
    json_flag(parser)


def candles_for(compiled: Compiled, places: list[str]) -> dict[str, Candles]:
    """The candles of each market of the rules; a single file without a market serves a single market."""
    trade = compiled.strategy.trade
    assert trade is not None
    found: dict[str, Candles] = {}
    for place in places:
        market, _, path = place.rpartition("=")
        only = trade.markets[0] if len(trade.markets) == len(places) == 1 else None
        candles = load_candles(Path(path), market or only)
        found[candles.market] = _on(candles, trade.timeframe)
    missing = [market for market in markets_read(compiled.strategy) if market not in found]
    if missing:
        raise CommandError(f"there are no candles of {' and '.join(missing)}: add --candles {missing[0]}=FILE")
    return found


def _on(candles: Candles, timeframe: str) -> Candles:
    own, wanted = timeframe_ms(candles.timeframe), timeframe_ms(timeframe)
    if wanted < own or wanted % own:
        raise CommandError(
            f"the rules use {timeframe} candles and the file has {candles.timeframe} ones: change `trade … on`"
            f" to {candles.timeframe} or a multiple"
        )
    return resampled(candles, timeframe) if wanted > own else candles


def _compiled(args: Namespace) -> Compiled:
    limits, text = limits_of(args), read_text(args.rules)
    if args.cash is None:
        return runnable(compile_rules(text, limits), text)
    compiled = runnable(compile_rules(text, limits, budget=args.cash), text)
    budget = compiled.strategy.budget
    assert budget is not None
    return replace(compiled, strategy=replace(compiled.strategy, budget=Money(args.cash, budget.currency)))


def _run(args: Namespace) -> int:
    compiled = _compiled(args)
    candles = candles_for(compiled, args.candle_files)
    budget = compiled.strategy.budget
    assert budget is not None
    costs = Costs(args.fee, args.slippage)
    report = report_on(compiled.strategy, History(candles, float(budget.amount), costs), args.tried)
    if args.trades:
        write_trades(args.trades, report.backtest)
    if args.picture:
        _draw(args.picture, compiled, candles, report.backtest)
    if args.json:
        emit(_data(compiled, candles, report, deep=args.evidence))
    else:
        _print(args, report)
    return OK


def _draw(path: Path, compiled: Compiled, candles: dict[str, Candles], found: Backtest) -> None:
    first = next(iter(candles.values()))
    equity = found.equity[np.searchsorted(found.time, first.time)]
    shown = [each for each in marks(found) if len(candles) == 1 or _near(each.time_ms, first)]
    backtest_picture(path, first, shown, equity, compiled.strategy.name or "Backtest")


def _near(time_ms: int, candles: Candles) -> bool:
    return bool(candles.time[0] <= time_ms <= candles.time[-1])


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
        "entry_share": found.entry_share,
    }


def _print(args: Namespace, report: Report) -> None:
    found, metrics = report.backtest, report.metrics
    print(terminal_chart(found.equity, WIDTH, 8, marks(found), times=found.time, unit="equity"))
    print(f"{metrics.trades.count} trades, return {metrics.total_return:+.2%}, holding {metrics.holding_return:+.2%}")
    fall, holding = metrics.max_drawdown.fraction, metrics.holding_drawdown.fraction
    print(f"deepest fall {-fall:.2%}, holding {-holding:.2%}")
    print(f"final equity {found.equity[-1]:,.2f}")
    print(f"{report.evidence.verdict}: {report.evidence.sentence}")
    if args.figures:
        print(f"\n{defined_figures(metrics)}\n\n{month_table(metrics.months)}")
    if args.evidence:
        print()
        for heading, sentence in explained(report.evidence, report.around.near, report.around.walk):
            print(fill(f"{heading}: {sentence}", WIDTH, subsequent_indent="  "))


BACKTEST = CliCommand(
    "backtest",
    "run rules on history",
    "sayso backtest dip.say --candles BTC/USDT=btc-1h.parquet --cash 100000 --fee 0.1% --trades trades.csv",
    _arguments,
    _run,
)
