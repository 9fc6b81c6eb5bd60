"""Readers of where a price stands in a range: `closes in the top quarter of its range`."""

from collections.abc import Sequence
from decimal import Decimal

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.lengths import length
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.spans import bar_unit, plain
from strategy_dsl.phrasebook.statements import Condition
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.values import Operand, on

SHARES = {"half": "50", "third": "33.33", "quarter": "25", "fifth": "20", "tenth": "10"}
OWN_RANGE = frozenset({"candles", "candle", "bars", "bar", "days", "daily", "own"})
DAYS = frozenset({"days", "daily"})
"""The range of the day is the candle's own where the candles are days."""


@reader
def in_range(c: Cursor, subject: Operand) -> Condition | None:
    """`is in the top quarter of its range`, `sits in the lower 20% of the 30 day range`."""
    if subject.text != "close":
        return None
    c.says("is")
    c.skip(frozenset({"in", "near", "within"}) | ARTICLES)
    side = c.says("upper", "lower")
    share = _share(c) if side else None
    if share is None or side is None:
        return None
    c.skip(frozenset({"of", "from"}) | ARTICLES)
    low, high, note = _edges(c) or _edges_before(c) or ("", "", "")
    if not low:
        return None
    part = share if side == "lower" else 100 - share
    sign = "<=" if side == "lower" else ">="
    text = f"close {sign} {low} + {plain(part / 100)} * ({high} - {low})"
    return Condition(text, assumed=(note,) if note else ())


def _share(c: Cursor) -> Decimal | None:
    if c.peek().text in SHARES:
        c.at += 1
        return Decimal(SHARES[c.tokens[c.at - 1].text])
    token = c.take("number")
    fitting = token is not None and token.unit == "percent" and token.value is not None and 0 < token.value < 100
    return token.value if token is not None and fitting else None


def _edges_before(c: Cursor) -> tuple[str, str, str] | None:
    """The one range named before, for `top third sell` behind `bottom third of the 20 bar range`."""
    if c.tokens[c.at - 1].text in ("of", "the", "from"):
        return None
    found = {said for at in range(c.at) if (said := _edges(Cursor(c.tokens, at))) is not None}
    sized = {said for said in found if said[0] != "low"}
    return next(iter(sized or found)) if len(sized or found) == 1 else None


@reader
def _edges(c: Cursor) -> tuple[str, str, str] | None:
    """The bottom and the top of the range: of this candle, or of so many candles."""
    previous = c.says("previous")
    size = length(c)
    unit = bar_unit(c) if size is not None else None
    if size is not None and unit is None:
        return None
    begins = c.at
    if size is None:
        c.skip(OWN_RANGE)
    if previous and size is None:
        return None
    if DAYS & {token.text for token in c.tokens[begins : c.at]} and not _of_days(c.tokens, begins):
        return None
    if c.peek().text not in ("range", "ranges"):
        return None
    c.at += 1
    if size is None:
        size, unit = _counted(c) or (None, None)
    if size is None or size.value is None:
        return "low", "high", "the range from the low to the high of the candle"
    count = plain(size.value)
    return f"lowest(low, {count}){on(unit or '')}", f"highest(high, {count}){on(unit or '')}", ""


def _of_days(tokens: Sequence[Token], place: int) -> bool:
    """Whether the strategy is said to run on days, apart from the word at this place."""
    return any(token.text in ("1d", "daily", "d1") for at, token in enumerate(tokens) if at != place)


@reader
def _counted(c: Cursor) -> tuple[Token, str] | None:
    """`of the last 30 days` behind the range."""
    c.skip(frozenset({"of", "over", "in", "from"}) | ARTICLES)
    c.says("previous")
    size = length(c)
    unit = bar_unit(c) if size is not None else None
    return (size, unit) if size is not None and unit is not None else None
