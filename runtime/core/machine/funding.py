"""Funding of perpetuals: at each moment of a market's list the longs pay the shorts a share of what they hold."""

from runtime.core.machine import world as of
from runtime.core.machine.compiled import compiled


@compiled
def fund(run: int, point: int, start: int, stop: int, at_open: int) -> None:
    """Payments of the moments from `start` on and before `stop` (ms UTC).

    A payment is rate x quantity x price, paid by longs and received by shorts where the rate is above zero. The price
    stands for the mark: with `at_open` the open of the candle at this point, else the market's last close.
    """
    for m in range(of.markets(run)):
        p = of.position(run, m)
        if not p.open:
            continue
        row = of.row_at(run, m, point)
        price = of.open_at(run, m, row) if at_open and row >= 0 else of.market(run, m).mark
        for k in range(_first(run, m, start), of.funding_begin(run, m + 1)):
            if of.funding_moment(run, k) >= stop:
                break
            _pay(run, m, p.side * of.funding_rate(run, k) * p.quantity * price)


@compiled
def _first(run: int, m: int, start: int) -> int:
    """The first payment of a market at or after a moment."""
    low, high = of.funding_begin(run, m), of.funding_begin(run, m + 1)
    while low < high:
        middle = (low + high) // 2
        if of.funding_moment(run, middle) < start:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _pay(run: int, m: int, money: float) -> None:
    """Money out of the cash, into what the position has cost so far; a part that leaves takes its share of it."""
    p = of.position(run, m)
    of.account(run).cash -= money
    of.control(run).funding += money
    if of.settings(run).lots:
        for k in range(p.lots):
            lot = of.lot(run, m * of.lot_room(run) + k)
            lot.fee += money * lot.quantity / p.quantity
    p.fee += money
