"""Rules for every strategy of the corpus mean what one of its gold readings says."""

import re

import pytest

from strategy_dsl.compiler import compile_rules
from tests.strategy_dsl.corpus import FACTS, FOLDER, IDS, MISSING, WIDE, compiled, entry_of, read, rows, strategies
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
    row, strategy = rows()[name], compiled(name).strategy
    assert strategy.trade is not None
    markets = strategy.trade.markets or ("BTC/USDT", "ETH/USDT", "XRP/USDT", "LTC/USDT")
    needed = tuple(dict.fromkeys((*markets, *read_markets(strategy))))
    sets = candle_sets(name, needed, strategy.trade.timeframe)
    first = FIRST.get(name, FIRST.get(strategy.trade.timeframe, 600))
    meanings = [Meaning(strategy, candles, market, first) for candles in sets for market in markets]
    found = [(nearest(row, reading, meanings), reading) for reading in row["readings"]]
    meant = [set(reading.get("other") or ()) for differences, reading in found if not differences]
    assert meant, min((differences for differences, _ in found), key=len)
    assert set(FACTS.get(name, {})) in meant
    assert {
        clause for clauses in FACTS.get(name, {}).values() for clause in clauses if clause not in read(name).rules
    } == set()


@pytest.mark.parametrize("name", SAID)
def test_every_number_of_the_text_is_in_the_rules(name: str) -> None:
    rules = _ASSUMED.sub("", read(name).rules)
    if not any(reading.get("size") or reading.get("limits") for reading in rows()[name]["readings"]):
        rules = _ASSUMED_SIZE.sub("", rules)
    written = {float(each) for each in re.findall(r"\d+(?:\.\d+)?", rules.replace(",", ""))}
    for number in rows()[name]["numbers"]:
        other = DERIVED.get(name, {}).get(f"{abs(number):g}")
        assert other in rules if other else abs(number) in written, number
    assert compile_rules(rules, WIDE)
