"""Readers of a choice among coins: `the best three of the top 20 coins by 30 day return`, `the better one`."""

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.names import word_set
from strategy_dsl.phrasebook.spans import plain
from strategy_dsl.phrasebook.trend_words import long_span

OF_COINS = word_set(
    "coins coin cryptos ones one performers performing of them those assets markets pairs that did best"
)
DETERMINED = frozenset({"the", "a", "my", "only", "just"})


@reader
def universe(c: Cursor) -> Item | None:
    """`the top 20 coins`, `the 10 biggest coins`, in front of or behind what is chosen from them."""
    c.skip(DETERMINED | {"of", "from", "among", "out", "take", "rank", "use", "trade", "across"})
    if c.says("top_word"):
        token = c.take("number")
        c.says("top_word")
    else:
        token = c.take("number")
        if token is None or not c.says("top_word"):
            return None
    if token is None or token.value is None or token.unit not in ("", "word") or not 2 <= token.value <= 200:
        return None
    if c.peek().text not in ("coins", "cryptos", "markets", "pairs", "assets"):
        return None
    c.at += 1
    by = c.says("by_volume")
    note = f"the top {plain(token.value)} counted by volume in USDT"
    return Item("universe", plain(token.value), () if by else (note,))


@reader
def best(c: Cursor) -> Item | None:
    """`hold the best three`, `keep the top 2`, `own the strongest one`, `hold the better one`."""
    if not c.says("own_word"):
        return None
    c.skip(DETERMINED)
    before = c.take("number")
    if not c.says("best_word"):
        return None
    token = before or c.take("number")
    count = token.value if token is not None else None
    if token is not None and token.unit not in ("", "word"):
        return None
    c.skip(OF_COINS)
    return Item("best", plain(count) if count is not None else "1")


@reader
def ranked(c: Cursor) -> Item | None:
    """`by 30 day return`, `ranked by their 3 month momentum`, `compare their 3 month returns`."""
    c.skip(frozenset({"rank", "ranked", "compare", "them", "their", "sorted", "by", "on", "look", "at", "the", "and"}))
    if not any(token.text in ("by", "compare", "rank", "ranked") for token in c.tokens[max(0, c.at - 4) : c.at]):
        return None
    time = long_span(c)
    if time is None or not c.says("return_noun"):
        return None
    return Item("rank", f"change(close, {time[0]})", time[1])


@reader
def comparing(c: Cursor) -> Item | None:
    """`rank`, `compare`: what is ranked and by what stands behind it."""
    return Item("ranking") if c.says("rank_word") else None


@reader
def into_cash(c: Cursor) -> Item | None:
    """`go to stablecoins if C`: the words in front of the condition."""
    c.skip(frozenset({"but", "and", "then"}))
    if not c.says("go_cash"):
        return None
    return Item("to_cash") if c.phrase("when") else None


@reader
def equal(c: Cursor) -> Item | None:
    """`equal weight`, `the same money in each`: as it is anyway."""
    return Item("idle") if c.says("equal_parts") else None


@reader
def only_gains(c: Cursor) -> Item | None:
    """`as long as it is positive`, `if it beats zero`, behind what is held: only what rose by the measure itself."""
    c.skip(frozenset({"but", "and", "only"}))
    if not c.says("when", "while"):
        return None
    c.skip(
        frozenset({"it", "they", "its", "theyre", "both", "that", "is", "are", "return", "actually", "itself", "the"})
    )
    if c.says("positive", "beats_zero"):
        return Item("gains")
    if c.says("above") and (c.says("zero") or (c.peek().kind == "number" and c.peek().value == 0)):
        c.at += c.peek().kind == "number" and c.peek().value == 0
        return Item("gains")
    return None
