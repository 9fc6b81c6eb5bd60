"""Small made scenes for tests: rules, candles as rows of o, h, l, c, and the fills they make, short enough to write by hand."""

from collections.abc import Mapping, Sequence

from runtime.candles import Candles
from strategy_dsl import nodes
from strategy_dsl.parser import parse
from tests.candle_files import MONDAY_MS
from tests.made import candles_of
from tests.reference.machine import run
from tests.reference.results import Result
from tests.reference.values import Outside

HOUR = 3_600_000
DAY = 24 * HOUR
BTC, ETH, SOL = "BTC/USDT", "ETH/USDT", "SOL/USDT"
Rows = Sequence[Sequence[float]]


def flat(price: float, count: int = 1) -> list[tuple[float, ...]]:
    """Candles that do not move."""
    return [(price, price, price, price)] * count


def path(*closes: float) -> list[tuple[float, ...]]:
    """Candles that go straight from one close to the next; the first opens at its close."""
    opens = (closes[0], *closes[:-1])
    return [(o, max(o, c), min(o, c), c) for o, c in zip(opens, closes, strict=True)]


def ups(*closes: float) -> list[tuple[float, ...]]:
    """Candles that open and close at a price and reach 1% above it, so that a near target is always hit."""
    return [(c, 1.01 * c, c, c) for c in closes]


def strategy_of(text: str) -> nodes.Strategy:
    """The tree of rules; every problem of reading fails the test."""
    parsed = parse(text)
    errors = [each for each in parsed.problems if each.severity == "error"]
    assert not errors, [each.message for each in errors]
    return parsed.strategy


def play(
    text: str,
    rows: Rows | Mapping[str, Rows | Candles],
    cash: float = 1000.0,
    fee: float = 0.0,
    slippage: float = 0.0,
    start: int = MONDAY_MS,
    outside: Mapping[str, Outside] | None = None,
) -> Result:
    """Plays rules; a text without `trade` trades BTC/USDT on 1h."""
    if "trade " not in text:
        text = f"trade {BTC} on 1h\n{text}"
    strategy = strategy_of(text)
    given = rows if isinstance(rows, Mapping) else {BTC: rows}
    timeframe = strategy.trade.timeframe
    candles = {
        market: each if isinstance(each, Candles) else candles_of(each, market, timeframe, start)
        for market, each in given.items()
    }
    return run(strategy, candles, cash, fee, slippage, outside)


def brief(result: Result, start: int = MONDAY_MS, markets: bool = False) -> list[tuple[object, ...]]:
    """Fills as (candle of 1h, side, quantity, price, kind), the market last where asked for."""
    return [
        (
            (f.time - start) / HOUR,
            f.side,
            round(f.quantity, 6),
            round(f.price, 6),
            f.kind,
            *([f.market] if markets else []),
        )
        for f in result.fills
    ]


def fills(text: str, rows: Rows, **more: object) -> list[tuple[object, ...]]:
    """The fills of one market, in short."""
    return brief(play(text, rows, **more), more.get("start", MONDAY_MS))  # type: ignore[arg-type]
