"""`sweep NAME=VALUES`."""

from hashlib import sha256
from math import ceil

from sqlalchemy import Connection

from bot.chart_page import ChartError
from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.drafts import note_sweep
from bot.pages import page
from bot.replies import Act, Reply, say
from bot.report_text import PHONE
from bot.research import history_of
from bot.sweep_charts import sweep_picture
from bot.sweep_text import parameter_lines, sweep_sentences, sweep_table
from bot.working import apart
from runtime.ledger import strategies
from runtime.markets import MarketError
from runtime.sweep import SweepError, sweep
from strategy_dsl.compiler import Compiled
from strategy_dsl.parameters import parameters
from strategy_dsl.ranges import RangeError, choices

MOST = 400
"""More would keep the person waiting, and the others who share this process."""


@command("/sweep NAME=VALUES", "sweep")
async def sweep_numbers(request: Request, desk: Desk) -> Reply | Act:
    """The backtest with other numbers, for example: sweep 1=10..20. Alone it lists the numbers."""
    with desk.ledger.read() as c:
        strategy = desk.current(c, request.person)
        if strategy is None or strategy.version_id is None:
            return Reply("There is no strategy yet. Tell me one.")
        compiled = desk.compiled(strategies.version(c, strategy.version_id).text)
    if not compiled.strategy.opens():
        return Reply("These rules open no position, so there is nothing to sweep.")
    if not request.words:
        found = parameters(compiled.strategy)
        example = f"sweep {found[0].example()}" if found else ""
        return Reply(page("parameters", lines=parameter_lines(found, PHONE), example=example), say("Backtest"))
    try:
        reply, tries = await apart(_swept, compiled, desk, strategy.name, request.words.split())
    except (RangeError, SweepError, MarketError) as error:
        return Reply(page("problem", text=str(error)), say("Sweep"))

    def act(c: Connection) -> Reply:
        note_sweep(c, request.person, compiled, tries)
        return reply

    return act


def _file(compiled: Compiled, ranges: list[str]) -> str:
    """A name of its own, as an earlier picture may still wait to be sent."""
    return f"sweep-{sha256(' '.join([compiled.hash, *ranges]).encode()).hexdigest()[:12]}.png"


def _swept(compiled: Compiled, desk: Desk, name: str, ranges: list[str]) -> tuple[Reply, int]:
    """The answer, and how many independent tries its combinations amount to."""
    chosen = choices(compiled.strategy, ranges)
    history = history_of(compiled, desk.markets(), desk.limits.paper)
    found = sweep(compiled.strategy, chosen, history, most=MOST)
    picture = desk.pictures / _file(compiled, ranges) if len(chosen) <= 2 else None
    if picture is not None:
        try:
            picture.parent.mkdir(parents=True, exist_ok=True)
            sweep_picture(picture, found, name, dark=desk.settings.dark_pictures)
        except (OSError, ChartError):
            # the table does without a disk
            picture = None
    body = page("sweep", name=name, table=sweep_table(found), sentences=sweep_sentences(found))
    shown = None if picture is None else str(picture)
    return Reply(body, say("Sweep", "Numbers"), shown, "sweep"), ceil(found.independent)
