"""The result of an evaluation in a table: by kind, by feature, and every miss with its words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from bot.evaluation.scoring import GRADES, WRONG_COSTS, Score


def counts(scores: Iterable[Score]) -> dict[str, int]:
    """How many of each grade."""
    found: dict[str, int] = {str(name): 0 for name in GRADES}
    for each in scores:
        found[each.grade] += 1
    return found


def worth(scores: Sequence[Score]) -> float:
    """Right ones less ten times the wrong ones, as a share of all."""
    found = counts(scores)
    return (found["right"] + found["asked"] - WRONG_COSTS * found["wrong"]) / len(scores) if scores else 0.0


def grouped(scores: Sequence[Score]) -> tuple[dict[str, list[Score]], dict[str, list[Score]]]:
    """By kind, and by feature with the commonest first."""
    kinds: dict[str, list[Score]] = defaultdict(list)
    features: dict[str, list[Score]] = defaultdict(list)
    for each in scores:
        kinds[each.row.kind].append(each)
        for feature in each.row.features:
            features[feature].append(each)
    return dict(kinds), dict(sorted(features.items(), key=lambda item: (-len(item[1]), item[0])))


def table(scores: Sequence[Score]) -> str:
    """Everything as text."""
    kinds, features = grouped(scores)
    blocks = [_rows("kind", {**kinds, "all": list(scores)}), _summary(scores), _rows("feature", features)]
    misses = [_miss(each) for each in scores if each.grade in ("missed", "wrong", "open")]
    return "\n\n".join((*blocks, *(("Every miss:", *misses) if misses else ("No misses.",)))) + "\n"


def _rows(head: str, groups: dict[str, list[Score]]) -> str:
    wide = max((len(each) for each in (head, *groups)), default=8)
    lines = [f"{head:{wide}}  texts  " + "  ".join(f"{each:>6}" for each in GRADES)]
    for name, found in groups.items():
        cells = "  ".join(f"{count or '':>6}" for count in counts(found).values())
        lines.append(f"{name:{wide}}  {len(found):>5}  {cells}")
    return "\n".join(lines)


def _summary(scores: Sequence[Score]) -> str:
    able = [each for each in scores if each.row.kind == "strategy" and "compile" in each.row.gold["outcome"]]
    at_once = sum(each.compiled and not each.drafted for each in able)
    later = sum(each.compiled and each.drafted for each in able)
    wrong = counts(scores)["wrong"]
    return (
        f"Strategies that can be compiled: {at_once} at once and {later} after questions, of {len(able)}.\n"
        f"Wrong: {wrong} of {len(scores)} ({wrong / max(1, len(scores)):.1%}). "
        f"Score (a wrong one counts {WRONG_COSTS} times): {worth(scores):.2f}"
    )


def _miss(score: Score) -> str:
    lines = [f"{score.row.id} {score.grade}: {score.row.text}", f"    {score.reading.outcome}: {score.why}"]
    if score.reading.not_understood:
        lines.append(f"    not understood: {', '.join(score.reading.not_understood)}")
    if score.grade == "wrong" and score.reading.rules:
        lines += [f"    | {line}" for line in score.reading.rules.splitlines() if line]
    return "\n".join(lines)


def data(scores: Sequence[Score]) -> dict[str, Any]:
    """The same for programs."""
    kinds, features = grouped(scores)
    return {
        "kinds": {name: counts(found) for name, found in kinds.items()},
        "features": {name: counts(found) for name, found in features.items()},
        "all": counts(scores),
        "score": worth(scores),
        "texts": [
            {"id": each.row.id, "kind": each.row.kind, "grade": each.grade, "outcome": each.reading.outcome}
            | {"why": each.why, "drafted": each.drafted, "rules": each.reading.rules}
            | {"not_understood": list(each.reading.not_understood)}
            for each in scores
        ],
    }
