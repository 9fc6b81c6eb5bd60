"""Where a trailing stop begins and how far it is, from what stands beside it."""

import re
from dataclasses import replace

from strategy_dsl.phrasebook.draft import Draft
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.statements import Choice


def trailed_then(items: list[Item]) -> list[Item]:
    """`to break even after 2%, then trail 1.5%`: the trailing begins where the step before it does."""
    found: list[Item] = []
    begins = ""
    for at, item in enumerate(items):
        begins = item.text if item.kind == "break_even" else begins
        then = at > 0 and items[at - 1].kind == "joint" and items[at - 1].text == "then"
        if item.kind == "trail" and then and begins and "after" not in item.text and "once" not in item.text:
            item = replace(item, text=f"{item.text} {begins}")
        found.append(item)
    return found


def rest_trailed(draft: Draft, items: list[Item]) -> Draft:
    """A trailing stop for what is left begins where the first part is sold."""
    trails, goals = draft.clauses.get("trail", ()), draft.clauses.get("target", ())
    if not any(item.kind == "rest_runs" for item in items):
        return draft
    first = re.fullmatch(r"(?:.*, )?([\d.]+(?:%|r)) for [\d.]+%", goals[0]) if len(goals) == 1 else None
    if first is None or len(trails) != 1 or " after " in trails[0]:
        return replace(draft, loose=(*draft.loose, *(item for item in items if item.kind == "rest_runs")))
    note = f"trailing begins at {first.group(1)}, where the last of the parts is sold"
    clauses = draft.clauses | {"trail": (f"{trails[0]} after {first.group(1)}",)}
    return replace(draft, clauses=clauses, assumed=(*draft.assumed, note))


def own_distance(draft: Draft) -> Draft:
    """A trailing stop without a distance takes that of the stop; without one it stays open."""
    trails = draft.clauses.get("trail", ())
    if not any(text.startswith("{same}") for text in trails):
        return draft
    stop = draft.clauses.get("stop", ("none",))[0]
    if stop != "none" and not stop.startswith("at "):
        texts = tuple(text.replace("{same}", stop) for text in trails)
        return replace(draft, clauses=draft.clauses | {"trail": texts})
    options = tuple((text, trails[0].replace("{same}", text)) for text in ("2%", "1%", "3%"))
    choice = Choice("stop", "Trail it by how much?", options)
    return replace(draft, clauses=draft.clauses | {"trail": (options[0][1],)}, choices=(*draft.choices, choice))
