"""Several readings of one text, the cross-check with the phrasebook, time, cache and budgets of the loop."""

import time
from decimal import Decimal

import pytest

from bot.english import prompt
from bot.english.behaviour import made_behaviour, same, topic
from bot.english.budget import worst_case
from bot.english.model_settings import ModelSettings, PriceError, prices_of
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits
from strategy_dsl.parser import parse
from strategy_dsl.phrasebook.reading import Reading
from strategy_dsl.syntax_words import EXAMPLES
from tests.bot.english.test_loop import RULES, TEXT, Till, given, run
from tests.emulators.messages_api import MessagesApi, Scripted, calls_tool, message

GROUPED = "buy btc when rsi < 30 or close under the lower band and volume is above average, stop 4%"
HEAD = "trade BTC/USDT on 1h\nbuy when "
BAND = "close < bollinger(20, 2).lower"
LOUD = "volume > mean(volume, 20)"
ONE = f"{HEAD}rsi(14) < 30 or ({BAND} and {LOUD})\nstop loss 4%"
BOTH = f"{HEAD}(rsi(14) < 30 or {BAND}) and {LOUD}\nstop loss 4%"
SAME = f"{HEAD}({LOUD} and {BAND}) or rsi(14) < 30\nstop loss 4%"
APART = ["volume for the band only", "volume for both"]


def compiled(rules):
    return compile_rules(rules, Limits())


async def test_readings_that_differ_are_asked_about_with_what_they_would_have_done():
    with MessagesApi(calls_tool(given(rules=[ONE, BOTH], differences=APART, question_topic="grouping"))) as api:
        reading = await run(api, GROUPED)
    (question,) = reading.questions
    assert (reading.outcome, reading.rules, question.topic) == ("clarify", None, "grouping")
    assert "A: volume for the band only. In the last 90 days it would have bought" in question.text
    assert [each.label for each in question.options] == [
        *(f"{a}: {b}" for a, b in zip("AB", APART, strict=True)),
        "You decide",
    ]
    assert question.options[0].rules == compiled(ONE).text
    assert question.options[2].rules in (compiled(ONE).text, compiled(BOTH).text)


async def test_readings_that_trade_alike_are_one():
    with MessagesApi(calls_tool(given(rules=[ONE, SAME], differences=["a", "b"]))) as api:
        reading = await run(api, GROUPED)
    assert (reading.outcome, reading.rules) == ("compile", ONE)


async def test_with_no_question_left_the_safest_is_taken_and_marked():
    small, large = (ONE + f"\nsize {each}% of equity" for each in (5, 50))
    text = GROUPED + ", size 5% or 50% of equity"
    with MessagesApi(calls_tool(given(rules=[large + "\nsize 5% of equity", small], not_understood=[]))) as api:
        reading = await run(api, text, questions_left=0)
    assert reading.outcome == "clarify"
    answers = calls_tool(given(rules=[BOTH, ONE], differences=APART))
    with MessagesApi(answers) as api:
        reading = await run(api, GROUPED, questions_left=0)
    assert reading.outcome == "compile"
    assert "I took the one that risks least" in reading.reasons[0]
    assert "Questions left: 0." in api.requests[0]["messages"][0]["content"]


async def test_more_than_three_readings_are_none():
    many = calls_tool(given(rules=[ONE, BOTH, SAME, RULES]))
    with MessagesApi(many, many, many) as api:
        reading = await run(api, GROUPED)
    assert (reading.outcome, reading.rules) == ("clarify", None)


async def test_the_phrasebook_is_a_cross_check():
    other = RULES.replace("crosses below 30", "< 30")
    with MessagesApi(calls_tool(given(rules=RULES))) as api:
        asked = await run(api, TEXT, plain=Reading("compile", other))
    with MessagesApi(calls_tool(given(rules=RULES))) as api:
        agreed = await run(api, TEXT, plain=Reading("compile", RULES.replace("hourly", "")))
    assert asked.outcome == "clarify" and "two ways" in asked.questions[0].text
    assert asked.questions[0].topic == "entry"
    assert "`" not in asked.questions[0].text and "crosses below 30" in asked.questions[0].text
    assert agreed.outcome == "compile"


@pytest.mark.parametrize(
    ("change", "about"),
    [
        (("stop loss 3%", "stop loss 4%"), "stop"),
        (("on 1h", "on 4h"), "timeframe"),
        (("BTC", "ETH"), "market"),
        (("size 200", "size 300"), "size"),
        (("> 60", "> 70"), "exit"),
    ],
)
def test_the_topic_is_what_differs(change, about):
    one, other = RULES, RULES.replace(*change)
    assert topic(parse(one).strategy, parse(other).strategy) == about
    assert not same(made_behaviour(compiled(one)), made_behaviour(compiled(other)))
    assert same(made_behaviour(compiled(one)), made_behaviour(compiled(one)))


def test_rules_that_only_ask_otherwise_are_not_the_same():
    never = RULES.replace("ask before buying", "ask never")
    assert not same(made_behaviour(compiled(RULES)), made_behaviour(compiled(never)))


async def test_a_turned_comparison_is_sent_back():
    turned = RULES.replace("crosses below 30", "crosses above 30")
    with MessagesApi(calls_tool(given(rules=turned)), calls_tool(given(rules=RULES))) as api:
        reading = await run(api)
    assert reading.outcome == "compile"
    assert "points the other way" in api.requests[1]["messages"][-1]["content"][0]["content"]


async def test_all_requests_for_one_text_share_its_time():
    slow = Scripted(calls_tool(given(rules="no rules")).body, delay=0.25)
    began = time.monotonic()
    with MessagesApi(slow, slow, slow) as api:
        reading = await run(api, timeout_seconds=0.6)
    assert "did not answer in time" in reading.reasons[0]
    assert time.monotonic() - began < 5


async def test_the_second_request_reads_the_prompt_from_the_cache():
    seen = []

    def caching(request):
        # as the API does: what was sent before up to the mark is read, else written
        prefix = (str(request["tools"]), str(request["system"]))
        hit = prefix in seen
        seen.append(prefix)
        rules = "trade BTC/USDT on 1h\nbuy when rsii(14) < 3" if len(seen) == 1 else RULES
        usage = {"input_tokens": 40, "output_tokens": 9, "cache_read_input_tokens": 5000 * hit}
        usage["cache_creation_input_tokens"] = 5000 * (not hit)
        call = {"type": "tool_use", "id": "toolu_1", "name": "submit_rules", "input": given(rules=rules)}
        return message([call], "tool_use", usage=usage)

    till = Till()
    with MessagesApi(always=caching) as api:
        assert (await run(api, till=till)).outcome == "compile"
        assert (await run(api, "buy ETH when rsi drops below 25, stop 2%", till=till)).outcome == "clarify"
    usages = [usage for _, usage, _ in till.booked]
    assert [each.cache_write for each in usages] == [5000] + [0] * (len(usages) - 1)
    assert all(each.cache_read == 5000 for each in usages[1:]) and len(usages) > 2
    assert till.booked[1][2] < till.booked[0][2]


async def test_the_tokens_of_a_day_stop_before_the_call():
    till = Till()
    till.tokens = 399_999
    with MessagesApi(calls_tool(given(rules=RULES))) as api:
        reading = await run(api, till=till)
    assert "400,000 tokens" in reading.reasons[0]
    assert api.requests == []


def test_prices_are_the_owners_and_unknown_ones_the_dearest():
    prices = prices_of("claude-x=3/15, cheap=0/0")
    known = ModelSettings(model="claude-x", prices=prices)
    assert worst_case(known, 0) == Decimal(15) * known.max_tokens / 1_000_000
    assert worst_case(ModelSettings(model="other", prices=prices), 0) == Decimal(75) * known.max_tokens / 1_000_000
    for wrong in ("claude-x", "a=1", "a=b/c", "a=-1/2"):
        with pytest.raises(PriceError):
            prices_of(wrong)


def test_the_prompt_is_under_six_thousand_tokens():
    counted = [prompt.pieces(text) for text in prompt.parts().values()]
    assert sum(counted) + prompt.pieces(str(prompt.TOOL)) < 6000


def test_the_examples_cover_outcomes_and_families_of_clauses():
    outcomes = {case["outcome"] for _, case in prompt.CASES}
    assert len(prompt.CASES) == 10
    assert outcomes == set(prompt.OUTCOMES) - {"command"}
    lines = [line for _, case in prompt.CASES for rules in case.get("rules", ()) for line in rules.splitlines()]
    opened = {line.split()[0] for line in lines} & EXAMPLES.keys()
    assert opened >= {
        "trade",
        "buy",
        "short",
        "sell",
        "cover",
        "every",
        "hold",
        "rebalance",
        "stop",
        "take",
        "trailing",
    }
    assert any(len(case.get("rules", ())) > 1 for _, case in prompt.CASES)


def test_the_whole_language_is_in_the_prompt():
    text = prompt.system()[0]["text"]
    assert all(
        form in text for form in ("grid from", "leverage 3x", "short when", "every monday", "hold 60%", "add 200")
    )
    assert "no shorts" not in text and "no leverage" not in text
