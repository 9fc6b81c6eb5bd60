"""`numbers`."""

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.drafts import looked_at
from bot.pages import page
from bot.replies import Reply, say
from bot.report_text import figure_lines, month_table
from bot.research import study
from bot.working import apart
from runtime.figures import FIGURES
from runtime.ledger import strategies
from runtime.markets import MarketError


@command("/numbers", "show numbers", "the numbers", "figures", "evidence")
async def numbers(request: Request, desk: Desk) -> Reply:
    """Every figure of the backtest, month by month, and what it proves."""
    with desk.ledger.read() as c:
        strategy = desk.current(c, request.person)
        if strategy is None or strategy.version_id is None:
            return Reply("There is no strategy yet. Tell me one.")
        compiled = desk.compiled(strategies.version(c, strategy.version_id).text)
        tried = looked_at(c, request.person, compiled)
    if not compiled.strategy.opens():
        return Reply("These rules open no position, so there are no numbers.")

    def work() -> Reply:
        report = study(compiled, desk.markets(), desk.limits.paper, None, tried=tried).report
        body = page(
            "numbers",
            name=strategy.name,
            figures=figure_lines(report.metrics),
            months=month_table(report.metrics.months, 38),
            evidence=report.evidence,
            tests=report.explained(),
        )
        return Reply(body, say("Definitions", "Backtest", "Paper"))

    try:
        return await apart(work)
    except MarketError as error:
        return Reply(page("problem", text=str(error)))


@command("/definitions", "what do the numbers mean", "what the numbers mean")
async def definitions(request: Request, desk: Desk) -> Reply:
    """What each figure of a backtest is."""
    return Reply(page("definitions", figures=FIGURES), say("Numbers"))
