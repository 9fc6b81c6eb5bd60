"""`sayso manual`: every function, value and clause has a page, and a slip of the pen is met halfway."""

import json

import pytest

from bot.cli.entry import main
from strategy_dsl.catalogue import FUNCTIONS, THEMES, VALUES
from strategy_dsl.reference import page, page_names
from strategy_dsl.syntax_words import FORMS


def said(capsys, *argv, code=0):
    assert main(["manual", *argv]) == code
    out = capsys.readouterr()
    return out.out + out.err


def test_a_page_says_all_that_the_row_knows(capsys):
    assert said(capsys, "rsi") == (
        "### `rsi(length)`\n\n"
        "Relative strength index, Wilder's smoothing; 50 where the market has not moved.\n\n"
        "- length: a whole number from 2 to 5000\n"
        "- unit: an oscillator's score, from 0 to 100\n"
        "- first value: after 14 candles for `rsi(14)`\n"
        "- settled: after 434 candles for `rsi(14)`: a longer history changes it by less than 1e-9 then\n"
        "- source: Wilder 1978, TA-Lib RSI\n"
        "- example: `rsi(14) crosses below 30`\n"
    )


def test_lines_have_their_own_units_and_first_values(capsys):
    text = said(capsys, "ichimoku")
    assert "- `.conversion`: a price, at least 0; first value after 8 candles\n" in text
    assert "- `.span_b`: a price, at least 0; first value after 77 candles\n" in text
    assert "first value: after 77 candles for `ichimoku(9, 26, 52).cloud_top`" in text
    assert "- `.direction`: a bare number, from -1 to 1\n" in said(capsys, "supertrend")
    assert "- `.width`: a percent, at least 0%\n" in said(capsys, "bollinger")


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("hammer", "first value: on the first candle"),
        ("sma", "settled: with its first value"),
        ("obv", "settled: never: it depends on where the candles begin"),
        ("previous_week", "settled: after 14 days at the latest"),
        ("consecutive_up", "settled: once the row of candles has been broken"),
        ("close", "The price at which the candle closed."),
        ("profit", "known only while a position is open"),
        ("stop loss", "`stop loss 3%`"),
        ("stop", "`stop loss 3%`"),
        ("take profit", "`take profit 4% for 50%, 8% for 50%`\n- `take profit 3r`"),
        ("last_profit", "known only once the market has had a trade"),
        ("hour", "UTC.\n"),
        ("hour", "hour(Europe/London)"),
        ("psar", "depends on where the candles begin"),
        ("zscore", "after 19 candles of what it is made from for `zscore(close, 20)`"),
        ("gap_up", "size: a percent from 0% to 1000%"),
        ("vwap", "period: one of day, week, month"),
        ("supertrend", "hl2 plus and minus"),
        ("session", "start: a time of day such as 09:30"),
    ],
)
def test_functions_values_and_clauses_have_pages(capsys, name, part):
    assert part in said(capsys, *name.split())
    assert said(capsys, name) == said(capsys, *name.split())


@pytest.mark.parametrize(
    ("name", "near"), [("rsii", "rsi"), ("hamer", "hammer"), ("clsoe", "close"), ("stop los", "stop loss")]
)
def test_an_unknown_name_is_met_with_the_nearest(capsys, name, near):
    assert f"did you mean `{near}`?" in said(capsys, name, code=3)


def test_the_list_is_by_theme(capsys):
    text = said(capsys)
    places = [text.index(f"### {theme}\n") for theme in THEMES]
    assert places == sorted(places)
    assert all(f"| `{row.signature()}` | {row.about} |" in text for row in FUNCTIONS.values())


def test_json_is_for_programs(capsys):
    found = json.loads(said(capsys, "bollinger", "--json"))
    assert found["unit"] == "price"
    assert found["lines"]["width"] == {"unit": "percent", "low": 0, "high": None}
    assert found["first_value"] == "after 19 candles for `bollinger(20, 2).lower`"
    assert json.loads(said(capsys, "close", "--json"))["name"] == "close"
    assert set(json.loads(said(capsys, "--json"))["functions"]) == set(FUNCTIONS)


def test_everything_has_a_page():
    assert all(page(name) for name in page_names())
    assert {*FUNCTIONS, *VALUES, *FORMS} <= set(page_names())
    assert page("nothing of the kind") == ""
