"""Each test of the evidence in one plain sentence, the same for the terminal and every chat."""

from datetime import UTC, datetime

from runtime.core.evidence.neighbours import Neighbourhood
from runtime.core.evidence.split import Split
from runtime.core.evidence.verdict import Evidence, often, percent
from runtime.core.evidence.walk import Walk


def explained(
    found: Evidence, near: Neighbourhood | None, walk: Walk | None, entries: float | None = None
) -> tuple[tuple[str, str], ...]:
    """A heading and a sentence for each test that could be made; `entries` is how often random ones do as well."""
    rows = (
        ("Independent trades", _independent(found)),
        ("True average", _average(found)),
        ("Random timing", _timing(found)),
        ("Random entries", _entries(entries)),
        ("Newest part", _later(found.later)),
        ("Another order", _order(found)),
        ("Versions tried", _tried(found)),
        ("Small changes", _near(near)),
        ("Chosen anew", _walk(walk, 1 + len(near.neighbours) if near else 1)),
    )
    return tuple((heading, text) for heading, text in rows if text)


def _independent(found: Evidence) -> str:
    if not found.trades:
        return ""
    count = round(found.independent)
    if count >= found.trades:
        return f"all {found.trades} trades; none overlap or come in runs."
    return f"{found.trades} trades count for about {count}, because they overlap or come in runs."


def _average(found: Evidence) -> str:
    if found.mean is None or found.low is None or found.high is None:
        return ""
    range_ = f"{percent(found.low)} and {percent(found.high)}"
    return f"measured {percent(found.mean)} a trade after fees; it lies between {range_} in 9 of 10 cases."


def _timing(found: Evidence) -> str:
    if found.timing is None:
        return ""
    return (
        f"the same holding times at other moments do at least as well {often(found.timing)}"
        " (the market's own drift taken off)."
    )


def _entries(probability: float | None) -> str:
    if probability is None:
        return ""
    return f"entering at random moments with the same exits does at least as well {often(probability)}."


def _later(later: Split) -> str:
    if later.before_mean is None or later.after_mean is None:
        return ""
    cut = datetime.fromtimestamp(later.cut_ms / 1000, UTC)
    before = f"{later.before} trades averaged {percent(later.before_mean)} before {cut.day} {cut:%b %Y}"
    return f"{before}, {later.after} since then {percent(later.after_mean)}."


def _order(found: Evidence) -> str:
    if found.drawdown is None:
        return ""
    return f"in 95 of 100 random orders of these trades the deepest fall stays within {found.drawdown * 100:.1f}%."


def _tried(found: Evidence) -> str:
    if found.tried < 2 or found.real is None or found.mean is None:
        return ""
    if found.mean <= 0:
        return f"{found.tried} versions were looked at; as this one loses, there is no luck to correct for."
    return (
        f"{found.tried} versions were looked at, and the best of so many worthless ones looks good too. Corrected for"
        f" that, the confidence that it is more than luck is {found.real * 100:.0f}% (deflated Sharpe ratio)."
    )


def _near(near: Neighbourhood | None) -> str:
    if near is None:
        return ""
    worst = f"the worst is {near.worst.change} with {percent(near.worst.total)}"
    return f"{near.positive} of {len(near.neighbours)} runs with one number a step away make money; {worst}."


def _walk(walk: Walk | None, variants: int) -> str:
    if walk is None:
        return ""
    return (
        f"before each of the last {walk.folds} fifths, taking whichever of these {variants} was best so far brings"
        f" {percent(walk.chosen)}; as written it is {percent(walk.as_written)}, the best afterwards"
        f" {percent(walk.best)}."
    )
