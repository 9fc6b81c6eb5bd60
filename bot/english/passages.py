"""A text cut into passages that each say one thing: its numbers, which way its words point, in or out."""

import re
from dataclasses import dataclass, replace

from strategy_dsl.phrasebook.lexicon import lexed
from strategy_dsl.phrasebook.spans import plain

UP = re.compile(
    r"\b(?:above|over|up|upward|rises?|rising|gains?|greater|more|wider|bigger|larger|exceeds?|higher|at least|breakout"
    r"|breaks?(?! (?:below|down|under))"
    r"|overbought|positive|turning up|up[- ]?trend|(?:is|are|rsi|too|very) high|reclaims?|climbs?|tops)\b"
    r"|(?<![-=<])>=?|≥|\d ?x\b|times(?! a| per)",
    re.IGNORECASE,
)
DOWN = re.compile(
    r"\b(?:below|under|down|downward|beneath|less|lower(?! b| c| k| d)|narrower|at most|drops?|falls?|falling|fell"
    r"|dips?|dipped|loses|oversold|off its|negative|within|down[- ]?trend|(?:is|are|rsi|too|very) low|breakdown)\b"
    r"|<=?|≤",
    re.IGNORECASE,
)
"""Words that point one way."""
_MORE, _LESS = re.compile(r"(?<!\w)\+\d+(?![\d.]*%)"), re.compile(r"(?<!\w)-\d+(?![\d.]*%)")
"""Signs that point one way where no word does."""
_EXCEPTED = re.compile(r"\b(?:except|unless|skip|avoid|don.?t|never|not|isn.?t|until|otherwise)\b", re.IGNORECASE)
_DENIED = (
    (r"\b(?:not|never|isn.?t|no longer) (?:above|over|more than|higher than)\b", "at most"),
    (r"\b(?:not|never|isn.?t|no longer) (?:below|under|less than|lower than)\b", "at least"),
    (r"\b(?:no|not) more than\b", "at most"),
    (r"\b(?:no|not) less than\b", "at least"),
    (r"\bfrom (?:below|under|beneath)\b", "upward"),
    (r"\bfrom above\b", "downward"),
    (r"\b(?:over|under) the (?:last|past|next|weekend)\b", "in the last"),
)
"""Words that turn, or are no direction at all."""
_BREAK = re.compile(
    r"[,;\n:!?]|\.(?!\d)|->|→|&|\b(?:and|then|while|when|if|but|sell|buy|exit"
    r"|or(?! (?:more|less|lower|higher|under|over|above|below)\b(?! \$?\d))"
    r"|stop|out|once|with|where|plus|long|short|cover|except|unless|otherwise|close (?=at|when|if|it|long|short))\b",
    re.IGNORECASE,
)
_CHUNK = re.compile(r"[,;\n!?]|\.(?!\d)|->|→")
_WAY_IN = re.compile(
    r"\b(?:buy|long|longs|enter|entry|short|get in|go in|go long|hold(?! until| till| it| for))\b", re.IGNORECASE
)
_WAY_OUT = re.compile(
    r"\b(?:sell|exit|cover|leave|dump|get out|out|unwind|close (?:it|at|when|if|long|short))\b", re.IGNORECASE
)
_LIST = re.compile(r"(?<![\d.])\d+(?:, \d+)*,? and \d+\b(?![.%]|\d)")
_NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Passage:
    """A stretch of text between breaks; `way_in` where its sentence speaks of entries or of exits alone."""

    text: str
    numbers: frozenset[str]
    up: bool
    down: bool
    way_in: bool | None
    named: str
    """The text in which its indicator is named: its own, or for "closes under" that of the passage before."""
    near: str
    """The same, and for a number alone what was named last."""


def passages(text: str) -> list[Passage]:
    """Every passage in order; one that has a direction and nothing to compare takes over what stood before."""
    found: list[Passage] = []
    said = straightened(text)
    for start, end in _cut(said, _CHUNK):
        chunk = said[start:end]
        way_in = _way(chunk)
        excepted = _EXCEPTED.search(chunk)
        for first, last in _cut(chunk, _BREAK):
            part = chunk[first:last]
            numbers = frozenset(_canonical(each) for each in _NUMBER.findall(part))
            made = Passage(
                part, numbers, *_ways(part, excepted is not None and last > excepted.start()), way_in, part, part
            )
            if part.strip():
                found.append(_referring(made, found))
    return found


def _referring(made: Passage, before: list[Passage]) -> Passage:
    """A passage that names nothing speaks of what was named last, and "closes under" of its number too."""
    if _names(made.text):
        return made
    last = next((each for each in reversed(before) if _names(each.named) or each.numbers), None)
    if last is None:
        return made
    if made.numbers or made.up == made.down:
        return replace(made, near=f"{made.text} {last.named}")
    return replace(made, named=last.named, near=last.named, numbers=last.numbers)


def straightened(text: str) -> str:
    """The text with numbers in digits and without denials."""
    parts, at = [], 0
    for token in lexed(text).tokens:
        word = text[token.start : token.end]
        spelled = not any(sign.isdigit() for sign in word) or word[-1:].lower() in ("k", "m")
        if token.kind == "number" and token.value is not None and spelled:
            parts += [text[at : token.start], plain(token.value) + "%" * (token.unit == "percent")]
            at = token.end
    said = "".join([*parts, text[at:]])
    said = re.sub(r"(?<=\d),(?=\d{3}\b)", "", said)
    # "the 20, 50 and 200 average" are of one passage
    said = _LIST.sub(lambda found: re.sub(r",? and |, ", "/", found.group()), said)
    for words, instead in _DENIED:
        said = re.sub(words, instead, said, flags=re.IGNORECASE)
    return said


def _ways(part: str, excepted: bool) -> tuple[bool, bool]:
    """Whether its words, or else its signs, point up and down; what is excepted may be written either way."""
    up, down = bool(UP.search(part)), bool(DOWN.search(part))
    if excepted and (up or down):
        return True, True
    return (up, down) if up or down else (bool(_MORE.search(part)), bool(_LESS.search(part)))


def _way(chunk: str) -> bool | None:
    """Whether a sentence speaks of entries (True), of exits (False), or of both or none."""
    into, out = bool(_WAY_IN.search(chunk)), bool(_WAY_OUT.search(chunk))
    return None if into == out else into


def _names(part: str) -> bool:
    """Whether a passage names something that could be compared."""
    return (
        re.search(
            r"rsi|ma\b|average|macd|volume|band|high\b|low\b|cci|adx|atr|vwap|cloud|stoch|mfi|trend|price|\bclose\b|return|channel|upper|lower|\bmid|donchian|funding|fear|score|fisher|super",
            part,
            re.I,
        )
        is not None
    )


def _cut(text: str, where: re.Pattern[str]) -> list[tuple[int, int]]:
    starts = [0, *(match.start() for match in where.finditer(text))]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _canonical(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number
