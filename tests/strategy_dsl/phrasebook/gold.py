"""Compare rules with the corpus's gold readings by behaviour, on the candles and with the judge of the language's own
corpus tests: entries, exits, stops, targets, trails, sizes, times, windows, limits, schedules and weights."""

import json
import re
from collections.abc import Mapping
from typing import Any

from strategy_dsl.compiler import compile_rules
from strategy_dsl.diagnostics import StrategyError
from tests.strategy_dsl.corpus import FACTS, SHARED, WIDE
from tests.strategy_dsl.corpus_candles import candle_sets
from tests.strategy_dsl.corpus_meaning import Meaning, nearest, read_markets
from tests.strategy_dsl.test_corpus import FIRST, lost_numbers

CORPUS = SHARED


def rows() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every message of the corpus with its gold."""
    texts = [json.loads(line) for line in (CORPUS / "dev.jsonl").read_text("utf-8").splitlines()]
    golds = [json.loads(line) for line in (CORPUS / "dev_gold.jsonl").read_text("utf-8").splitlines()]
    return list(zip(texts, golds, strict=True))


def problems(rules: str, gold: Mapping[str, Any]) -> list[str]:
    """What differs from the nearest reading; nothing when some reading fits."""
    name = gold["id"]
    try:
        strategy = compile_rules(rules, WIDE).strategy
    except StrategyError as refused:
        return [f"does not compile: {refused}"]
    assert strategy.trade is not None
    markets = strategy.trade.markets or ("BTC/USDT", "ETH/USDT", "XRP/USDT", "LTC/USDT")
    needed = tuple(dict.fromkeys((*markets, *read_markets(strategy))))
    sets = candle_sets(name, needed, strategy.trade.timeframe)
    first = FIRST.get(name, FIRST.get(strategy.trade.timeframe, 600))
    meanings = [Meaning(strategy, candles, market, first) for candles in sets for market in markets]
    row = dict(gold)
    found = [[*nearest(row, reading, meanings), *_unsaid(name, reading, rules)] for reading in gold["readings"]]
    best = min(found, key=len, default=["no reading"])
    partial = bool(gold["readings"]) and gold["readings"][0].get("partial")
    return best + ([] if partial else [f"number {one:g}" for one in lost_numbers(name, rules)])


def _unsaid(name: str, reading: Mapping[str, Any], rules: str) -> list[str]:
    """The facts of a reading that no clause says, where it is known which clause would."""
    facts = FACTS.get(name, {})
    wanted = [clause for fact in reading.get("other") or () for clause in facts.get(fact, ())]
    lines = rules.splitlines()
    return [f"unsaid: {clause}" for clause in wanted if not any(_says(line, clause) for line in lines)]


def _says(line: str, clause: str) -> bool:
    """Whether a line is a clause of the same kind with the same numbers, however it is worded."""
    numbers = re.findall(r"\d+(?:\.\d+)?", clause)
    return clause.split()[0] in line.split() and all(one in re.findall(r"\d+(?:\.\d+)?", line) for one in numbers)
