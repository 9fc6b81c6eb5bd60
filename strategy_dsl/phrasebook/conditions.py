"""Readers of conditions: comparisons joined by `and` or by `or`."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from strategy_dsl.phrasebook.code_words import cross_call
from strategy_dsl.phrasebook.comparisons import comparison
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.gloss_words import glossed, remark
from strategy_dsl.phrasebook.names import ARTICLES, WEEKDAYS
from strategy_dsl.phrasebook.return_words import away_again, came_after, failed, lone_extreme
from strategy_dsl.phrasebook.shape_places import at_level
from strategy_dsl.phrasebook.shapes import SHAPES, loud
from strategy_dsl.phrasebook.spans import plain, span, timeframe_word
from strategy_dsl.phrasebook.statements import Choice, Condition, Crossing, Memory, together
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.trend_words import TREND_SHAPES
from strategy_dsl.phrasebook.values import Operand

GROUPING = "Both `and` and `or` are in it. Which do you mean?"
READERS: tuple[Callable[[Cursor, Memory], Condition | None], ...] = (
    cross_call,
    failed,
    lone_extreme,
    away_again,
    *SHAPES,
    *TREND_SHAPES,
    comparison,
)


@reader
def condition(c: Cursor, memory: Memory, before_action: bool = False) -> Condition | None:
    """Statements joined by `and` or by `or`; with both of them the grouping stays open."""
    first = statement(c, memory)
    if first is None:
        return None
    parts, joints = [first], []
    soon = None
    while (joined := _joined(c, memory.after(together(parts)), before_action)) is not None:
        joints.append(joined[0])
        parts.append(joined[1])
        soon = (_soon(c) or soon) if "then" in joints else None
    found = _combined(parts, joints)
    if joints == ["then"] and parts[1].joined_by.startswith("within "):
        soon = parts[1].joined_by.removeprefix("within ")
    return _timed(found, parts, soon) if soon and joints == ["then"] else found


@reader
def _soon(c: Cursor) -> str | None:
    """`within 5 bars`, behind what comes after `then`."""
    if c.peek().text not in ("within", "in"):
        return None
    c.at += 1
    c.skip(ARTICLES)
    c.skip(frozenset({"next", "following"}))
    time = span(c)
    return str(time.bars) if time is not None and time.bars else None


def _timed(found: Condition, parts: list[Condition], count: str) -> Condition:
    """`A then B within 5 bars`, with its number said."""
    text = f"({parts[0].text}) then within {count} bars ({parts[1].text})"
    choices = tuple(one for one in found.choices if one.topic != "lookback")
    return replace(found, text=text, choices=choices, joined_by="then")


@reader
def statement(c: Cursor, memory: Memory) -> Condition | None:
    """One comparison, crossing, move or candle shape, with how long or how recently it must hold."""
    c.skip(ARTICLES | {"either"})
    if c.peek().text == "both" and not any(
        Cursor(c.tokens, c.at + 1).phrase(side) for side in ("above", "below", "is")
    ):
        c.at += 1
    if c.sign("("):
        inner = condition(c, memory, before_action=True)
        if inner is None or not c.sign(")"):
            return None
        return _lasting(c, replace(inner, text=f"({inner.text})", joined_by=""))
    start = c.at
    for read in READERS:
        found = read(c, memory)
        if found is not None:
            return _lasting(c, _of_market(at_level(c, found), c.tokens[start : c.at]))
    return _negated(c, memory) or glossed(c, memory, lambda ahead, seen: condition(ahead, seen, before_action=True))


@reader
def _negated(c: Cursor, memory: Memory) -> Condition | None:
    """`it did not gap down`, `not on fridays`, `RSI has not crossed above 70`: the condition does not hold."""
    c.skip(frozenset({"it", "is"}))
    if not c.says("not_word"):
        return None
    c.skip(frozenset({"it"}))
    said = statement(c, memory)
    if said is None or said.choices:
        return None
    return Condition(f"not ({said.text})", assumed=said.assumed)


def _of_market(said: Condition, tokens: Sequence[Token]) -> Condition:
    """A condition that names a coin, as one of that coin's market: `btc is above its 50 day average`."""
    names = {token.text for token in tokens if token.kind in ("coin", "pair")}
    if len(names) != 1 or not said.text:
        return said if not names else replace(said, text=NO_TEXT)
    name = names.pop()

    def marked(text: str) -> str:
        return f"{{of(}}{text}{{)of:{name if '/' in name else name + '/USDT'}}}"

    def side(value: Operand) -> Operand:
        return value if value.kind == "number" else replace(value, text=marked(value.text))

    def sides(crossing: Crossing | None) -> Crossing | None:
        return crossing and replace(crossing, left=side(crossing.left), right=side(crossing.right))

    choices = tuple(
        replace(choice, options=tuple((label, marked(text)) for label, text in choice.options))
        for choice in said.choices
    )
    return replace(
        said,
        text=marked(said.text),
        choices=choices,
        crossing=sides(said.crossing),
        sides=sides(said.sides),
        numbered=tuple(side(one) for one in said.numbered),
        joined_by="",
    )


def _lasting(c: Cursor, said: Condition) -> Condition:
    """`for 3 candles` or `in the last 5 bars` behind a statement."""
    remark(c)
    said = came_after(c, said) or said
    again = _in_a_row(c) if said.crossing is None else None
    if again is not None:
        return replace(said, text=f"({said.text}) for {again} bars", joined_by="")
    said = _on_frame(c, said)
    start = c.at
    word = c.peek().text
    if word in ("for", "in", "within"):
        c.at += 1
        c.skip(ARTICLES)
        recent = c.says("previous")
        time = span(c)
        if (
            time
            and word == "for"
            and not recent
            and time.minutes
            and time.minutes % DAY == 0
            and "{on:" not in said.text
        ):
            days = f"({said.text}) for {{bars:{time.minutes}}} bars{{fine:1d}}"
            return replace(said, text=days, joined_by="")
        if time and time.bars and (recent or word == "for") and not (recent and word == "for"):
            c.says("row")
            form = "for" if word == "for" else "in last"
            return replace(said, text=f"({said.text}) {form} {time.bars} bars", joined_by="")
    c.at = start
    return said


@reader
def _in_a_row(c: Cursor) -> str | None:
    """`two times in a row`, `twice in a row`, behind a statement: on so many candles."""
    count = "2" if c.says("twice") else None
    token = c.take("number") if count is None else None
    if token is not None and token.value is not None and token.unit in ("", "word"):
        count = plain(token.value)
        c.skip(frozenset({"times", "closes", "candles", "bars"}))
    return count if count is not None and c.says("row") else None


def _on_frame(c: Cursor, said: Condition) -> Condition:
    """`… on the 15m and …`: the timeframe of this statement, where another one follows."""
    start = c.at
    if c.peek().text == "on":
        c.at += 1
        c.skip(ARTICLES)
        frame = timeframe_word(c)
        c.says("frame_noun")
        if frame and (c.phrase("and") or c.peek().text == ")") and "{on:" not in said.text:
            return replace(said, text=f"({said.text}){{on:{frame}}}", joined_by="")
    c.at = start
    return said


@reader
def _joined(c: Cursor, memory: Memory, before_action: bool) -> tuple[str, Condition] | None:
    comma = c.sign(",")
    signed = c.peek().text == "+" and c.peek(1).text in ("di", "vi")
    joint = None if signed else _then(c) or c.says("and", "or") or _but(c)
    if joint is None and c.peek().text == "on" and _on_volume(Cursor(c.tokens, c.at + 1)):
        c.at += 1
        joint = "and"
    behind = joint is None and not comma and c.peek().text in ("if", "provided")
    if joint is None and not comma and not behind and not _day_before(c):
        return None
    c.says("when")
    ahead = _soon(c) if joint == "then" else None
    if joint == "then":
        c.skip(frozenset({"it", "a", "an", "the", ","}))
    alone = comma and joint is None
    elided = joint == "or" and memory.crossing is not None and (c.phrase("above") or c.phrase("below"))
    part = statement(c, Memory() if alone else memory)
    if elided and memory.crossing is not None:
        part = _crossed_too(part, memory.crossing)
    if part is None or (alone and _leans(part)):
        return None
    if not before_action and _acts_next(c) and (alone or c.peek().kind != "sign"):
        return None
    if ahead is not None:
        return "then", replace(part, joined_by=f"within {ahead}")
    return joint or "and", part


def _on_volume(ahead: Cursor) -> bool:
    """Whether `on` stands before what the volume is: `on above average volume`."""
    return ahead.peek().text == "volume" or loud(ahead, Memory()) is not None


def _but(c: Cursor) -> str | None:
    """`above 30 but below 50`."""
    if c.peek().text != "but" or c.peek(1).text in BEHIND_BUT:
        return None
    c.at += 1
    return "and"


BEHIND_BUT = ("not", "only", "no", "never", "dont", "skip", "if", "when")


def _crossed_too(part: Condition | None, first: Crossing) -> Condition | None:
    """`crosses above 30 or below 70`: the second is a crossing as well."""
    if part is None or part.sides is None or part.crossing is not None or part.sides.left.text != first.left.text:
        return None
    return replace(part, text=part.sides.text(), crossing=part.sides)


def _then(c: Cursor) -> str | None:
    """`then`, `and then`, where no buying or selling follows."""
    ahead = Cursor(c.tokens, c.at)
    ahead.skip(frozenset({"and"}))
    if ahead.peek().text != "then":
        return None
    ahead.at += 1
    if any(ahead.phrase(name) for name in ACTING):
        return None
    c.at = ahead.at
    return "then"


def _day_before(c: Cursor) -> bool:
    """Whether "if" may follow without "and", as in "on mondays if price is above …"."""
    before = c.tokens[c.at - 1].text.rstrip("s") if c.at else ""
    return before in WEEKDAYS and bool(c.phrase("when"))


def _leans(part: Condition) -> bool:
    """Whether a statement after a bare comma is only a price level, which may as well be something else."""
    return any(one.name == "price" for one in part.numbered)


def _acts_next(c: Cursor) -> bool:
    """Whether a buying or selling word follows, so that the statement belongs to it."""
    ahead = Cursor(c.tokens, c.at)
    while ahead.sign(",") or ahead.sign("->") or ahead.sign(":") or ahead.says("and"):
        pass
    directly = ahead.at == c.at or ahead.tokens[ahead.at - 1].text in ("->", ":", ",")
    return directly and any(ahead.phrase(name) for name in ACTING) and _bare_action(ahead)


def _bare_action(ahead: Cursor) -> bool:
    """Whether the action word has no condition of its own behind it."""
    ahead.says(*ACTING)
    return not ahead.phrase("when")


def _combined(parts: list[Condition], joints: list[str]) -> Condition:
    if not joints:
        return parts[0]
    whole = together(parts)
    if "then" in joints:
        return _sequence(whole, parts) if joints == ["then"] else replace(whole, text=NO_TEXT)
    if len(set(joints)) == 1:
        text = f" {joints[0]} ".join(_bracketed(part, joints[0]) for part in parts)
        return replace(whole, text=text, joined_by=joints[0])
    ands, ors = _grouped(parts, joints, "and"), _grouped(parts, joints, "or")
    choice = Choice("grouping", GROUPING, ((ands, ands), (ors, ors)))
    return replace(whole, text=ands, joined_by="or", choices=(*whole.choices, choice))


def _sequence(whole: Condition, parts: list[Condition]) -> Condition:
    """`A then B`: on the candle after for candle shapes, else within a number of candles that stays open."""
    first, second = parts
    if RUN in first.text and first.text.startswith("(close"):
        return replace(whole, text=f"({first.text})[1] and {second.text}", joined_by="and")
    texts = [f"({first.text}) then within {count} bars ({second.text})" for count in (10, 5, 20)]
    options = tuple((f"within {count} candles", text) for count, text in zip((10, 5, 20), texts, strict=True))
    choice = Choice("lookback", "How soon after the first must the second come?", options)
    return replace(whole, text=texts[0], joined_by="then", choices=(*whole.choices, choice))


ACTING = ("short", "cover", "buy", "sell")
RUN = ") for "
DAY = 1440
NO_TEXT = "{unsaid}"
"""A condition that was understood in its parts and not as a whole."""


def _bracketed(part: Condition, joint: str) -> str:
    return f"({part.text})" if part.joined_by and part.joined_by != joint else part.text


def _grouped(parts: list[Condition], joints: list[str], tight: str) -> str:
    """The parts with the joint `tight` binding first, in brackets."""
    groups = [[_bracketed(parts[0], tight)]]
    for joint, part in zip(joints, parts[1:], strict=True):
        if joint == tight:
            groups[-1].append(_bracketed(part, tight))
        else:
            groups.append([_bracketed(part, tight)])
    loose = "or" if tight == "and" else "and"
    joined = [f" {tight} ".join(group) for group in groups]
    return f" {loose} ".join(
        f"({text})" if len(group) > 1 else text for text, group in zip(joined, groups, strict=True)
    )
