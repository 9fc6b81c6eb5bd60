"""Where numbers come from, by code; also a second opinion on what the phrasebook writes."""

import pytest

from bot.english.provenance import provenance
from strategy_dsl.phrasebook.reader import read

TEXTS = [
    "buy $200 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%",
    "buy sol if it drops 3% in 4 hours, take profit 4%, stop 2%, on the 30m",
    "if ETH rises 5% from yesterday's close, buy and close at +2 or -2",
    "trade BTC and ETH on the 4h: buy when rsi < 30, exit when rsi > 55, 2% of equity each, wait 4 hours after a loss",
    "buy bitcoin when rsi is below thirty and five percent stop, close the trade after 180 minutes",
    "buy ETH on a golden cross, sell half at 5% and the rest at 10%, stop two percent, max two trades a day",
    "buy btc if volume is 30% above its 20 day average, trailing stop 2% after 3%, only 9am to 5pm new york time",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_phrasebook_invents_and_loses_nothing(text: str) -> None:
    rules = read(text).rules
    assert rules is not None
    origin = provenance(text, rules)
    assert (origin.invented, origin.unread) == ((), ())
    assert all(text[mark.start : mark.end] == mark.value for mark in origin.marks)


TEXT, RULES = TEXTS[0], str(read(TEXTS[0]).rules)


@pytest.mark.parametrize(
    ("old", "new", "invented"),
    [
        ("stop loss 3%", "stop loss 4%", "4 in `stop loss 4%`"),
        ("BTC/USDT", "ETH/USDT", "ETH/USDT in"),
        ("on 1h", "on 4h", "4h in"),
        ("rsi(14)", "rsi(7)", "7 in"),
        ("at most 1 open position", "at most 3 open positions", "3 in"),
        ("stop loss 3%", "stop loss 3%\nexit after 12h", "12h in"),
        ("size 200 USDT", "size 200 USDT\nonly between 08:00 and 16:00 UTC", "08:00 in"),
    ],
)
def test_a_piece_of_nobodys_is_found(old: str, new: str, invented: str) -> None:
    origin = provenance(TEXT, RULES.replace(old, new))
    assert any(invented in piece for piece in origin.invented)


@pytest.mark.parametrize(
    ("old", "new", "unread"),
    [
        ("sell when rsi(14) > 60\n", "", "60"),
        ("BTC/USDT", "ETH/USDT", "BTC"),
        ("size 200 USDT", "size 5% of equity", "$200"),
    ],
)
def test_a_piece_of_the_text_that_got_lost_is_found(old: str, new: str, unread: str) -> None:
    assert unread in provenance(TEXT, RULES.replace(old, new)).unread


def test_defaults_are_told_as_assumed() -> None:
    rules = (
        "trade BTC/USDT on 1h\nbuy when rsi(14) < 30\nstop loss 2 * atr(14)\nsize 5% of equity\nat most 1 open position"
    )
    origin = provenance("buy BTC when RSI is under 30, stop 2 ATR", rules)
    assert origin.invented == ()
    assert [note.split()[0] for note in origin.assumed] == ["1h", "14", "14", "5", "1"]


def test_an_edit_may_keep_what_is_in_force_in_the_same_clause_only() -> None:
    new = RULES.replace("stop loss 3%", "stop loss 2%")
    assert provenance("make the stop 2%", new, RULES).invented == ()
    moved = RULES.replace("stop loss 3%", "stop loss 60%")
    assert provenance("make the stop wider", moved, RULES).invented == ("60 in `stop loss 60%`",)
