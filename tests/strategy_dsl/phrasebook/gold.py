"""The development corpus for the phrasebook's tests; rules are judged by the product's own evaluation."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.evaluation.corpus import EVALUATOR, corpus, gold_names
from bot.evaluation.judgement import judged

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"


def rows() -> list[tuple[dict[str, Any], Mapping[str, Any]]]:
    """Every message of the corpus with its gold."""
    return [({"id": each.id, "kind": each.kind, "text": each.text}, each.gold) for each in corpus(CORPUS)]


@cache
def api() -> ModuleType:
    """The gold's own evaluator."""
    return gold_names(CORPUS / EVALUATOR)


def problems(rules: str, gold: Mapping[str, Any], *, market_free: bool = False) -> list[str]:
    """What differs from the nearest reading; nothing when some reading fits."""
    return list(judged(rules, gold, api(), market_free=market_free).differences)
