"""The corpus of strategies as people write them, with rules for each and what the gold readings say.

`python -m tests.strategy_dsl.corpus` writes the canonical text and the sentences of every file anew.
"""

import importlib.util
import json
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from strategy_dsl.compiler import Compiled, compile_rules
from strategy_dsl.limits import Limits, Paper
from strategy_dsl.readback import readback

FOLDER = Path(__file__).parents[1] / "golden" / "corpus"
SHARED = Path(__file__).parents[3] / "shared" / "corpus"
WIDE = Limits(paper=Paper(order_percent=100, market_percent=100, gross_percent=100, leverage=20))
IDS = tuple(sorted(path.stem for path in FOLDER.glob("s*.txt")))
MISSING: dict[str, str] = json.loads((FOLDER / "missing.json").read_text("utf-8"))
"""What rules cannot say of a row, in a few words; the file of such a row holds the rest."""
FACTS: dict[str, dict[str, list[str]]] = json.loads((FOLDER / "facts.json").read_text("utf-8"))
"""The facts of a gold reading that its fields cannot hold, each with the clauses that say it."""

_RULES, _SENTENCES = "\n--- rules ---\n", "\n--- readback ---\n"


@dataclass(frozen=True)
class Entry:
    """One file: the person's text, the rules in canonical form, the sentences that say them."""

    text: str
    rules: str
    sentences: str

    def written(self) -> str:
        """The file's content."""
        return f"{self.text}\n{_RULES}{self.rules}{_SENTENCES}{self.sentences}"


def read(name: str) -> Entry:
    """The entry of an id."""
    text, _, rest = (FOLDER / f"{name}.txt").read_text("utf-8").partition(_RULES)
    rules, _, sentences = rest.partition(_SENTENCES)
    return Entry(text.removesuffix("\n"), rules, sentences)


def compiled(name: str) -> Compiled:
    """The rules of an id, compiled with wide limits."""
    return compile_rules(read(name).rules, WIDE)


def entry_of(text: str, rules: str) -> Entry:
    """What the file of a text and its rules must hold."""
    found = compile_rules(rules, WIDE)
    spoken = readback(found.strategy, lambda field, value: True)
    return Entry(text, found.text, "".join(f"{each.number}. {each.text}\n" for each in spoken))


@cache
def rows() -> dict[str, dict[str, Any]]:
    """The corpus by id: the person's text with its gold; a test is skipped where the corpus is not here."""
    if not SHARED.exists():
        pytest.skip("the corpus is not here: ../shared/corpus")
    texts = _lines("dev.jsonl")
    return {each["id"]: {**texts[each["id"]], **each} for each in _lines("dev_gold.jsonl").values()}


def strategies() -> list[str]:
    """The ids that ask for a strategy of which at least a part can be said."""
    return [name for name, row in rows().items() if row["kind"] == "strategy" and row["outcome"] != ["unsupported"]]


def _lines(name: str) -> dict[str, dict[str, Any]]:
    parsed = (json.loads(line) for line in (SHARED / name).read_text("utf-8").splitlines())
    return {each["id"]: each for each in parsed}


@cache
def gold_api() -> ModuleType:
    """The corpus' own evaluation of its expressions."""
    spec = importlib.util.spec_from_file_location("gold_api", SHARED / "gold_api.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["gold_api"] = module
    spec.loader.exec_module(module)
    return module


def _write_anew() -> None:
    for name in IDS:
        entry = read(name)
        (FOLDER / f"{name}.txt").write_text(entry_of(entry.text, entry.rules).written(), "utf-8")


if __name__ == "__main__":
    _write_anew()
