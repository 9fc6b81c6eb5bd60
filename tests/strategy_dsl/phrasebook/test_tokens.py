from decimal import Decimal

import pytest

from strategy_dsl.phrasebook.lexicon import lexed
from strategy_dsl.phrasebook.numbers import number_words
from strategy_dsl.phrasebook.tokens import tokens_of

NUMBERS = [
    ("below thirty and five percent stop", [("30", "word"), ("5", "percent")]),
    ("twenty five", [("25", "word")]),
    ("one hundred and fifty", [("100", "word"), ("50", "word")]),
    ("two hundred fifty", [("250", "word")]),
    ("five hundred thousand", [("500000", "word")]),
    ("half a percent", [("0.5", "percent")]),
    ("$1,500.50", [("1500.50", "usd")]),
    ("70k and $2m", [("70000", ""), ("2000000", "usd")]),
    ("1.5x 2R .5%", [("1.5", "x"), ("2", "r"), ("0.5", "percent")]),
    ("+2 or -2", [("2", "signed"), ("-2", "")]),
    ("100 dollars, 5 percent, 3 pct", [("100", "usd"), ("5", "percent"), ("3", "percent")]),
    ("EMA50 rsi14", [("50", ""), ("14", "")]),
]


@pytest.mark.parametrize(("text", "found"), NUMBERS)
def test_numbers(text: str, found: list[tuple[str, str]]) -> None:
    tokens = [token for token in tokens_of(text) if token.kind == "number"]
    assert [(token.value, token.unit) for token in tokens] == [(Decimal(value), unit) for value, unit in found]


@pytest.mark.parametrize(
    ("words", "value"),
    [("a", None), ("thirty five", 35), ("ninety", 90), ("three thousand", 3000), ("twenty ten", 20), ("nine nine", 9)],
)
def test_number_words_join_only_what_belongs_together(words: str, value: int | None) -> None:
    read = number_words(words.split())
    assert (read[0] if read else None) == value


@pytest.mark.parametrize(
    ("text", "clock"),
    [("9:30 pm", "21:30"), ("12am", "00:00"), ("4 pm", "16:00"), ("12:15 pm", "12:15"), ("8am", "08:00")],
)
def test_clock_times(text: str, clock: str) -> None:
    assert [token.text for token in tokens_of(text)] == [clock]


def test_every_token_stands_where_it_says() -> None:
    text = "Buy $200 of BTC-USD when RSI(14) drops below thirty five, stop 2.5 %!"
    for token in tokens_of(text):
        assert text[token.start : token.end].lower().replace("-", "/").replace(" ", "") in (
            token.text.replace(" ", "").replace("-", "/"),
            token.text.replace(" ", "") + "%",
        )


MARKETS = [
    ("bitcoin", "BTC"),
    ("BTC-USD", "BTC/USDT"),
    ("eth/usdt", "ETH/USDT"),
    ("SOLUSDT", "SOL/USDT"),
    ("btcusd", "BTC/USDT"),
    ("ETH/BTC", "ETH/BTC"),
    ("shiba inu", "SHIB"),
    ("LINK", "LINK"),
]


@pytest.mark.parametrize(("text", "market"), MARKETS)
def test_markets(text: str, market: str) -> None:
    assert [token.text for token in lexed(text).tokens if token.kind in ("coin", "pair")] == [market]


@pytest.mark.parametrize("text", ["a link to it", "near the top", "one", "not", "the dot com"])
def test_english_words_are_no_coins(text: str) -> None:
    assert not [token for token in lexed(text).tokens if token.kind in ("coin", "pair")]


def test_a_slip_in_a_name_is_mended_and_told() -> None:
    words = lexed("buy etherium on the bolinger band")
    assert [token.text for token in words.tokens] == ["buy", "ETH", "on", "the", "bollinger", "band"]
    assert words.mended == ("`etherium` read as `ethereum`", "`bolinger` read as `bollinger`")
