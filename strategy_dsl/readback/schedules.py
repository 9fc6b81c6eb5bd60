"""Sentences of the clauses that go by the clock, by weights or by levels."""

from strategy_dsl import nodes
from strategy_dsl.formatter import decimal_text, money_text
from strategy_dsl.timeframes import DAYS, duration_words
from strategy_dsl.words import claim, listed, words

ORDINAL_LAST = 0


def timing_words(timing: nodes.Timing) -> str:
    """`every Monday at 09:00 (UTC)`."""
    if timing.interval is not None:
        return f"every {duration_words(timing.interval)}, counted from midnight UTC"
    at = f"at {timing.clock} ({timing.zone})"
    if timing.day_of_month is not None:
        day = f"day {timing.day_of_month}" if timing.day_of_month != ORDINAL_LAST else "the last day"
        return f"on {day} of every month {at}"
    if len(timing.days) == len(DAYS):
        return f"every day {at}"
    return f"every {listed([DAYS[each].capitalize() for each in timing.days])} {at}"


def schedule_sentence(schedule: nodes.Schedule) -> str:
    """`Every Monday at 09:00 (UTC), buy 50 USDT of each market, if …`."""
    when = timing_words(schedule.timing)
    condition = f", if {claim(schedule.condition)}" if schedule.condition else ""
    return f"{when[0].upper()}{when[1:]}: {_scheduled(schedule)}{condition}."


def _scheduled(schedule: nodes.Schedule) -> str:
    market = schedule.market or "each market"
    if schedule.action == "alert":
        return f"send the alert “{schedule.text}”"
    if schedule.action in ("buy", "short"):
        verb = "buy" if schedule.action == "buy" else "go short with"
        if schedule.amount is None:
            return f"{'buy' if schedule.action == 'buy' else 'go short in'} {market}, by the size below"
        return f"{verb} {_amount(schedule.amount)} of {market}"
    verb = {"sell": "sell", "cover": "buy back", "exit": "close"}[schedule.action]
    share = words(schedule.portion) if schedule.portion else "the whole"
    return f"{verb} {share} of the position in {market}"


def _amount(amount: nodes.Money | nodes.SizeEquity | nodes.SizeRisk) -> str:
    if isinstance(amount, nodes.Money):
        return money_text(amount)
    if isinstance(amount, nodes.SizeRisk):
        return f"as much as loses {words(amount.percent)} of the equity at the stop"
    return f"{words(amount.percent)} of the equity's worth"


def hold_sentence(hold: nodes.Hold) -> str:
    """What is held, on which condition, and what else."""
    if hold.best is not None and hold.rank is not None:
        share = "all of the equity" if hold.best == 1 else f"1/{hold.best} of the equity each"
        market = "the market" if hold.best == 1 else f"the {hold.best} markets"
        market += f" of {listed(list(hold.among), 'or')}" if hold.among else ""
        text = f"Hold {market} with the highest value of {words(hold.rank)}, {share}"
        one = "it" if hold.best == 1 else "one of them"
        text += f"; {one} stays in cash unless {claim(hold.condition)}" if hold.condition else ""
    elif hold.each is not None:
        text = f"Hold {_share(hold.each)} of the equity in each market"
        text += f" on which {claim(hold.condition)}; the others stay in cash" if hold.condition else ""
    else:
        text = f"Hold {_weights(hold.weights)}"
        text += f", each only while, on its market, {claim(hold.condition)}" if hold.condition else ""
    if not hold.condition and not hold.otherwise:
        rest = (
            ""
            if hold.best is not None or any(each.market == nodes.CASH for each in hold.weights)
            else " The rest is cash."
        )
        return f"{text}.{rest}"
    otherwise = f"hold {_weights(hold.otherwise)} instead" if hold.otherwise else "all is cash"
    return f"{text}. Where none is held, {otherwise}."


def _share(value: nodes.Node) -> str:
    return words(value) if isinstance(value, nodes.Percent | nodes.Name | nodes.Call) else f"({words(value)})"


def _weights(weights: tuple[nodes.Weight, ...]) -> str:
    return listed([f"{_share(each.value)} of the equity in {each.market}" for each in weights])


def rebalance_sentence(rebalance: nodes.Rebalance) -> str:
    """When the weights are restored."""
    if rebalance.timing is not None:
        return f"Return to these weights {timing_words(rebalance.timing)}."
    drift = decimal_text(rebalance.drift.value) if rebalance.drift else "0"
    return f"Return to these weights whenever one of them has drifted {drift} percentage points."


REFERENCES = {
    "entry": "the entry price",
    "average entry": "the average entry price",
    "last entry": "the price of the last entry",
    "each entry": "the price of each entry, for what that entry bought",
}
"""From which price a distance is laid off."""


def add_sentence(add: nodes.Add) -> str:
    """Which orders make an open position larger."""
    amount = _amount(add.amount)
    if add.condition is not None:
        text = f"Add {amount} to an open position when {claim(add.condition)}"
    elif add.every is not None:
        text = f"Add {amount} each time the price is {words(add.every)} {add.side} {REFERENCES[add.reference]}"
    else:
        rungs = listed([words(each) for each in add.distances])
        text = f"Add {amount} at {rungs} {add.side} {REFERENCES[add.reference]}, once each"
    if add.factor is not None:
        text += f", each {decimal_text(add.factor)} times the one before"
    if add.times is not None:
        text += f", at most {add.times} time{'' if add.times == 1 else 's'} a position"
    if add.apart is not None:
        text += f", at least {duration_words(add.apart)} apart"
    return f"{text}."
