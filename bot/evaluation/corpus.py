"""A corpus on disk: texts (`NAME.jsonl`), gold readings (`NAME_gold.jsonl`), and the gold's own evaluator."""

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

GOLD = "_gold"
EVALUATOR = "gold_api.py"


class CorpusError(Exception):
    """The corpus cannot be used; the text says why in one sentence."""


@dataclass(frozen=True)
class Row:
    """One text with what a careful reader accepts of it."""

    id: str
    kind: str
    text: str
    features: tuple[str, ...]
    gold: Mapping[str, Any]


def corpus(place: Path) -> list[Row]:
    """Every row of a file of texts, or of every such file of a folder; raises CorpusError."""
    files = sorted(_texts(place)) if place.is_dir() else [place]
    if not files:
        raise CorpusError(f"{place} holds no texts with gold readings beside them (NAME.jsonl and NAME_gold.jsonl)")
    return [row for file in files for row in _rows(file)]


def _texts(folder: Path) -> list[Path]:
    return [each for each in folder.glob("*.jsonl") if not each.stem.endswith(GOLD) and _beside(each).is_file()]


def _beside(texts: Path) -> Path:
    return texts.with_name(f"{texts.stem}{GOLD}.jsonl")


def _rows(texts: Path) -> list[Row]:
    golds = {str(each["id"]): each for each in lines(_beside(texts))}
    found = []
    for each in lines(texts):
        name = str(each["id"])
        if name not in golds:
            raise CorpusError(f"{name} of {texts} has no gold in {_beside(texts)}")
        found.append(Row(name, each["kind"], each["text"], tuple(each.get("features") or ()), golds[name]))
    return found


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON lines file; raises CorpusError."""
    try:
        text = path.read_text("utf-8")
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CorpusError(f"{path} cannot be read as JSON lines ({type(error).__name__}): check the path") from None


def gold_names(path: Path) -> ModuleType:
    """The evaluator of gold expressions, a Python file of the corpus, run as it stands; raises CorpusError."""
    spec = importlib.util.spec_from_file_location("sayso_gold_names", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise CorpusError(f"{path}, which evaluates the gold's expressions, is not there: name it with --gold-api")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
