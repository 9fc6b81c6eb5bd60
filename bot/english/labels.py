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
    return tuple(dict.fromkeys((*lost, *_gains(said, rules))))


_GAIN = re.compile(r"\b(?:makes? money|in (?:the )?profit|profitable)\b", re.IGNORECASE)
_PROFIT = re.compile(r"\bprofit [<>]=? (-?[\d.]+)%")


def _gains(said: str, rules: str) -> list[str]:
    """Being in profit, where the rules have another profit than none and the text names no figure beside it."""
    levels = set(_PROFIT.findall(rules))
    if not levels or "0" in levels:
        return []
    sentences = re.split(r"[,;\n]|\.(?!\d)", said)
    return [found.group() for each in sentences if (found := _GAIN.search(each)) and not re.search(r"\d", each)]


def _lost(name: str, match: re.Match[str], clauses: str, rules: str) -> list[str]:
    """The label with its number, unless a clause of this name has it."""
    value = match["number"].rstrip("0").rstrip(".") if "." in match["number"] else match["number"]
    there = re.compile(rf"(?<![\w.]){re.escape(value)}(?![\d]|\.\d)")
    lines = [line.replace(",", "") for line in rules.splitlines() if re.search(clauses, line)]
    return [] if any(there.search(line) for line in lines) else [f"{name} {match['number']}{match['unit'] or ''}"]
