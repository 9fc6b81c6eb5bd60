"""`live`."""

from datetime import datetime

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.naming import unknown_strategy
from bot.pages import page
from bot.replies import Act, Reply, say
from bot.trades import trades_of
from runtime.ledger import runs, strategies
from strategy_dsl.compiler import Compiled

PAPER_DAYS = 14
PAPER_TRADES = 20
"""What a strategy shows on paper before it may ask for money."""


@command("/live [STRATEGY]", "go live", "trade live", "real money", "start live")
async def live(request: Request, desk: Desk) -> Act:
    """What is still missing before a strategy may trade real money."""

    def act(c: Connection) -> Reply:
        strategy = desk.named(c, request.person, request.words)
        if strategy is None or strategy.version_id is None:
            return unknown_strategy(c, request.person, request.words)
        compiled = desk.compiled(strategies.version(c, strategy.version_id).text)
        clock = desk.engine(c, request.person).clock(c)
        return Reply(page("live", name=strategy.name, steps=_steps(c, desk, strategy, compiled, clock)), say("Status"))

    return act


def _steps(
    c: Connection, desk: Desk, strategy: strategies.Strategy, compiled: Compiled, clock: datetime
) -> list[tuple[bool, str]]:
    """Each condition, whether it holds, and how far it is."""
    found = runs.of_strategy(c, strategy.id)
    days = max((((each.ended_at or clock) - each.started_at).days for each in found), default=0)
    done = sum(not trade.is_open for each in found for trade in trades_of(c, each.id))
    present = desk.markets().is_live
    refusals = [each.message for each in compiled.live_refusals]
    return [
        (not refusals, "your live limits allow its rules" + "".join(f"; {each}" for each in refusals)),
        (present, "it runs on the present prices of an exchange, not on a replay or the simulated market"),
        (days >= PAPER_DAYS, f"{PAPER_DAYS} days on paper without a stop; the longest so far is {days}"),
        (done >= PAPER_TRADES, f"{PAPER_TRADES} finished paper trades; so far {done}"),
        (
            False,
            "this version of Sayso can send orders to an exchange; it cannot yet, so nothing here can lose real money",
        ),
    ]
