"""Readers of changes that leave open by how much: a thing and a direction, in any order and without a number."""

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.found import Found
from strategy_dsl.phrasebook.names import ARTICLES, word_set

LESS = word_set(
    "tighten shrink reduce lower decrease cut shorten narrow tighter smaller lower closer narrower less shorter"
    " nearer reduced decreased faster quicker earlier sooner lessen trim"
)
MORE = word_set(
    "widen loosen raise increase bump extend lengthen grow stretch wider bigger larger higher looser further farther"
    " more longer greater increased slower later room enlarge boost up"
)
TOO_MUCH = word_set("wide big large high far loose long much slow late")
"""Behind `too`: it should become less."""
TOO_LITTLE = word_set("tight small low close near short narrow little fast early")
STRICTER = word_set("stricter pickier choosier harder tougher selective fussier tighter stringent careful")
EASIER = word_set("easier laxer looser softer lenient relaxed")
CHANGING = word_set(
    "change adjust modify edit tweak update alter fix revise rework switch move set different another new"
)
SOFT = ARTICLES | word_set(
    "make it be can you please a bit little slightly somewhat much should is are too to way keep put get give have some"
    " lot want need i we let just up down was now bit, could even so quite pretty rather"
)
NOUNS = ("trail", "stop_move", "target", "size", "risk")
FRAMES = word_set("timeframe tf candles candle chart bars interval")
ENTRIES = word_set("entry entries buys buy condition conditions rule rules signals signal trigger filters filter")
EXITS = word_set("exit exits sells sell")
LEVELS = word_set("threshold thresholds level levels limit value")
SCORES = ("rsi", "mfi", "cci", "adx", "stochastic")


FEW = 3
"""A thing alone, such as `take profit`, is a wish to change it."""


@reader
def open_change(c: Cursor) -> Found | None:
    """`change the stop`, `bigger target`, `lower the RSI threshold`, `the stop is too tight, loosen it a bit`."""
    noun, directions, changing = "", set(), False
    while not c.ended():
        token = c.peek()
        if token.kind in ("number", "span", "coin", "pair", "clock"):
            return None
        if token.kind == "sign":
            if token.text in (".", "!", "?", ","):
                c.at += 1
                continue
            return None
        named = _noun(c)
        if named:
            if noun and named != noun:
                return None
            noun = named
            continue
        direction = _direction(c)
        if direction:
            directions.add(direction)
            continue
        changing = changing or token.text in CHANGING
        if token.text not in SOFT | CHANGING:
            return None
        c.at += 1
    alone = noun in ("stop", "target") and len(c.tokens) <= FEW
    if not noun or len(directions) > 1 or not (directions or changing or alone):
        return None
    return Found(vague=(noun, directions.pop() if directions else ""))


def _noun(c: Cursor) -> str:
    """The thing that is spoken of."""
    score = c.says(*SCORES)
    if score is not None:
        c.skip(LEVELS | EXITS | {"entry"})
        return "threshold"
    named = c.says(*NOUNS)
    if named is not None:
        c.skip(frozenset({"distance", "level", "size", "loss"}))
        return {"stop_move": "stop", "risk": "size"}.get(named, named)
    for words, name in ((FRAMES, "timeframe"), (EXITS, "exit"), (LEVELS, "threshold"), (ENTRIES, "entry")):
        if c.peek().text in words:
            c.skip(words)
            return name
    return ""


def _direction(c: Cursor) -> str:
    text = c.peek().text
    if text == "too" and c.peek(1).text in TOO_MUCH | TOO_LITTLE:
        c.at += 2
        return "less" if c.tokens[c.at - 1].text in TOO_MUCH else "more"
    if text == "less" and c.peek(1).text in ("tight", "wide", "strict", "picky"):
        c.at += 2
        return "more" if c.tokens[c.at - 1].text in ("tight", "strict", "picky") else "less"
    if text == "more" and c.peek(1).text in ("tight", "strict", "selective", "careful", "room"):
        c.at += 2
        return "more" if c.tokens[c.at - 1].text == "room" else "less"
    for words, name in ((STRICTER, "less"), (LESS, "less"), (EASIER, "more"), (MORE, "more")):
        if text in words:
            c.at += 1
            return name
    return ""
