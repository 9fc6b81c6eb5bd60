"""Whether comparisons point the way that the words beside their numbers point: above or below, up or down."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.english.passages import Passage, passages
from strategy_dsl.catalogue import FUNCTIONS

NO_NOUNS = {"crosses", "above", "below", "rising", "falling", "close", "not", "bar", "bars", "last", "for"}
NOUNS = tuple(
    (re.compile(pattern), re.compile(words, re.IGNORECASE))
    for pattern, words in (
        (r"\brsi", r"\brsi"), (r"ema\(", r"\b[dt]?e?ma|average|\bmas?\b|trend"), (r"sma\(|month_end_average", r"\bs?ma|average|\bmas?\b|trend"),
        (r"volume", r"volume"), (r"\.middle", r"\bmid|centre|center|basis"), (r"\.upper", r"upper|\btop\b|\bband"),
        (r"\.lower", r"lower|bottom|\bband"), (r"bollinger\(.*\.width", r"width|narrow|wide|squeeze|tight|expan|\bband|\bbb"),
        (r"macd", r"macd"), (r"adx", r"adx"), (r"cci", r"cci"), (r"stochastic", r"stoch"), (r"atr", r"atr|true range"),
        (r"mfi", r"mfi"), (r"donchian\(\d+\)(?!\.)|highest|lowest", r"\bhigh(?:s|est)?\b|\blow(?:s|est)?\b|channel|donchian"),
        (r"zscore", r"z.?score"), (r"fisher", r"fisher"), (r"vwap", r"vwap"), (r"funding", r"funding"),
        (r"fear", r"fear|greed"), (r"ichimoku", r"cloud|ichimoku|tenkan|kijun"), (r"supertrend", r"super ?trend"),
        (r"\bhigh\[|\.high\b", r"\bhighs?\b"), (r"\blow\[|\.low\b", r"\blows?\b"),
        (r"psar", r"\bp?sar\b|parabolic"),
    )
)  # fmt: skip
"""Indicators in rules, and the words for them."""
_LOSSES = re.compile(r"day_loss|drawdown|losses")
"""What people speak of the other way round: down 5% is a loss of more than 5%."""
_GAIN = re.compile(
    r"in (?:the )?(?:profit|green)|makes? money|profitable|positive|above zero|beats zero|up on the day", re.I
)
_SETBACK = re.compile(r"(?:at|in) a loss|losing|in the red|negative|below zero|under water", re.I)
"""Words for more and for less than nothing."""
_CALL = re.compile(r"\w+\((?:\d+(?:\.\d+)?(?:, )?)+\)")
USUAL_CALLS = frozenset(call for row in FUNCTIONS.values() for call in _CALL.findall(row.example))
_TURN = re.compile(r"crosses above|crosses below| >=? | <=? |is rising|is falling|% above |% below ")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?")
_SETTINGS = ("trade", "budget", "size", "ask", "at most")
_MIRRORED = re.compile(r"mirror|opposite|vice versa|other way|both (?:sides|ways|directions)|reverse", re.I)


@dataclass(frozen=True)
class Atom:
    """One comparison of the rules: the word that opens its clause, its text, and whether it points up."""

    action: str
    left: str
    sign: str
    right: str
    up: bool
    line: str = ""
    """The clause that it stands in."""

    @property
    def text(self) -> str:
        """As the rules have it."""
        return f"{self.left}{self.sign}{self.right}"

    @property
    def operands(self) -> str:
        """What is compared, without how and without which candle."""
        return re.sub(r"[()\s]|\[1\]", "", f"{self.left}?{self.right}")

    def numbers(self) -> set[str]:
        """Its numbers, those of calls with their usual values left out."""
        plain = _CALL.sub(lambda call: "" if call.group() in USUAL_CALLS else call.group(), self.text)
        found = {each.replace(",", "") for each in _NUMBER.findall(plain)} - {"0"}
        return found if re.search(r"(?<![\d.])1%", plain) else found - {"1"}

    def nouns(self) -> list[re.Pattern[str]]:
        """The words for its indicators."""
        return [words for pattern, words in NOUNS if pattern.search(self.text)]


def atoms(rules: str) -> Iterator[Atom]:
    """Every comparison of the rules, one that is denied as its opposite."""
    for whole in rules.splitlines():
        # what an alert tells is held against the words like its condition
        line = whole.replace('"', " and ")
        if not line.strip() or line.startswith(_SETTINGS):
            continue
        for match in _TURN.finditer(line):
            if _LOSSES.search(line):
                continue
            up = match.group().strip(" %") in ("crosses above", ">", ">=", "is rising", "above")
            left = re.split(r" and | or | when | if | = ", line[: match.start()])[-1]
            right = re.split(r" and | or ", line[match.end() :])[0]
            denied = left.lstrip("( ").startswith("not ")
            yield Atom(line.split()[0], left.replace("not ", "", 1), match.group(), right, up is not denied, whole)


def turned(text: str, rules: str) -> tuple[str, ...]:
    """Comparisons of the rules that point against every word beside their numbers, and said ones that none make."""
    found, said = [], passages(text)
    every = list(atoms(rules))
    mirrored = _MIRRORED.search(text) is not None
    for atom in every:
        if not _against(text, said, atom):
            continue
        # the other half of a pair, as in "hold while above": its first half points as the words do
        halves = [each for each in every if each.up != atom.up and each.operands == atom.operands]
        half = atom.action != "alert" and any(not _against(text, said, each) for each in halves)
        if not half and not (mirrored and atom.action in ("short", "cover")):
            found.append(f"`{atom.text.strip()}`")
    found += _unmade(said, every)
    crossing = [(atom.action, atom.text.strip()) for atom in every if "crosses" in atom.text]
    opening = {text for action, text in crossing if action in ("buy", "short")}
    both = {text for action, text in crossing if action in ("sell", "cover")} & opening
    return tuple(dict.fromkeys((*found, *(f"`{each}` both opens and closes" for each in sorted(both)))))


def undirected(text: str, rules: str) -> tuple[Atom, ...]:
    """Crossings of a number for which the text has no word that says from which side: whoever wrote them assumed it."""
    said = passages(text)
    crossing = [each for each in atoms(rules) if "crosses" in each.text and each.numbers()]
    return tuple(each for each in crossing if (spans := _spans(said, each)) and not any(s.up or s.down for s in spans))


def said_outright(text: str, condition: str) -> bool:
    """Whether the text says every comparison of a condition beside its numbers, pointing the same way."""
    said, every = passages(text), list(atoms(f"if {condition}"))
    return bool(every) and all(
        any(each.numbers & atom.numbers() and (each.up if atom.up else each.down) for each in said) for atom in every
    )


def _spans(said: list[Passage], atom: Atom) -> list[Passage]:
    """The passages that speak of this comparison: by its numbers, or else by its indicator."""
    nouns, numbers = atom.nouns(), atom.numbers()
    beside = [each for each in said if each.numbers & numbers]
    spans = [each for each in beside if not nouns or _about(each, nouns)]
    return spans or [each for each in said if nouns and any(noun.search(each.named) for noun in nouns)]


def _against(text: str, said: list[Passage], atom: Atom) -> bool:
    """Whether the words beside this comparison all point the other way."""
    if re.search(r" [<>]=? 0%?(?![.\d])", atom.text):
        gain, setback = bool(_GAIN.search(text)), bool(_SETBACK.search(text))
        if gain != setback:
            return setback if atom.up else gain
    spans = _spans(said, atom)
    way_in = {"buy": True, "short": True, "hold": True, "sell": False, "cover": False, "exit": False}.get(atom.action)
    if way_in is not None:
        spans = [each for each in spans if each.way_in in (None, way_in)] or spans
    if not spans and not atom.numbers():
        spans = said
    toward = any(each.up if atom.up else each.down for each in spans)
    away = any(each.down if atom.up else each.up for each in spans)
    if not toward and not away:
        return (usual := usually_up(atom)) is not None and usual != atom.up
    return away and not toward


_FAST_SLOW = re.compile(r"^(?P<kind>[a-z]*ma)close,(?P<fast>\d+)\?(?P=kind)close,(?P<slow>\d+)$")
_SWING = re.compile(r"^(?P<name>rsi|mfi|stochastic|cci|zscore|williams_r)[\d,.kdclose]*\?(?P<level>-?\d+(?:\.\d+)?)$")
_MIDDLE = {"rsi": 50, "mfi": 50, "stochastic": 50, "cci": 0, "zscore": 0, "williams_r": -50}


def usually_up(atom: Atom) -> bool | None:
    """Which way people mean a comparison of which they say no direction; None where nobody can tell.

    An oscillator is low below its middle and high above it; a fast average or MACD over a slow one is for longs.
    """
    compared = atom.operands
    if (swing := _SWING.match(compared)) and float(swing["level"]) != _MIDDLE[swing["name"]]:
        return float(swing["level"]) > _MIDDLE[swing["name"]]
    edges = {compared.endswith(".upper"): True, compared.endswith(".lower"): False}
    if compared.startswith("close?") and True in edges:
        return edges[True]
    opens_long = {"buy": True, "cover": True, "short": False, "sell": False}.get(atom.action)
    if "macd" in compared and re.search(r"\.line\?\S*\.signal$", compared):
        return opens_long
    if averages := _FAST_SLOW.match(compared):
        faster = int(averages["fast"]) < int(averages["slow"])
        return None if opens_long is None else opens_long == faster
    return None


def _about(passage: Passage, nouns: list[re.Pattern[str]]) -> bool:
    """Whether a passage speaks of the same indicator, or of none by name."""
    if any(each.search(passage.near) for each in nouns):
        return True
    return not any(words.search(passage.near) for _, words in NOUNS)


def _unmade(said: list[Passage], every: list[Atom]) -> list[str]:
    """What the text says beside a number or an indicator, and no comparison with it does: a direction, or a way in."""
    return [f"`{each.text.strip()}`" for each in said if _is_unmade(each, every)]


def _is_unmade(said: Passage, every: list[Atom]) -> bool:
    for number in sorted(said.numbers):
        with_it = [atom for atom in every if number in atom.numbers() and _about(said, atom.nouns())]
        if with_it and said.up != said.down and all(atom.up != said.up for atom in with_it):
            return True
        if with_it and said.way_in and all(atom.action in ("sell", "cover", "exit") for atom in with_it):
            return True
    if said.numbers or said.up == said.down:
        return False
    named = [words for _, words in NOUNS if words.search(said.named)]
    of_it = [atom for atom in every if any(words in named for words in atom.nouns())]
    return bool(of_it) and all(atom.up != said.up for atom in of_it)
