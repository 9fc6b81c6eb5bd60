"""From pieces to a plan without entries by condition: buys by the clock, weights, grids, one purchase."""

from dataclasses import replace
from decimal import Decimal

from strategy_dsl.phrasebook.draft import QUOTE, Draft, Rule
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.statements import Choice, Condition

PAPER_BUDGET = Decimal(10_000)
ONCE = Condition(
    "not known(last_exit_price)", assumed=("bought once, at the next close, and not again after its sale",)
)


def planned(draft: Draft, items: list[Item]) -> Draft:
    """The draft with the plan that its pieces make, if they make one."""
    kinds = {item.kind for item in items}
    sizes = [item for item in items if item.kind == "hold" and item.text]
    if sizes and ("size" in draft.clauses or len(sizes) > 1):
        return replace(draft, loose=(*draft.loose, *sizes))
    if sizes:
        draft = replace(draft, clauses={**draft.clauses, "size": (sizes[0].text,)})
    if "grid" in kinds:
        return _grid(draft, items)
    if "weights" in kinds and (draft.rules or any(item.condition is not None for item in items)):
        return _share(draft, items)
    if "weights" in kinds:
        return _weights(draft, items)
    if "best" in kinds:
        return _chosen(draft, items)
    if kinds & {"rank", "universe", "to_cash", "ranking"}:
        strange = [one for one in items if one.kind in ("rank", "universe", "to_cash", "ranking")]
        return replace(draft, loose=(*draft.loose, *strange))
    if "every" in kinds:
        return _scheduled(draft, items)
    if "once" in kinds:
        return _once(draft)
    if kinds & {"rebalance", "range", "levels"}:
        return replace(
            draft, loose=(*draft.loose, *(one for one in items if one.kind in ("rebalance", "range", "levels")))
        )
    return draft


def _without(draft: Draft, *kinds: str) -> dict[str, tuple[str, ...]]:
    return {kind: texts for kind, texts in draft.clauses.items() if kind not in kinds}


def _once(draft: Draft) -> Draft:
    """`buy $100 of ETH now`: one purchase at the next close."""
    actions = [item for item in draft.loose if item.kind in ("buy", "short") and item.condition is None]
    if draft.rules or len(actions) != 1:
        return draft
    loose = tuple(item for item in draft.loose if item is not actions[0])
    return replace(draft, rules=(Rule(actions[0].kind, ONCE),), loose=loose)


def _grid(draft: Draft, items: list[Item]) -> Draft:
    """`grid from A to B in N steps of M`; without money a step is 5% of the budget, all of them at most the whole."""
    found = {item.kind: item for item in items if item.kind in ("range", "levels", "grid")}
    missing = [kind for kind in ("range", "levels") if kind not in found]
    if missing or draft.rules:
        return replace(draft, loose=(*draft.loose, found["grid"]))
    low, _, high = found["range"].text.partition("|")
    count = Decimal(found["levels"].text)
    money = draft.clauses.get("size", ("",))[0]
    notes: tuple[str, ...] = ("a grid trades both ways between its levels; below it everything bought is kept",)
    choices: tuple[Choice, ...] = ()
    each = any(item.kind == "each" for item in items)
    head = f"grid from {low} to {high} in {plain(count)} steps of "
    if not money:
        step = min(PAPER_BUDGET * 5 / 100, (PAPER_BUDGET / count).quantize(Decimal(1)))
        line = f"{head}{plain(step)} {QUOTE}"
        notes += (f"{plain(step)} {QUOTE} a step: no amount was said",)
    elif not money.endswith(f" {QUOTE}"):
        return replace(draft, loose=(*draft.loose, found["grid"]))
    elif each:
        line = f"{head}{money}"
    else:
        total = Decimal(money.split()[0])
        share = (total / count).quantize(Decimal("0.01"))
        line = f"{head}{plain(share)} {QUOTE}"
        options = ((f"{plain(share)} a step, {money} in all", line), (f"{money} a step", f"{head}{money}"))
        choices = (Choice("size", f"Is {money} for the whole grid, or for each step?", options),)
    return replace(
        draft,
        lines=(line,),
        clauses=_without(draft, "size", "stop"),
        assumed=(*draft.assumed, *notes),
        choices=(*draft.choices, *choices),
    )


def _weights(draft: Draft, items: list[Item]) -> Draft:
    """`hold 60% BTC/USDT, 40% ETH/USDT` with its rebalancing."""
    held = next(item for item in items if item.kind == "weights")
    markets = tuple(part.split()[1] for part in held.text.split(", ") if "/" in part)
    lines = [f"hold {held.text}"]
    notes: tuple[str, ...] = ()
    again = [item for item in items if item.kind == "rebalance"]
    timings = [item for item in items if item.kind == "every"]
    lines += [f"rebalance {item.text}" for item in again if item.text]
    lines += [f"rebalance every {one}" for item in timings for one in item.text.split("|")]
    if not again and not timings:
        lines.append("rebalance every month on day 1")
        notes = ("rebalanced once a month: nothing was said",)
    return replace(draft, lines=tuple(lines), markets=markets, assumed=(*draft.assumed, *notes, *held.assumed))


def _share(draft: Draft, items: list[Item]) -> Draft:
    """`hold 100% BTC when C`: a weight beside conditions is the size of one coin; of several it means nothing here."""
    held = next(item for item in items if item.kind == "weights")
    share, _, market = held.text.partition(" ")
    if ", " in held.text or "size" in draft.clauses or draft.markets not in ((), (market,)):
        return replace(draft, loose=(*draft.loose, held))
    return replace(draft, markets=(market,), clauses={**draft.clauses, "size": (f"{share} of equity",)})


def _chosen(draft: Draft, items: list[Item]) -> Draft:
    """`hold best 3 by change(close, 30) if C otherwise cash`, of the coins named or the largest ones."""
    found = {item.kind: item for item in items if item.kind in ("best", "rank", "universe", "rebalance")}
    timings = [item for item in items if item.kind == "every"]
    gates = [item for item in items if item.kind in ("condition", "filter", "to_cash") and item.condition]
    rules = [rule for rule in draft.rules if all(rule.condition is not gate.condition for gate in gates)]
    gains = any(item.kind == "gains" for item in items)
    unclear = (
        (gains and gates) or rules or len(timings) > 1 or len(gates) > 1 or any(item.kind in ACTED for item in items)
    )
    if unclear or "rank" not in found or not (draft.markets or "universe" in found):
        return replace(draft, loose=(*draft.loose, *(found[kind] for kind in found)))
    gate = ""
    if gates and gates[0].condition is not None:
        inside = f"({gates[0].condition.text})"
        away = any(item.kind == "to_cash" for item in items)
        gate = f" if not {inside}" if away else f" if {inside[1:-1]}"
    if gains:
        gate = f" if {found['rank'].text} > 0%"
    notes = [note for item in (*found.values(), *timings) for note in item.assumed]
    again = [f"rebalance every {one}" for item in timings for one in item.text.split("|")]
    again += [f"rebalance {found['rebalance'].text}"] if "rebalance" in found and found["rebalance"].text else []
    if not again:
        again = ["rebalance every month on day 1"]
        notes.append("chosen anew once a month: nothing was said")
    line = f"hold best {found['best'].text} by {found['rank'].text}{gate} otherwise cash"
    loose = tuple(item for item in draft.loose if item not in gates)
    return replace(
        draft,
        lines=(line, *again),
        rules=(),
        loose=loose,
        universe=found["universe"].text if "universe" in found else "",
        frame=draft.frame or "1d",
        assumed=(*draft.assumed, *notes),
    )


ACTED = ("buy", "sell", "short", "cover", "size", "stop", "target", "trail")


def _scheduled(draft: Draft, items: list[Item]) -> Draft:
    """Each time of the clock with the action, the money and the market that stand beside it."""
    lines: list[str] = []
    used: list[Item] = []
    notes: list[str] = []
    for part in _parts(items):
        line = _line(part, draft)
        if line is None:
            continue
        lines += line
        used += part
        notes += [note for item in part for note in item.assumed if item.kind == "every"]
    if not lines:
        return replace(draft, loose=(*draft.loose, *(item for item in items if item.kind == "every")))
    rules = tuple(rule for rule in draft.rules if not any(item.condition is rule.condition for item in used))
    if not rules and (turned := _month_turns(lines)):
        loose = tuple(item for item in draft.loose if item not in used)
        return replace(draft, rules=turned, loose=loose, frame=draft.frame or "1d", assumed=(*draft.assumed, MONTHS))
    loose = tuple(item for item in draft.loose if item not in used)
    money = any(item.kind == "size" for item in used)
    if all(item in used for item in items if item.kind == "size"):
        draft = replace(draft, doubled=tuple(one for one in draft.doubled if one != "size"))
    clauses = _without(draft, "size") if money and not rules else draft.clauses
    return replace(
        draft, lines=tuple(lines), rules=rules, loose=loose, clauses=clauses, assumed=(*draft.assumed, *notes)
    )


MONTHS = "the first and the last candle of a month, in UTC"
TURNS = {
    "every month on day 1 at 00:00 UTC buy": ("buy", "new_month(UTC)"),
    "every month on day 1 buy": ("buy", "new_month(UTC)"),
    "every month on last day sell": ("sell", "last_of_month(UTC)"),
    "every month on last day at 00:00 UTC sell": ("sell", "last_of_month(UTC)"),
    "every month on last day buy": ("buy", "last_of_month(UTC)"),
}


def _month_turns(lines: list[str]) -> tuple[Rule, ...]:
    """Bought on the first and sold on the last day of each month, without an amount: one trade a month, by candles."""
    if len(lines) != 2 or not all(line in TURNS for line in lines):
        return ()
    return tuple(Rule(action, Condition(text)) for action, text in (TURNS[line] for line in lines))


def _parts(items: list[Item]) -> list[list[Item]]:
    """The pieces around each time: up to the next time or the end of the sentence, behind its own action."""
    parts: list[list[Item]] = [[]]
    for item in items:
        timed = any(one.kind == "every" for one in parts[-1])
        starts = item.kind == "break" or (timed and item.kind in ("every", "buy", "sell", "size", "short", "cover"))
        if starts and not (item.kind in ("buy", "sell", "size") and not _acted(parts[-1], item.kind)):
            parts.append([])
        parts[-1].append(item)
    return [part for part in parts if any(one.kind == "every" for one in part)]


def _acted(part: list[Item], kind: str) -> bool:
    """Whether this part has its action, or for a size its money, already."""
    wanted = ("size",) if kind == "size" else ("buy", "sell", "short", "cover", "dca")
    return any(one.kind in wanted for one in part)


def _line(part: list[Item], draft: Draft) -> list[str] | None:
    """The lines of one timing, one for each day of the month that it names."""
    timing = next(item.text for item in part if item.kind == "every")
    actions = [item for item in part if item.kind in ("buy", "sell", "short", "cover", "dca")]
    sizes = [item for item in part if item.kind == "size"]
    markets = [item for item in part if item.kind == "market"]
    told = [item for item in part if item.kind in ("condition", "filter") or (item.kind == "buy" and item.condition)]
    spent = bool(sizes) and sizes[0].introduced
    if len(actions) > 1 or len(sizes) > 1 or len(told) > 1 or (not actions and not spent):
        return None
    name = "buy" if not actions or actions[0].kind == "dca" else actions[0].kind
    if name == "buy" and not sizes and actions and actions[0].kind == "dca":
        return None
    amount = f" {sizes[0].text}" if sizes and not sizes[0].text.startswith("risk") else ""
    if sizes and not amount:
        return None
    if name in ("sell", "cover") and actions[0].text:
        amount = f" {actions[0].text}"
    of = ""
    if len(markets) == 1 and len(draft.markets) > 1 and "|" not in markets[0].text:
        coin = markets[0].text
        of = f" of {coin if '/' in coin else f'{coin}/{QUOTE}'}"
    condition = told[0].condition if told else None
    tail = f" if {condition.text}" if condition is not None else ""
    return [f"every {one} {name}{amount}{of}{tail}" for one in timing.split("|")]
