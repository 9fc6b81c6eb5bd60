"""What `backtest`, `sweep` and `signals` share: candle files, cash and costs on the command line."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from bot.cli.command import CommandError, limits_of, read_text
from bot.cli.costs import cost_arguments, costs_of
from bot.cli.outside import events_of, outside_arguments, outside_of
from runtime.candles import Candles
from runtime.core.resample import resampled
from runtime.feeds.files import load_candles
from runtime.variants import History
from strategy_dsl.compiler import Compiled, compile_rules
from strategy_dsl.nodes import Money
from strategy_dsl.program import markets_read
from strategy_dsl.timeframes import timeframe_ms


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


def candle_arguments(parser: ArgumentParser, *, required: bool = True) -> None:
    """Adds the candle files."""
    parser.add_argument(
        "--candles",
        dest="candle_files",
        nargs="+",
        default=[],
        required=required,
        metavar="[MARKET=]FILE",
        help="parquet or CSV; timeframe from the spacing",
    )


def money_arguments(parser: ArgumentParser) -> None:
    """Adds opening cash and costs."""
    parser.add_argument("--cash", type=amount, help="opening cash; the budget of the rules where not given")
    cost_arguments(parser)
    outside_arguments(parser)
    parser.add_argument(
        "--finer", nargs="+", action="extend", default=[], metavar="[MARKET=]FILE",
        help="finer candles, for example of 1m: they tell whether stop or target came first inside a candle",
    )  # fmt: skip


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
    universe = trade.universe
    if universe is not None and not any(name.endswith(f"/{universe.quote}") for name in found):
        raise CommandError(f"there are no candles in {universe.quote}: add --candles of each market to choose from")
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


def _finer(candles: dict[str, Candles], places: list[str]) -> dict[str, Candles]:
    """Finer candles by market; a file without a market serves a single market. Raises CommandError."""
    found: dict[str, Candles] = {}
    for place in places:
        market, _, path = place.rpartition("=")
        only = next(iter(candles)) if len(candles) == len(places) == 1 else None
        finer = load_candles(Path(path), market or only)
        own = candles.get(finer.market)
        if own is None:
            raise CommandError(f"there are no candles of {finer.market} beside its finer ones: add --candles")
        if timeframe_ms(own.timeframe) % timeframe_ms(finer.timeframe):
            raise CommandError(f"{finer.timeframe} candles do not make {own.timeframe} ones: give finer ones")
        found[finer.market] = finer
    return found


def priced(args: Namespace) -> Compiled:
    """The rules of the call, with `--cash` as their budget where it is given; raises StrategyError."""
    limits, text = limits_of(args), read_text(args.rules)
    if args.cash is None:
        return compile_rules(text, limits)
    compiled = compile_rules(text, limits, budget=args.cash)
    budget = compiled.strategy.budget
    assert budget is not None
    return replace(compiled, strategy=replace(compiled.strategy, budget=Money(args.cash, budget.currency)))


def history_of(compiled: Compiled, candles: dict[str, Candles], args: Namespace) -> History:
    """Candles, opening cash and costs of the call."""
    budget = compiled.strategy.budget
    assert budget is not None
    return History(
        candles,
        float(budget.amount),
        costs_of(args),
        events_of(args) or (),
        outside_of(args),
        _finer(candles, args.finer),
    )
