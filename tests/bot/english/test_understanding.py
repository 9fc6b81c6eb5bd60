"""Who reads a text, and what happens when no question is left."""

from functools import partial

from bot.english.behaviour import made_behaviour
from bot.english.budget import no_purse
from bot.english.client import AnthropicModel
from bot.english.loop import Asked, Workshop
from bot.english.model_settings import ModelSettings
from bot.english.readings import Judge
from bot.english.understanding import understood
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits
from tests.bot.english.test_loop import RULES, TEXT, check, given
from tests.emulators.messages_api import MessagesApi, calls_tool, error

OPEN = "buy btc when rsi is low, sell when it is high, stop 3%"


async def read(text, api=None, questions_left=3):
    asked = Asked(text, None, Limits(), questions_left)
    if api is None:
        return await understood(asked, check, None)
    settings = ModelSettings(api_key="sk-test", base_url=api.url, max_retries=0)
    model = AnthropicModel(settings)
    judge = Judge(partial(compile_rules, limits=Limits()), made_behaviour)
    try:
        return await understood(asked, check, Workshop(model, settings, no_purse(), judge))
    finally:
        await model.close()


async def test_an_open_wish_is_asked_about_until_no_question_is_left():
    assert (await read(OPEN)).questions[0].topic == "threshold"
    taken = await read(OPEN, questions_left=0)
    assert taken.outcome == "compile" and taken.rules.startswith("trade BTC/USDT")
    assert "I asked enough" in taken.reasons[0]


async def test_a_model_that_still_asks_gets_the_marked_answers_too():
    asks = calls_tool(given(outcome="clarify", question="Below which RSI?", question_topic="threshold"))
    with MessagesApi(asks) as api:
        found = await read(OPEN, api, questions_left=0)
    assert found.outcome == "compile" and "I asked enough" in found.reasons[0]


async def test_dangers_questions_and_commands_never_reach_the_model():
    with MessagesApi() as api:
        outcomes = [(await read(text, api)).outcome for text in ("pause", "what is RSI?", "double after every loss")]
    assert outcomes == ["command", "answer", "refuse"]
    assert api.requests == []


async def test_a_model_that_is_down_leaves_the_phrasebook():
    with MessagesApi(error(529, "overloaded_error")) as api:
        found = await read(TEXT, api)
    assert found.outcome == "compile"
    assert "overloaded" in found.reasons[0] and "without the model" in found.reasons[1]


async def test_a_wish_that_the_model_takes_for_a_question_is_a_wish():
    with MessagesApi(calls_tool(given(outcome="answer", notes=["Maybe."]))) as api:
        found = await read(TEXT, api)
    assert found.outcome == "compile"
    assert compile_rules(found.rules, Limits()).strategy.rules == compile_rules(RULES, Limits()).strategy.rules
