"""Rules for every strategy of the corpus mean what one of its gold readings says."""

import re
from typing import Any

import pytest

from strategy_dsl.compiler import compile_rules
from tests.strategy_dsl.corpus import FACTS, FOLDER, IDS, MISSING, WIDE, entry_of, gold_api, read, rows, strategies
from tests.strategy_dsl.corpus_candles import candle_sets
from tests.strategy_dsl.corpus_meaning import Meaning, nearest, read_markets

SAID = tuple(name for name in IDS if name not in MISSING)
FIRST = {"1w": 60, "1d": 210, "s163": 700}
"""How many candles are left out at the beginning, where averages still depend on where they began; 600 elsewhere.

s163 needs weeks of daily candles."""
DERIVED = {
    "s028": {"5": "exit at 15:55"},
    "s032": {"12": "change(close, 365)"},
    "s073": {"6": "add 36 USDT at 1%, 2%, 3%, 4%, 5% below entry"},
    "s075": {"40": "hold 60% ETH/USDC"},
    "s097": {"1": "risk 2% of equity", "4": "at most 3 times"},
    "s144": {"15": "between 09:45 and"},
    "s151": {"4": "change(close, 28)"},
    "s164": {"5": "BTC/USDT and ETH/USDT and XRP/USDT and LTC/USDT and EOS/USDT"},
    "s165": {"3": "change(close, 90)"},
    "s195": {"2": "4h apart"},
}
"""Numbers that rules say in another way: a span in other units, a count by its members, what is left by its rest."""
_ASSUMED = re.compile(r"^(budget|ask|leverage 1x$).*\n", re.MULTILINE)
_ASSUMED_SIZE = re.compile(r"^(size 5% of equity|at most 1 open position)\n", re.MULTILINE)


def test_every_strategy_of_the_corpus_has_rules() -> None:
    assert set(IDS) == set(strategies())
    assert set(MISSING) <= set(IDS)
    assert {path.name for path in FOLDER.iterdir()} == {f"{each}.txt" for each in IDS} | {
        "README.md",
        "missing.json",
        "facts.json",
    }


@pytest.mark.parametrize("name", IDS)
def test_rules_are_canonical_and_read_back_as_kept(name: str) -> None:
    kept = read(name)
    assert kept == entry_of(kept.text, kept.rules)


@pytest.mark.parametrize("name", IDS)
def test_text_is_the_persons(name: str) -> None:
    assert read(name).text == rows()[name]["text"]


@pytest.mark.parametrize("name", SAID)
def test_rules_mean_a_gold_reading(name: str) -> None:
    assert differences(name, read(name).rules) == []


@pytest.mark.parametrize("name", SAID)
def test_every_number_of_the_text_is_in_the_rules(name: str) -> None:
    assert lost_numbers(name, read(name).rules) == []


@pytest.mark.parametrize(
    ("name", "was", "now"),
    [
        ("s022", "highest(close, 10)", "highest(close, 11)"),
        ("s020", "supertrend(10, 3)", "supertrend(11, 3)"),
        ("s085", "cci(20) >= 100", "cci(20) >= 120"),
        ("s190", "fisher > 0.3", "fisher > 0.4"),
        ("s178", "high > 450", "high > 451"),
        ("s098", "stop loss 5%", "stop loss 6%"),
        ("s038", "lowest(low, 2)", "lowest(low, 3)"),
        ("s035", "/ 2", "/ 3"),
        ("s044", "take profit 1r for 50%", "take profit 1r for 60%"),
        ("s103", "after 5%", "after 6%"),
        ("s133", "size 100 USDT", "size 101 USDT"),
        ("s112", "exit after 20 bars", "exit after 21 bars"),
        ("s141", "only monday to friday", "only monday to saturday"),
        ("s018", "day_loss >= 0.5%", "day_loss >= 0.6%"),
        ("s152", "at most 1 entry a day", "at most 2 entries a day"),
        ("s127", "sunday at 21:00", "sunday at 17:00"),
        ("s151", "rebalance every monday", "rebalance every month"),
        ("s145", "EUR/USD", "GBP/USD"),
        ("s165", "hold best 1 by change(close, 90)", "hold best 1 by change(close, 80)"),
        ("s159", "for 2d", "for 3d"),
        ("s042", "entries_today == 1", "entries_today == 0"),
    ],
)
def test_a_change_of_meaning_is_found(name: str, was: str, now: str) -> None:
    rules = read(name).rules
    assert was in rules
    assert differences(name, rules.replace(was, now))


@pytest.mark.parametrize(("name", "was", "now"), [("s101", "300", "301"), ("s144", "09:45", "09:46")])
def test_a_lost_number_is_found(name: str, was: str, now: str) -> None:
    assert lost_numbers(name, read(name).rules.replace(was, now))


def differences(name: str, rules: str) -> list[str]:
    """In what rules differ from the nearest gold reading of a row."""
    row, strategy = rows()[name], compile_rules(rules, WIDE).strategy
    assert strategy.trade is not None
    markets = strategy.trade.markets or ("BTC/USDT", "ETH/USDT", "XRP/USDT", "LTC/USDT")
    needed = tuple(dict.fromkeys((*markets, *read_markets(strategy))))
    sets = candle_sets(name, needed, strategy.trade.timeframe)
    first = FIRST.get(name, FIRST.get(strategy.trade.timeframe, 600))
    meanings = [Meaning(strategy, candles, market, first, gold_api()) for candles in sets for market in markets]
    found = [[*nearest(row, reading, meanings), *unsaid(name, reading, rules)] for reading in row["readings"]]
    return min(found, key=len)


def unsaid(name: str, reading: dict[str, Any], rules: str) -> list[str]:
    """The facts in words of which no clause, or another one than was named, is in the rules."""
    facts = FACTS.get(name, {})
    unnamed = [fact for fact in reading.get("other") or () if fact not in facts]
    return unnamed + [clause for clauses in facts.values() for clause in clauses if clause not in rules]


def lost_numbers(name: str, rules: str) -> list[float]:
    """The numbers of the text that the rules do not have, what every strategy is given without asking left out."""
    rules = _ASSUMED.sub("", rules)
    if not any(reading.get("size") or reading.get("limits") for reading in rows()[name]["readings"]):
        rules = _ASSUMED_SIZE.sub("", rules)
    written = {float(each) for each in re.findall(r"\d+(?:\.\d+)?", rules.replace(",", ""))}
    said_otherwise = {number for number, clause in DERIVED.get(name, {}).items() if clause in rules}
    numbers = [abs(each) for each in rows()[name]["numbers"]]
    return [
        each
        for each in numbers
        if (f"{each:g}" not in said_otherwise if f"{each:g}" in DERIVED.get(name, {}) else each not in written)
    ]
