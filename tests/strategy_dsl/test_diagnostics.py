"""Each code has a text that trips it, a near twin that does not, and a golden message."""

import re
from pathlib import Path

import pytest

from strategy_dsl.compiler import compile_rules
from strategy_dsl.diagnostics import PHONE, StrategyError, render
from strategy_dsl.limits import Limits

GOLDEN = Path(__file__).parent / "golden" / "diagnostics"
TRADE = "trade BTC/USDT on 1h\n"
TWO = "trade BTC/USDT and ETH/USDT on 1h\n"
PERPETUAL = "trade BTC/USDT perpetual on 1h\n"
BUY = TRADE + "buy when rsi(14) < 30\nstop loss 3%\n"

CASES = [
    ("E101", TRADE + "buy when " + "close + " * 300 + "close > 1\nstop loss 3%", BUY),
    ("E102", BUY + "byu when close > 3", BUY + "buy when close > 3"),
    ("E104", TRADE + "buy when " + "(" * 70 + "close > 3" + ")" * 70 + "\nstop loss 3%", BUY),
    ("E105", TRADE + "buy when rsi(14) crosses\nstop loss 3%", TRADE + "buy when rsi(14) crosses below 30\nstop loss 3%"),
    ("E106", TRADE + "buy when close > 3 for 1.5 bars\nstop loss 3%", TRADE + "buy when close > 3 for 2 bars\nstop loss 3%"),
    ("E107", TRADE + "".join(f"let a{n + 1} = a{n} + a{n}\n" for n in range(1, 20)) + "let a1 = close\nbuy when close > a20\nstop loss 3%", TRADE + "let a1 = close\nlet a2 = a1 + a1\nbuy when close > a2\nstop loss 3%"),
    ("E201", TRADE + "buy when rsii(14) < 30\nstop loss 3%", BUY),
    ("E202", TRADE + "buy when clse > 3\nstop loss 3%", TRADE + "buy when close > 3\nstop loss 3%"),
    ("E203", TRADE + "buy when rsi < 30\nstop loss 3%", BUY),
    ("E204", TRADE + "buy when close > ema(200)\nstop loss 3%", TRADE + "buy when close > ema(close, 200)\nstop loss 3%"),
    ("E205", TRADE + "buy when rsi(1) < 30\nstop loss 3%", TRADE + "buy when rsi(2) < 30\nstop loss 3%"),
    ("E206", TRADE + "buy when close < bollinger(20, 2)\nstop loss 3%", TRADE + "buy when close < bollinger(20, 2).lower\nstop loss 3%"),
    ("E207", TRADE + "buy when close < bollinger(20, 2).low\nstop loss 3%", TRADE + "buy when close < bollinger(20, 2).lower\nstop loss 3%"),
    ("E208", TRADE + "let a = b\nlet b = a\nbuy when close > a\nstop loss 3%", TRADE + "let a = b\nlet b = open\nbuy when close > a\nstop loss 3%"),
    ("E209", TRADE + "buy when rsi(14) on 15m < 30\nstop loss 3%", TRADE + "buy when rsi(14) on 4h < 30\nstop loss 3%"),
    ("E210", TRADE + "buy when profit > 3%\nstop loss 3%", BUY + "sell when profit > 3%"),
    ("E212", BUY + "sell when profit crosses above 3%", BUY + "sell when profit > 3%"),
    ("E213", BUY + "only when close > next_open", BUY + "order stop at next_open for 1 bar"),
    ("E214", BUY + "only when close of renko > 3", BUY + "only when close of heikin_ashi > 3"),
    ("E301", BUY + "stop loss 4%", BUY),
    ("E302", TRADE + "buy 50% when close > 3\nstop loss 3%", TRADE + "buy when close > 3\nstop loss 3%"),
    ("E303", "buy when close > 3\nstop loss 3%", BUY),
    ("E304", "trade BTC/USDT on 7h\nbuy when close > 3\nstop loss 3%", BUY),
    ("E305", "trade BTC/USDT and BTC/USDT on 1h\nbuy when close > 3\nstop loss 3%", BUY),
    ("E306", "trade BTC/USDT and ETH/EUR on 1h\nbuy when close > 3\nstop loss 3%", "trade BTC/USDT and ETH/USDT on 1h\nbuy when close > 3\nstop loss 3%"),
    ("E307", BUY + "budget 0 USDT", BUY + "budget 100 USDT"),
    ("E308", TRADE + "sell when close > 3", BUY),
    ("E309", TRADE + "buy when close > 3", BUY),
    ("E310", BUY + "sell when rsi(14) < 30", BUY + "sell when rsi(14) > 30"),
    ("E311", BUY + "sell dip when close > 3", TRADE + "buy dip when rsi(14) < 30\nstop loss 3%\nsell dip when close > 3"),
    ("E312", TRADE + "buy when close > 3\nstop loss 100%", BUY),
    ("E313", TRADE + "buy when close > 3\nstop loss 3", TRADE + "buy when close > 3\nstop loss at 3"),
    ("E314", BUY + "take profit 4% for 60%, 8% for 50%", BUY + "take profit 4% for 50%, 8% for 50%"),
    ("E315", TRADE + "buy when close > 3\ntake profit 2r", BUY + "take profit 2r"),
    ("E316", BUY + "size 0% of equity", BUY + "size 1% of equity"),
    ("E317", BUY + "size 1 ETH", BUY + "size 0.01 BTC"),
    ("E318", BUY + "only between 08:00 and 20:00 Mars/Base", BUY + "only between 08:00 and 20:00 Europe/London"),
    ("E319", BUY + "exit at 25:00 UTC", BUY + "exit at 23:00 UTC"),
    ("E321", BUY + "cooldown 0h", BUY + "cooldown 4h"),
    ("E322", BUY + "cover when close > 3", PERPETUAL + "short when rsi(14) > 70\nstop loss 3%\ncover when close > 3"),
    ("E323", TRADE + "short when rsi(14) > 70\nstop loss 3%", PERPETUAL + "short when rsi(14) > 70\nstop loss 3%"),
    ("E324", BUY + "leverage 2x", PERPETUAL + "buy when rsi(14) < 30\nstop loss 3%\nleverage 1x"),
    ("E325", TRADE + "hold 60% BTC/USDT\nbuy when rsi(14) < 30", TRADE + "hold 60% BTC/USDT"),
    ("E326", BUY + "rebalance every month", TRADE + "hold 60% BTC/USDT\nrebalance every month"),
    ("E327", TWO + "hold 60% BTC/USDT, 50% ETH/USDT", TWO + "hold 60% BTC/USDT, 40% ETH/USDT"),
    ("E328", TRADE + "hold 60% BTC/USDT, 40% ETH/USDT", TWO + "hold 60% BTC/USDT, 40% ETH/USDT"),
    ("E329", TRADE + "grid from 65,000 to 55,000 in 20 steps of 50 USDT", TRADE + "grid from 55,000 to 65,000 in 20 steps of 50 USDT"),
    ("E330", BUY + "reverse", PERPETUAL + "buy when close > 3\nshort when close < 3\nstop loss 3%\nreverse"),
    ("E331", TRADE + "every 15m buy 50 USDT", TRADE + "every 4h buy 50 USDT"),
    ("E332", TRADE + "buy when close > 3\nstop loss at highest(high, 10)", TRADE + "buy when close > 3\nstop loss at lowest(low, 10)"),
    ("E333", TRADE + "buy when close > 3\nsell when fear_and_greed > 80", BUY + "sell when fear_and_greed > 80"),
    ("E334", TRADE + "buy when close > sma(close, 600) on 1w\nstop loss 3%", TRADE + "buy when close > sma(close, 400) on 1w\nstop loss 3%"),
    ("E335", TRADE + "every 4h buy 50 USDT\nadd 50 USDT at 1% below entry", BUY + "add 50 USDT at 1% below entry"),
    ("E336", BUY + "let day = 3", BUY + "let my_day = 3"),
    ("E337", BUY + "only monday\nnever monday", BUY + "only monday\nnever tuesday"),
    ("E401", TRADE + "buy when close\nstop loss 3%", BUY),
    ("E402", TRADE + "buy when (close > 3) + 1 > 2\nstop loss 3%", TRADE + "buy when close + 1 > 2\nstop loss 3%"),
    ("E403", TRADE + "buy when close + volume > 2\nstop loss 3%", TRADE + "buy when close + open > 2\nstop loss 3%"),
    ("E404", TRADE + "buy when at least 3 of (close > 3, open > 3)\nstop loss 3%", TRADE + "buy when at least 2 of (close > 3, open > 3)\nstop loss 3%"),
    ("E405", TRADE + "buy when weekday > 3\nstop loss 3%", TRADE + "buy when weekday is monday\nstop loss 3%"),
    ("E406", TRADE + "buy when weekday is mondy\nstop loss 3%", TRADE + "buy when weekday is monday\nstop loss 3%"),
    ("E407", TRADE + "buy when change(close, 1) < -1\nstop loss 3%", TRADE + "buy when change(close, 1) < -1%\nstop loss 3%"),
    ("E408", TRADE + "buy when close > rsi(14)\nstop loss 3%", TRADE + "buy when close > open\nstop loss 3%"),
    ("E409", TRADE + "buy when close > 3\nstop loss at rsi(14)", TRADE + "buy when close > 3\nstop loss at lowest(low, 10)"),
    ("E410", TWO + "buy when close > close of ETH/USDT\nstop loss 3%", TWO + "buy when close / close of ETH/USDT > 20\nstop loss 3%"),
    ("E411", TRADE + "hold 60 BTC/USDT", TRADE + "hold 60% BTC/USDT"),
    ("E501", TRADE + "buy when close > 3 and open > 3 or high > 3\nstop loss 3%", TRADE + "buy when close > 3 and (open > 3 or high > 3)\nstop loss 3%"),
    ("E502", TRADE + "buy when close > highest(high, 20)\nstop loss 3%", TRADE + "buy when close > highest(high, 20)[1]\nstop loss 3%"),
    ("E503", TRADE + "buy when rsi(14) <= 100\nstop loss 3%", TRADE + "buy when rsi(14) <= 99\nstop loss 3%"),
    ("E504", TRADE + "buy when rsi(14) < 30 and rsi(14) > 70\nstop loss 3%", TRADE + "buy when rsi(14) < 30 or rsi(14) > 70\nstop loss 3%"),
    ("E601", BUY + "size 20,000 USDT", BUY + "size 10,000 USDT"),
    ("E602", BUY + "size 60% of equity\nadd 60% of equity at 1% below entry", BUY + "size 60% of equity\nadd 40% of equity at 1% below entry"),
    ("E603", "trade BTC/USDT and ETH/USDT on 1h\nbuy when rsi(14) < 30\nstop loss 3%\nsize 60% of equity", "trade BTC/USDT and ETH/USDT on 1h\nbuy when rsi(14) < 30\nstop loss 3%\nsize 50% of equity"),
    ("E604", PERPETUAL + "buy when close > 3\nstop loss 3%\nleverage 3x", PERPETUAL + "buy when close > 3\nstop loss 3%\nleverage 1x"),
    ("E605", PERPETUAL + "short when close > 3\ncover when close < 3", PERPETUAL + "short when close > 3\ncover when close < 3\nstop loss 3%"),
    ("E606", BUY + "add 50 USDT when rsi(14) < 20", BUY + "add 50 USDT when rsi(14) < 20, at most 3 times"),
]  # fmt: skip


def problems(text: str) -> list:
    try:
        compile_rules(text, Limits())
    except StrategyError as error:
        return list(error.diagnostics)
    return []


@pytest.mark.parametrize(("code", "bad", "good"), CASES, ids=[case[0] for case in CASES])
def test_a_text_trips_it_and_its_twin_does_not(code, bad, good):
    assert code in {each.code for each in problems(bad)}
    assert code not in {each.code for each in problems(good)}


NEVER = [
    "rsi(14) is between 40 and 30", "rsi(14) is between 110 and 120", "10 < rsi(14) < 5", "hour == 25", "month == 13",
    "rsi(14) > 30 and rsi(14) < 30", "change(close, 1) > 5% and change(close, 1) < 2%", "30 > rsi(14) and rsi(14) > 70",
    "close > highest(high, 20)[0]", "close > 1% above highest(high, 20)", "close crosses above highest(high, 20)",
    "low > high", "rsi(14) > 101", "x",
]  # fmt: skip
SOMETIMES = [
    "rsi(14) is between 30 and 40", "5 < rsi(14) < 10", "hour == 23", "rsi(14) >= 30 and rsi(14) <= 30",
    "70 > rsi(14) and rsi(14) > 30", "close > highest(high, 20)[1]", "close > 1% above highest(high, 20)[1]",
    "high > highest(high, 20)[1]", "change(close, 1) > 2% and change(close, 1) < 5%", "max(rsi(14), hour) > 20",
]  # fmt: skip


@pytest.mark.parametrize("condition", NEVER)
def test_what_can_never_be_true_is_found(condition):
    found = {each.code for each in problems(f"{TRADE}let x = rsi(14) > 101\nbuy when {condition}\nstop loss 3%")}
    assert found & {"E502", "E504"}


@pytest.mark.parametrize("condition", SOMETIMES)
def test_what_can_be_true_is_let_through(condition):
    assert problems(f"{TRADE}buy when {condition}\nstop loss 3%") == []


REFUSED = [
    ("E312", BUY.replace("3%", "-1 * atr(14)")), ("E312", BUY.replace("3%", "0 * atr(14)")), ("E409", BUY.replace("3%", "at 3%")),
    ("E332", BUY.replace("3%", "at 2% above close")), ("E332", BUY + "take profit at 1% below close"),
    ("E311", PERPETUAL + "short top when close > 3\nbuy when close < 2\nstop loss 3%\nsell top when close > 4"),
    ("E327", TRADE + "hold 0% BTC/USDT"), ("E309", TRADE + "buy when close > 3\ntake profit 4% for 50%"),
    ("E316", BUY + "sell 150% when close > 3"), ("E316", BUY + "take profit 4% for 0%"), ("E313", BUY + "break even after 3"),
    ("E333", TRADE + "buy when close > 3\ntrailing stop 2% once fear_and_greed > 80"), ("E337", BUY + "never monday to sunday"),
    ("E605", PERPETUAL + "buy when close > 3\nstop loss 2 * atr(14)\nleverage 2x"), ("E105", BUY + "exit at ٠٩:٣٠ UTC"),
    ("E327", "trade top 50 by volume in USDT on 1d\nhold 20% each"), ("E335", BUY + "add 9 USDT when close > 3, at most 999 times"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text"), REFUSED)
def test_more_that_is_refused(code, text):
    assert code in {each.code for each in problems(text)}


LET_THROUGH = [
    TRADE + "buy a when rsi(14) < 30\nbuy b when rsi(14) > 70\nsell b when rsi(14) < 30\nstop loss 3%",
    TRADE + "let d = 3%\nbuy when rsi(14) < 30\nstop loss d\ntrailing stop d",
    TRADE + "let n = next_open\nbuy when rsi(14) < 30\nstop loss 3%\norder limit at 1% below n for 2 bars",
    "trade top 50 by volume in USDT on 1d\nbuy when rsi(14) < 30\nstop loss 3%",
    "\ufefftrade BTC/USDT on 1h\nbuy when rsi(14) < 30\nstop loss 3%",
    BUY + "size risk 1% of equity\nonly monday\nonly monday to friday",
]


@pytest.mark.parametrize("text", LET_THROUGH)
def test_what_is_sound_is_let_through(text):
    assert problems(text) == []


COINS = [
    (BUY + "size 50 USDT\nadd 5 BTC at 1%, 2% below entry", 10_000),
    (TRADE + "buy when rsi(14) < 45\nstop loss at lowest(low, 2)\ntrailing stop 10%\nsize risk 1% of equity", 10_000),
    (TRADE + "grid from 50,000 to 60,000 in 20 steps of 1 BTC", 10_000),
    ("trade top 10 by volume in USDT on 1d\nhold 10% each", 1_000),
]


@pytest.mark.parametrize(("text", "position"), COINS)
def test_the_worst_case_of_what_the_text_does_not_price(text, position):
    worst = compile_rules(text, Limits()).envelope
    assert worst is not None
    assert worst.largest_position == position


def test_every_problem_at_once():
    text = "trade BTC/USDT on 1h\nbuy when rsii(14) < 30\nstop loss 3\nsize 0% of equity\nbyu when x"
    assert {each.code for each in problems(text)} >= {"E201", "E313", "E316", "E102"}


@pytest.mark.parametrize(("code", "bad"), [(code, bad) for code, bad, _ in CASES], ids=[case[0] for case in CASES])
def test_the_message_is_as_it_was(code, bad):
    """A missing file is written anew and fails once."""
    found = next(each for each in problems(bad) if each.code == code)
    text = f"{bad.rstrip()}\n\n{render(found, bad)}\n"
    narrow = render(found, bad, PHONE).splitlines()
    assert all(len(line) <= PHONE or " " not in line.strip() for line in narrow), "\n".join(narrow)
    golden = GOLDEN / f"{code}.txt"
    if not golden.exists():
        golden.write_text(text, "utf-8")
        pytest.fail(f"{golden.name} was written: read it")
    assert golden.read_text("utf-8") == text


def test_every_code_has_a_case():
    source = "".join(each.read_text("utf-8") for each in Path("strategy_dsl").rglob("*.py"))
    errors = set(re.findall(r'"(E\d{3})"', source)) - {"E103"}
    assert errors == {code for code, _, _ in CASES}


WARNINGS = [
    ("W701", TRADE + "buy when rsi(14) < 30\nsell when rsi(14) > 60", BUY),
    ("W702", BUY + "size 5 USDT", BUY + "size 10 USDT"),
    ("W703", PERPETUAL + "buy when rsi(14) < 30\nstop loss 24%\nleverage 4x", PERPETUAL + "buy when rsi(14) < 30\nstop loss 20%\nleverage 4x"),
    ("W705", TRADE + "buy when (rsi(14) crosses below 30) on 4h\nstop loss 3%", TRADE + "buy when newly((rsi(14) crosses below 30) on 4h)\nstop loss 3%"),
]  # fmt: skip
WIDE = Limits.model_validate({"paper": {"leverage": 10}})


@pytest.mark.parametrize(("code", "bad", "good"), WARNINGS, ids=[case[0] for case in WARNINGS])
def test_a_warning_is_given_and_stops_nothing(code, bad, good):
    assert code in {each.code for each in compile_rules(bad, WIDE).warnings}
    assert code not in {each.code for each in compile_rules(good, WIDE).warnings}
