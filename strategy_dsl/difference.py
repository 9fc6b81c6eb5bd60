"""What changed between two versions, in words, what it does to open positions, and whether it loosens anything."""

import difflib
from collections import Counter
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.envelope import envelope
from strategy_dsl.formatter import clause_lines
from strategy_dsl.limits import Profile

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


def loosened(old: nodes.Strategy, new: nodes.Strategy, profile: Profile) -> tuple[str, ...]:
    """Each way in which the new version can risk more than the old; empty if none."""
    found = [text for text, is_looser in _looser_settings(old, new) if is_looser]
    was, now = envelope(old, profile), envelope(new, profile)
    if was and now:
        pairs = (
            ("a trade can lose more", was.loss_a_trade, now.loss_a_trade),
            ("all positions together can lose more", was.loss_at_once, now.loss_at_once),
            ("more money can be in the market", was.largest_exposure, now.largest_exposure),
            ("the clock can buy more in a month", was.scheduled_a_month, now.scheduled_a_month),
        )
        found += [f"{text} ({_money(a)} → {_money(b)} {now.currency})" for text, a, b in pairs if b > a]
    return tuple(found)


def _looser_settings(old: nodes.Strategy, new: nodes.Strategy) -> list[tuple[str, bool]]:
    asks = {"never": 0, "selling": 1, "buying": 2, "every order": 3}
    silence = {"take": 0, "take half": 1, "skip": 2}
    was, now = old.ask or nodes.Ask("never"), new.ask or nodes.Ask("never")
    return [
        ("the stop loss goes away", _has_stop(old) and not _has_stop(new)),
        ("it can go short", new.shorts() and not old.shorts()),
        ("the leverage rises", _times(new) > _times(old)),
        ("you are asked less often", asks[now.orders] < asks[was.orders]),
        ("silence allows more", silence[now.otherwise] < silence[was.otherwise]),
        ("a limit on entries a day goes away or rises", _rises(old.entries_a_day, new.entries_a_day)),
        ("a cooldown goes away", len(new.cooldowns) < len(old.cooldowns)),
        ("a time window goes away", len(new.windows) < len(old.windows)),
        ("a pause goes away", len(new.pauses) < len(old.pauses)),
        ("a halt goes away", len(new.halts) < len(old.halts)),
    ]


def _has_stop(strategy: nodes.Strategy) -> bool:
    return strategy.stop is not None and strategy.stop.level is not None


def _times(strategy: nodes.Strategy) -> Decimal:
    return strategy.leverage.times if strategy.leverage else Decimal(1)


def _rises(old: nodes.EntriesADay | None, new: nodes.EntriesADay | None) -> bool:
    return old is not None and (new is None or new.value > old.value)


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")
