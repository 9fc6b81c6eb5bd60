"""Good readings of texts, and thousands of ways in which a model could have got them wrong."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from bot.english.provenance import provenance
from bot.evaluation.judgement import judged
from strategy_dsl.compiler import compile_rules
from strategy_dsl.diagnostics import StrategyError
from strategy_dsl.parser import parse
from strategy_dsl.phrasebook.reader import read as read_english
from tests.strategy_dsl.corpus import IDS, WIDE, gold_api, read, rows
from tests.strategy_dsl.phrasebook.test_unseen import CASES as UNSEEN

HELD_OUT = Path(__file__).with_name("held_out.txt")
"""Texts of the phrasebook's `unseen.txt` that nobody looked at who wrote the checks."""
CLAUSES_BY_DEFAULT = (
    "trade ", "strategy ", "budget ", "order market", "stop loss none", "size 5% of equity", "at most ", "ask before buying, for 5m",
    "leverage 1x",
)  # fmt: skip
"""Clauses that stand in every strategy: without them the rules are the same."""
TURNS = {
    "crosses above": "crosses below", "crosses below": "crosses above", " > ": " < ", " < ": " > ", " >= ": " <= ",
    " <= ": " >= ", "is rising": "is falling", "is falling": "is rising", "% above ": "% below ", "% below ": "% above ",
}  # fmt: skip
OTHER_MARKETS = ("DOGE/USDT", "ADA/USDT")
_NUMBER = re.compile(r"(?<![\w.:])\d[\d,]*(?:\.\d+)?(?![\d:])")


@dataclass(frozen=True)
class Good:
    """A text with what was answered to open questions, and rules that say it."""

    name: str
    text: str
    rules: str


def good_readings() -> list[Good]:
    """The corpus's rules that make nothing up, judged by behaviour against the gold and not by what is tested here."""
    found = []
    for name in IDS:
        entry, row = read(name), rows()[name]
        partial = any(each.get("partial") for each in row["readings"])
        if partial or "compile" not in row["outcome"] or judged(entry.rules, row, gold_api()).differences:
            continue
        text = entry.text
        trade = parse(entry.rules).strategy.trade
        readings = row["readings"]
        # the market and the timeframe are asked for where the text leaves them open
        if not any(each.get("markets") for each in readings) and trade.markets:
            text += "\non " + " and ".join(each.split("/")[0] for each in trade.markets)
        if trade.timeframe != "1h" and not any(each.get("timeframe") for each in readings):
            text += f"\non the {trade.timeframe} chart"
        found.append(Good(name, text, entry.rules))
    return found


def unseen_readings() -> list[Good]:
    """Texts of no corpus, with the rules that they were judged to be: no word list of the checks was held against them."""
    judged_rules = dict(UNSEEN)
    found = []
    for number, text in enumerate(HELD_OUT.read_text("utf-8").splitlines()):
        rules = read_english(text).rules
        # what the phrasebook's owner has changed his mind about since is left out
        if rules is None or text not in judged_rules or judged_rules[text][0].startswith("="):
            continue
        trade, told = parse(rules).strategy.trade, text
        if trade is not None and trade.markets and not any(_names(text, each) for each in trade.markets):
            told += "\non " + " and ".join(each.split("/")[0] for each in trade.markets)
        if _canonical(rules) is not None:
            found.append(Good(f"u{number}", told, rules))
    return found


def _names(text: str, market: str) -> bool:
    """Whether a text says which market is meant; where it does not, it is told below the text."""
    return not any(piece.startswith(market) for piece in provenance(text, f"trade {market} on 1h\n").invented)


@dataclass(frozen=True)
class Mutant:
    """A good reading with one thing wrong: what kind of thing, and what was done."""

    good: Good
    kind: str
    told: str
    rules: str


def mutants(good: Good, random: np.random.Generator) -> Iterator[Mutant]:
    """Every clause dropped, every direction turned, each number changed, each market swapped; as far as it parses."""
    canonical = _canonical(good.rules)
    for kind, told, rules in (
        *_numbers(good.rules, random),
        *_dropped(good.rules),
        *_markets(good.rules),
        *_turned(good.rules),
    ):
        if (text := _canonical(rules)) is not None and text != canonical:
            yield Mutant(good, kind, told, text)


def _canonical(rules: str) -> str | None:
    """None for what our own compiler refuses: the person never sees it."""
    try:
        return compile_rules(rules, WIDE).text
    except StrategyError:
        return None


def _numbers(rules: str, random: np.random.Generator) -> Iterator[tuple[str, str, str]]:
    for match in _NUMBER.finditer(rules):
        line = rules[: match.start()].rpartition("\n")[2]
        if line.startswith(("budget", "ask ", "leverage")):
            continue
        was = Decimal(match.group().replace(",", ""))
        # each number is changed twice
        yield from _changed(rules, match, line, was, random)
        yield from _changed(rules, match, line, was, random)


def _changed(
    rules: str, match: re.Match[str], line: str, was: Decimal, random: np.random.Generator
) -> Iterator[tuple[str, str, str]]:
    step = Decimal(str(random.choice([0.5, 0.8, 1.5, 2, 3])))
    now = was * step if "." in match.group() or was > 9 else was + int(random.integers(1, 5))
    text = f"{now.quantize(Decimal(1)) if now == now.to_integral() or '.' not in match.group() else now.normalize():f}"
    yield "number", f"{match.group()} -> {text} in {line}", rules[: match.start()] + text + rules[match.end() :]


def _dropped(rules: str) -> Iterator[tuple[str, str, str]]:
    lines = rules.splitlines()
    for index, line in enumerate(lines):
        if line and not line.startswith(CLAUSES_BY_DEFAULT):
            yield "clause", f"without {line}", "\n".join(lines[:index] + lines[index + 1 :]) + "\n"
        parts = re.split(r" and ", line.partition(" when ")[2])
        if len(parts) > 1 and "(" not in re.sub(r"\w\([^()]*\)", "", line) and "between" not in line:
            for part in parts:
                kept = (
                    line.replace(f" and {part}", "", 1)
                    if f" and {part}" in line
                    else line.replace(f"{part} and ", "", 1)
                )
                yield "clause", f"without {part}", "\n".join([*lines[:index], kept, *lines[index + 1 :]]) + "\n"


def _markets(rules: str) -> Iterator[tuple[str, str, str]]:
    for market in dict.fromkeys(re.findall(r"[A-Z0-9]+/[A-Z]+", rules)):
        for other in OTHER_MARKETS:
            swapped = other.split("/")[0] + "/" + market.split("/")[1]
            if swapped not in rules:
                yield "market", f"{market} -> {swapped}", rules.replace(market, swapped)


def _turned(rules: str) -> Iterator[tuple[str, str, str]]:
    for was, now in TURNS.items():
        for match in re.finditer(re.escape(was), rules):
            line = rules[: match.start()].rpartition("\n")[2] + rules[match.start() :].partition("\n")[0]
            yield "direction", f"{was} turned in {line}", rules[: match.start()] + now + rules[match.end() :]
    for was, now in (("buy", "short"), ("short", "buy")):
        swapped = re.sub(rf"^{was}\b", now, rules, flags=re.M)
        ends = {"buy": ("sell", "cover"), "short": ("cover", "sell")}[was]
        swapped = re.sub(rf"^{ends[0]}\b", ends[1], swapped, flags=re.M)
        if now == "short" and "perpetual" not in swapped:
            swapped = re.sub(r"^(trade [^\n]*) on (\S+)$", r"\1 perpetual on \2", swapped, flags=re.M)
            swapped = swapped.replace("stop loss none", "stop loss 5%")
        yield "direction", f"{was} as {now}", swapped


def sample(count: int, seed: int = 5) -> list[Mutant]:
    """So many mutants, a quarter of each kind as far as there are, the same for the same seed."""
    random = np.random.default_rng(seed)
    by_kind: dict[str, list[Mutant]] = {}
    for good in good_readings():
        for each in mutants(good, random):
            by_kind.setdefault(each.kind, []).append(each)
    quarter, found = count // 4, []
    for kind in ("clause", "direction", "market", "number"):
        pool = by_kind[kind]
        order = random.permutation(len(pool))
        found += [pool[int(index)] for index in order[:quarter]]
        by_kind[kind] = [pool[int(index)] for index in order[quarter:]]
    rest = [each for kind in ("number", "direction", "clause", "market") for each in by_kind[kind]]
    return found + rest[: count - len(found)]
