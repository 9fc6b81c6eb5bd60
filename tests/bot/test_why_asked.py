"""Why and why not, about what was asked: a trade, a coin, a stretch of time."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.parts import Talk, desk_at

BTC = "buy $200 of BTC when RSI drops below 30 and price above the 50 ema on the hourly chart, sell above 60, stop 3%"
ETH = "buy $200 of ETH when RSI drops below 35 on the hourly chart, sell above 60, stop 3%"


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """Two strategies on the simulated market, played for some days."""
    with desk_at(tmp_path) as desk:
        talk = Talk(desk, 200)
        await talk.say(f"{BTC}, without asking", "paper", f"{ETH}, without asking", "paper", *["skip"] * 6)
        yield talk


async def test_why_of_a_trade_a_coin_a_day(talk: Talk) -> None:
    first, last = await talk.say("why 1"), await talk.say("why")
    assert "trade 1: ETH/USDT" in first and "the 14-bar RSI crosses below 35: 34.83 against 35.00" in first
    assert "trade 3: ETH/USDT" in last
    assert await talk.say("why did you buy eth on new year's eve") == await talk.say("why eth") == last
    assert "trade 1" in await talk.say("why did you buy on tuesday?")
    assert "I find no trade in BTC" in await talk.say("why btc")
    assert "I find no trade number 9" in await talk.say("why trade 9")


async def test_why_nothing_since_a_day_counts_and_tells_the_nearest(talk: Talk) -> None:
    told = await talk.say("why nothing since yesterday?")
    assert told == await talk.say("why hasn't anything happened since yesterday")
    assert "BTC 1h, BTC/USDT: 46 candles looked at, no entries" in told
    assert "the 14-bar RSI crosses below 30: held on 0 of 46" in told
    assert "All of it at once: on 0 of 46" in told
    assert "ETH 1h, ETH/USDT: 46 candles looked at, 1 entry" in told
    assert "Nearest to it:\nSat 4 Jan 2025" in told
    assert told.count("Next look: Sun 5 Jan 2025 23:00 UTC") == 2


async def test_a_true_rule_that_was_not_acted_on_is_told(talk: Talk) -> None:
    told = await talk.say("why not eth since 2024-12-31")
    assert "True but not taken 9 times: already in" in told and "BTC" not in told


async def test_a_crossing_that_is_over_has_to_come_back(talk: Talk) -> None:
    told = await talk.say("why not eth")
    assert "22.59 against 35.00, below it already: it has to come back above first" in told


async def test_a_coin_that_nothing_trades(talk: Talk) -> None:
    assert "Nothing that runs now trades SOL." in await talk.say("why no sol trade")


async def test_days_are_those_of_the_person(talk: Talk) -> None:
    await talk.say("timezone Asia/Tokyo")
    assert "From Sun 5 Jan 2025 00:00 to Mon 6 Jan 2025 07:00 Asia/Tokyo" in await talk.say("why not since yesterday")
    assert "Asia/Tokyo" in await talk.say("why")


async def test_numbers_are_those_of_trades_and_what_ended_is_still_explained(talk: Talk) -> None:
    listed = await talk.say("trades")
    assert "3. ETH/USDT" in listed
    assert "trade 3: ETH/USDT" in await talk.say("why 3")
    await talk.say("stop eth 1h", "delete eth 1h", "yes")
    assert "3. ETH/USDT" in await talk.say("trades")
    assert "the 14-bar RSI crosses below 35: 34.83 against 35.00" in await talk.say("why 1")


async def test_not_selling_is_explained_by_the_rule_that_sells(talk: Talk) -> None:
    assert "there is nothing to sell" in await talk.say("why didn't you sell btc")
    await talk.say("skip")
    held = await talk.say("why not sell eth")
    assert "the 14-bar RSI is above 60" in held or "nothing to sell" in held


@pytest.mark.parametrize("text", ["why nothing in march", "why not from monday to tuesday", "why did you buy on 12/11"])
async def test_a_day_that_is_not_understood_is_asked_about(talk: Talk, text: str) -> None:
    assert "I did not understand the day" in await talk.say(text)


async def test_a_time_that_has_not_come_is_told(talk: Talk) -> None:
    assert "has not come yet" in await talk.say("why nothing on 2031-05-01")
