"""Coins as people call them."""

from strategy_dsl.phrasebook.names import CAPITAL_COINS, COINS

_COIN_OF = {alias.strip(): coin for coin, aliases in COINS.items() for alias in aliases.split("|")}


def coin_named(word: str) -> str | None:
    """The coin that a word names, `bitcoin` or `BTC/USDT`; names that are words too only in capitals, as `NEAR`."""
    base = word.split("/")[0]
    return _COIN_OF.get(base.lower()) or (base if base in CAPITAL_COINS else None)
