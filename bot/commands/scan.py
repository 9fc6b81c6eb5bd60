"""`scan CONDITION`."""

import math

from bot.commands.registry import Request, command
from bot.desk import Desk
from bot.pages import page, words
from bot.replies import Reply, say
from bot.scanning import Found, markets_to_scan, scanned
from bot.working import apart
from runtime.ledger import strategies
from runtime.markets import MarketError
from strategy_dsl.diagnostics import StrategyError
from strategy_dsl.phrasebook.reader import read
from strategy_dsl.program import Program, build_program

MODEL_MARKET = "BTC/USDT"
HOW = "Say a condition, for example <b>scan rsi under 30</b> or <b>scan price above its 200 ema on 4h</b>."


@command(
    "/scan CONDITION",
    "scan",
    "which coins have",
    "which coins are",
    "which markets have",
    "which markets are",
    "find coins with",
    "what coins have",
    "which coin has",
    "show me coins with",
)
async def scan(request: Request, desk: Desk) -> Reply:
    """Which markets a condition is true on now, for example: scan rsi under 30."""
    wish = request.words.strip().rstrip("?.! ")
    if not wish:
        return Reply(words(HOW))
    reading = await apart(read, f"alert me when BTC {wish}")
    if reading.outcome != "compile" or reading.rules is None:
        lost = ", ".join(each for each in reading.not_understood if each not in ("alert", "me"))
        return Reply(words("I did not understand the condition{lost}. " + HOW, lost=f": {lost}" if lost else ""))
    with desk.ledger.write() as c:
        clock = desk.engine(c, request.person).clock(c)
        texts = [strategies.version(c, each.version_id).text for each in strategies.listing(c, request.person.id)
                 if each.version_id is not None]  # fmt: skip
    traded = [market for text in texts for market in _markets(desk, text)]
    markets = desk.markets()
    names = markets_to_scan(markets, traded)
    if not names:
        return Reply(words("There is no market to look at yet: start a strategy on one first."), say("Strategies"))
    try:
        programs = {name: _program(desk, reading.rules, name) for name in names}
        found = await apart(scanned, programs, markets, clock)
    except MarketError as error:
        return Reply(page("problem", text=str(error)))
    except StrategyError as error:
        return Reply(page("problem", text=error.diagnostics[0].message))
    program = next(iter(programs.values()))
    values = {"claim": program.alerts[0].claim, "timeframe": program.timeframe, "clock": clock, "label": markets.label}
    hits = [each for each in found if each.holds]
    misses = sorted((each for each in found if each.holds is False), key=_distance)
    return Reply(page("scan", hits=hits, misses=misses[:3], looked=len(found), **values), say("Positions"))


def _distance(found: Found) -> float:
    if found.left is None or not found.right:
        return math.inf
    return abs(found.left - found.right) / abs(found.right)


def _program(desk: Desk, rules: str, market: str) -> Program:
    return build_program(desk.compiled(rules.replace(MODEL_MARKET, market)).strategy)


def _markets(desk: Desk, text: str) -> tuple[str, ...]:
    try:
        trade = desk.compiled(text).strategy.trade
    except StrategyError:
        # stored rules that today's limits no longer allow
        return ()
    return () if trade is None else trade.markets
