"""`stop`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.naming import unknown_strategy
from bot.pages import page
from bot.replies import Act, Reply, say
from runtime.ledger import runs, strategies
from strategy_dsl.phrasebook.operation_words import ALL


def _one(said: str) -> bool:
    """Whether the words may name one strategy: to stop all of them is read as a sentence."""
    return not ALL & set(said.casefold().split())


@command("/stop [STRATEGY]", "stop it", "stop trading", "stop the strategy", fits=_one)
async def stop(request: Request, desk: Desk) -> Act:
    """End the strategy: sell what it holds and stop."""

    def act(c: Connection) -> Reply:
        strategy = desk.named(c, request.person, request.words)
        if strategy is None and request.words:
            return unknown_strategy(c, request.person, request.words)
        run = None if strategy is None else desk.run_of(c, request.person, strategy)
        if strategy is None or run is None:
            return Reply("Nothing is running, so there is nothing to stop.")
        engine = desk.engine(c, request.person)
        engine.withdraw(c, run.id, "stopped")
        sold = [market for market in list(run.machine.positions()) if engine.close(c, run, market, "you stopped it")]
        engine.save(c)
        runs.end(c, run.id, engine.clock(c))
        strategies.set_state(c, strategy.id, "stopped", "you stopped it", desk.clock())
        return Reply(page("stopped", name=strategy.name, sold=sold, equity=run.equity()), say("Paper", "Trades"))

    return act
