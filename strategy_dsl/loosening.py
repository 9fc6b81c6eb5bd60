"""Whether an edit can risk more than the rules it changes. What is not plainly tighter counts as looser."""

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal

from strategy_dsl import nodes
from strategy_dsl.envelope import envelope
from strategy_dsl.formatter import rounded
from strategy_dsl.limits import Profile
from strategy_dsl.program import inline, resolved_lets
from strategy_dsl.timeframes import duration_ms

ASKED = {"never": set[str](), "buying": {"in"}, "selling": {"out"}, "every order": {"in", "out"}}
SILENCE = {"take": 0, "take half": 1, "skip": 2}
Looser = Callable[[nodes.Strategy, nodes.Strategy], bool]


def loosened(old: nodes.Strategy, new: nodes.Strategy, profile: Profile) -> tuple[str, ...]:
    """Each way in which the new version can risk more than the old; empty if none."""
    # a stop by the name of a `let` moves with it
    old, new = (inline(each, resolved_lets(each)) for each in (old, new))
    found = [text for text, is_looser in _SETTINGS if is_looser(old, new)]
    return (*found, *_money(old, new, profile))


def _money(old: nodes.Strategy, new: nodes.Strategy, profile: Profile) -> Iterator[str]:
    was, now = envelope(old, profile), envelope(new, profile)
    if now is None:
        return
    if was is None:
        yield "it starts to trade"
        return
    pairs = (
        ("a trade can lose more", was.loss_a_trade, now.loss_a_trade),
        ("all positions together can lose more", was.loss_at_once, now.loss_at_once),
        ("more money can be in the market", was.largest_exposure, now.largest_exposure),
        ("the clock can buy more in a month", was.scheduled_a_month, now.scheduled_a_month),
    )
    for text, before, after in pairs:
        if after > before:
            yield f"{text} ({rounded(before)} → {rounded(after)} {now.currency})"


# the way out


def _stop(old: nodes.Strategy, new: nodes.Strategy) -> bool:
    was, now = old.stop, new.stop
    if was is None or was.level is None or was == now:
        return False
    if now is None or now.level is None or (was.following and not now.following) or was.reference != now.reference:
        return True
    return not _nearer(was.level, now.level)


def _nearer(was: nodes.Node | None, now: nodes.Node | None) -> bool:
    """Whether a distance is at most the other; two expressions must be the same, but for a factor in front."""
    if was == now:
        return True
    match was, now:
        case nodes.Distance(before), nodes.Distance(after):
            return _nearer(before, after)
        case nodes.Percent(before), nodes.Percent(after):
            return after <= before
        case (
            nodes.Arithmetic(nodes.Number(before), "*", of_old),
            nodes.Arithmetic(nodes.Number(after), "*", of_new),
        ) if of_old == of_new:
            return after <= before
        case nodes.Multiple(before), nodes.Multiple(after):
            return after <= before
    return False


def _trailing(old: nodes.Strategy, new: nodes.Strategy) -> bool:
    was, now = old.trailing, new.trailing
    if was is None or was == now:
        return False
    if now is None or not _nearer(was.distance, now.distance):
        return True
    return now.after is not None and not _nearer(was.after, now.after)


def _break_even(old: nodes.Strategy, new: nodes.Strategy) -> bool:
    was, now = old.break_even, new.break_even
    return was is not None and (now is None or not _nearer(was.after, now.after))


def _ways_out(old: nodes.Strategy, new: nodes.Strategy) -> bool:
    """Fewer rules, targets or times that end a trade, or smaller parts, or later times."""
    fewer = len(new.closers()) < len(old.closers()) or len(new.targets) < len(old.targets)
    parts = _portions(new) < _portions(old)
    gone = Counter(old.exits_at) - Counter(new.exits_at)
    return fewer or parts or bool(gone) or _later(old.exits_after, new.exits_after)


def _portions(strategy: nodes.Strategy) -> Decimal:
    return sum((each.portion.value if each.portion else Decimal(100) for each in strategy.closers()), Decimal(0))


def _later(old: tuple[nodes.ExitAfter, ...], new: tuple[nodes.ExitAfter, ...]) -> bool:
    if len(new) < len(old):
        return True
    pairs = zip(sorted(old, key=_span), sorted(new, key=_span), strict=False)
    return any(_span(after) > _span(before) for before, after in pairs)


def _span(after: nodes.ExitAfter) -> tuple[bool, int]:
    return after.duration is None, duration_ms(after.duration) if after.duration else after.bars or 0


# the way in


def _size(old: nodes.Strategy, new: nodes.Strategy) -> bool:
    """A larger size of the same kind; sizes of two kinds are compared by the worst case, where it knows both."""
    match old.size, new.size:
        case (
            (nodes.SizeEquity(before), nodes.SizeEquity(after))
            | (nodes.SizeRisk(before), nodes.SizeRisk(after))
            | (nodes.SizeVolatility(before), nodes.SizeVolatility(after))
        ):
            return after.value > before.value
        case nodes.SizeMoney(before), nodes.SizeMoney(after) if before.currency == after.currency:
            return after.amount > before.amount
        case None, _:
            return False
    return isinstance(new.size, nodes.SizeVolatility | nodes.SizeMoney) and old.size != new.size


def _adds(old: nodes.Strategy, new: nodes.Strategy) -> bool:
    return bool(Counter(new.adds) - Counter(old.adds))


def _clock(old: nodes.Strategy, new: nodes.Strategy) -> bool:
    return bool(Counter(_openings(new)) - Counter(_openings(old)))


def _openings(strategy: nodes.Strategy) -> list[nodes.Schedule]:
    return [each for each in strategy.schedules if each.action in ("buy", "short")]


def _limits(old: nodes.Strategy, new: nodes.Strategy) -> bool:
    """Fewer or weaker limits of its own: windows, cooldowns, pauses, halts, entries a day."""
    count = old.entries_a_day
    rises = count is not None and (
        new.entries_a_day is None or new.entries_a_day.value > count.value or new.entries_a_day.zone != count.zone
    )
    cooldowns = any(not any(_covers(now, was) for now in new.cooldowns) for was in old.cooldowns)
    gone = any(
        Counter(before) - Counter(after)
        for before, after in ((old.windows, new.windows), (old.pauses, new.pauses), (old.halts, new.halts))
    )
    return rises or cooldowns or gone


def _covers(now: nodes.Cooldown, was: nodes.Cooldown) -> bool:
    wider = now.after == was.after or (now.after == "any" and was.after in ("loss", "stop"))
    return wider and duration_ms(now.duration) >= duration_ms(was.duration)


def _asks(old: nodes.Strategy, new: nodes.Strategy) -> bool:
    was, now = old.ask or nodes.Ask("never"), new.ask or nodes.Ask("never")
    sooner = now.otherwise != "skip" and duration_ms(now.duration) < duration_ms(was.duration)
    less = not ASKED[was.orders] <= ASKED[now.orders]
    return less or SILENCE[now.otherwise] < SILENCE[was.otherwise] or (sooner and was.orders != "never")


def _scope(old: nodes.Strategy, new: nodes.Strategy) -> bool:
    was, now = old.trade, new.trade
    if was is None or now is None:
        return False
    added = set(now.markets) - set(was.markets)
    wider = (now.universe.count if now.universe else 0) > (was.universe.count if was.universe else 0)
    return bool(added) or wider or (now.perpetual and not was.perpetual)


def _times(strategy: nodes.Strategy) -> Decimal:
    return strategy.leverage.times if strategy.leverage else Decimal(1)


_SETTINGS: tuple[tuple[str, Looser], ...] = (
    ("the stop loss goes away or further off", _stop),
    ("the trailing stop goes away or further off", _trailing),
    ("break even comes later or never", _break_even),
    ("a way out goes away or comes later", _ways_out),
    ("each entry can be larger", _size),
    ("positions can grow", _adds),
    ("the clock opens more", _clock),
    ("a limit of its own goes away or weakens", _limits),
    ("you are asked less", _asks),
    ("it trades other markets", _scope),
    ("it can go short", lambda old, new: new.shorts() and not old.shorts()),
    ("it turns from one side to the other", lambda old, new: new.reverse is not None and old.reverse is None),
    ("the leverage rises", lambda old, new: _times(new) > _times(old)),
    ("what it holds changes", lambda old, new: new.hold is not None and old.hold is not None and new.hold != old.hold),
    ("the grid changes", lambda old, new: new.grid is not None and old.grid is not None and new.grid != old.grid),
)
"""What is told, and when."""
