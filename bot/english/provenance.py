"""Where each number, market and timeframe of the rules comes from, by code: said, a default, or nowhere."""

import re
from dataclasses import dataclass
from decimal import Decimal

from strategy_dsl.phrasebook.cursor import Cursor
from strategy_dsl.phrasebook.lexicon import lexed
from strategy_dsl.phrasebook.reading import Mark
from strategy_dsl.phrasebook.spans import FRAME_WORDS, MINUTES, frame_minutes, plain, span
from strategy_dsl.phrasebook.tokens import Token

_PIECE = re.compile(
    r"(?P<market>[A-Z0-9]{1,15}/[A-Z]{2,10})|(?P<clock>\d{1,2}:\d{2})|(?P<span>\b\d+(?:mo|[mhdw])\b)"
    r"|(?P<number>(?<![\w.])\d[\d,]*(?:\.\d+)?)"
)
DEFAULT_TEXTS = (
    "rsi(14)", "mfi(14)", "adx(14)", "atr(14)", "cci(20)", "williams_r(14)", "stochastic(14, 3, 3)",
    "bollinger(20, 2)", "macd(12, 26, 9)", "sma(volume, 20)", "mean(volume, 20)", "donchian(20)", "size 5% of equity",
    "[1]", "for 5m,", "for 10m,",
)  # fmt: skip
IMPLIED = {
    "full": (100,), "whole": (100,), "entire": (100,), "all": (100,), "everything": (100,),
    "golden": (50, 200), "death": (50, 200), "oversold": (30,), "overbought": (70,), "half": (50,), "twice": (2,),
    "double": (2,), "zero": (0,), "positive": (0,), "negative": (0,), "yesterday": (1,), "yesterdays": (1,),
    "one": (1,), "once": (1,), "single": (1,),
}  # fmt: skip


UNITS = {
    word: minutes
    for words, minutes in (
        ("minute minutes", 1),
        ("hour hours", 60),
        ("day days yesterday yesterdays today todays", 1440),
        ("week weeks", 10080),
    )
    for word in words.split()
}
"""Words that name a length of time without a number, as in "a day" or "the 20 day high"."""


@dataclass(frozen=True)
class Provenance:
    """Marks of what was said, texts that are defaults, and what stands on one side only."""

    marks: tuple[Mark, ...]
    assumed: tuple[str, ...]
    invented: tuple[str, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """A number of the text in every form that the rules may write it in."""

    token: Token
    numbers: frozenset[Decimal]
    minutes: int = 0
    by_the_way: bool = False


def provenance(text: str, rules: str, current: str | None = None) -> Provenance:
    """Match the pieces of the rules with the words of the text, and the other way round."""
    frame = _frame(rules)
    said = _said(text, frame)
    markets = _markets(text)
    marks: list[Mark] = []
    assumed: list[str] = []
    invented: list[str] = []
    used: set[int] = set()
    for line in rules.splitlines():
        for piece in _pieces(line):
            source = _source(piece, line, said, markets, frame)
            if source is not None:
                used.add(source.start)
                marks.append(Mark(text[source.start : source.end], source.start, source.end, _clause(line)))
            elif current is not None and _stands_in(piece, line, current):
                continue
            elif _is_default(piece, line, rules, text):
                assumed.append(f"{piece.group()} in `{line}`")
            else:
                invented.append(f"{piece.group()} in `{line}`")
    return Provenance(tuple(marks), tuple(assumed), tuple(invented), _unread(text, said, markets, used, current))


def _pieces(line: str) -> list[re.Match[str]]:
    masked = re.sub(r'"[^"]*"', lambda match: " " * len(match.group()), line)
    return list(_PIECE.finditer(masked))


def _frame(rules: str) -> str:
    match = re.search(r"^trade .* on (\d+[mhdw])$", rules, re.MULTILINE)
    return match.group(1) if match else "1h"


def _clause(line: str) -> str:
    return line.split(" when ")[0].split()[0] if line.split() else ""


def _said(text: str, frame: str) -> list[Said]:
    """Every number and span of the text."""
    c, found = Cursor(lexed(text).tokens), []
    while not c.ended():
        token, start = c.peek(), c.at
        time = span(c) if token.kind in ("number", "span") else None
        c.at = start + 1
        if token.kind in ("number", "span", "clock") or token.text in FRAME_WORDS:
            found.append(_forms(token, time.minutes if time else 0, frame))
        elif token.text in UNITS:
            minutes = UNITS[token.text]
            found.append(Said(token, frozenset({Decimal(minutes) / frame_minutes(frame)}), minutes, True))
    return found


def _forms(token: Token, minutes: int, frame: str) -> Said:
    if token.text in FRAME_WORDS:
        return Said(token, frozenset(), frame_minutes(FRAME_WORDS[token.text]))
    if token.value is None:
        return Said(token, frozenset())
    value = abs(token.value)
    forms = {value}
    if token.unit == "percent":
        forms |= {1 + value / 100, 1 - value / 100, value / 100}
    if minutes:
        forms |= {Decimal(minutes) / frame_minutes(frame)}
        forms |= {Decimal(minutes) / size for size in MINUTES.values()}
    return Said(token, frozenset(forms), minutes)


def _markets(text: str) -> dict[str, Token]:
    return {token.text: token for token in lexed(text).tokens if token.kind in ("coin", "pair")}


def _source(piece: re.Match[str], line: str, said: list[Said], markets: dict[str, Token], frame: str) -> Token | None:
    """The word of the text that this piece of the rules comes from."""
    text = piece.group()
    if piece.lastgroup == "market":
        return markets.get(text) or markets.get(text.split("/")[0])
    if piece.lastgroup == "clock":
        return next((one.token for one in said if one.token.text in (text, text.zfill(5))), None)
    if piece.lastgroup == "span":
        length = _minutes(text)
        return next((one.token for one in said if one.minutes == length and length), None)
    number = Decimal(text.replace(",", ""))
    percent = line[piece.end() : piece.end() + 1] == "%"
    exact = [one.token for one in said if one.token.value is not None and abs(one.token.value) == number]
    alike = [
        token for token in exact if (token.unit == "percent") == percent or (percent and token.unit not in ("usd", "x"))
    ]
    other = [one for one in said if number in one.numbers and not percent and one.token not in exact]
    other.sort(key=lambda one: one.by_the_way)
    sources = [*alike, *(one.token for one in other)]
    return sources[0] if sources else None


def _minutes(text: str) -> int:
    unit = MINUTES.get(text[-1])
    return int(text[:-1]) * unit if unit and text[:-1].isdigit() else 0


def _stands_in(piece: re.Match[str], line: str, current: str) -> bool:
    """Whether the rules in force have this piece in a clause of the same kind."""
    opening = line.split()[:1]
    for old in current.splitlines():
        if old.split()[:1] == opening and any(one.group() == piece.group() for one in _pieces(old)):
            return True
    return False


def _is_default(piece: re.Match[str], line: str, rules: str, text: str) -> bool:
    if piece.lastgroup == "span":
        return (line.startswith("trade ") and piece.group() == "1h") or line.startswith("ask ")
    if piece.lastgroup != "number":
        return False
    if re.fullmatch(r"at most (\d+) open positions?", line):
        return int(piece.group()) == _market_count(rules)
    number = Decimal(piece.group().replace(",", ""))
    words = {token.text for token in lexed(text).tokens}
    if any(number in IMPLIED[word] for word in words & IMPLIED.keys()):
        return True
    return any(at <= piece.start() < at + len(known) for known in DEFAULT_TEXTS for at in _places(line, known))


def _places(line: str, known: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(known), line)]


def _market_count(rules: str) -> int:
    trade = next((line for line in rules.splitlines() if line.startswith("trade ")), "")
    return len(re.findall(r"[A-Z0-9]+/[A-Z]+", trade))


def _unread(
    text: str, said: list[Said], markets: dict[str, Token], used: set[int], current: str | None
) -> tuple[str, ...]:
    """Numbers, timeframes and markets of the text that no rule took up."""
    tokens = [one.token for one in said if one.token.start not in used and not one.by_the_way]
    tokens += [token for token in markets.values() if token.start not in used]
    values = {abs(one.token.value) for one in said if one.token.start in used and one.token.value is not None}
    left = [token for token in tokens if token.value is None or abs(token.value) not in values]
    if current is not None:
        left = [token for token in left if not _names_old(token, current)]
    return tuple(text[token.start : token.end] for token in sorted(left, key=lambda token: token.start))


def _names_old(token: Token, current: str) -> bool:
    """Whether a change only names the old value, as in "from 4 to 6"."""
    if token.value is None:
        return token.text.split("/")[0] in current
    return re.search(rf"(?<![\w.]){re.escape(plain(token.value))}(?![\d.])", current) is not None
