"""Numbers that the text calls by name ("sl 5", "2% stop", "tp 10"): they must stand in a clause of that name."""

import re

from bot.english.passages import straightened

_UNIT = r"\s*(?P<unit>%|percent\b|r\b|atrs?\b|x\b)?"
_NUMBER = r"\$?(?P<number>\d+(?:\.\d+)?)"
LABELS = (
    (
        "stop",
        r"\b(?:sl|(?:hard |stop )?stop(?:[- ]?loss)?)\b",
        r"^(?:stop loss|trailing stop|break even|halt|pause)|profit|entry_price",
    ),
    ("target", r"\b(?:tp|take[- ]?profits?|(?:profit )?target)\b", r"^take profit|profit|entry_price"),
)
_BETWEEN = r"\s*(?:loss\s*)?(?:of|at|is|=|:|@|to|around|about|set at)?\s*(?:a |the )?"


def mislabelled(text: str, rules: str) -> tuple[str, ...]:
    """Named numbers of the text that no clause of their name has."""
    said, lost = straightened(text), []
    taken: set[int] = set()
    for name, words, clauses in LABELS:
        for match in re.finditer(rf"{words}{_BETWEEN}{_NUMBER}{_UNIT}", said, re.IGNORECASE):
            taken.add(match.start("number"))
            lost += _lost(name, match, clauses, rules)
    for name, words, clauses in LABELS:
        for match in re.finditer(
            rf"(?<![\d.]){_NUMBER}{_UNIT} ?{words}(?! ?(?:{_BETWEEN})?\$?\d)", said, re.IGNORECASE
        ):
            if match.start("number") not in taken:
                lost += _lost(name, match, clauses, rules)
    return tuple(dict.fromkeys((*lost, *_gains(said, rules), *_lengths(said, rules))))


_GAIN = re.compile(r"\b(?:makes? money|in (?:the )?profit|profitable)\b", re.IGNORECASE)
_PROFIT = re.compile(r"\bprofit [<>]=? (-?[\d.]+)%")


def _gains(said: str, rules: str) -> list[str]:
    """Being in profit, where the rules have another profit than none and the text names no figure beside it."""
    levels = set(_PROFIT.findall(rules))
    if not levels or "0" in levels:
        return []
    sentences = re.split(r"[,;\n]|\.(?!\d)", said)
    return [found.group() for each in sentences if (found := _GAIN.search(each)) and not _FIGURE.search(each)]


_FIGURE = re.compile(r"\d%? (?:in )?(?:the )?profit|profit (?:of|over|above|is) \d|up \d", re.IGNORECASE)
_CALL = re.compile(r"\b(?P<name>rsi|mfi|cci|adx|atr|williams_r)\((?P<length>\d+)\)")
_USUAL = {"rsi": "14", "mfi": "14", "cci": "20", "adx": "14", "atr": "14", "williams_r": "14"}


def _lengths(said: str, rules: str) -> list[str]:
    """Unusual lengths of indicators that the text does not put beside their names: a threshold, perhaps."""
    found = []
    for name, length in sorted(set(_CALL.findall(rules))):
        near = r"[^\d.;,]{0,15}"
        beside = rf"{name[:3]}(?P<after>{near}){length}(?![\d.])|(?<![\d.]){length}(?P<before>{near}){name[:3]}"
        between = [match["after"] or match["before"] or "" for match in re.finditer(beside, said, re.IGNORECASE)]
        named = any(not _COMPARING.search(each) for each in between)
        if length != _USUAL[name] and not named:
            found.append(f"{name}({length})")
    return found


_COMPARING = re.compile(r"above|below|over|under|cross|drop|hit|reach|<|>|=| is |past|than", re.IGNORECASE)


def _lost(name: str, match: re.Match[str], clauses: str, rules: str) -> list[str]:
    """The label with its number, unless a clause of this name has it."""
    value = match["number"].rstrip("0").rstrip(".") if "." in match["number"] else match["number"]
    there = re.compile(rf"(?<![\w.]){re.escape(value)}(?![\d]|\.\d)")
    lines = [line.replace(",", "") for line in rules.splitlines() if re.search(clauses, line)]
    return [] if any(there.search(line) for line in lines) else [f"{name} {match['number']}{match['unit'] or ''}"]
