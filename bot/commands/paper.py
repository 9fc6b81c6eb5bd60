"""`paper`."""

from sqlalchemy import Connection

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.naming import unknown_strategy
from bot.pages import page, words
from bot.replies import Act, Reply, say
from runtime.ledger import runs, strategies
from runtime.markets import MarketError
from strategy_dsl.program import build_program


@command("/paper [STRATEGY]", "start paper", "run it", "run it on paper", "start it")
async def paper(request: Request, desk: Desk) -> Act:
    """Start the strategy with play money."""

    def act(c: Connection) -> Reply:
        strategy = desk.named(c, request.person, request.words)
        if strategy is None or strategy.version_id is None:
            return unknown_strategy(c, request.person, request.words)
        engine = desk.engine(c, request.person)
        if strategy.state in ("paper", "paused") and desk.run_of(c, request.person, strategy):
            return Reply(
                words("<b>{name}</b> is running already. Say <b>status</b>, or <b>pause</b>.", name=strategy.name)
            )
        compiled = desk.compiled(strategies.version(c, strategy.version_id).text)
        trade = compiled.strategy.trade
        assert trade is not None
        try:
            for market in desk.markets().placed(build_program(compiled.strategy)).reads:
                desk.markets().candles(market, trade.timeframe)
        except MarketError as error:
            return Reply(page("problem", text=str(error)))
        runs.start(c, strategy.id, strategy.version_id, engine.replay_id, engine.clock(c))
        strategies.set_state(c, strategy.id, "paper", "", desk.clock())
        engine.save(c)
        text = page(
            "started", name=strategy.name, label=desk.markets().label, clock=engine.clock(c), budget=strategy.budget,
            is_live=desk.markets().is_live, trades=compiled.strategy.opens(),
            perpetual=compiled.strategy.trade is not None and compiled.strategy.trade.perpetual,
        )  # fmt: skip
        return Reply(text, say(*(() if desk.markets().is_live else ("Skip",)), "Status", "Pause"))

    return act
