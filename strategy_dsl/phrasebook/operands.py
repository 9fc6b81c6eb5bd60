"""Things that have a value: prices, averages, oscillators, bands, levels, as the rules language spells them."""

from collections.abc import Callable

from strategy_dsl.phrasebook import bar_words, indicators
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.extreme_words import extreme
from strategy_dsl.phrasebook.lengths import is_length, length, stochastic_settings
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.spans import FRAME_WORDS, bar_unit, plain, timeframe_word
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.values import FINE, Operand, on

# What a person calls it, how the language spells it with its length, and between what it moves.
OSCILLATORS: dict[str, tuple[str, tuple[int, int]]] = {
    "rsi": ("rsi({n})", (0, 100)),
    "mfi": ("mfi({n})", (0, 100)),
    "cci": ("cci({n})", (-1000, 1000)),
    "adx": ("adx({n})", (0, 100)),
    "stochastic": ("stochastic({n}, 3, 3).k", (0, 100)),
    "williams": ("williams_r({n})", (-100, 0)),
}
SCORES = {name: bounds for name, (_, bounds) in OSCILLATORS.items()} | indicators.SCORES
AVERAGES = ("sma", "ema", "wma", "hma", "dema", "tema", "kama", "vwma", "zlema")
FOLLOWING = ("above", "below", "at_least", "at_most", "is", "cross", "up_move", "down_move", "move", "break", "touch")
"""What stands behind the thing that a sentence speaks of."""
BANDS = {"upper": "upper", "lower": "lower", "middle": "middle"}
BESIDE_LEVELS = frozenset({"<", ">", ">=", "<=", "above", "below", "over", "under"})
PRICE = Operand("close", "price", "price")
VOLUME = Operand("volume", "volume", "volume")


@reader
def operand(c: Cursor) -> Operand | None:
    """Any value that can stand in a comparison."""
    c.skip(ARTICLES)
    if (level := c.take("level")) is not None:
        part = level.text.rpartition(".")[2]
        return Operand(level.text + FINE, "price", "extreme", (f"the range of hours read as {level.text}",), part)
    for read in READERS:
        found = read(c)
        if found:
            return found
    return None


@reader
def oscillator(c: Cursor) -> Operand | None:
    """`RSI`, `rsi(14)`, `RSI 2`, `14 period rsi`, `4h RSI`, `the daily RSI`."""
    frame = timeframe_word(c) or ""
    before = length(c)
    if before is not None:
        frame = frame or bar_unit(c) or ""
    name = c.says(*OSCILLATORS)
    if name is None:
        return None
    spelling = OSCILLATORS[name][0]
    if name == "stochastic" and before is None and (settings := stochastic_settings(c)) is not None:
        return Operand(f"stochastic({settings}).k" + on(frame or _frame_behind(c) or ""), "oscillator", name)
    after = None if before else _length_after(c)
    frame = frame or _frame_in_brackets(c) or _frame_behind(c) or ""
    said = before or after
    size = plain(said.value or 0) if said else f"{{usual:{name}}}"
    return Operand(spelling.format(n=size) + on(frame), "oscillator", name)


@reader
def _length_after(c: Cursor) -> Token | None:
    """`(14)` in brackets, or `14` where a comparison follows, so that `RSI 30` is never a length."""
    bracket = c.peek().text == "("
    token = length(c)
    if token is None:
        return None
    if bracket or _glued(c, token):
        return token
    if c.phrase("oversold") or c.phrase("overbought"):
        return token
    return token if any(c.phrase(term) for term in FOLLOWING) else None


def _glued(c: Cursor, token: Token) -> bool:
    """Whether the number is written onto the word before it, as in RSI14."""
    place = c.tokens.index(token)
    return place > 0 and c.tokens[place - 1].end == token.start


@reader
def _frame_behind(c: Cursor) -> str | None:
    """`on the daily` between an indicator and what is said of it."""
    if c.peek().text != "on" and c.peek().kind != "span" and c.peek().text not in FRAME_WORDS:
        return None
    c.skip(frozenset({"on"}))
    c.skip(ARTICLES)
    frame = timeframe_word(c)
    c.says("frame_noun")
    return frame if frame and any(c.phrase(term) for term in FOLLOWING) else None


@reader
def _frame_in_brackets(c: Cursor) -> str | None:
    if not c.sign("("):
        return None
    frame = timeframe_word(c)
    return frame if frame and c.sign(")") else None


@reader
def average(c: Cursor) -> Operand | None:
    """`50 day average`, `MA(50)`, `200 ema`, `ema 20`, `50-period simple moving average`, `the 20` named before."""
    if (known := c.take("average")) is not None:
        return Operand(known.text, "price", "average")
    frame = timeframe_word(c) or ""
    size = length(c)
    if size is None:
        return _named_average(c, frame) or _relative(c)
    unit = bar_unit(c)
    months = unit is None and c.says("month") is not None
    kind = _average_kind(c)
    if kind is None:
        return None
    return _month_average(kind, size) if months else _average(kind, size, frame or unit or "")


def _month_average(kind: str, size: Token) -> Operand | None:
    """`10 month average`: of the closes that ended the months."""
    if kind not in ("ma", "sma", "average"):
        return None
    note = ("of the last month-end closes (UTC)",)
    return Operand(f"month_end_average({plain(size.value or 0)}, UTC)", "price", "average", note)


@reader
def _relative(c: Cursor) -> Operand | None:
    """`the fast EMA`, `slow MA`, `the slower one`: which length stays open."""
    pace = c.says("quick", "slow")
    if pace is None:
        return None
    kind = _average_kind(c)
    if kind is None and c.peek().text in ("one", "line"):
        c.at += 1
        kind = "one"
    if kind is None or kind == "average":
        return None
    return Operand(f"{{{pace}:{kind}}}", "price", "average")


def _named_average(c: Cursor, frame: str) -> Operand | None:
    kind = _average_kind(c)
    if kind is None or kind == "average":
        return None
    c.skip(frozenset({"of"}))
    size = length(c)
    if size is None:
        spelled = "sma" if kind == "ma" else kind
        return Operand(f"{spelled}(close, {{usual:{spelled}}}){on(frame)}", "price", "average")
    return _average(kind, size, frame or bar_unit(c) or "")


def _average_kind(c: Cursor) -> str | None:
    """The kind of average said here; `ma` where the person left it open."""
    c.skip(frozenset({"period"}))
    return c.says(*AVERAGES, "ma", "average")


def _average(kind: str, size: Token, frame: str) -> Operand:
    open_kind = kind in ("ma", "average")
    spelled = "sma" if open_kind else kind
    assumed = ("a simple average: the kind was not said",) if open_kind else ()
    text = f"{spelled}(close, {plain(size.value or 0)}){on(frame)}"
    return Operand(text, "price", "average", assumed)


@reader
def bollinger(c: Cursor) -> Operand | None:
    """`lower Bollinger band`, `upper BB(20, 2)`, `the middle band`."""
    side = c.says("upper", "lower", "middle")
    if side is None:
        return _bollinger_first(c)
    alone = c.ended() or (c.peek().kind == "sign" and c.peek().text != "(")
    line = c.says("line", "the_one") or (alone and (side == "middle" or c.tokens[c.at - 2].text in BESIDE_LEVELS))
    if not c.says("bollinger", "band") and not (line and _names_bollinger(c)):
        return None
    c.says("band")
    return _bollinger(c, side)


def _names_bollinger(c: Cursor) -> bool:
    """Whether the text speaks of Bollinger bands and of no other channel."""
    said = {
        term for at in range(len(c.tokens)) for term in ("bollinger", "donchian") if Cursor(c.tokens, at).phrase(term)
    }
    return said == {"bollinger"}


def _bollinger_first(c: Cursor) -> Operand | None:
    if not c.says("bollinger"):
        return None
    settings = _bollinger_settings(c)
    side = c.says("upper", "lower", "middle")
    if side is None:
        return None
    c.says("band")
    return _bollinger(c, side, settings)


def _bollinger(c: Cursor, side: str, said: tuple[str, str] | None = None) -> Operand:
    said = said or _bollinger_settings(c)
    settings = ", ".join(said) if said else "{usual:bollinger}"
    return Operand(f"bollinger({settings}).{BANDS[side]}", "price", "bollinger", (), side)


@reader
def _bollinger_settings(c: Cursor) -> tuple[str, str] | None:
    if not c.sign("("):
        return None
    size = c.take("number")
    c.sign(",")
    width = c.take("number")
    if size is None or width is None or not is_length(size) or not c.sign(")"):
        return None
    return plain(size.value or 0), plain(width.value or 0)


@reader
def macd(c: Cursor) -> Operand | None:
    """`MACD`, `MACD line`, `MACD histogram`, `macd signal`."""
    frame = timeframe_word(c) or ""
    if c.phrase("histogram") and not c.phrase("macd"):
        c.says("histogram")
        return Operand(f"macd({{usual:macd}}).histogram{on(frame)}", "macd", "macd histogram")
    if not c.says("macd"):
        return None
    settings = _macd_settings(c)
    part = c.says("histogram", "signal", "line") or "line"
    return Operand(f"macd({settings}).{part}{on(frame)}", "macd", f"macd {part}")


def _macd_settings(c: Cursor) -> str:
    start = c.at
    if c.sign("("):
        sizes = []
        while (token := c.take("number")) is not None:
            sizes.append(plain(token.value or 0))
            c.sign(",")
        if len(sizes) == 3 and c.sign(")"):
            return ", ".join(sizes)
    c.at = start
    return "{usual:macd}"


@reader
def yesterday(c: Cursor) -> Operand | None:
    """`yesterday's close`, `the previous day's high`."""
    if not c.says("yesterday"):
        return None
    part = c.says("close", "high", "low", "open")
    if part is None and not (c.ended() or c.peek().kind == "sign" or c.phrase("and")):
        return None
    return Operand(f"{part or 'close'}{{yesterday}}", "price", "yesterday", ("days in UTC",), part or "close")


@reader
def today(c: Cursor) -> Operand | None:
    """`today's close`: the close of a daily candle."""
    part = c.peek(1).text
    if c.peek().text != "todays" or part not in ("close", "high", "low"):
        return None
    c.at += 2
    return Operand(f"{part}{{today}}", "price", part)


@reader
def donchian(c: Cursor) -> Operand | None:
    """`the upper Donchian channel`, `lower channel`."""
    led = c.says("donchian")
    before = length(c) if led else None
    side = c.says("upper", "lower")
    if side is None or not (c.says("donchian") or led or c.phrase("channel")):
        return None
    c.says("channel")
    size = before or length(c)
    settings = plain(size.value or 0) if size is not None else "{usual:donchian}"
    return Operand(f"donchian({settings}).{side}", "price", "donchian", (), side)


@reader
def simple(c: Cursor) -> Operand | None:
    """`price`, `close`, `volume`, `ATR`."""
    if c.says("price", "close"):
        return _ago(c) or PRICE
    if c.says("month_end_close"):
        return Operand("close{month_end}", "price", "price")
    if c.says("volume"):
        return VOLUME
    return _series(c) or _atr(c) or _framed(c)


@reader
def _ago(c: Cursor) -> Operand | None:
    """`the close 10 bars ago`, `price 3 days ago`."""
    size = length(c)
    unit = bar_unit(c) if size is not None else None
    if size is None or unit is None or c.peek().text not in ("ago", "back", "earlier", "before"):
        return None
    c.at += 1
    count = plain(size.value or 0)
    return Operand(f"close[{count}]{on(unit)}", "price", "earlier")


@reader
def _framed(c: Cursor) -> Operand | None:
    """`the daily close`, `4h close`, `1d volume`: of another timeframe."""
    if c.peek().kind not in ("span", "number") and c.peek().text not in FRAME_WORDS:
        return None
    frame = timeframe_word(c)
    c.says("frame_noun")
    part = c.peek().text.removesuffix("s")
    if frame is None or part not in ("close", "volume", "price"):
        return None
    c.at += 1
    text = "close" if part == "price" else part
    return Operand(f"{text}{on(frame)}", "volume" if part == "volume" else "price", text)


def _series(c: Cursor) -> Operand | None:
    word = c.peek().text
    if word in ("high", "low", "open"):
        c.at += 1
        return Operand(word, "price", word)
    return None


def _atr(c: Cursor) -> Operand | None:
    if not c.says("atr"):
        return None
    return Operand(f"atr({atr_length(c)})", "range", "atr")


def atr_length(c: Cursor) -> str:
    """The length behind the word ATR, or the mark for the usual one."""
    size = length(c)
    return plain(size.value or 0) if size is not None else "{usual:atr}"


READERS: tuple[Callable[[Cursor], Operand | None], ...] = (
    bar_words.mother_bar, bar_words.entry_value, bar_words.earlier_candle, bar_words.session_level,
    bar_words.deviations,
    indicators.opening_range, indicators.tabled, oscillator, indicators.keltner, indicators.cloud, average, extreme,
    donchian, bollinger, macd, yesterday, today, simple,
)  # fmt: skip
