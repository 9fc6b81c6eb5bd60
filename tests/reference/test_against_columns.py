"""Expressions on random candles of two markets with holes: the reference and the engine's columns agree everywhere."""

import pytest

from runtime.core.columns import Columns
from strategy_dsl.parser import parse_expression
from tests.reference.programs import random_candles
from tests.reference.scenes import BTC, ETH
from tests.reference.values import World

CANDLES = {BTC: random_candles(7, BTC, 800, 4), ETH: random_candles(8, ETH, 800, 9)}
WORLD, COLUMNS = World(CANDLES), Columns(CANDLES[BTC], CANDLES)
EXPRESSIONS = f"""
close on 4h
close on 1d
close on 1w
close[1] on 4h
(close on 4h)[1]
(close > sma(close, 3)) on 4h
close of {ETH}
close[2] of {ETH}
(close of {ETH})[2]
close on 4h of {ETH}
sma(close, 5) of {ETH}
sma(close of {ETH}, 5)
rsi(5)
mfi(5)
cci(5)
williams_r(5)
adx(5)
atr(5)
kama(close, 5)
hma(close, 9)
dema(close, 5)
tema(close, 5)
wma(close, 5)
stochastic(5, 3, 3).k
stochastic(5, 3, 3).d
macd(3, 6, 2).histogram
bollinger(5, 2).upper
donchian(5).middle
stdev(close, 5)
change(close, 3)
abs(close - open)
min(close, open[1])
sma(rsi(5), 5)
ema(rsi(5), 5)
ema(close on 4h, 5)
stdev(change(close, 1), 5)
close / (close - close)
newly(close > sma(close, 9))
count(close > sma(close, 9), 4)
bars_since(close > sma(close, 9))
close is rising 3 bars
close is falling
close is within 1% of sma(close, 5)
close is between sma(close, 3) and sma(close, 9)
(close > sma(close, 9)) for 3 bars
(close > sma(close, 9)) in last 3 bars
close > sma(close, 9) then within 3 bars close > open
first close > open since close < open
at least 2 of (close > sma(close, 9), close > open, volume > 20)
close crosses above sma(close, 9)
close crosses below 100
close of {ETH} crosses above sma(close, 3) of {ETH}
close > open or close > sma(close, 9)
close > open and close > sma(close, 9)
not (close > sma(close, 9))
hour
weekday is tuesday
day_of_month
month
close of heikin_ashi
close on 1mo
first close > open since close < sma(close, 9)
ema(close of {ETH}, 5)
dema(close of {ETH}, 5)
tema(close of {ETH}, 5)
close on 4h of heikin_ashi
close of heikin_ashi on 4h
close of {ETH} of heikin_ashi
""".strip().splitlines()


def equal(text: str) -> None:
    node = parse_expression(text)
    theirs = COLUMNS.of(node)
    for i, right in enumerate(theirs.tolist()):
        mine = WORLD.at(node, BTC, i)
        assert (mine is None) == (right != right), (i, mine, right)
        assert mine is None or float(mine) == pytest.approx(right, rel=1e-7, abs=1e-7), (i, mine, right)


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression_has_the_engines_values(text: str) -> None:
    equal(text)
