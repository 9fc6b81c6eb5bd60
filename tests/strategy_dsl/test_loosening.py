"""What an edit can loosen is told, so that it is asked again; its undoing is not."""

import pytest

from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits
from strategy_dsl.loosening import loosened

LIMITS = Limits.model_validate({"paper": {"leverage": 5}})
BASE = "trade BTC/USDT on 1h\nbuy when rsi(14) < 30\n"
PERPETUAL = "trade BTC/USDT perpetual on 1h\nbuy when rsi(14) < 30\n"
S = "stop loss 3%\n"
PAIRS = [
    (BASE + S, BASE + "stop loss 5%"),
    (BASE + S, BASE + "sell when rsi(14) > 60"),
    (BASE + "stop loss 2 * atr(14)", BASE + "stop loss 10 * atr(14)"),
    (BASE + "stop loss at lowest(low, 3)", BASE + "stop loss at lowest(low, 300)"),
    (BASE + "stop loss at lowest(low, 3), following", BASE + "stop loss at lowest(low, 3)"),
    (BASE + S + "trailing stop 2%", BASE + S),
    (BASE + S + "trailing stop 1 * atr(14)", BASE + S + "trailing stop 9 * atr(14)"),
    (BASE + S + "break even after 1%", BASE + S),
    (BASE + S + "break even after 1%", BASE + S + "break even after 9%"),
    (BASE + S + "sell when rsi(14) > 60", BASE + S),
    (BASE + S + "sell when rsi(14) > 60", BASE + S + "sell 10% when rsi(14) > 60"),
    (BASE + S + "exit after 4h", BASE + S),
    (BASE + S + "exit after 4h", BASE + S + "exit after 40w"),
    (BASE + S + "take profit 4%", BASE + S),
    (BASE + "stop loss 2 * atr(14)\nsize risk 1% of equity", BASE + "stop loss 2 * atr(14)\nsize risk 100% of equity"),
    (BASE + S + "size 0.001 BTC", BASE + S + "size 0.01 BTC"),
    (BASE + S + "size volatility 10% a year", BASE + S + "size volatility 200% a year"),
    (BASE + S + "cooldown 24h", BASE + S + "cooldown 1m"),
    (BASE + S + "cooldown 24h", BASE + S + "cooldown 24h after a loss"),
    (BASE + S + "only monday", BASE + S + "only monday to sunday"),
    (BASE + S + "pause 24h when day_loss > 3%", BASE + S + "pause 1m when day_loss > 3%"),
    (BASE + S + "pause 24h when day_loss > 3%", BASE + S + "pause 24h when day_loss > 99%"),
    (BASE + S + "halt when drawdown > 5%", BASE + S + "halt when drawdown > 90%"),
    (BASE + S + "halt and close when drawdown > 5%", BASE + S + "halt when drawdown > 5%"),
    (BASE + S + "at most 1 entry a day", BASE + S + "at most 9 entries a day"),
    (BASE + S + "ask before every order", BASE + S + "ask before buying"),
    (BASE + S + "ask before selling", BASE + S + "ask before buying"),
    (BASE + S + "ask before buying, for 10h, otherwise take", BASE + S + "ask before buying, for 1m, otherwise take"),
    (BASE + S, "trade BTC/USDT and PEPE/USDT on 1h\nbuy when rsi(14) < 30\n" + S),
    (BASE + S, "trade PEPE/USDT on 1h\nbuy when rsi(14) < 30\n" + S),
    (BASE + S, PERPETUAL + S),
    (PERPETUAL + S, PERPETUAL + S + "short when rsi(14) > 70"),
    (PERPETUAL + S, PERPETUAL + S + "leverage 3x"),
    (BASE + S, BASE + S + "add 50 USDT at 1% below entry"),
    (
        BASE + S + "add 50 USDT when rsi(14) < 20, at most 2 times, 2h apart",
        BASE + S + "add 50 USDT when rsi(14) < 20, at most 2 times",
    ),
    (
        "trade BTC/USDT on 1d\nevery monday buy 50 USDT if close < sma(close, 50)",
        "trade BTC/USDT on 1d\nevery monday buy 50 USDT",
    ),
    ('trade BTC/USDT on 1h\nalert "low" when rsi(14) < 30', BASE + S + "size 100% of equity\nask never"),
]


@pytest.mark.parametrize(("tight", "loose"), PAIRS)
def test_what_loosens_is_told(tight: str, loose: str) -> None:
    old, new = compile_rules(tight, LIMITS).strategy, compile_rules(loose, LIMITS).strategy
    assert loosened(old, new, LIMITS.paper)
    assert loosened(old, old, LIMITS.paper) == ()


@pytest.mark.parametrize(
    ("loose", "tight"),
    [
        (BASE + "stop loss 5%", BASE + S),
        (BASE + "stop loss 5 * atr(14)", BASE + "stop loss 2 * atr(14)"),
        (BASE + S, BASE + S + "take profit 4%"),
        (BASE + S, BASE + S + "cooldown 4h\nonly monday\nhalt when drawdown > 5%"),
        (BASE + S + "cooldown 4h after a loss", BASE + S + "cooldown 8h"),
        (BASE + S + "size 10% of equity", BASE + S + "size 5% of equity"),
        (BASE + S + "ask never", BASE + S + "ask before every order"),
        (BASE + S, "trade BTC/USDT on 1h\nbuy when rsi(14) < 20\n" + S),
    ],
)
def test_what_tightens_is_not_asked_again(loose: str, tight: str) -> None:
    old, new = compile_rules(loose, LIMITS).strategy, compile_rules(tight, LIMITS).strategy
    assert loosened(old, new, LIMITS.paper) == ()
