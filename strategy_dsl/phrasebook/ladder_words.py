"""Readers of grids, of weights and of more bought on the way: pieces that a plan is made of."""

from decimal import Decimal

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.draft import QUOTE
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.statements import Choice


def _speaks_of(c: Cursor, *words: str) -> bool:
    return any(token.text in words for token in c.tokens)


@reader
def grid(c: Cursor) -> Item | None:
    """`grid`, `grid bot`: the word; its range, steps and money stand beside it."""
    if not c.says("grid"):
        return None
    return Item("grid")


@reader
def price_range(c: Cursor) -> Item | None:
    """`on BTC between 50k and 60k`, `from 55000 to 65000`, `50k-60k`, of a grid."""
    if not _speaks_of(c, "grid", "grids"):
        return None
    c.skip(frozenset({"on", "for"}))
    _ = c.take("coin") or c.take("pair")
    c.skip(frozenset({"between", "from", "range"}))
    low = c.take("number")
    if low is None or low.value is None or not (c.says("and", "to_day") or c.sign("-")):
        return None
    high = c.take("number")
    if high is None or high.value is None or {low.unit, high.unit} - {"", "usd", "word"}:
        return None
    bottom, top = _scaled(low.value, high.value)
    return Item("range", f"{plain(bottom)}|{plain(top)}") if 0 < bottom < top else None


def _scaled(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """`50-60k` as 50000 and 60000."""
    return (low * 1000, high) if low < 1000 <= high and low * 1000 < high else (low, high)


@reader
def levels(c: Cursor) -> Item | None:
    """`10 levels`, `in 20 steps`, of a grid."""
    if not _speaks_of(c, "grid", "grids"):
        return None
    c.skip(frozenset({"with", "in", "over", "across", "using"}))
    token = c.take("number")
    if token is None or token.value is None or token.unit not in ("", "word") or token.value != int(token.value):
        return None
    return Item("levels", plain(token.value)) if c.says("grid_step") and 2 <= token.value <= 500 else None


@reader
def weights(c: Cursor) -> Item | None:
    """`60% BTC and 40% ETH`, `60/40 BTC and ETH`, `hold 50% bitcoin, 30% eth, 20% cash`."""
    c.says("hold")
    c.skip(frozenset({"keep", "a", "always", "target"}))
    found = _each_named(c) or _slashed(c)
    if found is None or sum(share for share, _ in found) > 100:
        return None
    said = {token.text.upper() for token in c.tokens} & {"USDC"}
    quote = said.pop() if said else QUOTE
    names = [name if "/" in name or name == "cash" else f"{name}/{quote}" for _, name in found]
    if len(set(names)) < len(names) or not any("/" in name for name in names):
        return None
    return Item("weights", ", ".join(f"{plain(share)}% {name}" for (share, _), name in zip(found, names, strict=True)))


@reader
def _each_named(c: Cursor) -> list[tuple[Decimal, str]] | None:
    found: list[tuple[Decimal, str]] = []
    while True:
        start = c.at
        if found:
            c.sign(",") or c.sign("/")
            c.says("and")
        share = c.take("number")
        c.skip(frozenset({"in", "of"}))
        name = _held(c)
        if share is None or share.unit != "percent" or share.value is None or name is None:
            c.at = start
            break
        found.append((share.value, name))
    return found if len(found) >= 2 else None


def _held(c: Cursor) -> str | None:
    token = c.take("coin") or c.take("pair")
    if token is not None:
        return token.text
    return "cash" if c.says("cash") else None


@reader
def _slashed(c: Cursor) -> list[tuple[Decimal, str]] | None:
    shares: list[Decimal] = []
    while (token := c.take("number")) is not None and token.value is not None:
        shares.append(token.value)
        if not c.sign("/"):
            break
    if len(shares) < 2 or sum(shares) > 100:
        return None
    c.skip(frozenset({"in", "of", "split", "between"}))
    names: list[str] = []
    while (name := _held(c)) is not None:
        names.append(name)
        c.sign(",") or c.sign("/")
        c.says("and")
    return list(zip(shares, names, strict=True)) if len(names) == len(shares) else None


@reader
def rebalanced(c: Cursor) -> Item | None:
    """`rebalance monthly`, `rebalanced every week`, `rebalance when either drifts 5%`."""
    if not c.says("rebalance"):
        return None
    c.skip(frozenset({"it", "them", "back", "once"}))
    if c.says("when"):
        c.skip(ARTICLES | {"either", "any", "one", "weight", "coin", "of", "them", "it", "is", "allocation"})
        if not c.says("drift"):
            return None
        c.skip(frozenset({"by", "more", "than", "over", "above"}))
        token = c.take("number")
        if token is None or token.unit != "percent" or token.value is None:
            return None
        c.skip(frozenset({"off", "or", "more", "away", "points"}))
        return Item("rebalance", f"when a weight drifts {plain(token.value)}%")
    return Item("rebalance")


@reader
def more(c: Cursor) -> Item | None:
    """`add $100 every 2% down, at most 3 times`, `buy another 50 usdt at 2%, 4% and 6% below entry`."""
    if not c.says("adding"):
        return None
    c.skip(ARTICLES | {"another", "more"})
    amount = _amount(c)
    c.skip(ARTICLES | {"more", "of", "it", "to", "position", "for"})
    place = _steps(c) or _distances(c)
    if amount is None or place is None:
        return None
    times = _times(c) if place.startswith("every") else ""
    if place.startswith("every") and not times:
        options = tuple(
            (f"at most {count} times", f"{amount} {place}, at most {count} times") for count in ("3", "2", "5")
        )
        return Item("add", options[0][1], choices=(Choice("size", "How often may it add at most?", options),))
    return Item("add", f"{amount} {place}{times}")


@reader
def safety(c: Cursor) -> Item | None:
    """`5 safety orders of 50 each, every 1.5% down`: so many times more, each so far under the last one."""
    count = c.take("number")
    if count is None or count.value is None or count.unit not in ("", "word") or not c.says("safety_orders"):
        return None
    c.skip(frozenset({"of", "at", "for", "with", "worth"}))
    token = c.take("number")
    if token is None or token.value is None or token.unit not in ("", "usd") or token.value <= 0:
        return None
    c.skip(frozenset({"each", "per", "order", ",", "spaced", "with", "at", "and"}))
    c.skip(frozenset({"every", "each", "step", "steps", "of", "deviation"}))
    step = c.take("number")
    if step is None or step.unit != "percent" or step.value is None:
        return None
    if not c.says("lower_side") and c.peek().text not in ("apart", "step", "steps", "deviation", "each", "spacing"):
        return None
    c.skip(frozenset({"apart", "step", "steps", "deviation", "each", "spacing", "down"}))
    notes = (f"{plain(token.value)} read as {plain(token.value)} USDT",) if not token.unit else ()
    every = f"every {plain(abs(step.value))}% below last entry"
    return Item("add", f"{plain(token.value)} USDT {every}, at most {plain(count.value)} times", notes)


@reader
def _amount(c: Cursor) -> str | None:
    token = c.take("number")
    if token is None or token.value is None or token.value <= 0:
        return None
    if token.unit == "usd":
        return f"{plain(token.value)} USDT"
    if token.unit == "percent":
        c.skip(frozenset({"of", "my", "the"}))
        return f"{plain(token.value)}% of equity" if c.says("equity") else None
    return None


@reader
def _steps(c: Cursor) -> str | None:
    """`every 2% down`, `for each 3% it drops`, `every half atr up`."""
    if c.peek().text not in ("every", "each"):
        return None
    c.at += 1
    c.skip(frozenset({"time", "it", "price", "drops", "falls", "by", "another", "further"}))
    fell = any(one.text in ("drops", "falls") for one in c.tokens[max(0, c.at - 4) : c.at])
    token = c.take("number")
    if token is None or token.value is None or token.unit != "percent":
        return None
    c.skip(frozenset({"that", "it", "price", "is", "goes", "moves", "further"}))
    side = c.says("lower_side", "upper_side")
    if side is None and not fell:
        return None
    return f"every {plain(token.value)}% {'above' if side == 'upper_side' else 'below'} last entry"


@reader
def _distances(c: Cursor) -> str | None:
    """`at 2%, 4% and 6% below entry`."""
    c.skip(frozenset({"at"}))
    found = []
    while (token := c.take("number")) is not None and token.unit == "percent" and token.value is not None:
        found.append(f"{plain(token.value)}%")
        c.sign(",")
        c.says("and")
    side = c.says("lower_side", "upper_side") or c.says("below", "above")
    c.skip(ARTICLES)
    c.skip(frozenset({"entry", "price", "first", "buy"}))
    if not found or side is None:
        return None
    return f"at {', '.join(found)} {'above' if side in ('upper_side', 'above') else 'below'} entry"


@reader
def _times(c: Cursor) -> str | None:
    """`, at most 3 times`, `up to 4 times`, `max 3`."""
    c.sign(",")
    c.skip(frozenset({"but"}))
    if not c.says("max"):
        return None
    count = c.take("number")
    if count is None or count.value is None or count.unit not in ("", "word"):
        return "" if not c.says("twice") else ", at most 2 times"
    c.says("trades", "times", "add_noun")
    return f", at most {plain(count.value)} times"
