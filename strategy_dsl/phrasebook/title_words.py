"""Readers of a strategy's name in front of its rules: `Opening range breakout: …`."""

from collections.abc import Callable, Sequence

from strategy_dsl.phrasebook.cursor import Cursor
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.names import FILLERS, word_set
from strategy_dsl.phrasebook.tokens import Token

BREAKS = frozenset({".", ";", "\n", "!", "?"})
NO_TITLE = word_set(
    "no not dont never opposite reverse contrary inverse avoid fade skip against without except unless only if when or"
    " and sell short buy long plus minus entry exit market entries exits"
    " hour hours minute minutes session sessions morning night evening afternoon noon midnight"
    " first last during after before until early late weekend weekends weekday weekdays london york asia tokyo ny us"
)
SAYING = word_set(
    "volume trend trends trending trendless uptrend uptrends downtrend downtrends sideways ranging choppy quiet calm"
    " bull bear bullish bearish regime volatility volatile vol high low rising falling strong weak monday mondays"
    " tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays saturday saturdays sunday sundays"
    " january february march april may june july august september october november december q1 q2 q3 q4 summer"
    " winter spring autumn day days week weeks month months year years daily weekly monthly hourly today tomorrow"
    " tonight weekday weekend max maximum min minimum limit limits most least cap capped above below over under"
    " more less than up down one two three four five six seven eight nine ten half third quarter double triple"
    " twice once single size sized position positions small smaller big bigger large larger tiny full amount"
    " capital budget equity account balance drawdown leverage risk stop stops target targets profit profits loss"
    " losses breakeven trailing trades trade dollars usd usdt percent ask asking asks confirm confirms confirmed"
    " confirmation approve approval candle candles bar bars close closes open wait always every each all any both"
)
TOPICS = word_set("trend volatility vol")
"""These name a strategy whose rules begin behind the colon: `trend rider: adx crosses 20 up`, not `trend: buy …`."""
ENDING_A_NAME = word_set("buy sell long short when if while go enter on in only")
COUNTING = word_set("day days week weeks month months year years hour hours bar bars candle candles")

"""What says when, how much or how: a name with such a word in it may be a condition, and is not passed over."""
MOST_TITLE_WORDS = 6

NAMING = word_set("momentum rotation strategy system")
"""Behind these a span is part of the name: `12 month time series momentum: …`."""


def title(c: Cursor, understood: Callable[[Cursor], Item | None]) -> Item | None:
    """`Opening range breakout: …`: words before the first colon that say nothing of their own are the strategy's name.

    Only where the text begins: further on, a word before a colon is a setting or a condition.
    """
    start = c.at
    if any(token.text not in BREAKS for token in c.tokens[:start]):
        return None
    end = next(
        (at for at in range(start, min(len(c.tokens), start + MOST_TITLE_WORDS + 1)) if c.tokens[at].text == ":"), 0
    )
    words = c.tokens[start:end]
    if not words or end + 1 >= len(c.tokens) or any(one.text in NO_TITLE for one in words):
        return None
    if any(one.kind not in ("word", "number") for one in words) or _says_more(c, words, end + 1):
        return None
    strange = False
    while c.at < end:
        place = c.at
        found = understood(c)
        again = found is not None and found.kind == "subject" and _said_later(c, place, end)
        if found is not None and (c.at > end or (found.kind != "idle" and not again)):
            c.at = start
            return None
        if found is None:
            if c.tokens[place].kind == "number" and place == end - 1:
                c.at = start
                return None
            strange = strange or c.tokens[place].text not in FILLERS
            c.at = place + 1
    c.at = end + 1 if strange else start
    return Item("name", " ".join(one.text for one in words)) if strange else None


def _said_later(c: Cursor, place: int, end: int) -> bool:
    """Whether all the words and numbers of this piece of a title stand behind it again: `connors rsi2: … rsi(2) …`."""
    later = {token.text for token in c.tokens[end:]}
    return all(token.text in later for token in c.tokens[place : c.at])


def _says_more(c: Cursor, words: Sequence[Token], behind: int) -> bool:
    """Whether a title may be a condition or a setting: `Monday: …`, `Max 2 trades: …`, `Wallet: $1000`."""
    later = {token.text for token in c.tokens[behind:]} | {str(token.value) for token in c.tokens[behind:]}
    following = c.tokens[behind]
    if following.kind == "number" and following.unit not in ("", "word"):
        return True
    topic = len(words) > 1 and following.kind not in ("coin", "pair") and following.text not in ENDING_A_NAME
    spanned = len(words) > 2 and words[0].kind == "number" and words[1].text in COUNTING and words[-1].text in NAMING
    for one in words[2 if spanned else 0 :]:
        again = one.text in later or (one.value is not None and str(one.value) in later)
        if one.kind == "number" and not again:
            return True
        counted = one.text in (*COUNTING, "volume") and again
        if one.kind == "word" and one.text in SAYING and not counted and not (topic and one.text in TOPICS):
            return True
    return False
