"""Wishes without a number ("less aggressive", "trade more often"): two or three changes of the rules to choose from."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from strategy_dsl.checks.check import check
from strategy_dsl.formatter import format_strategy
from strategy_dsl.parser import parse
from strategy_dsl.phrasebook.reading import Option, Question, Reading
from strategy_dsl.phrasebook.spans import plain

MOST_OPTIONS = 3
LONGEST_LABEL = 50
"""A button holds 64 bytes, `say:` in front of it."""
_LEAD = (
    r"(?:(?:please|can you|could you|now|ok|hey|and|i want|i.?d like|i would like|make|give|keep|have|let.?s|it|this|that|the strategy"
    r"|strategy|to|be|should|trade|a|an|bit|little|lot|somewhat|slightly|much|want|get|with|take|need|the|do|try|some|for)\s+)*"
)
_TAIL = r"(?:\s+(?:please|now|again|than that|a bit|a little|on this|with it|for me|overall))*\s*[.!?]*"
Change = Callable[[str], str | None]
"""From the rules in force to others; None where it does not apply."""


@dataclass(frozen=True)
class Wish:
    """What people say, the question back, and the changes that could be meant, the likeliest first."""

    words: str
    question: str
    topic: str
    changes: tuple[tuple[str, Change], ...]


def vague_reading(text: str, current: str) -> Reading | None:
    """The question for a wish that names no number; None for every other text, or where nothing can be offered."""
    wish = next((each for each in WISHES if re.fullmatch(f"{_LEAD}(?:{each.words}){_TAIL}", text.strip(), re.I)), None)
    if wish is None:
        return None
    options = tuple(offered(wish.changes, current))[:MOST_OPTIONS]
    if len(options) < 2:
        return None
    return Reading("clarify", questions=(Question(wish.topic, wish.question, options),))


Changes = tuple[tuple[str, Change], ...]


def offered(changes: Changes, current: str) -> Iterator[Option]:
    """The changes that apply and hold, each other rules."""
    seen = {_canonical(current)}
    for label, change in changes:
        changed = change(current)
        rules = None if changed is None else _canonical(changed)
        if rules is not None and rules not in seen:
            seen.add(rules)
            yield Option(label[:LONGEST_LABEL], rules, label)


def _canonical(rules: str) -> str | None:
    parsed = parse(rules)
    holds = not parsed.problems and not any(each.severity == "error" for each in check(parsed.strategy))
    return format_strategy(parsed.strategy) if holds else None


def _round(value: Decimal) -> str:
    """Two figures, as people would say it."""
    places = Decimal(1) if value >= 10 else Decimal("0.1") if value >= Decimal("0.3") else Decimal("0.01")
    return plain(value.quantize(places))


def _scaled(opening: str, factor: str) -> Change:
    """The first number of a clause, times a factor; the distance of a stop, a target, a size."""

    def change(rules: str) -> str | None:
        found = re.search(rf"^{opening} (?P<number>\d[\d,]*(?:\.\d+)?)(?=%| \*|r\b| USD| of)", rules, re.MULTILINE)
        if found is None:
            return None
        value = Decimal(found["number"].replace(",", "")) * Decimal(factor)
        return rules[: found.start("number")] + _round(value) + rules[found.end("number") :]

    return change


_SWINGS = re.compile(r"(?:rsi|mfi|stochastic|williams_r|cci)\([\d, ]*\)(?:\.\w+)? (?P<way>crosses (?:above|below)|[<>]=?) (?P<level>-?\d+(?:\.\d+)?)(?![\d%])")  # fmt: skip
_MOVES = re.compile(r"change\([^()]*\) (?P<way>[<>]=?) (?P<level>-?\d+(?:\.\d+)?)%")
_TIMES = re.compile(r"volume (?P<way>[<>]=?) (?P<level>\d+(?:\.\d+)?)(?= \*)")
_LOOKS = re.compile(r"(?:highest|lowest)\(\w+, (?P<level>\d+)\)|donchian\((?P<length>\d+)\)")


def _entries(strict: bool) -> Change:
    """The first threshold of an entry, a step nearer to what it is met by, or farther from it."""

    def change(rules: str) -> str | None:
        for line in re.findall(r"^(?:buy|short) .*$", rules, re.MULTILINE):
            changed = _nudged(line, strict)
            if changed != line:
                return rules.replace(line, changed, 1)
        return None

    return change


def _nudged(line: str, strict: bool) -> str:
    for pattern, step in ((_SWINGS, "5"), (_MOVES, "share"), (_TIMES, "share"), (_LOOKS, "length")):
        found = pattern.search(line)
        if found is None:
            continue
        name = "level" if found["level"] is not None else "length"
        level = Decimal(found[name])
        if step == "length":
            moved = plain((level * (2 if strict else Decimal("0.5"))).quantize(Decimal(1)))
        else:
            up = found["way"] in (">", ">=", "crosses above")
            by = Decimal(5) if step == "5" else abs(level) / 4
            moved = _signed(level + (by if up == strict else -by))
        return line[: found.start(name)] + moved + line[found.end(name) :]
    return line


def _signed(value: Decimal) -> str:
    return ("-" if value < 0 else "") + _round(abs(value))


def _exits(later: bool) -> Change:
    """The first threshold of an exit, a step farther or nearer."""

    def change(rules: str) -> str | None:
        line = next(iter(re.findall(r"^(?:sell|cover) .*$", rules, re.MULTILINE)), "")
        changed = _nudged(line, strict=later)
        return rules.replace(line, changed, 1) if changed != line else None

    return change


def _with_line(line: str, unless: str) -> Change:
    """One more clause, where there is none of its kind."""
    return lambda rules: None if re.search(unless, rules, re.MULTILINE) else f"{rules.rstrip()}\n{line}\n"


def _instead(was: str, now: str) -> Change:
    """One clause in the place of another, where that is there."""
    return lambda rules: re.sub(was, now, rules, count=1, flags=re.M) if re.search(was, rules, re.M) else None


def _with_trend(rules: str) -> str | None:
    """Longs only above the average of 200 candles, shorts only below."""
    if "200)" in rules or not re.search(r"^(?:buy|short) (?:\w+ )?when ", rules, re.MULTILINE):
        return None

    def gated(match: re.Match[str]) -> str:
        side = ">" if match["action"] == "buy" else "<"
        condition = f"({match['condition']})" if " or " in match["condition"] else match["condition"]
        return f"{match['action']}{match['name']} when {condition} and close {side} ema(close, 200)"

    pattern = r"^(?P<action>buy|short)(?P<name>(?: \w+)?) when (?P<condition>.*)$"
    return re.sub(pattern, gated, rules, flags=re.MULTILINE)


FRAMES = ("5m", "15m", "30m", "1h", "2h", "4h", "12h", "1d")


def _frame(step: int) -> Change:
    """The next shorter (-1) or longer (1) candles."""

    def change(rules: str) -> str | None:
        found = re.search(r"^trade .* on (?P<frame>\w+)$", rules, re.MULTILINE)
        # lengths on other candles need a whole multiple of these
        if found is None or found["frame"] not in FRAMES or re.search(r"\) on \d", rules):
            return None
        at = FRAMES.index(found["frame"]) + step
        if not 0 <= at < len(FRAMES):
            return None
        return rules[: found.start("frame")] + FRAMES[at] + rules[found.end("frame") :]

    return change


def frames(way: str) -> Changes:
    """Shorter (`less`) or longer candles, the nearest first."""
    steps = (-1, -2) if way == "less" else (1, 2)
    return tuple(
        (f"{'shorter' if step < 0 else 'longer'} candles" + (", twice" if abs(step) > 1 else ""), _frame(step))
        for step in steps
    )


def levels(what: str, way: str) -> Changes:
    """Other levels for entries or exits: `less` is stricter for entries and sooner for exits."""
    strict = way == "less"
    entries = ("stricter entries" if strict else "easier entries", _entries(strict=strict))
    exits = ("a sooner exit" if strict else "a later exit", _exits(later=not strict))
    if what == "exit":
        return (
            exits,
            ("a nearer take profit", _scaled("take profit", "0.67"))
            if strict
            else ("a farther take profit", _scaled("take profit", "1.5")),
        )
    if what == "threshold":
        return (entries, exits)
    extra = (
        ("only with the trend of 200 candles", _with_trend)
        if strict
        else ("levels instead of crossings", _instead(r"^((?:buy|short) [^\n]*)crosses below", r"\1<"))
    )
    return (entries, extra)


WISHES = (
    Wish(
        r"better|improve(?: it| this| the strategy| my strategy)?|optimi[sz]e(?: it| this)?|fix it|more profit(?:able|s)?|more money"
        r"|(?:it.?s )?(?:not good|bad|not working|useless)|smarter",
        "Better can mean several things. Which one?", "entry",
        (
            ("only with the trend of 200 candles", _with_trend), ("stricter entries", _entries(strict=True)),
            ("a farther take profit", _scaled("take profit", "1.5")), ("a closer stop", _scaled("stop loss", "0.67")),
            ("a stop loss of 3%", _instead(r"^stop loss none$", "stop loss 3%")),
        ),
    ),
    Wish(
        r"less aggressive|safer|more careful|more conservative|less risky|calmer|more cautious|tone it down|play it safer|less risk"
        r"|bit safer|reduce (?:the |my )?risk|lower (?:the |my )?risk|too (?:risky|aggressive)|less volatile|milder|gentler",
        "Safer can mean several things. Which one?", "size",
        (
            ("half the size", _scaled("size", "0.5")), ("a closer stop", _scaled("stop loss", "0.67")),
            ("a stop loss of 3%", _instead(r"^stop loss none$", "stop loss 3%")), ("stricter entries", _entries(strict=True)),
            ("only with the trend of 200 candles", _with_trend),
        ),
    ),
    Wish(
        r"more aggressive|riskier|less conservative|bolder|more risk|less careful|too (?:careful|cautious|conservative|tame)",
        "Bolder can mean several things. Which one?", "size",
        (
            ("one and a half times the size", _scaled("size", "1.5")), ("easier entries", _entries(strict=False)),
            ("a wider stop", _scaled("stop loss", "1.5")), ("shorter candles", _frame(-1)),
        ),
    ),
    Wish(
        r"(?:trades? )?more often|more trades|trade more|buy more often|more (?:frequent|active)|more frequently|more (?:entries|action|signals)|busier"
        r"|(?:trades|buys) too (?:little|rarely|seldom)|(?:it )?(?:never|hardly ever|barely|rarely) (?:trades|buys)(?: anything)?|too few trades|increase (?:the )?(?:number of )?trades",
        "How should it trade more often?", "entry",
        (
            ("easier entries", _entries(strict=False)), ("shorter candles", _frame(-1)),
            ("without the cooldown", _instead(r"^cooldown .*\n", "")),
            ("levels instead of crossings", _instead(r"^((?:buy|short) [^\n]*)crosses below", r"\1<")),
            ("levels instead of crossings", _instead(r"^((?:buy|short) [^\n]*)crosses above", r"\1>")),
        ),
    ),
    Wish(
        r"(?:trades? )?less often|fewer trades|less trades|trade less|(?:more )?patient|more patien\w+|more selective|pickier|slow down|less (?:frequent|active)|less frequently|fewer (?:entries|signals)|calm it down"
        r"|(?:trades|buys) too (?:much|often)|too many trades|overtrad\w+",
        "How should it trade less often?", "entry",
        (
            ("stricter entries", _entries(strict=True)), ("longer candles", _frame(1)),
            ("at most 1 entry a day", _with_line("at most 1 entry a day", r"^at most \d+ entr")),
            ("12 hours' rest after each trade", _with_line("cooldown 12h", r"^cooldown")),
        ),
    ),
    Wish(
        r"tighter|tighten (?:it|it up|things|everything)|closer|too (?:loose|wide)",
        "What should be tighter?", "stop",
        (
            ("a closer stop", _scaled("stop loss", "0.67")), ("a nearer take profit", _scaled("take profit", "0.67")),
            ("a stop loss of 3%", _instead(r"^stop loss none$", "stop loss 3%")), ("stricter entries", _entries(strict=True)),
            ("a trailing stop of 2%", _with_line("trailing stop 2%", r"^trailing")),
        ),
    ),
    Wish(
        r"(?:the |my )?(?:target|take profit|tp) is (?:never|rarely|hardly ever) (?:reached|hit)|(?:it )?never (?:reaches|hits) the (?:target|take profit|tp)",
        "What should be nearer?", "target",
        (("a nearer take profit", _scaled("take profit", "0.67")), ("half the take profit", _scaled("take profit", "0.5")), ("a sooner exit", _exits(later=False))),
    ),
    Wish(
        r"looser|loosen (?:it|it up|things)|wider|too tight|(?:the |my )?stop (?:keeps getting hit|gets hit (?:too often|all the time)|is (?:hit|triggered) too often)|(?:i |we |it )?keeps? getting stopped out|(?:always|constantly) (?:getting )?stopped out|more room|room to breathe|breathe more",
        "What should be looser?", "stop",
        (
            ("a wider stop", _scaled("stop loss", "1.5")), ("a wider trailing stop", _scaled("trailing stop", "1.5")),
            ("a farther take profit", _scaled("take profit", "1.5")), ("easier entries", _entries(strict=False)),
        ),
    ),
    Wish(
        r"(?:let |ride )?(?:the |my |its )?(?:winners|profits|gains|them)(?: run)?(?: (?:more|longer|further))?|let it run(?: more| longer)?"
        r"|(?:sell|exit|take profits?) later|bigger (?:wins|winners|profits)|(?:sells|exits) too (?:early|soon)|hold winners longer",
        "How should winners run longer?", "target",
        (
            ("twice the take profit", _scaled("take profit", "2")), ("a later exit", _exits(later=True)),
            ("a trailing stop of 3% instead of the target", _instead(r"^take profit .*$", "trailing stop 3%")),
            ("a trailing stop of 3% instead of the exit", _instead(r"^(?:sell|cover) when .*$", "trailing stop 3%")),
        ),
    ),
    Wish(
        r"fewer (?:losses|losers|losing trades|stop[- ]?outs|bad trades)|(?:lose|loses?|losing) less(?: often)?|less (?:losses|losers)"
        r"|(?:a )?(?:higher|better) win ?rate|win more(?: often)?|more wins|(?:too many|loses too many) (?:losses|losers|losing trades)"
        r"|stopped out (?:less|too (?:much|often))|(?:i |it |we )?keeps? losing(?: money)?|(?:it )?loses too (?:often|much)|avoid (?:losses|bad trades)",
        "What should keep losses away?", "entry",
        (
            ("only with the trend of 200 candles", _with_trend), ("stricter entries", _entries(strict=True)),
            ("12 hours' rest after a loss", _with_line("cooldown 12h after a loss", r"^cooldown")),
            ("a wider stop", _scaled("stop loss", "1.5")), ("a nearer take profit", _scaled("take profit", "0.67")),
        ),
    ),
)  # fmt: skip
"""Every wish that is answered with options; the first whose words fit the whole text is taken."""
