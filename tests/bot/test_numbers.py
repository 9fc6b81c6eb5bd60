"""What stands behind the buttons of a backtest card: numbers, definitions, sweeps; and that tries are counted."""

import re

import pytest

from bot.drafts import looked_at
from bot.report_text import PHONE
from runtime.ledger import strategies
from tests.parts import Talk, desk_at

STRATEGY = "buy $200 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%"
VERDICTS = ("Loses so far", "Looks like luck", "Not enough trades to tell", "Holds up so far")


@pytest.fixture
def talk(tmp_path):
    with desk_at(tmp_path) as desk:
        yield Talk(desk)


def fixed(talk: Talk) -> list[str]:
    """The lines of fixed width in the last message but the card's own chart."""
    from runtime.ledger import messages

    with talk.chat.desk.ledger.read() as c:
        html = messages.since(c, talk.chat.person.id, 0)[-1].payload["html"]
    return [line for block in re.findall("<pre>(.*?)</pre>", html, re.S) for line in block.splitlines()]


def tried(talk: Talk) -> int:
    """What the next backtest would be told."""
    with talk.chat.desk.ledger.read() as c:
        current = talk.chat.desk.current(c, talk.chat.person)
        return looked_at(c, talk.chat.person, talk.chat.desk.compiled(strategies.version(c, current.version_id).text))


async def test_the_card_has_one_verdict_and_the_numbers_behind_a_button(talk):
    card = await talk.say(STRATEGY)
    assert sum(each in card for each in VERDICTS) == 1 and "[Numbers]" in card
    assert "Sharpe" not in card and "Random timing" not in card
    numbers = await talk.say("numbers")
    verdict = next(each for each in VERDICTS if each in card)
    assert f"{verdict}: " in numbers and "Sharpe" in numbers and "Random timing" in numbers
    assert fixed(talk) and all(len(line) <= PHONE for line in fixed(talk))
    assert "standard deviation" in await talk.say("definitions")


async def test_every_version_counts_as_a_try_and_going_back_does_not(talk):
    await talk.say(STRATEGY)
    assert tried(talk) == 1
    await talk.say("make the stop 2%", "make the stop 1%")
    assert tried(talk) == 3
    await talk.say("undo", "backtest")
    assert tried(talk) == 3
    assert "3 versions were looked at" in await talk.say("numbers")


async def test_tries_are_of_the_same_person_and_market(talk):
    await talk.say(STRATEGY, STRATEGY.replace("BTC", "ETH"), STRATEGY.replace("30", "25"))
    with talk.chat.desk.ledger.read() as c:
        person = talk.chat.person.id
        texts = [each.text for row in strategies.listing(c, person) for each in strategies.versions(c, row.id)]
        assert strategies.tried(c, person, "BTC/USDT", texts[0]) == 2
        assert strategies.tried(c, person, "BTC/USDT", "another") == 3
        assert strategies.tried(c, person, "ETH/USDT", texts[1]) == 1
        assert strategies.tried(c, person + 1, "BTC/USDT", texts[0]) == 1


async def test_a_sweep_in_the_chat(talk):
    await talk.say(STRATEGY)
    listed = await talk.say("sweep")
    assert "length of rsi" in listed and "sweep 1=13,14,15" in listed
    assert all(len(line) <= PHONE for line in fixed(talk))
    found = await talk.say("sweep 1=13,14,15 2=27,30,33")
    assert (
        "of 9 combinations made money" in found
        and ("not the result to expect" in found or "Even the best" in found)
        and "sweep-" in found
    )
    assert "no number called `9`" in await talk.say("sweep 9=1..2")
    assert "more than 400" in await talk.say("sweep 1=10..40 2=20..40")


async def test_without_a_strategy_each_says_so(talk):
    for line in ("numbers", "sweep", "backtest"):
        assert "no strategy yet" in await talk.say(line)


async def test_an_alert_has_no_numbers(talk):
    await talk.say("alert me when the BTC RSI crosses above 70 on the hourly chart")
    assert "open no position" in await talk.say("numbers")
    assert "open no position" in await talk.say("sweep")
