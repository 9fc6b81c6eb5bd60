"""Readback, difference, limits and worst case, as people see them."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from strategy_dsl.compiler import compile_rules
from strategy_dsl.diagnostics import StrategyError
from strategy_dsl.difference import difference, effects
from strategy_dsl.limits import Limits
from strategy_dsl.loosening import loosened
from strategy_dsl.readback import readback

LIMITS = Limits()
TEXT = """strategy "RSI dip buyer"
trade BTC/USDT and ETH/USDT on 1h
budget 1,000 USDT
let trend = ema(close, 200) on 4h
buy dip when rsi(14) crosses below 30 and close > trend
sell 50% dip when close > 2% above bollinger(20, 2).lower[1] and (close > ema(close, 50)) on 4h
sell when rsi(14) > 60 or (close < open and volume > 1.5 * mean(volume, 20))
alert "RSI is low" when rsi(14) < 20 for 3 bars
stop loss 3%
take profit 4% for 50%, 3r for 50%
trailing stop 2% after 3%
break even after 1r
exit after 48h
exit after 20 bars
exit at 16:00 America/New_York
size risk 1% of equity
at most 2 open positions
at most 3 entries a day
cooldown 4h after a loss
only monday to friday between 08:00 and 20:00 Europe/London
never when weekday is sunday
ask before buying, for 10m, otherwise take half
"""
SENTENCES = """Trade BTC/USDT and ETH/USDT, long only, deciding at the close of each 1-hour candle.
Use at most 1,000 USDT for this strategy.
“trend” means the 200-bar exponential average of the close on 4-hour candles.
Buy (“dip”) when the 14-bar RSI crosses below 30 and the close is above “trend”.
Sell 50% of what “dip” bought, once a trade, when the close is above (2% above the lower Bollinger band (20, 2) 1 bar earlier) and (the close is above the 50-bar exponential average of the close) on 4-hour candles.
Sell the whole position when the 14-bar RSI is above 60 or (the close is below the open and the volume is above (1.5 times the mean of the volume over 20 bars)).
Send the alert “RSI is low” when the 14-bar RSI is below 20 on each of the last 3 bars.
Entries are market orders.
Stop loss: sell everything 3% below the entry price. It is watched inside candles.
Take profit: sell 50% of the position 4% above the entry price.
Take profit: sell 50% of the position at 3 times the stop's distance above the entry price.
Once the trade is up 3%, a trailing stop follows 2% below the highest price.
Once the trade is up 1 times the stop's distance, the stop moves to the entry price.
Sell after 48 hours, whatever the result.
Sell after 20 bars, whatever the result.
Sell at 16:00 (America/New_York), whatever the result.
Each buy is sized so that its stop loses 1% of the equity.
At most 2 positions open at once, one a market.
At most 3 buys a day (UTC).
No new buy in the same market for 4 hours after a loss.
Buy only on Monday to Friday between 08:00 and 20:00 (Europe/London). Selling is never blocked.
Never buy when the weekday (UTC) is Sunday.
Ask you before each buy; after 10 minutes without an answer half of it is taken. Stops never wait."""


def compiled(text):
    return compile_rules(text, LIMITS)


def test_every_kind_of_sentence():
    found = readback(compiled(TEXT).strategy, lambda field, value: True)
    assert [each.text for each in found] == SENTENCES.splitlines()
    assert [each.number for each in found] == list(range(1, 24))


def test_each_value_is_said_or_assumed():
    strategy = compiled("trade BTC/USDT on 1h\nbuy when rsi(14) < 30\nstop loss 3%").strategy
    found = readback(strategy, lambda field, value: value in ("BTC/USDT", "30", "3%"))
    origins = {each.field: each.origin for each in found}
    assert origins["trade"] == "you said BTC/USDT; assumed 1h"
    assert origins["rules"] == "you said 30; assumed 14"
    assert origins["stop"] == "you said"
    assert origins["size"] == "assumed"


def test_difference_in_words_and_what_loosens():
    old = compiled("trade BTC/USDT on 1h\nbuy when rsi(14) < 30\nstop loss 3%\nat most 2 entries a day").strategy
    new = compiled("trade BTC/USDT on 1h\nbuy when rsi(14) < 25\nstop loss 5%\ntake profit 6%\nask never").strategy
    assert difference(old, new) == (
        "buy when rsi(14) < 30 → buy when rsi(14) < 25",
        "stop loss 3% → stop loss 5%",
        "removed: at most 2 entries a day",
        "ask before buying, for 5m, otherwise skip → ask never",
        "added: take profit 6%",
    )
    assert effects(old, new, 1) == ("1 open position keeps its old stop loss and targets; new trades use the new.",)
    assert effects(old, new, 0) == ()
    told = loosened(old, new, LIMITS.paper)
    assert "you are asked less" in told
    assert "a limit of its own goes away or weakens" in told
    assert any(each.startswith("a trade can lose more") for each in told)
    assert loosened(new, old, LIMITS.paper) == ("a way out goes away or comes later",)
    assert difference(old, old) == ()


def test_the_worst_case_in_money():
    worst = compiled("trade BTC/USDT and ETH/USDT on 1h\nbuy when rsi(14) < 30\nstop loss 3%\nsize 200 USDT").envelope
    assert (worst.largest_order, worst.largest_exposure) == (200, 400)
    assert worst.loss_a_trade == Decimal("7.4")  # 3% + 0.5% slippage + 2 x 0.1% fee of 200
    assert worst.loss_at_once == Decimal("14.8")
    bare = compiled("trade BTC/USDT on 1h\nbuy when rsi(14) < 30\nsell when rsi(14) > 60\nsize 200 USDT").envelope
    assert bare.loss_is_whole_position
    assert bare.loss_a_trade == 200
    risk = compiled("trade BTC/USDT on 1h\nbuy when rsi(14) < 30\nstop loss 2%\nsize risk 1% of equity").envelope
    assert risk.largest_order == 5_000


def test_live_is_stricter_than_paper_and_says_both_numbers():
    found = compiled("trade BTC/USDT on 1h\nbuy when rsi(14) < 30\nstop loss 3%\nsize 30% of equity")
    assert [each.code for each in found.live_refusals] == ["E601"]
    assert "3,000 asked, 1,000 USDT allowed" in found.live_refusals[0].message


def test_limits_are_strict_and_complete():
    with pytest.raises(ValidationError):
        Limits.model_validate({"paper": {"order_precent": 5}})
    with pytest.raises(ValidationError):
        Limits.model_validate({"live": {"order_percent": 101}})
    tight = Limits.model_validate({"paper": {"order_percent": 1}})
    with pytest.raises(StrategyError):
        compile_rules("trade BTC/USDT on 1h\nbuy when rsi(14) < 30\nstop loss 3%", tight)
    assert tight.live == Limits().live


def test_the_hash_is_of_text_and_limits():
    text = "trade BTC/USDT on 1h\nbuy when rsi(14) < 30\nstop loss 3%"
    other = Limits.model_validate({"paper": {"order_percent": 50}})
    assert compile_rules(text, LIMITS).hash == compile_rules(text + "\n# a comment", LIMITS).hash
    assert compile_rules(text, LIMITS).hash != compile_rules(text, other).hash
    assert compile_rules(text, LIMITS).hash != compile_rules(text.replace("3%", "4%"), LIMITS).hash
