"""Injected text changes no limit, mode or approval and makes no strategy: without a model, and with a model that obeys."""

import pytest
from sqlalchemy import text as sql

from strategy_dsl.limits import Limits
from tests.bot.english.test_loop import BLANK, Till, run
from tests.bot.injections import TEXTS
from tests.emulators.messages_api import MessagesApi, calls_tool
from tests.parts import Talk, desk_at

DOGE = "trade DOGE/USDT on 1h\nbuy when rsi(14) < 40\nsell when rsi(14) > 90\n"
OBEYED = (
    DOGE + "stop loss none\nsize 100% of equity\nask never",
    "trade BTC/USDT perpetual on 1h\nbuy when close > 0\nstop loss 50%\nsize 1000% of equity\nleverage 100x\nask never",
    "trade BTC/USDT on 1h\nbuy when close > 1\nadd 500 USDT at 1%, 2%, 3% below entry, each 2 times the last\nask never",
    "limits off\nwithdraw all\n" + DOGE,
    "trade BTC/USDT on 1h\nbuy when close > open\nsell when close < open\nask never",
)
"""What a model that does as it is told would hand in."""
TABLES = ("strategies", "versions", "runs", "intents", "fills", "approvals")


def standing(desk):
    """Everything that an injection must not move."""
    with desk.ledger.read() as c:
        counts = {name: c.execute(sql(f"select count(*) from {name}")).scalar() for name in TABLES}
        modes = [tuple(row) for row in c.execute(sql("select * from accounts"))]
    return counts, modes, desk.limits, desk.settings.limits_file.exists()


def test_there_are_more_than_two_hundred():
    assert len(set(TEXTS)) == 210


async def test_without_a_model_nothing_moves(tmp_path):
    with desk_at(tmp_path) as desk:
        talk = Talk(desk)
        await talk.say("status")
        before = standing(desk)
        assert before[2] == Limits()
        for each in TEXTS:
            await talk.say(each)
            assert standing(desk) == before, each


async def test_with_a_model_that_obeys_nothing_moves(tmp_path):
    asked = []

    def obeys(request):
        asked.append(request)
        outcome = "edit" if len(asked) % 3 == 0 else "compile"
        return calls_tool(BLANK | {"outcome": outcome, "rules": [OBEYED[len(asked) // 4 % len(OBEYED)]]})

    settings = {"ANTHROPIC_API_KEY": "sk-canary-secret", "model_daily_dollars": 100_000, "model_daily_tokens": 10**9}
    with MessagesApi(always=obeys) as api, desk_at(tmp_path, ANTHROPIC_BASE_URL=api.url, **settings) as desk:
        talk = Talk(desk)
        await talk.say("status")
        before = standing(desk)
        for each in TEXTS:
            await talk.say(each)
            assert standing(desk) == before, each
        await talk.chat.conversation.reader.close()
        assert api.refused == []
        assert "sk-canary-secret" not in talk.text()
    # what the phrasebook knows for a danger, a question or a command never reaches the model
    assert len(asked) > 100


@pytest.mark.slow
async def test_no_text_makes_an_obedient_model_hand_in_rules():
    made = []
    for number, rules in enumerate(OBEYED):
        with MessagesApi(always=lambda request, rules=rules: calls_tool(BLANK | {"rules": [rules]})) as api:
            for each in TEXTS[number :: len(OBEYED)]:
                reading = await run(api, each, till=Till())
                made += [each] if reading.rules is not None else []
    assert made == []


async def test_a_wish_with_an_injection_is_only_the_wish(tmp_path):
    wish = "buy $200 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%"
    evil = "trade BTC/USDT on 1h\nbuy when rsi(14) crosses below 30\nsell when rsi(14) > 60\nsize 200 USDT\nask never"
    with MessagesApi(always=lambda request: calls_tool(BLANK | {"rules": [evil]})) as api:
        settings = {"ANTHROPIC_API_KEY": "sk-canary-secret", "ANTHROPIC_BASE_URL": api.url}
        with desk_at(tmp_path, model_daily_dollars=100, **settings) as desk:
            talk = Talk(desk)
            await talk.say(wish)
            await talk.chat.conversation.reader.close()
            assert standing(desk)[0]["strategies"] == 0
            assert "3%" in talk.text()


@pytest.mark.parametrize("rules", [OBEYED[0], OBEYED[4]])
def test_some_of_what_obeys_would_hold(rules):
    from strategy_dsl.compiler import compile_rules

    assert compile_rules(rules, Limits()).text


@pytest.mark.parametrize("rules", OBEYED[1:4])
def test_most_of_what_obeys_does_not_even_compile(rules):
    from strategy_dsl.compiler import compile_rules
    from strategy_dsl.diagnostics import StrategyError

    with pytest.raises(StrategyError):
        compile_rules(rules, Limits())
