"""Changes of rules in force: the whole new text, what changed, and whether it loosens."""

import pytest

from strategy_dsl.phrasebook.reader import read
from strategy_dsl.phrasebook.verification import verified

ONE = """\
trade BTC/USDT on 1h
buy when rsi(14) crosses below 30 and volume > 1.5 * sma(volume, 20)
sell when rsi(14) > 60
stop loss 3%
take profit 4%
size 200 USDT
at most 1 open position
ask before buying
"""
TWO = """\
trade BTC/USDT and ETH/USDT on 4h
buy when ema(close, 20) crosses above ema(close, 50) and rsi(14) < 70
sell when ema(close, 20) crosses below ema(close, 50)
stop loss 2 * atr(14)
take profit 3r
size risk 1% of equity
at most 2 open positions
at most 3 entries a day
cooldown 4h after a loss
only monday to friday
ask before buying
"""


ENTRY = "buy when rsi(14) crosses below 30 and volume > 1.5 * sma(volume, 20)"


def canonical(rules: str | None) -> str:
    text, problems = verified(rules or "")
    assert text is not None, problems
    return text


EDITS = [
    (ONE, "make the stop 2%", ["stop loss 2%"]),
    (ONE, "change the stop from 3% to 2%", ["stop loss 2%"]),
    (ONE, "tighten the stop to 2%", ["stop loss 2%"]),
    (ONE, "raise take profit from 4 to 6", ["take profit 6%"]),
    (ONE, "25 instead of 30", ["buy when rsi(14) crosses below 25 and volume > 1.5 * sma(volume, 20)"]),
    (ONE, "sell half at 3%", ["take profit 3% for 50%, 4% for 50%"]),
    (ONE, "make it 4h", ["trade BTC/USDT on 4h"]),
    (ONE, "drop the volume condition", ["buy when rsi(14) crosses below 30"]),
    (ONE, "halve the size", ["size 100 USDT"]),
    (ONE, "change it from 1h to 4h", ["trade BTC/USDT on 4h"]),
    (ONE, "use 15m candles", ["trade BTC/USDT on 15m"]),
    (ONE, "also do it for ETH", ["trade BTC/USDT and ETH/USDT on 1h", "at most 2 open positions"]),
    (ONE, "switch to ETH", ["trade ETH/USDT on 1h"]),
    (ONE, "Only enter between 9:30 and 11:00", ["only between 09:30 and 11:00 UTC"]),
    (ONE, "no trades on weekends", ["only monday to friday"]),
    (ONE, "after a stop out wait two hours", ["cooldown 2h after a stop"]),
    (ONE, "cap it at 4 trades a day", ["at most 4 entries a day"]),
    (ONE, "move the stop to break even once we are up 1R", ["break even after 1r"]),
    (ONE, "sell when rsi is above 80 instead", ["sell when rsi(14) > 80"]),
    (
        ONE,
        "only buy if price is above the 200 ema",
        ["buy when rsi(14) crosses below 30 and volume > 1.5 * sma(volume, 20) and close > ema(close, 200)"],
    ),
    (
        ONE,
        "don't trade on weekends and stop at friday 20:00 utc",
        ["only monday to friday", "never friday between 20:00 and 24:00 UTC"],
    ),
    (ONE, "bump the size to 300", ["size 300 USDT"]),
    (ONE, "lower the rsi entry to 25", ["buy when rsi(14) crosses below 25 and volume > 1.5 * sma(volume, 20)"]),
    (ONE, "sell at rsi 65 instead", ["sell when rsi(14) > 65"]),
    (
        ONE,
        "use rsi(7)",
        ["buy when rsi(7) crosses below 30 and volume > 1.5 * sma(volume, 20)", "sell when rsi(7) > 60"],
    ),
    (
        ONE,
        "make the rsi 21 periods",
        ["buy when rsi(21) crosses below 30 and volume > 1.5 * sma(volume, 20)", "sell when rsi(21) > 60"],
    ),
    (ONE, "rsi exit 55 and stop 2%", ["sell when rsi(14) > 55", "stop loss 2%"]),
    (
        TWO,
        "use sma instead of ema",
        [
            "buy when sma(close, 20) crosses above sma(close, 50) and rsi(14) < 70",
            "sell when sma(close, 20) crosses below sma(close, 50)",
        ],
    ),
    (
        TWO,
        "swap the ema for a wma",
        [
            "buy when wma(close, 20) crosses above wma(close, 50) and rsi(14) < 70",
            "sell when wma(close, 20) crosses below wma(close, 50)",
        ],
    ),
    (ONE, "instead of 30 use 25", [ENTRY.replace("30", "25")]),
    (ONE, "not 30 but 25", [ENTRY.replace("30", "25")]),
    (ONE, "i want a 1.5 atr stop instead of the percent one", ["stop loss 1.5 * atr(14)"]),
    (ONE, "risk 1% instead of 200 usdt", ["size risk 1% of equity"]),
    (ONE, "tp 2r instead of 4%", ["take profit 2r"]),
    (ONE, "stop at 2% instead of 3", ["stop loss 2%"]),
    (ONE, "use 4h candles instead of 1h", ["trade BTC/USDT on 4h"]),
    (ONE, "4h not 1h", ["trade BTC/USDT on 4h"]),
    (ONE, "sell when rsi is over 70 instead of 60", ["sell when rsi(14) > 70"]),
    (ONE, "exit at rsi 65", ["sell when rsi(14) > 65"]),
    (ONE, "make it 2x volume, not 1.5", [ENTRY.replace("1.5", "2")]),
    (ONE, "buy when rsi goes under 25 instead", [ENTRY.replace("30", "25")]),
    (ONE, "volume should be at least twice the average", [ENTRY.replace("> 1.5", ">= 2")]),
    (ONE, "price must be above vwap", [f"{ENTRY} and close > vwap(day)"]),
    (ONE, "add: adx over 25", [f"{ENTRY} and adx(14) > 25"]),
    (ONE, "add close > sma 50 on the 4h", [f"{ENTRY} and (close > sma(close, 50)) on 4h"]),
    (ONE, "only when btc is above its 200 day ma", [f"{ENTRY} and close > sma(close, 200) on 1d"]),
    (ONE, "make that an or", [ENTRY.replace(" and ", " or ")]),
    (ONE, "second condition: make it 2 instead of 1.5", [ENTRY.replace("1.5", "2")]),
    (ONE, "make the volume average 50", [ENTRY.replace("volume, 20", "volume, 50")]),
    (ONE, "half the stop distance", ["stop loss 1.5%"]),
    (ONE, "push the take profit out to 6%", ["take profit 6%"]),
    (ONE, "give me an hour to decide", ["ask before buying, for 1h, otherwise skip"]),
    (ONE, "weekdays only", ["only monday to friday"]),
    (ONE, "wait 3 candles between trades", ["cooldown 3h"]),
    (ONE, "trade ETH not BTC", ["trade ETH/USDT on 1h"]),
    (ONE, "drop btc, use eth", ["trade ETH/USDT on 1h"]),
    (ONE, "allow shorts too when rsi is over 75", ["short when rsi(14) > 75", "trade BTC/USDT perpetual on 1h"]),
    (
        TWO,
        "make the long average 150",
        [
            "buy when ema(close, 20) crosses above ema(close, 150) and rsi(14) < 70",
            "sell when ema(close, 20) crosses below ema(close, 150)",
        ],
    ),
    (
        TWO,
        "change the 20 ema to 10",
        [
            "buy when ema(close, 10) crosses above ema(close, 50) and rsi(14) < 70",
            "sell when ema(close, 10) crosses below ema(close, 50)",
        ],
    ),
    (TWO, "replace ETH with SOL", ["trade BTC/USDT and SOL/USDT on 4h"]),
    (TWO, "drop ETH", ["trade BTC/USDT on 4h", "at most 1 open position"]),
    (TWO, "trade only ETH", ["trade ETH/USDT on 4h", "at most 1 open position"]),
    (TWO, "remove the rsi filter", ["buy when ema(close, 20) crosses above ema(close, 50)"]),
    (TWO, "rsi 65 instead of 70", ["buy when ema(close, 20) crosses above ema(close, 50) and rsi(14) < 65"]),
    (TWO, "halve the risk", ["size risk 0.5% of equity"]),
    (TWO, "stop 2%, target 5% and only on mondays", ["stop loss 2%", "take profit 5%", "only monday"]),
    (TWO, "ask me before selling too", ["ask before every order, for 5m, otherwise skip"]),
]


@pytest.mark.parametrize(("current", "text", "lines"), EDITS)
def test_a_change_gives_the_whole_new_text(current: str, text: str, lines: list[str]) -> None:
    before = canonical(current)
    reading = read(text, current)
    assert reading.outcome == "edit", (reading.reasons, reading.not_understood)
    after = canonical(reading.rules)
    changed = [line for line in after.splitlines() if line not in before.splitlines()]
    assert sorted(changed) == sorted(lines)
    assert {edit.after for edit in reading.edits if edit.after} == set(lines)


LOOSENING = [
    (ONE, "double the size"),
    (ONE, "make the stop 5%"),
    (ONE, "never ask me"),
    (TWO, "remove the cooldown"),
    (TWO, "allow 5 trades a day"),
    (TWO, "double the risk"),
    (TWO, "make the stop 3 ATR"),
]


@pytest.mark.parametrize(("current", "text"), LOOSENING)
def test_a_loosening_change_says_so(current: str, text: str) -> None:
    reading = read(text, current)
    assert reading.outcome == "edit"
    assert reading.loosens and reading.reasons


@pytest.mark.parametrize(("current", "text", "_"), EDITS[:10])
def test_a_harmless_change_does_not(current: str, text: str, _: list[str]) -> None:
    assert read(text, current).loosens is (text == "also do it for ETH")


def test_before_the_last_stop_goes_a_wider_one_is_offered() -> None:
    for text in ("remove the stop loss", "drop the stop", "no stop loss please"):
        reading = read(text, ONE)
        assert reading.outcome == "clarify" and reading.rules is None
        (question,) = reading.questions
        assert question.topic == "stop" and "lose all" in question.text
        wider, none = question.options[0], question.options[-1]
        assert "stop loss 4.5%" in (wider.rules or "") and "stop loss none" in (none.rules or "")
    assert read("drop the stop and trail 2%", ONE).outcome == "edit"


VAGUE = [
    ("make the stop tighter", "stop", ["stop loss 2.2%", "stop loss 1.5%", "stop loss 1%"]),
    ("make it less aggressive", "size", ["size 150 USDT", "size 100 USDT", "size 50 USDT"]),
    ("Let winners run more", "target", ["take profit 6%", "take profit 8%", "take profit 12%"]),
]


@pytest.mark.parametrize(("text", "topic", "labels"), VAGUE)
def test_a_vague_change_is_answered_with_numbers(text: str, topic: str, labels: list[str]) -> None:
    reading = read(text, ONE)
    assert reading.outcome == "clarify" and reading.rules is None
    (question,) = reading.questions
    assert question.topic == topic
    assert [option.label for option in question.options] == labels
    for option in question.options:
        assert option.label in canonical(option.rules)


OPEN = [
    ("change the stop", "stop"),
    ("the stop is too tight, loosen it a bit", "stop"),
    ("bigger target", "target"),
    ("take profit", "target"),
    ("make it better", "entry"),
    ("lower the rsi threshold", "threshold"),
    ("raise rsi to 35", "threshold"),
    ("lower timeframe", "timeframe"),
    ("make the entry stricter", "entry"),
    ("trade less often", "entry"),
    ("it never trades", "entry"),
    ("stop keeps getting hit", "stop"),
]


@pytest.mark.parametrize(("text", "topic"), OPEN)
def test_what_names_no_number_is_asked_with_rules_for_each_answer(text: str, topic: str) -> None:
    (question,) = read(text, ONE).questions
    assert question.topic == topic
    assert len({canonical(option.rules) for option in question.options}) == len(question.options) > 1


@pytest.mark.parametrize(
    ("text", "gone"), [("remove the rsi exit", "sell when rsi(14) > 60"), ("no exit rule", "sell when rsi(14) > 60")]
)
def test_an_exit_is_taken_out_and_no_entry_with_it(text: str, gone: str) -> None:
    after = canonical(read(text, ONE).rules).splitlines()
    assert gone not in after and ENTRY in after


@pytest.mark.parametrize("text", ["as it was on day one", "back to the original", "go back to the first version"])
def test_the_first_version_has_many_names(text: str) -> None:
    assert read(text, ONE).edits[0].after == "version 1"


REASONED = [
    (ONE, "raise take profit from 5 to 6", "no 5 in the target"),
    (ONE, "change it from 4h to 1d", "runs on 1h"),
    (ONE, "drop the macd condition", "speaks of macd"),
    (ONE, "remove the take profit and the trailing stop", "no trailing stop"),
    (ONE, "trail the stop", "trail"),
    (ONE, "make the stop 3%", "say that already"),
    (ONE, "tighten the stop to 5%", "wider"),
    (ONE, "drop BTC", "only market"),
    (TWO, "remove the stop", "needs a stop loss"),
    (TWO, "make it 1d", "What should be 1d"),
]


def test_a_second_rule_about_the_same_indicator_is_asked_about() -> None:
    """`Close when RSI > 50` beside `sell when rsi(14) > 60` would leave a rule that never acts first."""
    (question,) = read("Close when RSI > 50", ONE).questions
    instead, both = (canonical(each.rules) for each in question.options)
    assert "sell when rsi(14) > 50" in instead and "rsi(14) > 60" not in instead
    assert "sell when rsi(14) > 50" in both and "sell when rsi(14) > 60" in both
    assert read("also close when RSI > 50", ONE).outcome == "edit"


def test_another_market_in_the_place_of_the_one_is_asked_again() -> None:
    reading = read("make it ETH", ONE)
    assert reading.loosens and (reading.rules or "").startswith("trade ETH/USDT on 1h")


@pytest.mark.parametrize(("current", "text", "reason"), REASONED)
def test_a_change_that_does_not_fit_changes_nothing(current: str, text: str, reason: str) -> None:
    reading = read(text, current)
    assert reading.outcome == "clarify" and reading.rules is None
    assert any(reason in sentence for sentence in (*reading.reasons, *reading.not_understood))


def test_a_number_that_stands_twice_is_asked_about() -> None:
    reading = read("change the ema from 20 to 10", TWO)
    assert [question.topic for question in reading.questions] == ["threshold"]
    assert len(reading.questions[0].options) == 2


@pytest.mark.parametrize("text", ["make the stop tighter", "25 instead of 30", "halve the size", "also do it for ETH"])
def test_without_rules_in_force_a_change_asks_which(text: str) -> None:
    reading = read(text)
    assert reading.outcome == "clarify"
    assert [question.topic for question in reading.questions] == ["which_strategy"]


def test_undo_is_an_edit() -> None:
    assert (read("undo that", ONE).outcome, read("undo that", ONE).command) == ("edit", "undo")


def test_a_whole_new_strategy_is_no_edit() -> None:
    reading = read("buy ADA when rsi < 30, stop 3%", ONE)
    assert reading.outcome == "compile" and "ADA/USDT" in (reading.rules or "")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("drop the second condition", "buy when rsi(14) crosses below 30"),
        ("make the first condition 25", "buy when rsi(14) crosses below 25 and volume > 1.5 * sma(volume, 20)"),
        ("change the second condition to price above the 200 ema", "close > ema(close, 200)"),
        ("use rsi 7 instead of rsi 14", "buy when rsi(7) crosses below 30"),
        ("raise the target by 2", "take profit 6%"),
        ("reduce the stop by 1", "stop loss 2%"),
        ("cut the size by 20%", "size 160 USDT"),
        ("make the stop 2% and the target 6%", "take profit 6%"),
        ("only on weekdays", "only monday to friday"),
        ("swap BTC for SOL", "trade SOL/USDT on 1h"),
        ("no take profit", "stop loss 3%"),
        ("stop trading if we are down 10%", "halt when drawdown > 10%"),
        ("cap it at 4 trades a day and 2% loss a day", "pause until tomorrow UTC when day_loss > 2%"),
        ("don't ask me any more", "ask never"),
        ("also go short when rsi crosses above 70", "short when rsi(14) crosses above 70"),
    ],
)
def test_changes_by_place_and_by_amount(text: str, line: str) -> None:
    reading = read(text, ONE)
    assert reading.outcome == "edit", reading
    assert line in (reading.rules or "")


@pytest.mark.parametrize(
    "text", ["don't ask me any more", "also go short when rsi crosses above 70", "lower leverage to 2"]
)
def test_what_loosens_is_asked_again(text: str) -> None:
    assert read(text, ONE).loosens


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("trail it instead", ["the take profit", "the stop loss", "both"]),
        ("use a trailing stop of 2% instead", ["trailing stop 2% instead of the take profit"]),
        ("use limit orders not market", ["0.5% below the close"]),
    ],
)
def test_what_a_change_leaves_open_is_asked_with_rules_for_each_answer(text: str, labels: list[str]) -> None:
    (question,) = read(text, ONE).questions
    assert all(any(label in option.label for option in question.options) for label in labels)
    assert len({option.rules for option in question.options}) == len(question.options)


@pytest.mark.parametrize(
    ("text", "which"), [("as it was yesterday", "yesterday"), ("go back to version 2", "version 2")]
)
def test_an_earlier_version_is_named(text: str, which: str) -> None:
    reading = read(text, ONE)
    assert (reading.outcome, reading.command, reading.edits[0].after) == ("edit", "undo", which)


@pytest.mark.parametrize("text", ["drop the fifth condition", "change rsi to 25", "lower the stop by 5"])
def test_a_place_that_is_not_there_is_said(text: str) -> None:
    reading = read(text, ONE)
    assert reading.outcome == "clarify" and reading.reasons


def test_another_score_is_asked_for_its_levels_and_every_answer_shows_its_rules() -> None:
    for text in ("same thing but with stochastic", "swap the RSI for stochastic", "use stochastic instead"):
        (question,) = read(text, ONE).questions
        same, usual = (option.rules or "" for option in question.options)
        assert question.topic == "threshold"
        assert "buy when stochastic(14, 3, 3).k crosses below 30" in same and "rsi" not in same
        assert "buy when stochastic(14, 3, 3).k crosses below 20" in usual


def test_an_indicator_that_is_not_there_is_not_replaced() -> None:
    assert read("use ema instead of sma", ONE).rules is None
    assert read("swap the mfi for rsi", ONE).rules is None
