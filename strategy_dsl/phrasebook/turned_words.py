"""Changes that name the old before the new, turned round: `instead of 30 use 25` as `25 instead of 30`."""

from collections.abc import Sequence

from strategy_dsl.phrasebook.names import word_set
from strategy_dsl.phrasebook.tokens import Token

VERBS = word_set("use make do go take trade try put set have want buy sell give run say")
LEADS = ("instead", "rather")
BEHIND = {"instead": "of", "rather": "than"}


def turned(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens with `instead of A, B` and `not A but B` as `B instead of A`; all others as they are."""
    kept = tuple(token for at, token in enumerate(tokens) if not _is_particle(tokens, at))
    readings = (_instead, _not_but, _only_last, _arrow, _replaced, _limited)
    return next((found for read in readings if (found := read(kept)) is not None), kept)


def _word(text: str, near: Token) -> Token:
    return Token("word", text, near.start, near.end)


def _arrow(tokens: Sequence[Token]) -> tuple[Token, ...] | None:
    """`30 -> 28`, `rsi 14 -> 10`, `btc -> eth`."""
    at = next((at for at, token in enumerate(tokens) if token.text == "->"), None)
    if at is None or not 0 < at < len(tokens) - 1 or tokens[at - 1].kind != tokens[at + 1].kind:
        return None
    if tokens[at - 1].kind not in ("number", "span", "coin", "pair"):
        return None
    joint = (_word("instead", tokens[at]), _word("of", tokens[at]))
    return (*tokens[: at - 1], tokens[at + 1], *joint, tokens[at - 1], *tokens[at + 2 :])


def _replaced(tokens: Sequence[Token]) -> tuple[Token, ...] | None:
    """`replace the stop loss with a trailing stop of 4%`, `swap the 4% target for 6%`."""
    if not tokens or tokens[0].text not in ("replace", "swap", "exchange", "substitute"):
        return None
    at = next((at for at, token in enumerate(tokens) if token.text in ("with", "for", "by")), None)
    if at is None or not 1 < at < len(tokens) - 1:
        return None
    joint = (_word("instead", tokens[at]), _word("of", tokens[at]))
    return (*tokens[at + 1 :], *joint, *tokens[1:at])


def _limited(tokens: Sequence[Token]) -> tuple[Token, ...] | None:
    """`limit it to 2 trades a day`: at most so many."""
    if not tokens or tokens[0].text not in ("limit", "restrict", "cap"):
        return None
    at = next((at for at, token in enumerate(tokens[:4]) if token.text == "to"), None)
    if (
        at is None
        or at + 1 >= len(tokens)
        or tokens[at + 1].kind != "number"
        or tokens[at + 1].unit not in ("", "word")
    ):
        return None
    return (_word("max", tokens[0]), *tokens[at + 1 :])


def _is_particle(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word only goes with the verb: `out` of `push the target out to 6%`."""
    behind = tokens[at + 1 : at + 3]
    return (
        tokens[at].text in PARTICLES
        and len(behind) == 2
        and behind[0].text == "to"
        and behind[1].kind in ("number", "span")
    )


PARTICLES = word_set("out in up down back over")


def _only_last(tokens: Sequence[Token]) -> tuple[Token, ...] | None:
    """`weekdays only`, `eth only please`."""
    kept = [token for token in tokens if token.text not in ("please", ".", "!")]
    if not 2 <= len(kept) <= 6 or kept[-1].text != "only" or kept[0].text == "only":
        return None
    return (kept[-1], *kept[:-1])


def _instead(tokens: Sequence[Token]) -> tuple[Token, ...] | None:
    """`instead of 30 use 25`, `rather than 4% take profit make it 6%`, `instead of btc, eth`."""
    if len(tokens) < 4 or BEHIND.get(tokens[0].text) != tokens[1].text:
        return None
    rest = tokens[2:]
    cut = next((at for at, token in enumerate(rest) if at and (token.text == "," or token.text in VERBS)), None)
    if cut is None and len(rest) == 2 and rest[0].kind == rest[1].kind:
        cut = 1
    if cut is None:
        return None
    old, new = rest[:cut], rest[cut + (rest[cut].text == ",") :]
    return (*new, *tokens[:2], *old) if new else None


def _not_but(tokens: Sequence[Token]) -> tuple[Token, ...] | None:
    """`not 30 but 25`, `rsi not 30 but 25`."""
    words = [token.text for token in tokens]
    if "not" not in words or "but" not in words:
        return None
    first, last = words.index("not"), words.index("but")
    if not first < last < len(tokens) - 1 or last - first > 4:
        return None
    return (*tokens[:first], *tokens[last + 1 :], tokens[first], *tokens[first + 1 : last])
