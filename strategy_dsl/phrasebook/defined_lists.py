"""Averages named first and by their length alone afterwards: `EMAs 4/9/18: buy when 9 is over 18, out at the 4`."""

from collections.abc import Sequence
from dataclasses import replace

from strategy_dsl.phrasebook.cursor import Cursor
from strategy_dsl.phrasebook.lengths import length
from strategy_dsl.phrasebook.names import word_set
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.tokens import Token

MOST_WORDS = 8
OTHER_NUMBERS = word_set(
    "stop sl tp target profit risk rsi atr adx mfi cci macd max size trail after for last leverage"
)
"""Behind these a number is something else than the length of an average."""
BREAKS = word_set(". ; ! ?") | {"\n"}


def defined(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens with each length behind such a list as its average, where every length is used; else as they are."""
    colon = next((at for at, token in enumerate(tokens) if token.text == ":"), 0)
    begins = max((at + 1 for at in range(colon) if tokens[at].text in BREAKS), default=0)
    found = _list(tokens, begins, colon) if colon else None
    if found is None:
        return tuple(tokens)
    kind, sizes = found
    told = [_told(tokens, at, kind, sizes) if at > colon else None for at in range(len(tokens))]
    if {one.value for one in told if one is not None} != {token.value for token in tokens[begins:colon] if token.value}:
        return tuple(tokens)
    idle = [replace(token, kind="word", text="the") for token in tokens[begins : colon + 1]]
    rest = [one or token for one, token in zip(told, tokens, strict=True)][colon + 1 :]
    return (*tokens[:begins], *idle, *rest)


def _list(tokens: Sequence[Token], begins: int, colon: int) -> tuple[str, set[str]] | None:
    """The kind and the lengths of `EMAs 4/9/18/100`, a few words of description behind them."""
    c = Cursor(tokens[:colon], begins)
    kind = c.says("ema", "sma", "ma")
    sizes = []
    while (token := length(c)) is not None:
        sizes.append(plain(token.value or 0))
        if not (c.sign("/") or c.sign(",")):
            c.says("and")
    words = tokens[c.at : colon]
    if kind is None or len(set(sizes)) < 3 or len(words) > MOST_WORDS or any(one.kind != "word" for one in words):
        return None
    return ("sma" if kind == "ma" else kind), set(sizes)


def _told(tokens: Sequence[Token], at: int, kind: str, sizes: set[str]) -> Token | None:
    token = tokens[at]
    if token.kind != "number" or token.unit or token.value is None or plain(token.value) not in sizes:
        return None
    if tokens[at - 1].text in OTHER_NUMBERS:
        return None
    return replace(token, kind="average", text=f"{kind}(close, {plain(token.value)})")
