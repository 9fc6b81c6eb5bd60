"""Whether comparisons point the way that the words beside their numbers point: above or below, up or down."""

import re
from collections.abc import Iterator

from strategy_dsl.catalogue import FUNCTIONS

UP = re.compile(
    r"\b(?:above|over|up|upper|both|higher|greater|more|exceeds?|at least|rises?|rising|breaks? out|breakout|breaks?|tops?"
    r"|climbs?|reclaims?|bull\w*|positive|gains?|overbought|golden|larger|bigger|wider|up(?:side)?|upward|highest|highs?"
    r"|outperform\w*|beats?|best|strong\w*|grow\w*|hits?|reach\w*|long|rall\w+|pump\w*|green|spikes?|profit|recovers?"
    r"|back|opposite|opposite|mirror|minimum|min|oversold|≥)\b|\+|>|≥|\d ?x\b|times",
    re.IGNORECASE,
)
DOWN = re.compile(
    r"\b(?:below|under\w*|down|both|lower|less|beneath|falls?|fell|falling|drops?|dropped|dips?|dipped|loses?|loss|breakdown"
    r"|bear\w*|negative|oversold|death|smaller|narrower|quiet|lowest|lows?|worst|weak\w*|short|sell\w*|pullback|red"
    r"|crash\w*|dump\w*|within|at most|max\w*|off|decline\w*|plunge\w*|loses?|cheap|≤|not|isn.?t|don.?t|skip|unless|no"
    r"|stop|tight\w*|near|touch\w*|exit|out|opposite|mirror|first|otherwise|retest\w*|test|extreme|until)\b|(?<!\w)-\d|<|≤",
    re.IGNORECASE,
)
PLAIN_UP = re.compile(
    r"\b(?:above|over|up|rises?|rising|gains?|greater|more|wider|exceeds?|higher|at least|breaks? out|breakout|overbought"
    r"|upper|positive|turning up|high)\b|\+\d|(?<![\w<])>=?|≥|\d ?x\b|times",
    re.IGNORECASE,
)
PLAIN_DOWN = re.compile(
    r"\b(?:below|under|down|beneath|less|lower|narrower|at most|drops?|falls?|fell|dips?|dipped|loses|oversold|off its"
    r"|negative|within|low)\b|<=?|≤|(?<!\w)-\d",
    re.IGNORECASE,
)
"""Words that point one way beside a number."""
_BREAK = re.compile(
    r"[,;\n:!?]|\.(?!\d)|\b(?:and|or(?! (?:more|less|lower|higher|under|over|above|below))|then|while|when|if|but|sell|buy|exit|stop|out|once|with|where|plus)\b|&",
    re.IGNORECASE,
)
NO_NOUNS = {"crosses", "above", "below", "rising", "falling", "close"}
NOUNS = tuple(
    (re.compile(pattern), re.compile(words, re.IGNORECASE))
    for pattern, words in (
        (r"\brsi", r"\brsi"), (r"ema\(", r"\be?ma|average|\bmas?\b"), (r"sma\(", r"\bs?ma|average|\bmas?\b"),
        (r"volume", r"volume"), (r"bollinger", r"\bbb|band|boll"), (r"macd", r"macd"), (r"adx", r"adx"),
        (r"cci", r"cci"), (r"stochastic", r"stoch"), (r"atr", r"atr|true range"), (r"mfi", r"mfi"),
        (r"donchian|highest|lowest", r"\bhigh(?:s|est)?\b|\blow(?:s|est)?\b|channel|donchian"), (r"zscore", r"z.?score"), (r"fisher", r"fisher"),
        (r"vwap", r"vwap"), (r"funding", r"funding"), (r"fear", r"fear"), (r"ichimoku", r"cloud|ichimoku|tenkan|kijun"),
    )
)  # fmt: skip
"""Indicators in rules, and the words for them."""
_LOSSES = re.compile(r"day_loss|drawdown|losses|profit")
"""What people speak of the other way round: down 5% is a loss of more than 5%."""
_CALL = re.compile(r"\w+\((?:\d+(?:\.\d+)?(?:, )?)+\)")
USUAL_CALLS = frozenset(call for row in FUNCTIONS.values() for call in _CALL.findall(row.example))
_TURN = re.compile(r"crosses above|crosses below| >=? | <=? |is rising|is falling|% above |% below ")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?")


def turned(text: str, rules: str) -> tuple[str, ...]:
    """Comparisons of the rules that point against every word beside their numbers, or that no word points at."""
    atoms = list(_atoms(rules))
    found = []
    for _kind, atom, up in atoms:
        if not _against(text, atom, up):
            continue
        # the other half of a pair, as in "hold while above": its first half points as the words do
        halves = [
            other for _, other, turn in atoms if turn != up and other != atom and _operands(other) == _operands(atom)
        ]
        if not any(not _against(text, other, not up) for other in halves):
            found.append(f"`{atom.strip()}`")
    crossing = [(kind, atom.strip()) for kind, atom, _ in atoms if "crosses" in atom]
    both = {atom for kind, atom in crossing if kind == "in"} & {atom for kind, atom in crossing if kind == "out"}
    return tuple(dict.fromkeys((*found, *(f"`{each}` both opens and closes" for each in sorted(both)))))


def _atoms(rules: str) -> Iterator[tuple[str, str, bool]]:
    """Every comparison: whether its clause lets in or out, its text, and whether it points up."""
    for line in rules.splitlines():
        if line.startswith(("trade", "budget", "size", "add", "ask", "at most", "order", "stop", "take", "trailing")):
            continue
        kind = (
            "out"
            if line.startswith(("sell", "cover", "exit"))
            else line.split()[0]
            if line.startswith("short")
            else "in"
        )
        for match in _TURN.finditer(line):
            up = match.group().strip(" %") in ("crosses above", ">", ">=", "is rising", "above")
            if _LOSSES.search(line):
                continue
            yield kind, _atom(line, match.start(), match.end()), up


def _operands(atom: str) -> str:
    """What is compared, without how."""
    return re.sub(r"[()\s]", "", _TURN.sub("?", atom, count=1))


def _numbers(atom: str) -> set[str]:
    """The numbers of a condition, those of calls with their usual values left out; its nouns where it has none."""
    plain = _CALL.sub(lambda call: "" if call.group() in USUAL_CALLS else call.group(), atom)
    return set(_NUMBER.findall(plain)) - {"1", "0"} or set(re.findall(r"[a-z_]{3,}", plain)) - NO_NOUNS


def _atom(line: str, start: int, end: int) -> str:
    """The condition around a place: up to the next `and`, `or`, or the head of the clause."""
    left = re.split(r" and | or | when | if | = |\bnot ", line[:start])[-1]
    right = re.split(r" and | or ", line[end:])[0]
    return left + line[start:end] + right


def _against(text: str, atom: str, up: bool) -> bool:
    """Whether the words of the text beside the numbers of this condition all point the other way."""
    nouns = [words for pattern, words in NOUNS if pattern.search(atom)]
    spans = [span for number in _numbers(atom) for span in _places(text, number) if _about(span, nouns)]
    # where no number tells the place, the indicator's name does
    spans = spans or [part for part in _parts(text) if nouns and any(each.search(part) for each in nouns)]
    toward = away = False
    for span in spans:
        toward |= bool((PLAIN_UP if up else PLAIN_DOWN).search(span))
        away |= bool((PLAIN_DOWN if up else PLAIN_UP).search(span))
    if toward or away:
        return away and not toward
    return not (UP if up else DOWN).search(text)


def _about(span: str, nouns: list[re.Pattern[str]]) -> bool:
    """Whether a part of the text speaks of the same indicator, or of none by name."""
    return any(each.search(span) for each in nouns) or not any(words.search(span) for _, words in NOUNS)


def _parts(text: str) -> list[str]:
    """The text between breaks."""
    found, start = [], 0
    for stop in [*(match.start() for match in _BREAK.finditer(text)), len(text)]:
        found.append(text[start:stop])
        start = stop
    return found


def _places(text: str, number: str) -> list[str]:
    """The parts of the text that hold a number."""
    there = re.compile(rf"(?<![\d.]){re.escape(number)}(?![\d]|\.\d)")
    return [part for part in _parts(text) if there.search(part)]
