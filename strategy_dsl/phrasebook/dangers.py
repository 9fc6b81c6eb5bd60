"""Texts that must never become rules as they stand: each with the reason and the nearest safe form."""

from functools import cache
from itertools import pairwise

from strategy_dsl.phrasebook.cursor import Cursor
from strategy_dsl.phrasebook.danger_words import (
    AGAIN,
    DANGERS,
    GROWING,
    RESTING,
    SETBACKS,
    STAKED,
    Act,
    Danger,
)
from strategy_dsl.phrasebook.lexicon import Lexed
from strategy_dsl.phrasebook.names import word_set
from strategy_dsl.phrasebook.tokens import Token

REFUSED_LEVERAGE = 20


def danger(words: Lexed) -> Danger | None:
    """The first danger in the text, or None."""
    said = f" {' '.join(token.text for token in words.tokens)} "
    for harmless in ("no leverage", "without leverage", "no margin", "zero leverage"):
        said = said.replace(f" {harmless} ", " ")
    listed = said.split()
    for row in DANGERS:
        spoken = row.phrases and _says(said, row.phrases) and (not row.beside or _says(said, row.beside))
        if spoken or any(_done(listed, act) for act in row.acts):
            return row
    if _sends_out(words.tokens):
        return next(row for row in DANGERS if row.name == "withdrawal")
    if _reckless_leverage(words.tokens, said):
        return LEVERAGE
    if _doubling(words.tokens, listed) or _grows_on_setbacks(listed):
        return DOUBLING
    if _churns(words.tokens):
        return next(row for row in DANGERS if row.name == "churn")
    return CONTRADICTION if _contradicts(words, said) else None


def _says(said: str, phrases: str) -> bool:
    """Whether one of the phrases is said; `*` in it stands for up to three words."""
    return any(
        _stands(said.split(), phrase.split()) if "*" in phrase else f" {phrase} " in said
        for phrase in phrases.split(" | ")
    )


def _stands(words: list[str], pattern: list[str]) -> bool:
    gap = pattern.index("*")
    head, tail = pattern[:gap], pattern[gap + 1 :]
    for place in range(len(words)):
        if words[place : place + len(head)] == head:
            after = place + len(head)
            if any(words[at : at + len(tail)] == tail for at in range(after, after + 4)):
                return True
    return False


@cache
def _openings(phrases: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The phrases of a list by their first word."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases.split(" | "):
        found.setdefault(phrase.split()[0], []).append(tuple(phrase.split()))
    return {word: tuple(each) for word, each in found.items()}


def _places(words: list[str], phrases: str) -> list[tuple[int, int]]:
    """Where one of the phrases stands: its first word and the one behind its last."""
    openings = _openings(phrases)
    return [
        (at, at + len(phrase))
        for at, word in enumerate(words)
        for phrase in openings.get(word, ())
        if tuple(words[at : at + len(phrase)]) == phrase
    ]


def _done(words: list[str], act: Act) -> bool:
    """Whether an act is said: its verb, and soon after it what it is done to."""
    verbs = _places(words, act.verbs)
    return bool(verbs) and any(
        0 <= start - behind <= act.gap and not SENTENCE_ENDS & set(words[behind:start])
        for _, behind in verbs
        for start, end in _places(words, act.objects)
        if not act.then or set(act.then) & set(words[end : end + 4])
    )


SENTENCE_ENDS = frozenset({".", ";", "!", "?", "\n", ","})


def _sends_out(tokens: tuple[Token, ...]) -> bool:
    """Whether the text names an address of a wallet, such as `0x9f3c` or `bc1qxy`."""
    written = ["".join(token.text for token in pair) for pair in pairwise(tokens)]
    return any(one.startswith("0x") and len(one) > 3 for one in written) or any(
        token.text.startswith(("bc1", "0x")) and len(token.text) > 4 for token in tokens
    )


def _grows_on_setbacks(words: list[str]) -> bool:
    """Whether the stake grows when it loses: `every time it loses double the next one`, `twice as big if wrong`."""
    setbacks = [
        (when, end)
        for when, behind in _places(words, AGAIN)
        for start, end in _places(words, SETBACKS)
        if 0 <= start - behind <= 4 and words[end : end + 1] not in LEVELS_BEHIND
    ]
    growths = [
        (grow, end)
        for grow, behind in _places(words, GROWING)
        for start, end in _places(words, STAKED)
        if 0 <= start - behind <= 2
    ]
    resting = set(RESTING.split(" | "))
    return any(
        gap <= 6 and not resting & set(words[min(one[0], other[0]) : max(one[1], other[1])])
        for one in setbacks
        for other in growths
        if (gap := max(one[0], other[0]) - min(one[1], other[1])) >= -len(words)
    )


LEVELS_BEHIND = (["the"], ["its"], ["a"], ["support"])
"""Behind `loses`: a price that loses a level is no trade that loses."""


def leverage_of(tokens: tuple[Token, ...]) -> int:
    """The largest leverage that the text names, 0 for none; `20x the average volume` is none."""
    largest = 0
    for place, token in enumerate(tokens):
        if token.kind != "number" or token.value is None or token.unit not in ("", "x", "word"):
            continue
        if _near(tokens, place, 3) & {"volume", "average", "atr", "vol"}:
            continue
        near = _near(tokens, place, 2)
        beside = near & {"leverage", "leveraged", "lev", "margin"}
        direct = token.unit == "x" and near & DIRECT
        if beside or direct or (token.unit == "x" and token.value >= REFUSED_LEVERAGE):
            largest = max(largest, int(token.value))
    return largest


def _near(tokens: tuple[Token, ...], place: int, reach: int) -> set[str]:
    """The words so near to a place, none beyond a comma or a full stop."""
    found: set[str] = set()
    for row in (tokens[place + 1 : place + 1 + reach], tokens[max(0, place - reach) : place][::-1]):
        for token in row:
            if token.text in SENTENCE_ENDS:
                break
            found.add(token.text)
    return found


DIRECT = word_set("long short position futures perp isolated cross on with at use go")


def _reckless_leverage(tokens: tuple[Token, ...], said: str) -> bool:
    size = leverage_of(tokens)
    if size >= REFUSED_LEVERAGE:
        return True
    return (size > 1 or " leverage " in said) and _says(said, RECKLESS)


def _doubling(tokens: tuple[Token, ...], words: list[str]) -> bool:
    """Sizes that double step by step: `2x, 4x, 8x`, or `1%, if lost 2%, then 4%`."""
    steps = {token.value for token in tokens if token.unit == "x" and token.value}
    if any(size * 2 in steps and size * 4 in steps for size in steps):
        return True
    stakes = [token.value for token in tokens if token.unit in ("percent", "usd") and token.value]
    rows = zip(stakes, stakes[1:], stakes[2:], strict=False)
    doubled = any(second == 2 * first and third == 2 * second for first, second, third in rows)
    return doubled and bool(_places(words, LOST))


LOST = "lost | lose | loses | losing | until green | till green | until i win | wrong | fails | bet | stake"


def _contradicts(words: Lexed, said: str) -> bool:
    """A stop or a target on the wrong side of the entry, or both sides of one market at once."""
    coins = {token.text for token in words.tokens if token.kind in ("coin", "pair")}
    if len(coins) < 2 and _says(said, BOTH_SIDES) and _says(said, AT_ONCE):
        return True
    longs, shorts = _says(said, "long | longs | buy"), _says(said, "short | shorts | shorting")
    if shorts and longs:
        return False
    wrong = {("stop", "below"), ("target", "above")} if shorts else {("stop", "above"), ("target", "below")}
    return any(_placed(Cursor(words.tokens, place)) in wrong for place in range(len(words.tokens)))


def _placed(c: Cursor) -> tuple[str, str] | None:
    """`stop 5% above my entry`: a clause and the side of the entry that it is put on."""
    clause = c.says("stop", "target")
    c.skip(frozenset({"at", "of", "is", "to", "should", "be", ":", "=", "loss", "goes"}))
    token = c.take("number") if clause else None
    side = c.says("above", "below")
    if clause is None or side is None or (token is not None and token.unit != "percent"):
        return None
    c.skip(frozenset({"my", "the", "our", "its"}))
    entries = (
        ("entry", "buy", "purchase", "entries") if token is None else ("entry", "buy", "it", "purchase", "entries")
    )
    return (clause, side) if c.peek().text in entries else None


BOTH_SIDES = "long and short | short and long | buy and short | short and buy | buy and sell | long and sell"
AT_ONCE = "same time | same moment | simultaneously | same candle | same bar | at once | same instant"


def _churns(tokens: tuple[Token, ...]) -> bool:
    """`500 times a day`, `60 trades per hour`: more round trips than any rule on candles can earn the fees of."""
    for place, token in enumerate(tokens):
        row = [one.text for one in tokens[place + 1 : place + 4]]
        if token.kind != "number" or token.value is None or token.unit not in ("", "word") or len(row) < 3:
            continue
        most = MOST_A.get(row[2].removesuffix("s"))
        if row[0] in ("times", "trades", "orders", "entries") and row[1] in ("a", "per", "each", "every") and most:
            return token.value >= most
    return False


MOST_A = {"second": 1, "minute": 2, "min": 2, "hour": 20, "day": 100}
"""So many trades in a span are trading for its own sake."""


DOUBLING = Danger(
    "martingale",
    "",
    "A size that doubles from step to step is a martingale: the last step is larger than all before it.",
    "One entry with a fixed size and a stop, for example 2% of equity and a 3% stop.",
)
CONTRADICTION = Danger(
    "contradiction",
    "",
    "A stop on the winning side of the entry, a target on the losing side, or both sides at once would close the"
    " trade as it opens.",
    "For a long, put the stop below the entry and the target above it: stop 3%, take profit 5%.",
)
RECKLESS = (
    "no stop | no stops | no stop loss | without a stop | without stop | all in | everything | max leverage"
    " | maximum leverage | whatever leverage | double the leverage | drop the stop | remove the stop | no sl"
    " | highest leverage | as much leverage | any leverage | life savings | hold until | until i wake up"
    " | without stops | full leverage"
)
LEVERAGE = Danger(
    "leverage",
    "",
    "High leverage can wipe out the account on a move that happens every week, and nothing here trades with"
    " borrowed money.",
    "The same idea at 1x with a stop, for example: buy BTC when RSI drops below 30, stop 3%.",
)
