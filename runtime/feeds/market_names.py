"""Which market a file's name speaks of."""

import re
from collections.abc import Iterator
from itertools import pairwise

from strategy_dsl.timeframes import TIMEFRAMES

QUOTES = (
    "FDUSD",
    "USDT",
    "USDC",
    "BUSD",
    "TUSD",
    "USD",
    "EUR",
    "GBP",
    "JPY",
    "TRY",
    "DAI",
    "BTC",
    "ETH",
    "BNB",
)
"""Quote currencies that are looked for in names, longest first."""

COMMON_COINS = frozenset(
    {
        *("BTC", "XBT", "ETH", "BNB", "SOL", "XRP", "ADA", "DOGE", "LTC", "DOT", "LINK", "AVAX", "TRX"),
        *("BCH", "EOS", "NEO", "IOT", "IOTA", "XLM", "XMR", "ETC", "ATOM", "UNI", "SHIB"),
    }
)
"""Coins that settle it when a name can be cut in two ways, as BNBUSD can."""


def market_in(name: str) -> str | None:
    """`BTC/USDT` for `binance-BTCUSDT-1h` or `BTC_USDT-1h`, None when the name does not tell."""
    words = [word for word in re.split(r"[^A-Za-z0-9]+", name) if word and word.lower() not in TIMEFRAMES]
    found = list(_readings([word.upper() for word in words]))
    coin_known = [reading for reading in found if reading[0] in COMMON_COINS]
    return "/".join((coin_known or found)[0]) if found else None


def _readings(words: list[str]) -> Iterator[tuple[str, str]]:
    for coin, quote in pairwise(words):
        if quote in QUOTES and 2 <= len(coin) <= 6 and not coin.isdigit():
            yield coin, quote
    for word in words:
        for quote in QUOTES:
            coin = word.removesuffix(quote)
            if word.endswith(quote) and 2 <= len(coin) <= 10 and not coin.isdigit():
                yield coin, quote
