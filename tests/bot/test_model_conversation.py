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
