"""From the pieces of a text to a draft: conditions to their actions, settings to their clauses."""

import re
from dataclasses import replace
from decimal import Decimal

from strategy_dsl.phrasebook.actions import ACTIONS
from strategy_dsl.phrasebook.draft import MANY_VALUES, ONE_VALUE, QUOTE, Draft, Rule, lengthened
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.orders import NO_LENGTH
from strategy_dsl.phrasebook.paces import paced
from strategy_dsl.phrasebook.planned import planned
from strategy_dsl.phrasebook.reviews import reviewed
from strategy_dsl.phrasebook.role_words import ROLE
from strategy_dsl.phrasebook.sides import opposite_signal, sided
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.statements import Condition, Crossing, together
from strategy_dsl.phrasebook.trail_plans import own_distance, rest_trailed, trailed_then
from strategy_dsl.phrasebook.values import Operand


def drafted(items: list[Item]) -> Draft:
    """Put the pieces together: conditions to their actions, settings to their clauses."""
    draft = Draft()
    for sentence in _sentences(items):
        draft = _with_sentence(draft, sentence)
    draft = between_levels(_both_by_trend(draft, items), items)
    draft = _directed(_single_condition(draft))
    for item in items:
        draft = _else_out(draft, item) if item.kind == "otherwise" else draft
    for item in trailed_then(items):
        draft = _with_setting(draft, item)
    draft = _priced(draft)
    draft = rest_trailed(_waiting(reviewed(draft, items), items), items)
    closed = opposite_exit(own_distance(sided(planned(_filtered(draft, items), items))))
    return opposite_signal(lengthened(paced(closed)))


def _directed(draft: Draft) -> Draft:
    """Two averages that cross without a direction: the faster one upwards buys, downwards shorts."""
    return replace(draft, rules=tuple(_with_direction(rule) for rule in draft.rules))


def _with_direction(rule: Rule) -> Rule:
    said = rule.condition
    open_way = [one for one in said.choices if one.topic == "cross_or_level"]
    if rule.action not in ENTERING or said.crossing is None or len(open_way) != 1 or not _faster_first(said.crossing):
        return rule
    way = "upwards" if rule.action == "buy" else "downwards"
    upwards, downwards = (text for _, text in open_way[0].options)
    chosen = upwards if rule.action == "buy" else downwards
    crossing = replace(said.crossing, direction="above" if rule.action == "buy" else "below")
    note = f"the cross that {'buys' if rule.action == 'buy' else 'shorts'} read as {way}: the faster over the slower"
    choices = tuple(one for one in said.choices if one is not open_way[0])
    text = said.text.replace(upwards, chosen)
    said = replace(said, text=text, crossing=crossing, choices=choices, assumed=(*said.assumed, note))
    return replace(rule, condition=said)


def _faster_first(crossing: Crossing) -> bool:
    """Whether the first of two averages of one kind is the shorter one."""
    names = (crossing.left.text, crossing.right.text)
    if names[0].startswith("{quick:") and names[1].startswith("{slow:"):
        return True
    if names == ("ichimoku(9, 26, 52).conversion", "ichimoku(9, 26, 52).base"):
        return True
    if names[0].endswith(".k") and names[1] == f"{names[0].removesuffix('.k')}.d":
        return True
    sizes = [re.fullmatch(r"(\w+)\(close, (\d+)\)(.*)", side.text) for side in (crossing.left, crossing.right)]
    fast, slow = sizes
    if fast is None or slow is None or fast.group(1, 3) != slow.group(1, 3):
        return False
    return int(fast.group(2)) < int(slow.group(2))


def _both_by_trend(draft: Draft, items: list[Item]) -> Draft:
    """`200 EMA for trend, MACD for entries`, where no side is named: longs over it, shorts under it."""
    by_role = any(item.kind == "condition" and item.text == ROLE for item in items)
    if not by_role or any(item.kind in ACTIONS or item.text == "buy" for item in items):
        return draft
    if not any(item.kind == "filter" for item in items):
        return draft
    return replace(draft, both=True, assumed=(*draft.assumed, "longs and shorts: the trend gives the side"))


def between_levels(draft: Draft, items: list[Item]) -> Draft:
    """`RSI 30/70`: bought under the first level; over the second sold, or shorted where both sides are traded."""
    pairs = [item for item in items if item.kind == "thresholds"]
    if len(pairs) != 1 or draft.rules:
        return replace(draft, loose=(*draft.loose, *pairs))
    value, low, high = pairs[0].text.split("|")
    subject = Operand(value, "oscillator", value.partition("(")[0])
    rules = [Rule("buy", Condition(f"{value} < {low}", numbered=(subject,)))]
    if any(item.kind == "both" for item in items):
        rules.append(Rule("short", Condition(f"{value} > {high}", numbered=(subject,))))
    else:
        rules.append(Rule("sell", Condition(f"{value} > {high}", numbered=(subject,))))
    loose = tuple(item for item in draft.loose if item.kind not in ("buy", "sell") or item.condition is not None)
    return replace(draft, rules=tuple(rules), loose=loose, assumed=(*draft.assumed, f"{low}/{high} read as levels"))


def _sentences(items: list[Item]) -> list[list[Item]]:
    found: list[list[Item]] = [[]]
    for item in items:
        if item.kind == "break":
            found.append([])
        else:
            found[-1].append(item)
    return found


def _with_sentence(draft: Draft, sentence: list[Item]) -> Draft:
    sentence = _closed_up(sentence)
    waiting: Item | None = None
    bare: Item | None = None
    rules, loose, alerts = list(draft.rules), list(draft.loose), list(draft.alerts)
    for place, item in enumerate(sentence):
        if item.text == ":" and item.kind == "joint" and any(later.kind in ENTERING for later in sentence[place:]):
            bare = None
        if item.kind == "hold" and item.condition:
            rules += _held(item.condition)
        elif item.kind == "kept":
            rules += _held(waiting.condition) if waiting and waiting.condition else []
            loose += [] if waiting else [item]
            waiting = None
        elif item.kind == "alert":
            alerts += [item.condition] if item.condition else []
            loose += [] if item.condition else [item]
        elif item.kind in ACTIONS:
            said, waiting, unused = _action_condition(item, waiting)
            loose += unused
            twin = _twin(sentence, place)
            if said is None and twin is not None and rules and rules[-1].action == twin:
                said = rules[-1].condition
            if said:
                rules.append(Rule(item.kind, said, item.text, item.neutral))
            else:
                loose += [bare] if bare else []
                bare = item
        elif item.kind == "condition":
            if bare is not None and item.condition is not None:
                rules.append(Rule(bare.kind, item.condition, bare.text, bare.neutral))
                bare = None
            else:
                loose += [waiting] if waiting else []
                waiting = item
    left = [one for one in (waiting, bare) if one]
    return replace(draft, rules=tuple(rules), loose=tuple(loose + left), alerts=tuple(alerts))


TURNING = {"short": "sell", "buy": "cover"}


def _twin(sentence: list[Item], place: int) -> str | None:
    """`sell and go short`, `cover and buy`: the way out that shares its condition with the entry at this place."""
    ahead = sentence[place + 1] if place + 1 < len(sentence) else None
    if place < 2 or (ahead is not None and ahead.kind == "condition"):
        return None
    joint, before = sentence[place - 1], sentence[place - 2]
    turns = joint.kind == "joint" and joint.text == "and" and before.kind == TURNING.get(sentence[place].kind)
    return before.kind if turns else None


ENTERING = ("buy", "short")
BETWEEN = ("market", "size", "timeframe", "filler", "idle")


def _closed_up(sentence: list[Item]) -> list[Item]:
    """`buy ETH every time C` as one piece: the condition moves to the action in front of it."""
    found: list[Item] = []
    for item in sentence:
        place = next((at for at in range(len(found) - 1, -1, -1) if found[at].kind not in BETWEEN), None)
        action = found[place] if place is not None else None
        bare = action is not None and action.kind in ACTIONS and action.condition is None
        if bare and action is not None and place is not None and item.kind == "condition" and item.introduced:
            found[place] = replace(action, condition=item.condition, introduced=True)
        else:
            found.append(item)
    return found


def _action_condition(item: Item, waiting: Item | None) -> tuple[Condition | None, Item | None, list[Item]]:
    """The condition of an action, what still waits, and what nobody will use."""
    before = waiting.condition if waiting is not None and waiting.introduced else None
    if waiting is not None and waiting.text == "waited" and item.condition is not None:
        return item.condition, None, [waiting]
    if item.condition is not None and before is not None and item.kind in ENTERING:
        return _both(before, item.condition), None, []
    if item.condition is not None:
        return item.condition, None, [waiting] if waiting else []
    if waiting is not None:
        return waiting.condition, None, []
    return None, None, []


def _both(first: Condition, second: Condition) -> Condition:
    """`when A, buy every time B`: both at once."""
    whole = together([first, second])
    text = " and ".join(f"({part.text})" if part.joined_by == "or" else part.text for part in (first, second))
    return replace(whole, text=text, joined_by="and")


def _held(said: Condition) -> list[Rule]:
    """`hold while C`: in when C is true, out when it is not."""
    return [Rule("buy", said), Rule("sell", Condition(f"not ({said.text})"))]


def _single_condition(draft: Draft) -> Draft:
    """Conditions on different things and no word of buying: read as what must hold to buy, and said so."""
    waiting = [item for item in draft.loose if item.kind == "condition" and item.condition]
    actions = [item for item in draft.loose if item.kind in (*ENTERING, "alert")]
    if draft.bought() or draft.alerts or not waiting or len(actions) > 1:
        return draft
    if any(item.kind == "alert" for item in actions) or not _of_one_entry(waiting):
        return draft
    said = [item.condition for item in waiting if item.condition]
    whole = said[0] if len(said) == 1 else _all_of(said)
    note = () if actions else (f"the condition{'s are' if len(said) > 1 else ' is'} what to buy on",)
    loose = tuple(item for item in draft.loose if item not in waiting and item not in actions)
    name = actions[0].kind if actions else "buy"
    return replace(draft, rules=(*draft.rules, Rule(name, whole)), loose=loose, assumed=(*draft.assumed, *note))


def _of_one_entry(waiting: list[Item]) -> bool:
    """Whether the conditions can be one entry: a single one, or several that compare different things."""
    texts = [re.split(r" (?:[<>]=?|crosses|is) ", item.condition.text)[0] for item in waiting if item.condition]
    return len(set(texts)) == len(texts)


def _all_of(said: list[Condition]) -> Condition:
    text = " and ".join(f"({part.text})" if part.joined_by not in ("", "and") else part.text for part in said)
    return replace(together(said), text=text, joined_by="and")


def _with_setting(draft: Draft, item: Item) -> Draft:
    if item.kind == "market":
        names = tuple(name if "/" in name else f"{name}/{QUOTE}" for name in item.text.split("|"))
        return replace(draft, markets=draft.markets + tuple(one for one in names if one not in draft.markets))
    if item.kind == "timeframe":
        doubled = (*draft.doubled, "timeframe") if draft.frame not in ("", item.text) else draft.doubled
        return replace(draft, frame=item.text, doubled=doubled)
    if item.kind == "bracket":
        stop, _, goal = item.text.partition("|")
        for kind, text in (("stop", stop), ("target", goal)):
            draft = _with_setting(draft, replace(item, kind=kind, text=text))
        return draft
    if item.kind in ONE_VALUE and not item.choices:
        draft = _answered(draft, item.kind)
    if item.kind == "name":
        return replace(draft, name=draft.name or item.text)
    if item.kind == "both":
        return replace(draft, both=True)
    if item.kind == "perpetual":
        return replace(draft, perpetual=True)
    if item.kind == "line":
        return replace(draft, lines=(*draft.lines, item.text), assumed=(*draft.assumed, *item.assumed))
    if item.kind not in (*ONE_VALUE, *MANY_VALUES):
        return draft
    before = draft.clauses.get(item.kind, ())
    doubled = draft.doubled
    if item.kind in ONE_VALUE and before and before != (item.text,):
        doubled = (*doubled, item.kind)
    texts = before if item.text in before else (*before, item.text)
    return replace(
        draft,
        clauses=draft.clauses | {item.kind: texts},
        assumed=(*draft.assumed, *item.assumed),
        choices=(*draft.choices, *item.choices),
        doubled=doubled,
    )


def opposite_exit(draft: Draft) -> Draft:
    """Where two lines crossing buy and nothing ends a trade: out when they cross the other way, and said so."""
    entries = [rule for rule in draft.rules if rule.action in ENTERING]
    crossings = [rule.condition.crossing for rule in entries]
    if draft.closes() or draft.adding() or len(entries) != 1 or crossings[0] is None:
        return draft
    said = crossings[0]
    lines = said.left.kind == said.right.kind or said.left.name in ("supertrend", "macd line", "macd histogram")
    if not lines or said.right.name not in ("average", "macd signal", "macd line", "zero", "supertrend", "psar"):
        return draft
    note = "out on the opposite cross: nothing was said that ends a trade"
    other = said.opposite()
    action = "sell" if entries[0].action == "buy" else "cover"
    return replace(
        draft, rules=(*draft.rules, Rule(action, Condition(other.text(), other))), assumed=(*draft.assumed, note)
    )


def _waiting(draft: Draft, items: list[Item]) -> Draft:
    """`cancel after 5 candles`, said apart from its order."""
    waits = [item for item in items if item.kind == "waiting"]
    orders = draft.clauses.get("order", ())
    if not waits:
        return draft
    if len(waits) > 1 or len(orders) != 1 or NO_LENGTH not in draft.assumed:
        return replace(draft, loose=(*draft.loose, *waits))
    text = f"{orders[0].rpartition(' for ')[0]} for {waits[0].text}"
    assumed = tuple(note for note in draft.assumed if note != NO_LENGTH)
    return replace(draft, clauses=draft.clauses | {"order": (text,)}, assumed=assumed)


def _priced(draft: Draft) -> Draft:
    """A bare stop or target beside prices of its own size is a price as well: `buy at 0.45, stop 0.38`."""
    texts = " ".join(rule.condition.text for rule in draft.rules)
    prices = [
        Decimal(one) for one in re.findall(r"\bclose (?:[<>]=?|crosses \w+|is between) (\d+(?:\.\d+)?)\b(?!%)", texts)
    ]
    clauses = dict(draft.clauses)
    assumed = draft.assumed
    for kind in ("stop", "target"):
        for text in clauses.get(kind, ()):
            note = f"{text.removesuffix('%')} read as {text} of the price"
            value = Decimal(text.removesuffix("%")) if re.fullmatch(r"[\d.]+%", text) else Decimal(0)
            if note in assumed and any(price / 2 < value < price * 2 for price in prices):
                clauses[kind] = tuple(f"at {plain(value)}" if one == text else one for one in clauses[kind])
                assumed = tuple(
                    f"{plain(value)} read as a price, like the others" if one == note else one for one in assumed
                )
    return replace(draft, clauses=clauses, assumed=assumed)


def _else_out(draft: Draft, item: Item) -> Draft:
    """Out, or short, when none of the conditions to be in holds, where no other sale is said."""
    entries = [rule.condition for rule in draft.rules if rule.action == "buy"]
    other = item.text or "sell"
    if len(entries) != 1 or any(rule.action == other for rule in draft.rules):
        return replace(draft, loose=(*draft.loose, item)) if item.text else draft
    turned = [Rule(other, Condition(f"not ({entries[0].text})"))]
    if other == "short":
        turned = [Rule("sell", turned[0].condition), *turned, Rule("cover", entries[0])]
    return replace(draft, rules=(*draft.rules, *turned))


def _answered(draft: Draft, kind: str) -> Draft:
    """Without an open value of this clause, now that one is said."""
    texts = draft.clauses.get(kind, ())
    opened = [choice for choice in draft.choices if any(text in texts for _, text in choice.options)]
    if not opened:
        return draft
    clauses = {name: texts for name, texts in draft.clauses.items() if name != kind}
    return replace(draft, clauses=clauses, choices=tuple(one for one in draft.choices if one not in opened))


def _filtered(draft: Draft, items: list[Item]) -> Draft:
    """Conditions that gate every entry, joined to each of them."""
    gates = [(item.text, item.condition) for item in items if item.kind == "filter" and item.condition]
    for action in ENTERING:
        own = [gate for gate in gates if gate[0] == action]
        if len(own) == 1 and not any(rule.action == action for rule in draft.rules):
            draft = replace(draft, rules=(*draft.rules, Rule(action, own[0][1])))
            gates.remove(own[0])
    if gates and not draft.bought():
        return replace(draft, loose=(*draft.loose, *(item for item in items if item.kind == "filter")))
    sided = {action: [said for side, said in gates if side in ("", action)] for action in ENTERING}
    return replace(draft, rules=tuple(_gated(rule, sided.get(rule.action, [])) for rule in draft.rules))


def _gated(rule: Rule, gates: list[Condition]) -> Rule:
    if not gates:
        return rule
    parts = [rule.condition, *gates]
    text = " and ".join(f"({part.text})" if part.joined_by == "or" else part.text for part in parts)
    assumed = tuple(note for part in parts for note in part.assumed)
    choices = tuple(choice for part in parts for choice in part.choices)
    return replace(rule, condition=Condition(text, rule.condition.crossing, assumed, choices, joined_by="and"))
