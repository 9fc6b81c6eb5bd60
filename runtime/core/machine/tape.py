"""Candles and columns of several markets on one time line, as the compiled machine reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from runtime.candles import Candles, Floats
from runtime.core.finer import finer_rows
from runtime.core.machine import layout as at
from runtime.core.machine.compiled import address
from runtime.core.machine.moments import moments
from runtime.core.machine.rules import Encoded
from runtime.core.outside import Outside
from strategy_dsl.nodes import Universe

NO_FUNDING = Outside(np.zeros(0, np.int64), np.zeros(0), 0)
LISTED_MS = 10 * at.DAY_MS


@dataclass(frozen=True)
class Venue:
    """What a market takes: the smallest step of a quantity, and the least quantity and money of an order; 0 is any."""

    step: float = 0.0
    least_quantity: float = 0.0
    least_money: float = 0.0


@dataclass(frozen=True)
class Costs:
    """What trading costs: fee a side, slippage, spread and impact as ratios of the price; `venue` by market.

    `spread` is the whole distance between bid and ask. `impact` is the price change of an order as large as the
    candle's volume; smaller ones cost the root of their share.
    """

    fee: float = 0.001
    slippage: float = 0.0
    spread: float = 0.0
    impact: float = 0.0
    venue: Mapping[str, Venue] | None = None


@dataclass(frozen=True)
class Reel:
    """A tape with everything that its addresses point into."""

    tape: at.Tape
    held: tuple[Any, ...]


def reel(
    encoded: Encoded,
    candles: Mapping[str, Candles],
    columns: Mapping[str, Sequence[Floats]],
    costs: Costs,
    events: tuple[int, ...] = (),
    coming: bool = False,
    funding: Mapping[str, Outside] | None = None,
    finer: Mapping[str, Candles] | None = None,
    before: Mapping[str, Candles] | None = None,
) -> Reel:
    """The tape of all candles of a program's markets; `columns` are those of `encoded.columns`, by market.

    With `coming` there is one point more: the opening that follows the last candle.
    `funding` has the payments of perpetuals by market: moments and rates; `finer` are finer candles that
    settle what came first inside a candle; `before` are the candles with those before them, where `candles` are cut
    out of more: a universe is chosen by the day before.
    """
    markets = encoded.program.markets
    time = _time_line([candles[market].time for market in markets])
    rows = [_rows(candles[market].time, time, coming) for market in markets]
    if coming:
        time = np.append(time, time[-1] + encoded.rules.settings[0]["length"])
    prices = [[np.ascontiguousarray(each) for each in _prices(candles[market])] for market in markets]
    read = [[np.ascontiguousarray(each, np.float64) for each in columns[market]] for market in markets]
    # in whole stretches, so that lists are found again while candles come
    first, last = int(time[0]) // LISTED_MS * LISTED_MS, (int(time[-1]) // LISTED_MS + 1) * LISTED_MS
    listed = [moments(each, first, last, events) for each in encoded.lists]
    universe = encoded.program.strategy.trade.universe if encoded.program.strategy.trade else None
    chosen, first_day = chosen_markets(universe, [(before or candles)[market] for market in markets])
    paid = [(funding or {}).get(market, NO_FUNDING) for market in markets]
    fine = [_fine(candles[market], (finer or {}).get(market)) for market in markets]
    tape = at.Tape(
        time=time,
        rows=np.array([0 if each is None else address(each) for each in rows], np.int64),
        prices=_addresses(prices, 5),
        columns=_addresses(read, len(encoded.columns)),
        lists=np.concatenate(listed) if listed else np.zeros(0, np.int64),
        list_at=np.cumsum([0, *(len(each) for each in listed)]).astype(np.int64),
        chosen=chosen,
        first_day=first_day,
        venue=np.array([(costs.fee, costs.slippage, costs.spread, costs.impact)], at.VENUE),
        market_rules=_venues(markets, costs),
        fine=np.array([[address(each) for each in found] or [0] * 5 for found in fine], np.int64),
        funding_time=np.concatenate([each.time for each in paid]).astype(np.int64),
        funding_rate=np.concatenate([each.value for each in paid]).astype(np.float64),
        funding_from=np.cumsum([0, *(len(each.time) for each in paid)]).astype(np.int64),
    )
    return Reel(tape, (rows, prices, read, fine))


def _fine(candles: Candles, finer: Candles | None) -> list[np.ndarray[Any, Any]]:
    if finer is None:
        return []
    return [*finer_rows(candles, finer), *(np.ascontiguousarray(each) for each in (finer.open, finer.high, finer.low))]


def _venues(markets: Sequence[str], costs: Costs) -> np.ndarray[Any, Any]:
    found = [(costs.venue or {}).get(market, Venue()) for market in markets]
    return np.array([(each.step, each.least_quantity, each.least_money) for each in found], at.MARKET_RULES)


def _prices(candles: Candles) -> tuple[Floats, ...]:
    return candles.open, candles.high, candles.low, candles.close, candles.volume


def _addresses(columns: list[list[Floats]], count: int) -> at.Ints:
    found = np.zeros((len(columns), max(1, count)), np.int64)
    for m, each in enumerate(columns):
        for k, column in enumerate(each):
            found[m, k] = address(column)
    return found


def _time_line(times: Sequence[np.ndarray[Any, Any]]) -> at.Ints:
    if all(len(each) == len(times[0]) and np.array_equal(each, times[0]) for each in times[1:]):
        return np.ascontiguousarray(times[0], np.int64)
    return np.unique(np.concatenate(times)).astype(np.int64)


def _rows(own: at.Ints, time: at.Ints, coming: bool) -> at.Ints | None:
    """The candle of a market at each point; None where there is one at every point."""
    if len(own) == len(time):
        return None
    found = np.searchsorted(own, time)
    inside = np.minimum(found, len(own) - 1)
    rows = np.where(own[inside] == time, inside, -1).astype(np.int64)
    return np.append(rows, len(own)) if coming else rows


def chosen_markets(universe: Universe | None, candles: Sequence[Candles]) -> tuple[at.Ints, int]:
    """Which markets a universe takes on each UTC day (days x markets, 1 or 0), and the first day since 1970.

    The largest by traded money (close x volume) of the UTC day before; equal ones in the order of the markets.
    """
    if universe is None:
        return np.zeros((0, 0), np.int64), 0
    days = [each.time // at.DAY_MS for each in candles]
    first = int(min(each[0] for each in days))
    count = int(max(each[-1] for each in days)) - first + 2
    money = np.zeros((count, len(candles)))
    for m, (each, day) in enumerate(zip(candles, days, strict=True)):
        if each.market not in universe.excluded and each.market.endswith(f"/{universe.quote}"):
            np.add.at(money[:, m], day - first + 1, each.close * each.volume)
    chosen = np.zeros(money.shape, np.int64)
    order = np.argsort(-money, axis=1, kind="stable")[:, : universe.count]
    np.put_along_axis(chosen, order, 1, axis=1)
    return np.where(money > 0, chosen, 0), first


__all__ = ["Costs", "Reel", "Venue", "chosen_markets", "reel"]
