"""What trading costs and what a market takes, on the command line of `backtest` and `sweep`."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from bot.cli.command import CommandError
from runtime.backtest import Costs, Venue
from runtime.exchange_rules import ExchangeRulesError, read_exchange_rules


def ratio(text: str) -> float:
    """`0.1%` or `0.001` as a ratio."""
    try:
        value = Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except InvalidOperation:
        raise ArgumentTypeError(f"{text} is not a percent such as 0.1%") from None
    if not 0 <= value < 1:
        raise ArgumentTypeError(f"{text} must be from 0% up to 100%")
    return float(value)


def of_market(text: str) -> tuple[str, str]:
    """`BTC/USDT=0.001` as a market and what is said of it."""
    market, _, value = text.partition("=")
    if "/" not in market or not value:
        raise ArgumentTypeError(f"{text} is not of a market: write it like BTC/USDT=0.001")
    return market, value


def cost_arguments(parser: ArgumentParser) -> None:
    """Adds fee, slippage, spread, impact and the rules of the exchange."""
    parser.add_argument("--fee", type=ratio, default=0.001, help="fee a side, 0.1%% where not given")
    parser.add_argument("--slippage", type=ratio, default=0.0, help="slippage of market orders and stops")
    parser.add_argument("--spread", type=ratio, default=0.0, help="whole distance of bid and ask; half of it a side")
    parser.add_argument(
        "--impact", type=ratio, default=0.0,
        help="price change of an order as large as the candle's volume; smaller ones cost the root of their share",
    )  # fmt: skip
    parser.add_argument(
        "--exchange-rules", type=Path, metavar="FILE.json",
        help="steps and minimums from an exchange: `sayso candles fetch … --rules FILE.json`",
    )  # fmt: skip
    parser.add_argument(
        "--step",
        type=of_market,
        action="append",
        default=[],
        metavar="MARKET=COINS",
        help="smallest step of quantities",
    )
    parser.add_argument(
        "--minimum", type=of_market, action="append", default=[], metavar="MARKET=COINS|MONEY",
        help="least order, for example BTC/USDT=0.001 or BTC/USDT=10USDT; smaller ones are refused and counted",
    )  # fmt: skip


def costs_of(args: Namespace) -> Costs:
    """Costs of the call; single steps and minimums go before those of the file. Raises CommandError."""
    try:
        venue = read_exchange_rules(args.exchange_rules) if args.exchange_rules else {}
    except ExchangeRulesError as error:
        raise CommandError(str(error)) from None
    for market, value in args.step:
        venue[market] = replace(venue.get(market, Venue()), step=_number(market, value))
    for market, value in args.minimum:
        quote = market.partition("/")[2].partition(":")[0]
        if value.endswith(quote):
            changed = replace(venue.get(market, Venue()), least_money=_number(market, value.removesuffix(quote)))
        else:
            changed = replace(venue.get(market, Venue()), least_quantity=_number(market, value))
        venue[market] = changed
    return Costs(args.fee, args.slippage, args.spread, args.impact, venue)


def _number(market: str, text: str) -> float:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or value < 0:
        raise CommandError(f"{text} of {market} is not a number from 0 on: write it like {market}=0.001")
    return float(value)
