"""What is running and what it is worth, for `status` and the summary."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from bot.desk import Desk
from bot.trades import trades_of
from runtime.ledger.people import Person
from runtime.live_run import LiveRun


@dataclass(frozen=True)
class Held:
    """One open position of a person; prices in quote currency, `share` the result as a part of the entry price."""

    run: LiveRun
    market: str
    is_long: bool
    quantity: float
    entry: float
    mark: float
    stop: float | None
    result: float
    share: float

    @property
    def coin(self) -> str:
        """`BTC`."""
        return self.market.split("/")[0]


def held_by(c: Connection, desk: Desk, person: Person) -> list[Held]:
    """Every open position, in the order of the strategies."""
    return [
        Held(run, market, each.side > 0, each.quantity, each.entry_price, each.mark, each.stop, each.result,
             each.side * (each.mark / each.entry_price - 1))
        for run in desk.engine(c, person).runs(c)
        for market, each in run.machine.positions().items()
    ]  # fmt: skip


def standing(c: Connection, desk: Desk, person: Person) -> dict[str, Any]:
    """Everything that the status card shows."""
    engine = desk.engine(c, person)
    live = engine.runs(c)
    account = desk.account(c, person)
    return {
        "label": desk.markets().label,
        "clock": engine.clock(c),
        "zone": person.zone,
        "account": account,
        "runs": [_run(c, run) for run in live],
        "waiting": len(engine.waiting(c)),
        "current": None if live else desk.current(c, person),
    }


def _run(c: Connection, run: LiveRun) -> dict[str, Any]:
    trades = trades_of(c, run.id)
    return {
        "name": run.strategy.name,
        "state": run.strategy.state,
        "version": run.version.number,
        "equity": run.equity(),
        "result": run.equity() - run.strategy.budget,
        "currency": run.program.markets[0].split("/")[1],
        "positions": [_position(run, market) for market in run.machine.positions()],
        "trades": len(trades),
        "fees": sum((each.fees for each in trades), Decimal(0)),
    }


def _position(run: LiveRun, market: str) -> dict[str, Any]:
    position = run.machine.positions()[market]
    at_stop = None
    if position.stop is not None:
        at_stop = position.side * position.quantity * (position.stop - position.entry_price)
    return {
        "market": market,
        "is_long": position.side > 0,
        "quantity": position.quantity,
        "entry": position.entry_price,
        "mark": position.mark,
        "value": position.worth,
        "result": position.result,
        "share": position.side * (position.mark / position.entry_price - 1),
        "stop": position.stop,
        "at_stop": at_stop,
        "targets": position.targets,
    }
