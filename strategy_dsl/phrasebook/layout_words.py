"""Lists as people lay them out: bullets and numbers in front of lines, conditions one below the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from strategy_dsl.phrasebook.cursor import Cursor
from strategy_dsl.phrasebook.lexicon import Lexed
from strategy_dsl.phrasebook.names import word_set
from strategy_dsl.phrasebook.operands import FOLLOWING
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.trading_words import ACTING

BULLETS = frozenset({"-", "*", "•", "·", "–", "—", "▪", "►", "✅", "☑"})
CLOSING = frozenset({".", ")", ":"})
TERMS = (*ACTING, "stop", "target", "reward_risk", "trail", "risk", "budget", "leverage", "holding")
LIMITING = frozenset({"max", "maximum", "only"})
"""What is no condition: acting, protecting, sizing."""


@dataclass(frozen=True)
class Entry:
    """One line of a list: the place of its mark and of its first word behind the mark, and where it ends."""

    mark: int
    begins: int
    ends: int


def laid_out(words: Lexed) -> Lexed:
    """The text without the marks of its lists; conditions one below the other are joined by `and`."""
    entries = _bullets(words.tokens) or _numbered(words.tokens) or _headed(words.tokens)
    joints = [_joint(words.tokens, entries, at) for at in range(len(entries))]
    if len(entries) < 2 or any(joint is None for joint in joints):
        return words
    said = [joint or "and" for joint in joints]
    apart = any(joint == "or" and not _any_of(_heading(words.tokens, entries, at)) for at, joint in enumerate(said))
    mended = (*words.mended, EACH_LEAVES) if apart else words.mended
    return replace(words, tokens=_joined(words.tokens, entries, said), mended=mended)


def _bullets(tokens: Sequence[Token]) -> list[Entry]:
    """Lines that begin with a bullet."""
    starts = [
        at
        for at, token in enumerate(tokens)
        if token.text in BULLETS and (at == 0 or tokens[at - 1].text == "\n") and at + 1 < len(tokens)
    ]
    return [Entry(at, at + 1, _line_end(tokens, at)) for at in starts]


HEADS = word_set(
    "setup trend uptrend bias context regime filter condition confirmation confirm pullback dip trigger entry signal"
    " momentum volume"
)
"""What a condition is called in front of a colon, all of which must hold for the one way in."""


def _headed(tokens: Sequence[Token]) -> list[Entry]:
    """`Setup: … Trigger: …`: two or more clauses, each with such a name in front."""
    starts = [at for at in range(len(tokens) - 1) if _is_head(tokens, at)]
    return [Entry(at, at, _sentence_end(tokens, at)) for at in starts]


def _is_head(tokens: Sequence[Token], at: int) -> bool:
    edge = at == 0 or tokens[at - 1].text in (".", ";", "\n")
    return edge and tokens[at].text in HEADS and tokens[at + 1].text == ":"


def _line_end(tokens: Sequence[Token], at: int) -> int:
    return next((place for place in range(at, len(tokens)) if tokens[place].text == "\n"), len(tokens))


def _numbered(tokens: Sequence[Token]) -> list[Entry]:
    """`1. … 2. … 3. …` or `1) … 2) …`, each in front of a clause."""
    starts: list[int] = []
    for at, token in enumerate(tokens[:-2]):
        opened = token.text == "(" and tokens[at + 2].text == ")"
        number = tokens[at + 1] if opened else token
        behind = tokens[at + 2] if opened else tokens[at + 1]
        edge = at == 0 or tokens[at - 1].text in (".", ":", ";", "\n", ",")
        edge = edge or (behind.text == ")" and tokens[at - 1].end < token.start)
        if edge and number.kind == "number" and number.text == str(len(starts) + 1) and behind.text in CLOSING:
            starts.append(at)
    if len(starts) < 2:
        return []
    ends = [*starts[1:], 0]
    brackets = {at for at in starts if tokens[at].text == "("}
    return [
        Entry(at, at + (3 if at in brackets else 2), end or _sentence_end(tokens, at + 3))
        for at, end in zip(starts, ends, strict=True)
    ]


def _sentence_end(tokens: Sequence[Token], at: int) -> int:
    return next((place for place in range(at, len(tokens)) if tokens[place].text in (".", "\n", ";")), len(tokens))


ANY = word_set("any either one")
OPEN = word_set("any either or two least 2 3 most majority")


LEAVING = word_set("exit exits out leave")
WHOLE = word_set("all both every each together and when if")
EACH_LEAVES = "each line under the exits read as a way out of its own"


def _any_of(line: Sequence[str]) -> bool:
    """Whether a heading says `any of these`."""
    return bool(set(line) & ANY) and "of" in line and not set(line) & (OPEN - ANY)


def _adjoins(tokens: Sequence[Token], entry: Entry, following: Entry) -> bool:
    """Whether a line of a list comes right behind another, under the same heading."""
    return all(one.text in ("\n", ".", ";") for one in tokens[entry.ends : following.mark])


def _first(tokens: Sequence[Token], entries: Sequence[Entry], at: int) -> Entry:
    """The first line under the heading that this line stands under."""
    while at and _adjoins(tokens, entries[at - 1], entries[at]):
        at -= 1
    return entries[at]


def _heading(tokens: Sequence[Token], entries: Sequence[Entry], at: int) -> list[str]:
    """The line over the list that this line stands in."""
    heading = [token.text for token in tokens[: _first(tokens, entries, at).mark]]
    return heading[max((place for place, text in enumerate(heading[:-1]) if text in (".", "\n")), default=-1) + 1 :]


def _joint(tokens: Sequence[Token], entries: Sequence[Entry], at: int) -> str | None:
    """What joins a line to the next: `and`, or `or` under `buy when any of these:` and under `exits:`.

    None where the text says something else of its conditions.
    """
    line = _heading(tokens, entries, at)
    if _any_of(line) or (line[:1] and line[0] in LEAVING and ":" in line[-2:] and not set(line) & WHOLE):
        return "or"
    last = at
    while last + 1 < len(entries) and _adjoins(tokens, entries[last], entries[last + 1]):
        last += 1
    ends = entries[last].ends if last + 1 < len(entries) else len(tokens)
    spoken = [token.text for token in tokens[_first(tokens, entries, at).ends : ends]]
    apart = {"either", "any"} & set(spoken) or {"either", "any", "least", "two"} & set(line)
    return None if apart else "and"


def _joined(tokens: Sequence[Token], entries: list[Entry], joints: list[str]) -> tuple[Token, ...]:
    """Without the marks; a plain condition is joined to the line below it."""
    found = list(tokens[: entries[0].mark])
    if len(found) > 1 and found[-1].text == "\n" and found[-2].text == ":":
        found.pop()
    for entry, following, joined_by in zip(entries, [*entries[1:], None], joints, strict=True):
        line = _unnamed(tokens[entry.begins : entry.ends])
        while line and line[-1].text in ("\n", ".", ";", ","):
            line.pop()
        place = tokens[entry.mark]
        if following is not None:
            line = _standing(line)
        if following is not None and line and _plain(line) and _follows(tokens, entry, following):
            ahead = tokens[following.begins : following.ends]
            joint = "," if _acts_first(ahead) else joined_by
            found += [*_led(line, found), replace(place, kind="sign" if joint == "," else "word", text=joint)]
        else:
            between = list(tokens[entry.ends : following.mark]) if following is not None else []
            if [one.text for one in between[-2:]] == [":", "\n"]:
                between.pop()
            found += [*line, replace(place, kind="sign", text="\n"), *between]
    return (*found, *tokens[entries[-1].ends :])


MOVING = word_set(
    "drops drop falls fall dips dip pulls pull goes gets comes rises climbs comes pulling dipping dropping"
)


def _standing(line: list[Token]) -> list[Token]:
    """`RSI pulls back below 45`, a step before the last: how things stand when the last one comes."""
    found: list[Token] = []
    for at, token in enumerate(line):
        ahead = [one.text for one in line[at + 1 : at + 3]]
        side = (ahead[:1] == ["back"] and ahead[1:]) or ahead[:1]
        moved = token.text in MOVING and side and side[0] in ("above", "below", "over", "under")
        if token.text == "back" and found and found[-1].text == "is" and line[at - 1].text in MOVING:
            continue
        found.append(replace(token, text="is") if moved else token)
    return found


def _acts_first(line: Sequence[Token]) -> bool:
    """Whether a line begins with an action, so that what stood before is its condition."""
    begins = Cursor(line, 0)
    return line[0].text in ("when", "if", "then") or any(begins.phrase(name) for name in ("buy", "short"))


def _unnamed(line: Sequence[Token]) -> list[Token]:
    """A line without the name of its condition: `Trigger: RSI crosses 40`."""
    named = len(line) > 2 and line[0].text in HEADS and line[1].text == ":"
    return list(line[2:] if named else line)


def _led(line: list[Token], found: list[Token]) -> list[Token]:
    """The first condition of a list led by `when`, so that the action below takes it."""
    if found and found[-1].text not in ("\n", ":", ".", "ok"):
        return line
    return [replace(line[0], kind="word", text="when"), *line] if line[0].text not in ("when", "if") else line


def _plain(line: Sequence[Token]) -> bool:
    """Whether a line is a condition alone: no word of acting, protecting or sizing in it."""
    if any(token.text in LIMITING for token in line):
        return False
    places = [at for at in range(len(line)) if not _price(line, at)]
    return not any(Cursor(line, at).phrase(term) for at in places for term in TERMS)


def _price(line: Sequence[Token], at: int) -> bool:
    """Whether `close` is the price here, and no word of leaving."""
    ahead = Cursor(line, at + 1)
    return line[at].text == "close" and any(ahead.phrase(term) for term in (*FOLLOWING, "through", "outside", "back"))


def _follows(tokens: Sequence[Token], entry: Entry, following: Entry) -> bool:
    """Whether the next line of the list comes at once and goes on with conditions, or acts on them."""
    between = tokens[entry.ends : following.mark]
    return all(token.text in ("\n", ".", ";") for token in between) and not _protects(
        tokens[following.begins : following.ends]
    )


def _protects(line: Sequence[Token]) -> bool:
    """Whether a line says no way in: it starts with a stop, a target, a size or a way out."""
    opens = any(Cursor(line, at).phrase(term) for at in range(len(line)) for term in ("buy", "short"))
    return not _plain(line) and not opens
