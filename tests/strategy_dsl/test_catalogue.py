"""The rows in the language: examples compile, units and bounds follow the line and the arguments, words are plain."""

import pytest

from strategy_dsl import nodes
from strategy_dsl.catalogue import FUNCTIONS, SHAPES
from strategy_dsl.checks.kinds import Kinds
from strategy_dsl.compiler import compile_rules
from strategy_dsl.formatter import expression
from strategy_dsl.limits import Limits
from strategy_dsl.parser import parse
from strategy_dsl.units import INFINITY, Kind, Unit
from strategy_dsl.words import words

RULES = "trade BTC/USDT on 1h\nbudget 1,000 USDT\nbuy when {}\nsell when rsi(14) > 60\nstop loss 3%\n"


def node_of(text: str) -> nodes.Node:
    parsed = parse(f"let value = {text}\n")
    assert not parsed.problems, (text, parsed.problems)
    return parsed.strategy.lets[0].value


def kind_of(text: str) -> Kind:
    kinds = Kinds({}, "1h")
    found = kinds.of(node_of(text))
    assert not kinds.problems, [each.message for each in kinds.problems]
    return found


def problems_of(text: str) -> list[str]:
    kinds = Kinds({}, "1h")
    kinds.of(node_of(text))
    return [each.code for each in kinds.problems]


@pytest.mark.parametrize("name", [name for name, row in FUNCTIONS.items() if not row.needs_position()])
def test_the_example_of_every_row_compiles(name):
    example = FUNCTIONS[name].example
    rules = RULES.format(example)
    if example.startswith("stop loss"):
        rules = RULES.format("rsi(14) < 30").replace("stop loss 3%", example)
    compile_rules(rules, Limits())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_reads_as_words_and_comes_back_as_text(name):
    example = FUNCTIONS[name].example.removeprefix("stop loss ").removeprefix("at ")
    node = node_of(example)
    assert expression(node) == example
    said = words(node).replace("America/New_York", "")
    assert not set("{}_") & set(said), said
    assert "  " not in said


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("bollinger(20, 2).width", Kind(Unit.PERCENT, 0, INFINITY)),
        ("bollinger(20, 2).percent_b", Kind(Unit.NUMBER)),
        ("bollinger(20, 2).upper", Kind(Unit.PRICE)),
        ("supertrend(10, 3).direction", Kind(Unit.NUMBER, -1, 1)),
        ("supertrend(10, 3).line", Kind(Unit.PRICE, 0, INFINITY)),
        ("kdj(9, 3, 3).j", Kind(Unit.SCORE)),
        ("kdj(9, 3, 3).d", Kind(Unit.SCORE, 0, 100)),
        ("aroon(25).oscillator", Kind(Unit.SCORE, -100, 100)),
        ("hammer", Kind(Unit.CONDITION, 0, 1)),
        ("gap", Kind(Unit.PERCENT)),
        ("min(close, rsi(14) * 0 + 5)", None),
        ("min(rsi(14), 50)", Kind(Unit.SCORE, 0, 100)),
        ("max(close, 5)", Kind(Unit.PRICE, 0, INFINITY)),
        ("choose(hammer, rsi(14), williams_r(14))", Kind(Unit.SCORE, -100, 100)),
        ("abs(williams_r(14))", Kind(Unit.SCORE, 0, INFINITY)),
        ("ema(rsi(14), 9)", Kind(Unit.SCORE, 0, 100)),
        ("hma(rsi(14), 9)", Kind(Unit.SCORE)),
        ("difference(rsi(14), 3)", Kind(Unit.SCORE)),
        ("stdev(rsi(14), 9)", Kind(Unit.SCORE, 0, INFINITY)),
        ("value_when(hammer, rsi(14))", Kind(Unit.SCORE, 0, 100)),
        ("since(hammer, highest(rsi(14)))", Kind(Unit.SCORE, 0, 100)),
        ("since(hammer, count(green))", Kind(Unit.BARS, 0, INFINITY)),
        ("weekday(America/New_York)", Kind(Unit.WORD)),
        ("minute_of_day(UTC)", Kind(Unit.NUMBER, 0, 1439)),
        ("percentrank(volume, 100)", Kind(Unit.SCORE, 0, 100)),
        ("known(close)", Kind(Unit.CONDITION)),
    ],
)
def test_units_and_bounds_follow_the_line_and_the_arguments(text, kind):
    if kind is None:
        assert problems_of(text) == ["E408"]
    else:
        assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("gap_up(1%)", []),
        ("gap_up(1)", ["E205"]),
        ("gap_up(2000%)", ["E205"]),
        ("rsi(14%)", ["E205"]),
        ("since(hammer, highest(high, 3))", ["E205"]),
        ("since(hammer, rsi(14))", ["E205"]),
        ("since(hammer, close)", ["E205"]),
        ("since(close, highest(high))", ["E401"]),
        ("since(hammer)", ["E204"]),
        ("vwap(day)", []),
        ("vwap(hour)", ["E205"]),
        ("vwap(UTC)", ["E205"]),
        ("hour(Mars/Olympus)", ["E318"]),
        ("session(09:30, 25:00, UTC).high", ["E319"]),
        ("session(09:30, 10:30, America/New_York).middle", ["E207"]),
        ("choose(hammer, close, rsi(14))", ["E408"]),
        ("highest(hammer, 3)", ["E402"]),
        ("streak(close)", ["E401"]),
        ("rsi", ["E203"]),
        ("hamer", ["E202"]),
        ("hammer()", []),
    ],
)
def test_wrong_arguments_are_found(text, codes):
    assert problems_of(text) == codes


def test_shapes_are_conditions_of_their_own():
    compiled = compile_rules(RULES.format("hammer and newly(bullish_engulfing) and not doji"), Limits())
    assert "buy when hammer and newly(bullish_engulfing) and not doji" in compiled.text
    assert len(SHAPES) >= 25


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hammer", "there is a hammer"),
        ("inside_bar", "there is an inside bar"),
        ("since(hammer, lowest(low))", "the lowest low since there is a hammer"),
        (
            "since(rsi(14) < 30, count(green))",
            "how many bars had there is a green candle since the 14-bar RSI is below 30",
        ),
        ("previous_day(UTC).high", "the high of the previous day (UTC)"),
        (
            "session(09:30, 10:30, America/New_York).high",
            "the high of the session from 09:30 to 10:30 (America/New_York)",
        ),
        ("gap_up(1%)", "the candle opened at least 1% above the close before"),
        ("ichimoku(9, 26, 52).cloud_top", "the cloud top of the Ichimoku (9, 26, 52)"),
        ("bollinger(20, 2).percent_b", "the percent b of the Bollinger bands (20, 2)"),
        ("bollinger(20, 2).upper", "the upper Bollinger band (20, 2)"),
    ],
)
def test_words(text, said):
    assert words(node_of(text)) == said
