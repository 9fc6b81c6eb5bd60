"""Readers of the market, the timeframe, the size, when to trade and how often."""

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.items import Item
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.spans import FRAME_WORDS, plain, timeframe_word


@reader
def market(c: Cursor) -> Item | None:
    """One or more coins or pairs: `BTC`, `BTC and ETH`, `ETH/USDT`."""
    names = []
    while (token := c.take("coin") or c.take("pair")) is not None:
        names.append(token.text)
        start = c.at
        c.sign(",")
        c.says("and")
        if c.peek().kind not in ("coin", "pair"):
            c.at = start
            break
    return Item("market", "|".join(names)) if names else None


@reader
def timeframe(c: Cursor) -> Item | None:
    """`on the hourly chart`, `5 minute candles`, `on 4h`, `5m`, `daily`."""
    led = c.peek().text in ("on", "using", "timeframe", "in", "to", "tf", "interval", "timeframe:")
    if led:
        c.at += 1
    elif c.peek().text == ":":
        return None
    c.skip(ARTICLES | {":", "to", "is", "timeframe", "="})
    start = c.at
    worded = any(c.phrase(term) for term in FRAME_WORDS)
    compact = c.peek().kind == "span" or (c.peek().kind == "number" and c.peek(1).text in ("min", "minute", "minutes"))
    frame = timeframe_word(c) or _day_frame(c)
    if frame is None:
        return None
    noun = c.says("frame_noun")
    if noun or led or worded or (compact and _alone(c, start)):
        return Item("timeframe", frame)
    return None


@reader
def _day_frame(c: Cursor) -> str | None:
    """`1 day candles`."""
    token = c.take("number")
    if token is None or token.value != 1 or not c.says("day", "week"):
        return None
    frame = "1d" if c.tokens[c.at - 1].text.startswith("d") else "1w"
    return frame if c.phrase("frame_noun") else None


def _alone(c: Cursor, start: int) -> bool:
    """Whether a bare `5m` stands for itself: at the start or end of a part of the text."""
    before = c.tokens[start - 1] if start else None
    after = c.peek()
    edges = (".", ",", ";", "\n", ":", "-", "(", ")")
    return before is None or before.text in edges or before.kind in ("coin", "pair") or after.text in edges


@reader
def budget(c: Cursor) -> Item | None:
    """`start with $500`, `budget 1000 USDT`: the strategy's own money, not the size of a trade."""
    if not c.says("budget"):
        return None
    c.skip(ARTICLES | {"is", ":", "with", "="})
    token = c.take("number")
    if token is None or token.unit != "usd" or token.value is None or token.value <= 0:
        return None
    return Item("budget", f"{plain(token.value)} USDT")


@reader
def size(c: Cursor) -> Item | None:
    """`$200 of BTC`, `5% of equity`, `0.1 BTC`, `risk 1%`, `size 100 USDT`."""
    for read in (_risk, _share, _money, _coins, _everything, _sized):
        found = read(c)
        if found is not None:
            if not (c.phrase("each_step") and any(token.text == "grid" for token in c.tokens)):
                c.says("per_trade")
            return found
    return None


@reader
def _risk(c: Cursor) -> Item | None:
    """`risk 1% of the account`, `1% risk per trade`."""
    c.says("size")
    led = c.says("risk")
    c.skip(ARTICLES | {"only", "at", "is", ":"})
    token = c.take("number")
    if token is None or token.unit != "percent" or token.value is None:
        return None
    _of_equity(c)
    if not led and not c.says("risk"):
        return None
    _of_equity(c)
    return Item("size", f"risk {plain(token.value)}% of equity")


def _of_equity(c: Cursor) -> bool:
    start = c.at
    c.skip(ARTICLES)
    if c.says("equity"):
        return True
    c.at = start
    return False


@reader
def _share(c: Cursor) -> Item | None:
    """`5% of equity`, `with 5% of my account`, `5% per trade`."""
    c.says("put", "size")
    c.skip(ARTICLES | {"is", ":", "at", "="})
    token = c.take("number")
    if token is None or token.unit != "percent" or token.value is None or not 0 < token.value <= 100:
        return None
    if not _of_equity(c):
        return None
    c.skip(frozenset({"in", "into", "it", "on"}))
    return Item("size", f"{plain(token.value)}% of equity")


@reader
def _money(c: Cursor) -> Item | None:
    """`$200 of`, `200 USDT`, `spend $50`."""
    led = bool(c.says("put", "size"))
    c.skip(ARTICLES | {"is", ":"})
    token = c.take("number")
    if token is None or token.unit != "usd" or token.value is None or token.value <= 0:
        return None
    if c.peek().text == "worth":
        c.at += 1
    if c.peek().text in ("of", "in", "into", "on"):
        led = True
        c.at += 1
    return Item("size", f"{plain(token.value)} USDT", introduced=led)


@reader
def _coins(c: Cursor) -> Item | None:
    """`0.1 BTC`; the coin stays to be read as the market too."""
    c.says("put", "size")
    token = c.take("number")
    if token is None or token.value is None or token.unit not in ("", "word") or token.value <= 0:
        return None
    if c.peek().text == "of":
        c.at += 1
    coin = c.peek()
    if coin.kind != "coin":
        return None
    return Item("size", f"{plain(token.value)} {coin.text}")


@reader
def _everything(c: Cursor) -> Item | None:
    c.says("put", "size")
    c.skip(ARTICLES)
    return Item("size", "100% of equity") if c.says("everything") else None


@reader
def _sized(c: Cursor) -> Item | None:
    """`size 5%`, `position size of 100 USDT`, `5% per trade`, `5% position size`."""
    led = c.says("size")
    c.skip(ARTICLES | {"is", ":", "at", "=", "to"})
    token = c.take("number")
    if token is None or token.value is None or token.unit != "percent" or not 0 < token.value <= 100:
        return None
    if not led and not c.says("size", "per_trade"):
        return None
    note = f"{plain(token.value)}% of the equity"
    return Item("size", f"{plain(token.value)}% of equity", (note,))
