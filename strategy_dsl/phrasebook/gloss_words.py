"""Readers of what brackets say: `things are quiet (ATR under 1.5% of price)`, `RSI under 30 (oversold)`."""

from collections.abc import Callable

from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.names import word_set
from strategy_dsl.phrasebook.spans import FRAME_WORDS, timeframe_word
from strategy_dsl.phrasebook.statements import Condition, Memory
from strategy_dsl.phrasebook.values import on

MOST_WORDS = 7
TURNING = word_set(
    "not no never dont isnt without except unless opposite reverse contrary inverse avoid fade skip against only buy"
    " sell short long exit close cover enter stop target and or but half rest every each"
    " after before since until then once"
)
"""Words that a bracket cannot explain away."""
PLAIN_REMARKS = word_set(
    "oversold overbought uptrend downtrend trend trending ranging range bullish bearish up down quiet calm flat"
    " volatile strong weak momentum breakout pullback dip trigger entry confirmation confirmed filter signal zone area"
    " region territory market golden cross death reversal bounce squeeze volatility high low an a the"
    " i.e ie eg optional default standard usual setting settings level in of very strongly conditions condition"
)
"""What a bracket may say of the words before it without saying more."""

DULL = ("flat", "choppy", "ranging", "sideways", "dead")
"""What a market is said not to be behind a condition that says so in numbers: `(not flat)`."""


@reader
def glossed(c: Cursor, memory: Memory, read: Callable[[Cursor, Memory], Condition | None]) -> Condition | None:
    """Vague words and a bracket with the condition that they stand for."""
    start = c.at
    while c.at - start <= MOST_WORDS and c.peek().kind in ("word", "span") and c.peek().text not in TURNING:
        c.at += 1
    if c.at == start or c.at - start > MOST_WORDS or not c.sign("("):
        return None
    said = c.tokens[start : c.at]
    frames = {FRAME_WORDS[token.text] for token in said if token.text in FRAME_WORDS}
    frames |= {timeframe_word(Cursor([token])) or "" for token in said if token.kind == "span"}
    inner = read(c, memory)
    if inner is None or not c.sign(")") or len(frames) > 1 or "" in frames:
        return None
    if not frames or "{on:" in inner.text:
        return inner
    return Condition(f"({inner.text}){on(frames.pop())}", assumed=inner.assumed, choices=inner.choices)


@reader
def remark(c: Cursor) -> bool | None:
    """`(oversold)`, `(strong uptrend)`: a bracket that only names what was said."""
    if not c.sign("("):
        return None
    start = c.at
    if c.peek().text == "not" and c.peek(1).text in DULL:
        c.at += 2
    c.skip(PLAIN_REMARKS)
    return True if c.at > start and c.sign(")") else None
