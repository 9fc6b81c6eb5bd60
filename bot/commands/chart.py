"""`chart MARKET`."""

import numpy as np
from sqlalchemy import Connection

from bot.charts import ChartError, TradeMark, backtest_picture
from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.equity import equity_of
from bot.pages import page, words
from bot.replies import Act, Reply, say
from bot.trades import Trade, trades_of
from runtime.core.calendar import milliseconds
from runtime.live_run import LiveRun

MOST = 500
"""Candles on one chart."""


@command("/chart MARKET", "chart", "show chart", "show me the chart", "picture", "plot", "equity curve")
async def chart(request: Request, desk: Desk) -> Act:
    """A picture of a running market with its trades, what the strategy is worth, and its falls."""

    def act(c: Connection) -> Reply:
        found = [(run, market) for run in desk.engine(c, request.person).runs(c) for market in run.program.markets]
        wanted = request.words.upper().split("/")[0].strip()
        meant = [(run, market) for run, market in found if not wanted or market.split("/")[0] == wanted]
        if not found:
            return Reply(
                words("Nothing is running. <b>backtest</b> draws a strategy on history."), say("Backtest", "Paper")
            )
        if not meant:
            names = ", ".join(dict.fromkeys(market.split("/")[0] for _, market in found))
            return Reply(words("No strategy runs on {name}. Running: {names}", name=wanted, names=names))
        run, market = meant[0]
        return _drawn(c, desk, run, market)

    return act


def _drawn(c: Connection, desk: Desk, run: LiveRun, market: str) -> Reply:
    times, equity = equity_of(c, run)
    candles = run.candles[market]
    if len(times) < 2:
        return Reply(words("Too few candles have closed since the start for a chart. Wait a little, or <b>skip</b>."))
    first = int(np.searchsorted(candles.time, times[-MOST:][0]))
    part = candles.part(first, int(np.searchsorted(candles.time, times[-1], side="right")))
    worth = equity[np.clip(np.searchsorted(times, part.time, side="right") - 1, 0, None)]
    path = desk.pictures / f"chart-{run.id}-{market.replace('/', '')}-{int(part.time[-1])}.png"
    trades = [each for each in trades_of(c, run.id) if each.market == market]
    marks = [mark for each in trades for mark in _marks(each) if mark.time_ms >= int(part.time[0])]
    try:
        desk.pictures.mkdir(parents=True, exist_ok=True)
        simulated, dark = desk.markets().feed.is_simulated, desk.settings.dark_pictures
        backtest_picture(path, part, marks, worth, run.strategy.name, simulated=simulated, dark=dark)
    except (OSError, ChartError):
        return Reply(words("The picture could not be written: is the disk full? <b>status</b> has the figures."))
    body = page("chart", name=run.strategy.name, market=market, trades=len(trades), equity=run.equity())
    return Reply(body, say("Positions", "Trades"), str(path), "chart")


def _marks(trade: Trade) -> list[TradeMark]:
    won = None if trade.is_open else trade.result > 0
    begun: tuple[str, ...] = ("entry", "exit") if trade.side > 0 else ("exit", "entry")
    first = TradeMark(milliseconds(trade.opened_at), float(trade.price), begun[0], won)  # type: ignore[arg-type]
    return [first] + [
        TradeMark(milliseconds(sale.at), float(sale.price), begun[1], won)  # type: ignore[arg-type]
        for sale in trade.sales
    ]
