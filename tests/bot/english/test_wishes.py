"""Wishes without a number: options with figures, one question, a tap; with a key and without."""

import pytest

from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits
from strategy_dsl.phrasebook.wishes import LONGEST_LABEL, vague_reading
from tests.emulators.messages_api import MessagesApi
from tests.parts import Talk, desk_at

RULES = "trade BTC/USDT on 1h\nbuy when rsi(14) crosses below 30\nsell when rsi(14) > 60\nstop loss 3%\ntake profit 6%\nsize 200 USDT\n"
ENGLISH = "buy $200 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%"
SAID = {
    "make it less aggressive": ("size 100 USDT", "stop loss 2%", "crosses below 25"),
    "safer please": ("size 100 USDT", "stop loss 2%", "crosses below 25"),
    "be more aggressive": ("size 300 USDT", "crosses below 35", "stop loss 4.5%"),
    "trade more often": ("crosses below 35", "on 30m", "rsi(14) < 30"),
    "can you trade less often?": ("crosses below 25", "on 2h", "at most 1 entry a day"),
    "tighter": ("stop loss 2%", "take profit 4%", "crosses below 25"),
    "give it more room": ("stop loss 4.5%", "take profit 9%", "crosses below 35"),
    "let the winners run": ("take profit 12%", "rsi(14) > 65", "trailing stop 3%"),
    "i want fewer losses": ("ema(close, 200)", "crosses below 25", "cooldown 12h after a loss"),
}


@pytest.mark.parametrize(("text", "pieces"), SAID.items())
def test_a_vague_wish_offers_changes_that_hold(text: str, pieces: tuple[str, ...]) -> None:
    reading = vague_reading(text, RULES)
    assert reading is not None and reading.rules is None
    (question,) = reading.questions
    assert len(question.options) == len(pieces)
    before = compile_rules(RULES, Limits())
    for option, piece in zip(question.options, pieces, strict=True):
        assert piece in (option.rules or "") and len(option.label) <= LONGEST_LABEL
        assert compile_rules(option.rules or "", Limits()).hash != before.hash


@pytest.mark.parametrize(
    "text",
    [
        "make the stop 2%",
        "less than 3 trades",
        "safer: drop the stop",
        "buy ETH more often when rsi < 20",
        "why so few trades?",
    ],
)
def test_whoever_says_more_is_read_by_others(text: str) -> None:
    assert vague_reading(text, RULES) is None


def test_rules_without_a_stop_are_offered_one() -> None:
    reading = vague_reading("safer", RULES.replace("stop loss 3%", "stop loss none"))
    assert reading is not None
    assert [each.label for each in reading.questions[0].options][:2] == ["half the size", "a stop loss of 3%"]


async def test_the_options_carry_figures_and_a_tap_changes_the_rules(tmp_path):
    with desk_at(tmp_path) as found:
        talk = Talk(found)
        await talk.say(ENGLISH)
        asked = await talk.say("make it less aggressive")
        assert asked.count("trades 1") == 3 and asked.count("deepest fall") == 3
        assert "stop loss 3% → stop loss 2%" in asked and "[a closer stop]" in asked
        told = asked.split("stop loss 3% → stop loss 2%\n")[1].splitlines()[0]
        changed = await talk.say("a closer stop")
        assert "is now version 2" in changed
        # the figures that were offered are those of the change
        for pair in told.split(", "):
            name, _, values = pair.partition(" ") if not pair.startswith("deepest") else ("deepest fall", "", pair[13:])
            assert f"{name}: {values}" in changed


async def test_a_bolder_option_is_asked_about_again(tmp_path):
    with desk_at(tmp_path) as found:
        talk = Talk(found)
        await talk.say(ENGLISH, "more aggressive")
        asked = await talk.say("1")
        assert "riskier, so I ask again" in asked and "200 USDT → size 300 USDT" in asked
        assert "is now version 2" in await talk.say("yes")


async def test_with_a_key_no_model_is_asked(tmp_path):
    with MessagesApi() as api, desk_at(tmp_path, ANTHROPIC_API_KEY="sk-test", ANTHROPIC_BASE_URL=api.url) as found:
        talk = Talk(found)
        await talk.say(RULES, "fewer losses")
        assert "added: cooldown 12h after a loss" in await talk.say("trade less often", "fewer losses")
        assert api.requests == []
