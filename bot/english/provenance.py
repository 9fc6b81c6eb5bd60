"""Where each number, market and timeframe of the rules comes from, by code: said, a default, or nowhere."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.english.concepts import made_up, rarer, uncovered
from bot.english.directions import turned, undirected
from bot.english.labels import mislabelled
from bot.english.symmetry import lopsided
from strategy_dsl.catalogue import FUNCTIONS
from strategy_dsl.phrasebook.cursor import Cursor
from strategy_dsl.phrasebook.lexicon import lexed
from strategy_dsl.phrasebook.reading import Mark
from strategy_dsl.phrasebook.spans import FRAME_WORDS, MINUTES, frame_minutes, plain, span
from strategy_dsl.phrasebook.tokens import Token

_PIECE = re.compile(
    r"(?P<market>[A-Z0-9]{1,15}/[A-Z]{2,10})|(?P<clock>\d{1,2}:\d{2})|(?P<span>\b\d+(?:mo|[mhdw])\b)"
    r"|(?P<number>(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?)"
)
_LONG_WORDS = re.compile(r"\b(?:day|daily|week|month|year|mon|tues|wednes|thurs|fri|satur|sun)", re.IGNORECASE)
"""Words that speak of days and more: rules about them need no shorter candles."""
DOLLARS = frozenset({"USD", "USDT", "USDC", "BUSD"})
_CALL = re.compile(r"\w+\((?:\d+(?:\.\d+)?(?:, )?)+\)")
USUAL = tuple(
    call
    for row in FUNCTIONS.values()
    if row.parameters and all(each.kind in ("length", "number") for each in row.parameters)
    for call in _CALL.findall(row.example)
)
"""Calls with the values that are usual, as the catalogue's examples have them."""
DEFAULT_TEXTS = (
    "rsi(14)", "mfi(14)", "adx(14)", "atr(14)", "cci(20)", "williams_r(14)", "stochastic(14, 3, 3)",
    "bollinger(20, 2)", "macd(12, 26, 9)", "sma(volume, 20)", "mean(volume, 20)", "donchian(20)", "swing_high(5, 5)",
    "swing_low(5, 5)", "size 5% of equity",
    *USUAL, "[1]", "for 5m,", "for 10m,", "budget 10,000 ", "leverage 1x", "at 00:00 UTC", "on day 1 ", "hold 100% ",
    "ask before buying, for 5m", "swing_low(5, 5)", "swing_high(5, 5)",
    " > 0", " < 0", " >= 0", " <= 0", " above 0", " below 0", "== 0",
)  # fmt: skip
IMPLIED = {
    "full": (100,), "whole": (100,), "entire": (100,), "all": (100,), "everything": (100,),
    "golden": (50, 200), "death": (50, 200), "oversold": (30,), "overbought": (70,), "half": (50,), "twice": (2,),
    "double": (2,), "zero": (0,), "positive": (0,), "negative": (0,), "yesterday": (1,), "yesterdays": (1,),
    "one": (1,), "once": (1,), "single": (1,), "first": (1,),
    "extreme": (25, 75), "low": (30,), "high": (70,), "quarter": (25,), "third": (33,),
}  # fmt: skip


UNITS = {
    word: minutes
    for words, minutes in (
        ("minute minutes", 1),
        ("hour hours", 60),
        ("day days yesterday yesterdays today todays", 1440),
        ("week weeks", 10080),
        ("month months monthly", 43200),
        ("year years", 525600),
    )
    for word in words.split()
}
"""Words that name a length of time without a number, as in "a day" or "the 20 day high"."""

_CALENDAR = {
    "daily": re.compile(r"day_loss|^(?:every|rebalance every) day", re.MULTILINE),
    "weekly": re.compile(r"^(?:rebalance )?every (?:week|\w+day)", re.MULTILINE),
    "monthly": re.compile(r"^(?:rebalance )?every month", re.MULTILINE),
}
"""Words for a timeframe that also say how often, and the clauses for that."""
_NOWHERE = re.compile(r"(?!)")


@dataclass(frozen=True)
class Provenance:
    """Marks of what was said, texts that are defaults, and what stands on one side only."""

    marks: tuple[Mark, ...]
    assumed: tuple[str, ...]
    invented: tuple[str, ...]
    unread: tuple[str, ...]
    turned: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether rules and text say the same, as far as words can tell."""
        return not (self.invented or self.unread or self.turned)


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
            source = _source(piece, line, _meant(line, text, said), markets, frame)
            if source is not None:
                used.add(source.start)
                marks.append(Mark(text[source.start : source.end], source.start, source.end, _clause(line)))
            elif current is not None and _stands_in(piece, line, current):
                continue
            elif _is_default(piece, line, rules, text):
                assumed.append(f"{piece.group()} in `{line}`")
            else:
                invented.append(f"{piece.group()} in `{line}`")
    if current is None:
        invented += made_up(text, rules)
        assumed += [f"{each.sign.strip()} in `{each.line}`" for each in undirected(text, rules)]
        count = _market_count(rules)
        used |= {one.token.start for one in said if _CALENDAR.get(one.token.text, _NOWHERE).search(rules)}
        used |= {one.token.start for one in said if count > 1 and one.token.value == count}
    unread = [
        *_unread(text, rules, said, markets, used, current),
        *(() if current else (*uncovered(text, rules), *rarer(text, rules), *mislabelled(text, rules))),
    ]
    wrong_way = () if current else (*turned(text, rules), *lopsided(rules))
    return Provenance(tuple(marks), tuple(assumed), tuple(invented), tuple(dict.fromkeys(unread)), wrong_way)


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
        if token.kind in ("number", "ordinal", "span", "clock") or token.text in FRAME_WORDS:
            form = _longer(_forms(token, time.minutes if time else 0, frame), c.peek().text, frame)
            found.append(replace(form, by_the_way=token.kind == "ordinal" or token.text == "one"))
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


def _longer(said: Said, word: str, frame: str) -> Said:
    """The same, in days and months too, where it counts months or years."""
    value, months = said.token.value, 12 if word.startswith("year") else 1 if word.startswith("month") else 0
    if value is None or not months:
        return said
    count = value * months
    days = {count * 30, Decimal(round(count * 365 / 12)), count, *((count - 1,) if count > 5 else ())}
    bars = Decimal(int(count) * 43200) / frame_minutes(frame)
    return replace(said, numbers=said.numbers | days | {bars}, minutes=int(count) * 43200)


def _markets(text: str) -> dict[str, Token]:
    """Coins and pairs by name, and words in capitals, which may be tickers."""
    tokens = lexed(text).tokens
    found = {token.text: token for token in tokens if token.kind in ("coin", "pair")}
    words = {text[token.start : token.end]: token for token in tokens if token.kind == "word"}
    return {name: token for name, token in words.items() if name.isupper() and len(name) > 2} | found


def _source(piece: re.Match[str], line: str, said: list[Said], markets: dict[str, Token], frame: str) -> Token | None:
    """The word of the text that this piece of the rules comes from."""
    text = piece.group()
    if piece.lastgroup == "market":
        return _named(text, markets)
    if piece.lastgroup == "clock":
        return next((one.token for one in said if one.token.text in (text, text.zfill(5))), None)
    if piece.lastgroup == "span":
        length = _minutes(text)
        return next((one.token for one in said if one.minutes == length and length), None)
    number = Decimal(text.replace(",", ""))
    percent = line[piece.end() : piece.end() + 1] == "%"
    # "5 minute candles" is a timeframe and no number of anything
    said = [one for one in said if not one.minutes or one.minutes != _minutes(frame)]
    exact = [one.token for one in said if one.token.value is not None and abs(one.token.value) == number]
    alike = [
        token for token in exact if (token.unit == "percent") == percent or (percent and token.unit not in ("usd", "x"))
    ]
    alike.sort(key=lambda token: (token.unit == "percent") != percent)
    other = [one for one in said if number in one.numbers and not percent and one.token not in exact]
    other.sort(key=lambda one: one.by_the_way)
    sources = [*alike, *(one.token for one in other)]
    return sources[0] if sources else None


ROLES = {
    "size": r"siz|risk|equity|capital|account|balance|\bput|stake|invest|alloc|\buse|portfolio|% of|each|\$|worth|buck"
    r"|usd|"
    r"money|cash|stack|percent|all|full|budget|per|with|bet|buy|half|fund|coin|btc|eth|lot|unit",
    "at most": r"position|at once|at a time|max|most|only|open|entr|trade|times|a day|per day|coins|limit|holding"
    r"|once|single",
    "trailing": r"trail|stop|follow|lock|behind|below the high",
}
SHARES = r"siz|risk|equity|capital|account|balance|stake|invest|alloc|portfolio|percent|money|cash|funds"
OPEN_POSITIONS = (
    r"position|at once|at a time|\bopen\b|concurrent|simultan|(?:\d|one|two|three|four|five|single) (?:open )?trades?\b"
    r"|coins|holding|max(?:imum)? \d+\b(?! times)"
)
"""Words without which a number of the text cannot have meant this clause."""


def _meant(line: str, text: str, said: list[Said]) -> list[Said]:
    """The numbers of the text that this clause can be about: all, but where only few words speak of such a clause."""
    role = next((words for opening, words in ROLES.items() if line.startswith(opening)), "")
    if "open position" in line:
        role = OPEN_POSITIONS
    if not role:
        return said
    # no length of time is a size
    said = [one for one in said if not (one.minutes and line.startswith("size"))]
    sentences = [(one, _sentence(text, one.token)) for one in said]
    # a number without a percent sign is a share of money only where money is spoken of
    plainly = SHARES if line.startswith("size") and "%" in line else role
    ways_out = r"\bsell\b|take profit|\btp\b" if line.startswith("size") else r"(?!)"
    return [
        one
        for one, words in sentences
        if re.search(role if one.token.unit == "percent" else plainly, words, re.IGNORECASE)
        and not re.search(ways_out, words, re.I)
    ]


def _sentence(text: str, token: Token) -> str:
    """The words around a number, up to the next comma or stop, but for stops and targets, which have their own."""
    start = max((match.end() for match in _PAUSE.finditer(text, 0, token.start)), default=0)
    end = next((match.start() for match in _PAUSE.finditer(text, token.end)), len(text))
    return _OWN.sub(" ", text[start:end])


_PAUSE = re.compile(r"[,;\n]|\.(?!\d)|\band (?=sell|exit|stop)|\b(?:when|if)\b")
_OWN = re.compile(r"\d[\d.]*% (?:stop|sl|tp)|\b(?:don.?t|no) trad\w+", re.IGNORECASE)


def _named(market: str, markets: dict[str, Token]) -> Token | None:
    """The coin, the pair or the ticker that names a market; one dollar is as good as another."""
    base, _, quote = market.partition("/")
    pairs = [market] if quote not in DOLLARS else [f"{base}/{each}" for each in sorted(DOLLARS)]
    return next((markets[name] for name in (*pairs, base) if name in markets), None)


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
        days = piece.group() == "1d" and _LONG_WORDS.search(text) is not None
        return (line.startswith("trade ") and (days or piece.group() == "1h")) or line.startswith("ask ")
    if piece.lastgroup == "clock":
        return piece.group() == "00:00" or any(
            piece.group() in clocks and re.search(words, text, re.IGNORECASE) for words, clocks in USUAL_CLOCKS
        )
    if piece.lastgroup != "number":
        return False
    if re.fullmatch(r"at most (\d+) open positions?", line):
        return int(piece.group()) == _market_count(rules)
    number = Decimal(piece.group().replace(",", ""))
    portion = line.startswith("take profit") and line[: piece.start()].endswith(" for ")
    if portion and abs(number - Decimal(100) / line.count(" for ")) < EQUAL:
        # nobody said how much of it goes at each target
        return True
    words = {token.text for token in lexed(text).tokens}
    if any(number in IMPLIED[word] for word in words & IMPLIED.keys()) or _is_usual(piece, line, text):
        return True
    return any(at <= piece.start() < at + len(known) for known in DEFAULT_TEXTS for at in _places(line, known))


EQUAL = Decimal("0.02")
"""How far a part of a position may be from an equal one: 33.34% of three."""
USUAL_CLOCKS = (
    (r"\bnoon\b", ("12:00",)),
    (r"\bmorning\b", ("09:00",)),
    (r"\b(?:night|evening)\b", ("21:00", "18:00")),
    (r"\b(?:london|european)\b", ("08:00", "16:30")),
    (r"\b(?:new york|ny|us)\b|opening range", ("09:30", "16:00")),
)
"""Times of day that go by a name."""
USUAL_WORDS = (
    (
        r"[se]ma\(\w+, 20\)",
        r"(?<![\d] )(?<![\d])\b(?:its|the|a|an) (?:[se]ma|moving average)\b(?! ?\(?\d)|\b(?:up|down)[- ]?trend",
    ),
    (r"[se]ma\(\w+, 50\)", r"\bslow (?:[se]?ma|average)\b(?! ?\(?\d)"),
    (r"^order limit .* for 3 bars$", r"(?s:^(?!.*(?:cancel|good for|good till|valid|wait)))"),
)
"""Lengths that are taken where the text names a thing without one: an average, a limit order."""


def _is_usual(piece: re.Match[str], line: str, text: str) -> bool:
    """Whether this is the usual length of what the text names without a length; or the mirror image of what it says."""
    for clause, words in USUAL_WORDS:
        for found in re.finditer(clause, line):
            length = next(reversed(list(_PIECE.finditer(line, found.start(), found.end()))))
            if length.start() == piece.start() and re.search(words, text, re.IGNORECASE):
                return True
    other = Decimal(100) - Decimal(piece.group().replace(",", ""))
    mirrored = re.search(r"mirror|opposite|vice versa", text, re.IGNORECASE) is not None
    return mirrored and line.startswith(("short", "cover")) and plain(other) in re.findall(r"\d+", text)


def _places(line: str, known: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(known), line)]


def _market_count(rules: str) -> int:
    trade = next((line for line in rules.splitlines() if line.startswith("trade ")), "")
    return len(re.findall(r"[A-Z0-9]+/[A-Z]+", trade))


def _unread(
    text: str, rules: str, said: list[Said], markets: dict[str, Token], used: set[int], current: str | None
) -> tuple[str, ...]:
    """Numbers, timeframes and markets of the text that no rule took up."""
    tokens = [one.token for one in said if one.token.start not in used and not one.by_the_way]
    tokens += [token for token in markets.values() if token.start not in used and token.kind in ("coin", "pair")]
    values = {_amount(one.token) for one in said if one.token.start in used and one.token.value is not None}
    left = [token for token in tokens if token.value is None or _amount(token) not in values]
    if current is not None:
        left = [token for token in left if not _names_old(token, current)]
    left += _once_more(said, used, rules) if current is None else []
    return tuple(text[token.start : token.end] for token in sorted(left, key=lambda token: token.start))


def _names_old(token: Token, current: str) -> bool:
    """Whether a change only names the old value, as in "from 4 to 6"."""
    if token.value is None:
        return token.text.split("/")[0] in current
    return re.search(rf"(?<![\w.]){re.escape(plain(token.value))}(?![\d.])", current) is not None


def _once_more(said: list[Said], used: set[int], rules: str) -> list[Token]:
    """Numbers that the text says twice with a unit of their own, and the rules once."""
    counted = [(one.token, abs(one.token.value)) for one in said if one.token.value and not one.minutes]
    found = []
    for token, value in counted:
        there = len(re.findall(rf"(?<![\w.]){re.escape(plain(value))}(?![\d.])", rules))
        if token.start not in used and sum(other == value for _, other in counted) > there > 0:
            found.append(token)
    return found


def _amount(token: Token) -> tuple[Decimal, bool]:
    """A number of the text without its sign; a percent is another thing than a count."""
    assert token.value is not None
    return abs(token.value), token.unit == "percent"
