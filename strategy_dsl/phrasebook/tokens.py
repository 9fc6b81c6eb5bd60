"""Words, numbers, clock times and signs of a text, each with its place in it."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from strategy_dsl.phrasebook.numbers import number_words


@dataclass(frozen=True)
class Token:
    """A piece of the text: `kind` is word, number, clock, span, pair, sign, or a term of the vocabulary."""

    kind: str
    text: str
    start: int
    end: int
    value: Decimal | None = None
    unit: str = ""


END = Token("end", "", -1, -1)

QUOTES = ("usdt", "usdc", "busd", "fdusd", "usd", "eur", "gbp")
_LEXER = re.compile(
    r"""
    (?P<pair>[A-Za-z][A-Za-z0-9]{1,9}[/-](?:usdt|usdc|busd|fdusd|usd|eur|gbp|btc|eth)(?![A-Za-z0-9]))
  | (?P<clock>\d{1,2}:\d{2}(?:\s*[ap]\.?m\b)?|\d{1,2}\s*[ap]m\b)
  | (?P<named>(?:ema|sma|ma|rsi|atr|adx|cci|mfi|wma|hma|dema|tema|bb|sl|tp)(?=\d))
  | (?P<number>[$]?(?<![\d.])(?:(?<![\w%.)])[+-])?[$]?(?:\d{1,3}(?:,\d{3})+(?![\d])|\d+)?(?:\.\d+)?(?<=\d)
      (?:\s?%|\s?percent\b|\s?pct\b|\s?per\ cent\b
        |(?:k|x|r|min|mins|m|hr|hrs|h|d|w|mo|bn|mm)(?![A-Za-z0-9])|x(?=atr|avg)|[$](?![\w.])|(?:st|nd|rd|th)(?![A-Za-z0-9]))?)
  | (?P<word>[A-Za-z][A-Za-z_0-9]*(?:['’][A-Za-z]+)*['’]?)
  | (?P<sign>-{1,2}>|={1,2}>|[→⇒➔➡»]|>=|<=|==|≥|≤|&&|[|]{1,2}|[{}]|[<>=(),.;:!?/+&*\n~–—-])
  | (?P<other>\S)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DAY = r"\b(?:mon|tue|tues|wed|thu|thurs|fri|sat|sun)(?:day|nesday|rsday|urday|sday)?s?"
_DAYS = re.compile(rf"{_DAY}$|^{_DAY}\b", re.IGNORECASE)
_AMOUNT = re.compile(r"\d[km%]?$", re.IGNORECASE)
_SPAN_UNITS = {
    "min": "m", "mins": "m", "m": "m", "hr": "h", "hrs": "h", "h": "h", "d": "d", "w": "w", "mo": "mo",
}  # fmt: skip
_SIGNS = {
    "≥": ">=", "≤": "<=", "==": "=", "~": "about", "&&": "&", "|": ",", "{": ",", "}": ",", "–": "-", "—": ",",
} | dict.fromkeys(("→", "=>", "==>", "-->", "⇒", "➔", "➡", "»"), "->")  # fmt: skip
_WORDS = {"||": "or", "↑": "up", "↓": "down", "×": "x"}


def tokens_of(text: str) -> list[Token]:
    """All tokens of the text in order, number words joined to numbers."""
    found: list[Token] = []
    for match in _LEXER.finditer(text):
        token = _token(match)
        if token.text == "-" and _joins(text, match.start()):
            continue
        found.append(token)
    return _joined_numbers(found)


def _token(match: re.Match[str]) -> Token:
    kind = match.lastgroup or "other"
    text = match.group().lower()
    if kind == "number":
        return _number(text, match.start(), match.end())
    if kind == "clock":
        return Token("clock", _clock(text), match.start(), match.end())
    if kind == "named":
        kind = "word"
    if kind == "word":
        text = text.replace("'", "").replace("’", "")
    if text in _WORDS:
        return Token("word", _WORDS[text], match.start(), match.end())
    return Token(kind, _SIGNS.get(text, text), match.start(), match.end())


def _joins(text: str, at: int) -> bool:
    """Whether the hyphen at this place joins two parts of one expression ("take-profit", "20-day")."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if _DAYS.search(text[:at]) and _DAYS.match(text[at + 1 :]):
        return False
    if _AMOUNT.search(text[:at]) and after.isdigit():
        return False
    return before.isalnum() and after.isalnum()


def _number(text: str, start: int, end: int) -> Token:
    unit = "usd" if text.lstrip("+-").startswith("$") or text.endswith("$") else ""
    match = re.fullmatch(r"([$+-]*)([\d,.]+)\s?([a-z% ]*)[$]?", text)
    signs, digits, suffix = match.groups() if match else ("", "0", "")
    value = Decimal(digits.replace(",", ""))
    if "-" in signs:
        value = -value
    scale = {"k": 1000, "mm": 1_000_000, "bn": 1_000_000_000}.get(suffix)
    if unit and suffix == "m":
        scale = 1_000_000
    if scale:
        return Token("number", text, start, end, value * scale, unit)
    if suffix in _SPAN_UNITS:
        return Token("span", text, start, end, value, _SPAN_UNITS[suffix])
    if suffix in ("st", "nd", "rd", "th"):
        return Token("ordinal", text, start, end, value)
    if suffix:
        unit = suffix if suffix in ("x", "r") else "percent"
    return Token("number", text, start, end, value, unit or ("signed" if "+" in signs else ""))


def _clock(text: str) -> str:
    """`9:30 pm` as `21:30`."""
    digits = re.sub(r"[^\d:]", "", text)
    hour, _, minute = digits.partition(":")
    hours = int(hour)
    if "p" in text and hours < 12:
        hours += 12
    if "a" in text and hours == 12:
        hours = 0
    return f"{hours:02d}:{minute or '00'}"


def _joined_numbers(found: list[Token]) -> list[Token]:
    joined: list[Token] = []
    at = 0
    while at < len(found):
        words = [token.text if token.kind == "word" else "" for token in found[at : at + 6]]
        read = number_words(words)
        if read is None:
            joined.append(found[at])
            at += 1
            continue
        value, used = read
        first, last = found[at], found[at + used - 1]
        joined.append(Token("number", " ".join(words[:used]), first.start, last.end, value, "word"))
        at += used
    return _with_units(joined)


def _with_units(found: list[Token]) -> list[Token]:
    """Fold "percent", "dollars" and "thousand" into the number before them; "half a percent" into 0.5%."""
    joined: list[Token] = []
    for token in found:
        if token.kind == "word" and joined:
            folded = _folded(joined, token)
            if folded:
                continue
        joined.append(token)
    return joined


def _folded(joined: list[Token], token: Token) -> bool:
    before = joined[-1]
    if token.text in ("percent", "pct", "percents") and _is_half(joined):
        start = joined[-2].start
        del joined[-2:]
        joined.append(Token("number", "half a percent", start, token.end, Decimal("0.5"), "percent"))
        return True
    if before.kind != "number" or before.value is None or before.unit not in ("", "word", "signed"):
        return False
    if token.text in ("percent", "pct", "percents"):
        joined[-1] = replace(before, unit="percent", end=token.end)
        return True
    if token.text in ("usdt", "usd", "usdc", "dollars", "dollar", "bucks"):
        joined[-1] = replace(before, unit="usd", end=token.end)
        return True
    if token.text in ("thousand", "grand") and before.unit != "word":
        joined[-1] = replace(before, value=before.value * 1000, end=token.end)
        return True
    return False


def _is_half(joined: list[Token]) -> bool:
    return len(joined) >= 2 and joined[-1].text in ("a", "of") and joined[-2].text == "half"
