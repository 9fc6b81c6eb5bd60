"""Whether the sides of a strategy fit together: long against short, in against out, one condition against the next."""

import re
from collections.abc import Iterable

from bot.english.directions import Atom, atoms

_LEANS = re.compile(
    r"rsi|close|price|ema|sma|macd|zscore|stochastic|cci|change|bollinger|donchian|mfi|williams|fisher|supertrend|psar|vwap|"
    r"aroon|high|low|kijun|tenkan|cloud"
)
_LEANS_NOT = re.compile(
    r"volume|adx|atr|width|stdev|hour|weekday|day_of|funding|open_interest|fear|percentrank|bars_since"
)
_SIDED = (
    (r"highest|lowest", "extreme"),
    (r"\bhigh\b|\blow\b", "edge"),
    (r"\.upper|\.lower|\.cloud_\w+", ".edge"),
    (r"-?\d[\d.,]*", "#"),
)
_LIMIT = re.compile(r"^(?P<what>.+?) (?P<sign>[<>])=? (?P<value>-?\d+(?:\.\d+)?)%?$")


def lopsided(rules: str) -> tuple[str, ...]:
    """What opens both sides alike, closes one side only, or says the same twice; in words."""
    return (
        *_both_open(rules),
        *_one_closes(rules),
        *_idle(rules),
        *_held_twice(rules),
        *_tells_other(rules),
        *_set_apart(rules),
    )


def _both_open(rules: str) -> list[str]:
    """A comparison that leans to one side and lets in longs and shorts alike."""
    sides: dict[str, dict[str, set[bool]]] = {"buy": {}, "short": {}}
    first: dict[str, Atom] = {}
    for each in atoms(rules):
        if each.action in sides and _LEANS.search(each.text) and not _LEANS_NOT.search(each.text):
            sides[each.action].setdefault(_shape(each), set()).add(each.up)
            first.setdefault(_shape(each), each)
    alike = [shape for shape, ways in sides["buy"].items() if len(ways) == 1 and ways == sides["short"].get(shape)]
    return [f"`{first[shape].text.strip()}` opens longs and shorts alike" for shape in alike]


def _shape(atom: Atom) -> str:
    """What is compared with its numbers and edges left out, so that the mirror image has the same."""
    text = atom.operands
    for pattern, instead in _SIDED:
        text = re.sub(pattern, instead, text)
    return text


def _one_closes(rules: str) -> list[str]:
    """Both sides are opened, and a condition closes only one of them."""
    openers = {line.split()[0] for line in rules.splitlines() if line.strip()}
    if not {"buy", "short"} <= openers or "reverse" in openers:
        return []
    ends = openers & {"sell", "cover"}
    return [f"`{next(iter(ends))}` closes one side only"] if len(ends) == 1 else []


def _idle(rules: str) -> Iterable[str]:
    """Two limits of one value that point the same way: one of them does nothing."""
    for line in rules.splitlines():
        condition = re.split(r" when | if ", line, maxsplit=1)[-1]
        for sign in (" and ", " or "):
            if "(" in re.sub(r"\w\([^()]*\)", "", condition) or (" and " in condition and " or " in condition):
                continue
            seen: set[tuple[str, str]] = set()
            for match in map(_LIMIT.match, condition.split(sign)):
                if match is None or (" and " in match["what"] or " or " in match["what"]):
                    continue
                if (match["what"], match["sign"]) in seen:
                    yield f"`{match.group()}` does nothing beside the other"
                seen.add((match["what"], match["sign"]))


def _held_twice(rules: str) -> Iterable[str]:
    """A crossing made by hand whose two halves point the same way."""
    every = [each for each in atoms(rules) if each.action in ("buy", "short", "sell", "cover")]
    for each in every:
        if "[1] " in each.text and not each.text.endswith("[1]"):
            now = [
                other for other in every if other.action == each.action and other.text == each.text.replace("[1] ", " ")
            ]
            if any(other.up == each.up for other in now):
                yield f"`{each.text.strip()}` points the same way as on the candle after"


def _tells_other(rules: str) -> Iterable[str]:
    """An alert that tells a condition other than its own."""
    for line in rules.splitlines():
        told = re.match(r'^alert "([^"]+)" when (.*)$', line)
        if told and re.search(r" [<>]=? |crosses ", told[1]) and told[1] not in told[2]:
            yield f"`{told[1]}` is told when `{told[2]}`"


def _set_apart(rules: str) -> list[str]:
    """An indicator of several settings that has others in another place."""
    found = []
    for name in ("bollinger", "macd", "stochastic", "keltner", "supertrend"):
        settings = sorted(set(re.findall(rf"\b{name}\([\d., ]+\)", rules)))
        if len(settings) > 1:
            found.append(f"`{settings[0]}` beside `{settings[1]}`")
    return found
