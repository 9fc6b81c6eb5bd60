"""Support and resistance said with their price: `support at 58000`, `the 62k resistance` are that price."""

from collections.abc import Sequence
from dataclasses import replace

from strategy_dsl.phrasebook.tokens import Token

LEVELS = ("support", "resistance")
LEAST_PRICE = 25
"""Below this a bare number beside the word may be a count or a percentage."""


def without_level_words(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with `support` and `resistance` as articles, where every one of them stands beside its price."""
    places = [at for at, token in enumerate(tokens) if token.text in LEVELS]
    if not places or not all(_beside_price(tokens, at) for at in places):
        return list(tokens)
    return [replace(token, text="the") if at in places else token for at, token in enumerate(tokens)]


def _beside_price(tokens: Sequence[Token], at: int) -> bool:
    """Whether a price stands right before the word, or behind it, `at`, `of` or `level` between them."""
    before = tokens[at - 1] if at else None
    ahead = [
        token for token in tokens[at + 1 : at + 4] if token.text not in ("at", "of", "level", "around", "is", "the")
    ]
    return any(token is not None and _price(token) for token in (before, ahead[0] if ahead else None))


def _price(token: Token) -> bool:
    if token.kind != "number" or token.value is None or token.unit not in ("", "usd"):
        return False
    return token.unit == "usd" or token.value > LEAST_PRICE or token.value != int(token.value)
