"""The conversation with a model behind it, over real HTTP: the stock SDK here, our strict fake there."""

from tests.bot.english.test_loop import BLANK
from tests.emulators.messages_api import MessagesApi, calls_tool, error
from tests.parts import Talk, desk_at

RULES = "trade BTC/USDT on 1h\nbuy when close > highest(high, 20)[1]\nstop loss 2 * atr(14)\nsize 2% of equity\n"
ENGLISH = "go long bitcoin hourly on a fresh 20-bar high print, stop two times the 14 ATR, put 2% of equity in"


def given(rules):
    return calls_tool(BLANK | {"rules": [rules]})


async def test_the_model_compiles_and_the_readback_is_ours(tmp_path):
    with (
        MessagesApi(given(RULES)) as api,
        desk_at(tmp_path, ANTHROPIC_API_KEY="sk-canary-secret", ANTHROPIC_BASE_URL=api.url) as found,
    ):
        talk = Talk(found)
        shown = await talk.say(ENGLISH)
        await talk.chat.conversation.reader.close()
        assert "the highest high of the last 20 bars 1 bar earlier" in " ".join(shown.split())
        assert "2 times the 14-bar average true range" in shown
        assert "sk-canary-secret" not in talk.text()


async def test_without_the_model_the_phrasebook_reads_and_says_so(tmp_path):
    with (
        MessagesApi(*(error(500, "api_error") for _ in range(6))) as api,
        desk_at(tmp_path, ANTHROPIC_API_KEY="sk-canary-secret", ANTHROPIC_BASE_URL=api.url) as found,
    ):
        talk = Talk(found)
        shown = await talk.say("buy BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%")
        await talk.chat.conversation.reader.close()
        assert "this is what I understood" in shown


async def test_commands_never_reach_the_model(tmp_path):
    with (
        MessagesApi() as api,
        desk_at(tmp_path, ANTHROPIC_API_KEY="sk-canary-secret", ANTHROPIC_BASE_URL=api.url) as found,
    ):
        talk = Talk(found)
        await talk.say("panic", "status", "stop", "what is RSI?", "yes")
        assert api.requests == []


GROUPED = "buy btc when rsi < 30 or close under the lower band and volume is above average, stop 4%"
HEAD = "trade BTC/USDT on 1h\nbuy when "
BAND, LOUD = "close < bollinger(20, 2).lower", "volume > mean(volume, 20)"
READINGS = [
    f"{HEAD}rsi(14) < 30 or ({BAND} and {LOUD})\nstop loss 4%",
    f"{HEAD}(rsi(14) < 30 or {BAND}) and {LOUD}\nstop loss 4%",
]


async def test_two_readings_become_a_question_and_a_tap_makes_the_strategy(tmp_path):
    asked = calls_tool(BLANK | {"rules": READINGS, "differences": ["for the band only", "for both"]})
    with (
        MessagesApi(asked) as api,
        desk_at(tmp_path, ANTHROPIC_API_KEY="sk-canary-secret", ANTHROPIC_BASE_URL=api.url) as found,
    ):
        talk = Talk(found)
        question = " ".join((await talk.say(GROUPED)).split())
        assert "A: for the band only. In the last 90 days it would have bought" in question
        assert "this is what I understood" not in question
        shown = " ".join((await talk.say("B: for both")).split())
        await talk.chat.conversation.reader.close()
        assert "this is what I understood" in shown
        assert "Stop loss: sell everything 4% below the entry price" in shown
        assert "(the 14-bar RSI is below 30 or the close is below" in shown


async def test_what_a_model_costs_is_told(tmp_path):
    with (
        MessagesApi(given(RULES)) as api,
        desk_at(tmp_path, ANTHROPIC_API_KEY="sk-canary-secret", ANTHROPIC_BASE_URL=api.url) as found,
    ):
        talk = Talk(found)
        before = await talk.say("/cost")
        await talk.say(ENGLISH)
        after = await talk.say("cost")
        await talk.chat.conversation.reader.close()
    assert "$0.0000 of $1.00" in before
    assert "compile by claude-opus-5-5: 1 call, 3,160 tokens" in after
    assert "0 of 400,000 tokens" in before and "3,160 of 400,000 tokens" in after


async def test_without_a_model_nothing_is_spent(tmp_path):
    with desk_at(tmp_path) as found:
        assert "nothing is spent" in await Talk(found).say("/cost")


async def test_another_model_reads_changes(tmp_path):
    asked = []

    def answers(request):
        asked.append(request["model"])
        edit = BLANK | {"outcome": "edit", "rules": [RULES.replace("2% of", "3% of")]}
        return given(RULES) if len(asked) == 1 else calls_tool(edit)

    settings = {"ANTHROPIC_API_KEY": "sk-canary-secret", "model_edits": "claude-haiku-4-5"}
    with MessagesApi(always=answers) as api, desk_at(tmp_path, ANTHROPIC_BASE_URL=api.url, **settings) as found:
        talk = Talk(found)
        await talk.say(ENGLISH, "please put 3% of equity in instead")
        await talk.chat.conversation.reader.close()
    assert asked[:2] == ["claude-opus-5-5", "claude-haiku-4-5"]


async def test_an_answer_of_the_model_is_shown_and_makes_nothing(tmp_path):
    told = calls_tool(BLANK | {"outcome": "answer", "notes": ["A wider stop is hit less often."]})
    with (
        MessagesApi(told) as api,
        desk_at(tmp_path, ANTHROPIC_API_KEY="sk-canary-secret", ANTHROPIC_BASE_URL=api.url) as found,
    ):
        talk = Talk(found)
        shown = await talk.say("buy bitcoin when the wider stop thing happens")
        await talk.chat.conversation.reader.close()
    assert "A wider stop is hit less often." in shown
