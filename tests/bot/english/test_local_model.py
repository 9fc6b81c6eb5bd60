"""A real small model behind our loop, over the stock SDK: only where its file and a server are at hand.

SAYSO_LOCAL_MODEL is the file that `python -m benchmarks.local_model --fetch DIR` makes, SAYSO_LOCAL_SERVER a Python with
xllamacpp. The frozen prompt alone takes minutes to read there, so this asks with a short one; the benchmark uses ours.
"""

import os
from functools import partial
from pathlib import Path

import pytest

from benchmarks.local_model import ANSWER_TOKENS, NAME, SHA256, digest, served
from bot.english.behaviour import made_behaviour
from bot.english.budget import no_purse
from bot.english.client import AnthropicModel
from bot.english.loop import Asked, Workshop, compile_english
from bot.english.model_settings import ModelSettings
from bot.english.prompt import TOOL
from bot.english.readings import Judge
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits
from tests.bot.english.test_loop import check

FILE, SERVER = os.environ.get("SAYSO_LOCAL_MODEL", ""), os.environ.get("SAYSO_LOCAL_SERVER", "")
pytestmark = pytest.mark.skipif(
    not (FILE and SERVER and Path(FILE).exists()),
    reason="no local model: python -m benchmarks.local_model --fetch DIR, then SAYSO_LOCAL_MODEL and SAYSO_LOCAL_SERVER",
)
SHORT = [
    {
        "type": "text",
        "text": "Turn the message into rules of a small language. Outcome `compile`, `rules` with one text, all else empty.\n"
        "Message: short sol when rsi > 80, stop 5%, 15m\n"
        'Rules: "trade SOL/USDT perpetual on 15m\\nshort when rsi(14) > 80\\nstop loss 5%"',
    }
]
TEXT = "buy btc when rsi is below 25, stop 4%, on the 4h chart"


@pytest.fixture(scope="module")
def url():
    assert digest(Path(FILE)) == SHA256
    with served(Path(FILE), SERVER) as found:
        yield found


async def test_a_named_tool_is_called_with_every_field(url):
    settings = ModelSettings(api_key="local", model=NAME, base_url=url, timeout_seconds=600, max_tokens=ANSWER_TOKENS)
    model = AnthropicModel(settings)
    reply = await model.ask(SHORT, TOOL, [{"role": "user", "content": TEXT}])
    await model.close()
    assert reply.stop_reason == "tool_use" and reply.tool_input is not None
    assert set(reply.tool_input) == set(TOOL["input_schema"]["properties"])


async def test_the_loop_ends_in_rules_that_hold_or_in_a_sentence(url, monkeypatch):
    monkeypatch.setattr("bot.english.loop.system", lambda: SHORT)
    settings = ModelSettings(
        api_key="local", model=NAME, base_url=url, timeout_seconds=900, max_tokens=ANSWER_TOKENS, max_retries=0
    )
    model = AnthropicModel(settings)
    judge = Judge(partial(compile_rules, limits=Limits()), made_behaviour)
    reading = await compile_english(Asked(TEXT, None, Limits()), check, Workshop(model, settings, no_purse(), judge))
    await model.close()
    assert reading.rules is not None or reading.questions or reading.reasons
    assert reading.rules is None or check(reading.rules) == []
