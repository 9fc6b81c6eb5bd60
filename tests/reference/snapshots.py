"""What the names of position, past and strategy are at a close (Meaning 1: days are those of the candle's opening)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.reference.account import Account, Position
from tests.reference.clock import day_of
from tests.reference.views import DAY_MS

if TYPE_CHECKING:
    from tests.reference.machine import Run


def take(run: Run, now: int, present: dict[str, int]) -> None:
    """Records all names of all markets that closed a candle."""
    account = run.account
    for market, row in present.items():
        account.prices[market] = run.world.view(market).close[row]
    equity = account.equity()
    run.result.equity.append((now, equity))
    shared = strategy_names(run, equity, now - run.length) | {"losses": [t for t, pnl in account.finished if pnl < 0]}
    for market, row in present.items():
        names = dict(shared)
        position = account.positions.get(market)
        if position is not None:
            names |= position_names(position, account, row)
        if market in account.past:
            past = account.past[market]
            names |= {"last_exit_price": past.price, "last_exit_reason": past.kind, "last_profit": past.profit}
        if market in account.last_entry:
            names["last_entry_price"] = account.last_entry[market]
        run.world.record(market, row, names)


def position_names(position: Position, account: Account, row: int) -> dict[str, Any]:
    """Of an open position."""
    price, average = account.prices[position.market], position.average
    gained = position.side * (price - average) - account.fee_rate * (price + average)
    return {
        "profit": gained / average,
        "entry_price": average,
        "position_high": position.highs,
        "position_low": position.lows,
        "held": float(row - position.row + 1),
        "targets_hit": float(len(position.hit)),
        "adds_made": float(position.adds),
        "parts_sold": float(position.sold),
        "decided": position.decided,
    }


def strategy_names(run: Run, equity: float, opened: int) -> dict[str, Any]:
    """Of the whole strategy; a day is the UTC day of the candle's opening."""
    today = day_of(opened, "UTC")
    if run.today != today:
        run.today, run.day_began = today, run.equity_before
    run.equity_before, run.peak = equity, max(run.peak, equity)
    return {
        "losses_in_a_row": float(run.account.losses_in_a_row()),
        "entries_today": float(sum(1 for time in run.account.entered if time // DAY_MS == opened // DAY_MS)),
        "drawdown": 1 - equity / run.peak,
        "day_loss": max(0.0, 1 - equity / run.day_began),
    }
