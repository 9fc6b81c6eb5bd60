"""What changed between two versions, in words, and what it does to open positions."""

import difflib
from collections import Counter

from strategy_dsl import nodes
from strategy_dsl.formatter import clause_lines

_FROZEN = {
    "stop": "stop loss",
    "targets": "targets",
    "trailing": "trailing stop",
    "break_even": "break even",
}
"""Read on the candle that decided an entry, so that an open position keeps its own."""
_LEAVING = ("exits_after", "exits_at", "halts")
"""Ways out that hold for what is open as soon as they change."""


def difference(old: nodes.Strategy, new: nodes.Strategy) -> tuple[str, ...]:
    """One line for each clause that changed: `stop loss 3% → stop loss 2%`; empty only for the same rules."""
    before, after = _by_field(old), _by_field(new)
    lines: list[str] = []
    for field in dict.fromkeys([*before, *after]):
        was, now = before.get(field, []), after.get(field, [])
        changes = _changes(was, now)
        lines += changes or ([f"the order changed: {'; '.join(now)}"] if was != now else [])
    return tuple(lines)


def _by_field(strategy: nodes.Strategy) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for field, line in clause_lines(strategy):
        found.setdefault(field, []).append(line)
    return found


def _changes(was: list[str], now: list[str]) -> list[str]:
    gone = list((Counter(was) - Counter(now)).elements())
    come = list((Counter(now) - Counter(was)).elements())
    lines = []
    for line in gone:
        near = difflib.get_close_matches(line, come, n=1, cutoff=0.3)
        # a clause that stands once is changed, however different it has become
        match = near[0] if near else come[0] if len(was) == len(now) == 1 else None
        if match is None:
            lines.append(f"removed: {line}")
        else:
            come.remove(match)
            lines.append(f"{line} → {match}")
    return lines + [f"added: {line}" for line in come]


def effects(old: nodes.Strategy, new: nodes.Strategy, held: int) -> tuple[str, ...]:
    """What the change does to `held` open positions, a sentence each; empty where it does nothing."""
    if not held:
        return ()
    many = f"{held} open position{'' if held == 1 else 's'}"
    kept = [words for field, words in _FROZEN.items() if getattr(old, field) != getattr(new, field)]
    lines = []
    if kept:
        verb, its = ("keeps", "its") if held == 1 else ("keep", "their")
        lines.append(f"{many} {verb} {its} old {' and '.join(kept)}; new trades use the new.")
    if old.closers() != new.closers() or any(getattr(old, field) != getattr(new, field) for field in _LEAVING):
        lines.append(f"The ways out hold for {many} from the next candle on.")
    if old.adds != new.adds:
        lines.append("Adds made so far stay; the next go by the new rules.")
    if old.hold != new.hold:
        lines.append("What is held changes at the next rebalance.")
    return tuple(lines)
