"""What changed between two versions, in words, and whether it loosens anything."""

from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.envelope import envelope
from strategy_dsl.formatter import clause_lines
from strategy_dsl.limits import Profile

_LEVELS = {"stop", "targets", "trailing", "break_even"}


def difference(old: nodes.Strategy, new: nodes.Strategy) -> tuple[str, ...]:
    """One line for each clause that changed: `stop loss 3% → stop loss 2%`."""
    before, after = _by_field(old), _by_field(new)
    lines: list[str] = []
    for field in dict.fromkeys([*before, *after]):
        gone = [line for line in before.get(field, []) if line not in after.get(field, [])]
        come = [line for line in after.get(field, []) if line not in before.get(field, [])]
        lines += [f"{was} → {now}" for was, now in zip(gone, come, strict=False)]
        lines += [f"removed: {line}" for line in gone[len(come) :]]
        lines += [f"added: {line}" for line in come[len(gone) :]]
    return tuple(lines)


def _by_field(strategy: nodes.Strategy) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for field, line in clause_lines(strategy):
        found.setdefault(field, []).append(line)
    return found


def changes_levels(old: nodes.Strategy, new: nodes.Strategy) -> bool:
    """Whether stop, targets or trailing differ: an open position keeps the old ones."""
    return any(getattr(old, field) != getattr(new, field) for field in _LEVELS)


def loosened(old: nodes.Strategy, new: nodes.Strategy, profile: Profile) -> tuple[str, ...]:
    """Each way in which the new version can risk more than the old; empty if none."""
    found = [text for text, is_looser in _looser_settings(old, new) if is_looser]
    was, now = envelope(old, profile), envelope(new, profile)
    if was and now:
        pairs = (
            ("a trade can lose more", was.loss_a_trade, now.loss_a_trade),
            ("all positions together can lose more", was.loss_at_once, now.loss_at_once),
            ("more money can be in the market", was.largest_exposure, now.largest_exposure),
        )
        found += [f"{text} ({_money(a)} → {_money(b)} {now.currency})" for text, a, b in pairs if b > a]
    return tuple(found)


def _looser_settings(old: nodes.Strategy, new: nodes.Strategy) -> list[tuple[str, bool]]:
    def has_stop(strategy: nodes.Strategy) -> bool:
        return strategy.stop is not None and strategy.stop.level is not None

    asks = {"never": 0, "selling": 1, "buying": 2, "every order": 3}
    silence = {"take": 0, "take half": 1, "skip": 2}
    was, now = old.ask or nodes.Ask("never"), new.ask or nodes.Ask("never")
    return [
        ("the stop loss goes away", has_stop(old) and not has_stop(new)),
        ("you are asked less often", asks[now.orders] < asks[was.orders]),
        ("silence allows more", silence[now.otherwise] < silence[was.otherwise]),
        ("a limit on entries a day goes away or rises", _rises(old.entries_a_day, new.entries_a_day)),
        ("a cooldown goes away", len(new.cooldowns) < len(old.cooldowns)),
        ("a time window goes away", len(new.windows) < len(old.windows)),
    ]


def _rises(old: nodes.EntriesADay | None, new: nodes.EntriesADay | None) -> bool:
    return old is not None and (new is None or new.value > old.value)


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")
