"""What the checks by code find, one small case each: turned, dropped, renamed, made up."""

import pytest

from bot.english.concepts import made_up, rarer, uncovered
from bot.english.directions import turned, undirected
from bot.english.labels import mislabelled
from bot.english.passages import passages
from bot.english.provenance import provenance
from bot.english.symmetry import lopsided
from bot.origins import origins_of, sentences
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits

HEAD = "trade BTC/USDT on 1h\n"


@pytest.mark.parametrize(
    ("text", "good", "wrong"),
    [
        ("buy above 25, sell below 25", "buy when adx(14) > 25\nsell when adx(14) < 25", "buy when adx(14) < 25\nsell when adx(14) < 25"),
        ("buy if price>ema200", "buy when close > ema(close, 200)", "buy when close < ema(close, 200)"),
        ("buy btc when it crosses 60000 from below", "buy when close crosses above 60000", "buy when close crosses below 60000"),
        ("buy if rsi is not above 40", "buy when rsi(14) <= 40", "buy when rsi(14) >= 40"),
        ("buy btc rsi 30", "buy when rsi(14) <= 30", "buy when rsi(14) >= 30"),
        ("volume 30% above its 20 week average", "buy when volume > 30% above mean(volume, 20)", "buy when volume < 30% above mean(volume, 20)"),
        ("sell if the trade is in profit", "sell when profit > 0%", "sell when profit < 0%"),
        ("buy when rsi dips below seventy", "buy when rsi(14) < 70", "buy when rsi(14) > 70"),
    ],
)  # fmt: skip
def test_a_turned_comparison_is_found(text: str, good: str, wrong: str) -> None:
    assert turned(text, HEAD + good) == ()
    assert turned(text, HEAD + wrong)


def test_a_number_said_on_the_way_in_must_let_in() -> None:
    text = "only hold when price is over both the 50 and 200 day averages"
    leaves = "\nsell when close <= sma(close, 50) or close <= sma(close, 200)"
    assert turned(text, HEAD + "buy when close > sma(close, 50) and close > sma(close, 200)" + leaves) == ()
    assert turned(text, HEAD + "buy when close > sma(close, 50)" + leaves)


def test_every_said_direction_has_its_comparison() -> None:
    text = "RSI must have dipped below 50 in the last 5 bars and now crosses back above 50"
    rules = HEAD + "buy when rsi(14) < 50 in last 5 bars and rsi(14) crosses above 50"
    assert turned(text, rules) == ()
    assert turned(text, rules.replace("crosses above", "crosses below"))


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ("buy when close > ema(close, 9)\nshort when close > ema(close, 9)", "opens longs and shorts alike"),
        ("buy when rsi(14) < 30\nshort when rsi(14) < 70", "opens longs and shorts alike"),
        ("buy when rsi(14) < 30\nshort when rsi(14) > 70\nsell when rsi(14) > 50", "closes one side only"),
        ("buy when close < 60000 or close < 50000", "does nothing beside the other"),
        ('alert "rsi(14) < 30" when rsi(14) > 30', "is told when"),
    ],
)
def test_sides_that_do_not_fit_are_found(rules: str, found: str) -> None:
    assert any(found in each for each in lopsided(HEAD + rules))


@pytest.mark.parametrize(
    "rules",
    [
        "buy when rsi(14) < 30 and volume > sma(volume, 20)\nshort when rsi(14) > 70 and volume > sma(volume, 20)",
        "buy when close > highest(high, 20)[1]\nshort when close < lowest(low, 20)[1]",
        "buy when rsi(14) > 50 and rsi(14) < 70",
    ],
)
def test_sides_that_fit_are_left_alone(rules: str) -> None:
    assert lopsided(HEAD + rules) == ()


def test_a_named_number_stands_in_its_clause() -> None:
    text = "buy btc when rsi goes below 10, sl 5 tp 10"
    rules = HEAD + "buy when rsi(14) < 10\nstop loss 5%\ntake profit 10%\n"
    assert mislabelled(text, rules) == ()
    assert mislabelled(text, rules.replace("take profit 10%\n", "")) == ("target 10",)
    assert mislabelled(text, rules.replace("5%", "10%")) == ("stop 5",)


def test_words_and_signs_need_their_clauses() -> None:
    assert uncovered("sell at the middle band", HEAD + "sell when close > mean(volume, 20)") == ("band", "middle band")
    assert uncovered("long and short on macd crosses", HEAD + "buy when macd(12, 26, 9).line crosses above 0") == (
        "short",
    )
    assert rarer("buy when close > open and volume > 5", HEAD + "buy when volume > 5") == ("one more comparison",)
    assert made_up("buy btc", "trade BTC/USDT perpetual on 1h") != ()


def test_what_names_nothing_speaks_of_what_was_named() -> None:
    found = passages("long if price is over the 20 SMA, short if it's under")
    assert [(each.text.strip(), each.numbers) for each in found if each.down] == [("if it's under", {"20"})]


def test_a_side_that_nobody_said_is_marked_as_assumed() -> None:
    text = "buy btc when rsi < 30, stop 3%, exit when rsi crosses 50"
    rules = HEAD + "buy when rsi(14) < 30\nsell when rsi(14) crosses above 50\nstop loss 3%\n"
    compiled = compile_rules(rules, Limits())
    assert [each.sign for each in undirected(text, compiled.text)] == ["crosses above"]
    assert provenance(text, rules).sound
    told = {each.text: each.origin for each in sentences(compiled.strategy, origins_of(text, compiled, "english"))}
    crossing = next(origin for words, origin in told.items() if "crosses above 50" in words)
    assert crossing == "you said 50; assumed 14 and crosses above"
    again = text.replace("crosses 50", "crosses above 50")
    assert undirected(again, compiled.text) == ()
