"""Readers of one indicator in the place of another: `use EMA instead of SMA`, `same thing but with stochastic`."""

import re

from strategy_dsl import nodes
from strategy_dsl.formatter import format_strategy
from strategy_dsl.parser import parse
from strategy_dsl.phrasebook.changes import CannotChange, Step
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.found import Asked, Found
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.statements import Choice

AVERAGES = ("sma", "ema", "wma", "hma", "dema", "tema")
SCORES = {"rsi": "rsi({n})", "mfi": "mfi({n})", "stochastic": "stochastic({n}, 3, 3).k"}
"""Scores between 0 and 100, which one level fits as well as another."""
LEVELS = {"rsi": ("30", "70"), "mfi": ("20", "80"), "stochastic": ("20", "80")}
"""Where each is usually called oversold and overbought."""
BETWEEN = frozenset({"with", "for", "to", "by", "into"})


@reader
def indicator(c: Cursor) -> Found | None:
    """The old and the new indicator, or the new one alone where only one of its kind is in the rules."""
    pair = _replaced(c) or _instead(c) or _same_but(c)
    if pair is None or not (c.ended() or c.peek().kind == "sign" or c.phrase("and")):
        return None
    old, new = pair
    if new in AVERAGES:
        return Found(_step(old, new, None)) if old in (None, *AVERAGES) else None
    if old not in (None, *SCORES):
        return None
    low, high = LEVELS[new]
    options = (("the same levels", ""), (f"{low} and {high}, its usual levels", f"{low}|{high}"))
    question = f"At what levels of the {new if new == 'stochastic' else new.upper()}?"
    return Found(
        asked=Asked(Choice("threshold", question, options), tuple(_step(old, new, text) for _, text in options))
    )


def _named(c: Cursor) -> str | None:
    c.skip(ARTICLES)
    name = c.says(*SCORES, *AVERAGES)
    if name is not None:
        c.skip(frozenset({"condition", "indicator", "filter", "average", "averages"}))
    return name


@reader
def _replaced(c: Cursor) -> tuple[str | None, str] | None:
    """`replace the RSI with MFI`, `switch SMA to EMA`."""
    dropped = c.says("removing") is not None
    if not dropped and c.peek().text not in ("replace", "swap", "change", "switch", "exchange", "substitute"):
        return None
    c.at += not dropped
    c.skip(frozenset({"from", "out"}))
    old = _named(c)
    if dropped:
        c.sign(",")
        c.skip(frozenset({"and", "then"}))
    if old is None or c.peek().text not in ({"use", "try", "take", "add"} if dropped else BETWEEN):
        return None
    c.at += 1
    new = _named(c)
    return (old, new) if new is not None and new != old else None


@reader
def _instead(c: Cursor) -> tuple[str | None, str] | None:
    """`use EMA instead of SMA`, `MFI rather than RSI`, `use stochastic instead`."""
    c.skip(frozenset({"use", "make", "it", "take", "with", "do"}))
    new = _named(c)
    if new is None or c.peek().text not in ("instead", "rather"):
        return None
    c.at += 1
    if c.peek().text not in ("of", "than"):
        return None, new
    c.at += 1
    old = _named(c)
    return (old, new) if old is not None and old != new else None


@reader
def _same_but(c: Cursor) -> tuple[str | None, str] | None:
    """`same thing but with stochastic`, `the same, only on MFI`."""
    c.skip(ARTICLES | {"do"})
    if c.peek().text != "same":
        return None
    c.skip(
        frozenset(
            {"same", "thing", "strategy", "rules", "one", ",", "but", "just", "only", "with", "using", "on", "for"}
        )
    )
    new = _named(c)
    return (None, new) if new is not None else None


def _step(old: str | None, new: str, levels: str | None) -> Step:
    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        text = format_strategy(strategy)
        family = AVERAGES if new in AVERAGES else tuple(SCORES)
        there = [name for name in family if name != new and re.search(rf"\b{name}\((?!volume)", text)]
        name = old or (there[0] if len(there) == 1 else None)
        if name is None or name not in there:
            said = f"There is no {(old or new).upper()}" if old else "I do not see which indicator that should replace"
            raise CannotChange(f"{said} in these rules.")
        if new in AVERAGES:
            return parse(re.sub(rf"\b{name}\((?!volume)", f"{new}(", text)).strategy
        return parse(re.sub(_compared(name), lambda match: _other(match, new, levels or ""), text)).strategy

    return step


def _compared(name: str) -> str:
    """The score with its first length, and the level that it is compared with, if one stands beside it."""
    return rf"\b{name}\((\d+)[^)]*\)(?:\.k)?(?: (crosses above|crosses below|[<>]=?) (\d+(?:\.\d+)?))?"


def _other(match: re.Match[str], new: str, levels: str) -> str:
    length, relation, level = match.groups()
    value = SCORES[new].format(n=length)
    if level is None:
        return value
    low, _, high = levels.partition("|")
    chosen = level if not levels else (low if float(level) < 50 else high)
    return f"{value} {relation} {chosen}"
