"""`sayso backtest`: rules on candle files, with trades in the columns that other engines use."""

import csv
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import numpy as np

from bot.charts import backtest_picture
from bot.cli.command import OK, CliCommand, CommandError, emit, json_flag, limits_of, read_text, rules_argument
from bot.research import marks, measured
from bot.text_charts import terminal_chart
from runtime.atomic_files import replacing
from runtime.backtest import Backtest, Costs, run_backtest
from runtime.candles import Candles
from runtime.core.evidence import judge
from runtime.core.resample import resampled
from runtime.feeds.files import gaps, load_candles
from runtime.ready import runnable
from strategy_dsl.compiler import Compiled, compile_rules
from strategy_dsl.nodes import Money
from strategy_dsl.program import build_program, markets_read
from strategy_dsl.timeframes import timeframe_ms

COLUMNS = ("entry_time", "exit_time", "entry_price", "exit_price", "qty", "pnl", "exit_reason")
REASONS = {"close": "end"}


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
    parser.add_argument("--trades", type=Path, metavar="OUT.csv", help="write the trades there")
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
    found = run_backtest(build_program(compiled.strategy), candles, float(budget.amount), costs)
    if args.trades:
        write_trades(args.trades, found)
    if args.picture:
        _draw(args.picture, compiled, candles, found)
    report = _report(compiled, candles, found)
    if args.json:
        emit(report)
    else:
        _print(report, found)
    return OK


def write_trades(path: Path, found: Backtest) -> None:
    """The trades as CSV, written whole or not at all."""
    several = len({each.market for each in found.trades}) > 1
    try:
        with replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow((*COLUMNS, "market") if several else COLUMNS)
            for each in found.trades:
                row = [each.entry_ms, each.exit_ms, each.entry_price, each.exit_price, each.quantity, each.pnl,
                       REASONS.get(each.kind, each.kind)]  # fmt: skip
                writer.writerow([*row, each.market] if several else row)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise CommandError(f"{path} cannot be written ({reason}): choose another place") from None


def _draw(path: Path, compiled: Compiled, candles: dict[str, Candles], found: Backtest) -> None:
    first = next(iter(candles.values()))
    equity = found.equity[np.searchsorted(found.time, first.time)]
    shown = [each for each in marks(found) if len(candles) == 1 or _near(each.time_ms, first)]
    backtest_picture(path, first, shown, equity, compiled.strategy.name or "Backtest")


def _near(time_ms: int, candles: Candles) -> bool:
    return bool(candles.time[0] <= time_ms <= candles.time[-1])


def _report(compiled: Compiled, candles: dict[str, Candles], found: Backtest) -> dict[str, Any]:
    metrics = measured(found)
    returns = np.array([each.pnl / (each.entry_price * each.quantity) for each in found.trades])
    evidence = judge(returns, seed=1)
    reasons = [REASONS.get(each.kind, each.kind) for each in found.trades]
    return {
        "hash": compiled.hash,
        "candles": len(found.time),
        "first": int(found.time[0]),
        "last": int(found.time[-1]),
        "missing": {market: sum(count for _, count in gaps(each)) for market, each in candles.items()},
        "cash": found.cash,
        "final_equity": float(found.equity[-1]),
        "return": metrics.total_return,
        "holding_return": metrics.holding_return,
        "max_drawdown": metrics.max_drawdown.fraction,
        "holding_drawdown": metrics.holding_drawdown.fraction,
        "exposure": metrics.exposure,
        "trades": metrics.trades.count,
        "win_rate": metrics.trades.win_rate,
        "expectancy": metrics.trades.expectancy,
        "profit_factor": metrics.trades.profit_factor,
        "sharpe": metrics.sharpe,
        "sortino": metrics.sortino,
        "calmar": metrics.calmar,
        "exit_reasons": {each: reasons.count(each) for each in dict.fromkeys(reasons)},
        "skipped": dict(found.skipped),
        "entry_share": found.entry_share,
        "verdict": evidence.verdict,
        "evidence": evidence.sentence,
    }


def _print(report: dict[str, Any], found: Backtest) -> None:
    print(terminal_chart(found.equity, 72, 8, marks(found), times=found.time, unit="equity"))
    print(f"{report['trades']} trades, return {report['return']:+.2%}, holding {report['holding_return']:+.2%}")
    print(f"deepest fall {-report['max_drawdown']:.2%}, holding {-report['holding_drawdown']:.2%}")
    print(f"final equity {report['final_equity']:,.2f}")
    print(report["evidence"])


BACKTEST = CliCommand(
    "backtest",
    "run rules on history",
    "sayso backtest dip.say --candles BTC/USDT=btc-1h.parquet --cash 100000 --fee 0.1% --trades trades.csv",
    _arguments,
    _run,
)
