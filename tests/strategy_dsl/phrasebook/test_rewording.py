"""Other words for the same thing, and lists as people lay them out."""

import pytest

from strategy_dsl.phrasebook.layout_words import laid_out
from strategy_dsl.phrasebook.lexicon import lexed
from strategy_dsl.phrasebook.reader import read
from strategy_dsl.phrasebook.rewording import KINDS, reworded
from strategy_dsl.phrasebook.rewording_rows import ROWS
from strategy_dsl.phrasebook.session_ranges import ranged


def said(text: str) -> str:
    return " ".join(token.text for token in reworded(lexed(text)).tokens)


def listed(text: str) -> str:
    return " ".join(token.text.replace("\n", "/") for token in laid_out(lexed(text)).tokens)


@pytest.mark.parametrize(("phrases", "words"), ROWS)
def test_every_row_has_what_its_new_words_take_from_the_text(phrases: str, words: str) -> None:
    for phrase in phrases.split(" | "):
        parts = phrase.split()
        brackets = sum(part.startswith("[") for part in parts)
        assert words.split().count("[]") <= brackets, phrase
        for kind in KINDS:
            assert words.split().count(kind) <= parts.count(kind), phrase


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("rsi x over 30", "rsi crosses above 30"),
        ("rsi goes from below 30 to above 30", "rsi crosses above 30"),
        ("volume 2 x over average", "volume 2 x over average"),
        ("entry: rsi < 30", "buy when rsi < 30"),
        ("short btc. entry: rsi > 70", "short BTC . short when rsi > 70"),
        ("tp 1:2", "risk reward 1 : 2"),
        ("move it to breakeven at +3%", "move stop to breakeven at +3%"),
        ("dip of -4%", "dip of -4%"),
    ],
)
def test_a_phrase_becomes_the_words_of_the_book(text: str, other: str) -> None:
    assert said(text) == other


def test_two_levels_are_never_one_crossing() -> None:
    assert "above 35" in " ".join(read("buy btc when rsi goes from below 30 to above 35, stop 2%").not_understood)


def test_an_entry_of_nobody_knows_which_side_stays_as_it_is() -> None:
    assert said("long and short. entry: rsi crosses 50") == "long and short . entry : rsi crosses 50"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("buy when:\n- rsi < 30\n- close > open\nstop 2%", "buy when : when rsi < 30 and close > open / / stop 2%"),
        ("1) rsi < 30 2) close > open. stop 2%", "when rsi < 30 and close > open / . stop 2%"),
        ("- buy: rsi < 30\n- stop: 2%", "buy : rsi < 30 / / stop : 2% /"),
        ("rsi(1) over sma(2)", "rsi ( 1 ) over sma ( 2 )"),
    ],
)
def test_the_marks_of_a_list_go_and_its_conditions_stand_together(text: str, other: str) -> None:
    assert listed(text) == other


def test_nothing_between_two_lists_is_lost() -> None:
    text = "entry:\n- rsi < 30\n- close > open\nonly on mondays\nexit:\n- rsi > 60\n- close < open"
    assert "only on mondays" in listed(text)


@pytest.mark.parametrize("word", ["either", "at least 2", "any"])
def test_conditions_that_need_not_all_hold_are_not_joined_as_if_they_must(word: str) -> None:
    reading = read(f"buy when {word} of these:\n- rsi < 30\n- mfi < 20\nstop 3%")
    assert " and " not in (reading.rules or "").partition("stop")[0]


def test_a_range_of_hours_goes_where_words_point_at_it() -> None:
    found = ranged(lexed("range = 07:00-08:00 london, buy above the high, stop at the low"))
    levels = [token.text for token in found.tokens if token.kind == "level"]
    assert levels == ["session(07:00, 08:00, Europe/London).high", "session(07:00, 08:00, Europe/London).low"]


def test_two_ranges_are_left_as_they_are() -> None:
    words = lexed("range = 07:00-08:00 london, range = 09:00-10:00 london, buy above the high")
    assert ranged(words) == words


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("buy btc when rsi < 30, take profit 5%, stop at 2%", "stop loss 2%"),
        ("buy btc when rsi dips below 30, sell when it rises above 60", "sell when rsi(14) crosses above 60"),
        ("buy btc when adx is rising and above 20, stop 2%", "buy when adx(14) is rising and adx(14) > 20"),
        ("sell short btc when rsi > 70 and buy back when rsi < 40, stop 4%", "cover when rsi(14) < 40"),
        ("buy btc when rsi < 30, stop 2% trailing", "trailing stop 2%"),
        ("short only if ema 50 is falling, entry when rsi crosses under 60, stop 3%",
         "short when rsi(14) crosses below 60 and ema(close, 50) is falling"),
        ("buy $100 of btc on the 1st of every month, sell on the last day of the month",
         "every month on last day at 00:00 UTC sell"),
    ],
)  # fmt: skip
def test_what_was_once_read_wrongly(text: str, line: str) -> None:
    assert line in (read(text).rules or "").splitlines()


def test_an_hour_in_front_of_a_colon_is_no_name() -> None:
    assert "last hour" in " ".join(
        read("last hour of new york: if price is above the open buy, stop 1%").not_understood
    )


def test_settings_that_no_rule_has_are_named() -> None:
    reading = read("long with supertrend(7,2) and price above hull 55, leave when supertrend flips red")
    assert reading.rules is None
    assert "supertrend(7,2)" in " ".join(reading.not_understood)


def test_a_pullback_that_is_shorted_comes_from_below() -> None:
    options = read("short btc when price pulls back to the 50 ema, stop 2%").questions[0].options
    assert "short when high >= ema(close, 50) and close < ema(close, 50)" in options[0].rules
