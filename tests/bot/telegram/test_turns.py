"""Nobody waits for another: a model that thinks for long holds up only what its own person said after, and no panic."""

import asyncio
import dataclasses

from bot.telegram.arrivals import Admitted
from runtime.ledger import messages
from tests.bot.english.test_loop import BLANK
from tests.bot.telegram.phone import ME, phone_at
from tests.emulators.messages_api import MessagesApi, calls_tool

FRIEND = 43
ENGLISH = "go long bitcoin hourly on a fresh 20-bar high print, stop two times the 14 ATR, put 2% of equity in"
RULES = "trade BTC/USDT on 1h\nbuy when close > highest(high, 20)[1]\nstop loss 2 * atr(14)\nsize 2% of equity\n"


def answers(phone, start):
    with phone.desk.ledger.read() as c:
        return [each.payload["html"] for person in (1, 2) for each in messages.since(c, person, 0)][start:]


async def test_a_model_that_thinks_holds_up_only_its_own_person_and_no_panic(tmp_path):
    slow = dataclasses.replace(calls_tool(BLANK | {"rules": [RULES]}), delay=4.0)
    with MessagesApi(slow) as api:
        settings = {"ANTHROPIC_API_KEY": "sk-canary-secret", "ANTHROPIC_BASE_URL": api.url}
        async with phone_at(tmp_path, admitted=Admitted(frozenset({ME, FRIEND})), **settings) as phone:
            await phone.says("hello")
            await phone.says("hello", user=FRIEND)
            for words in (RULES, "paper"):
                await phone.says(words)
            earlier = set(answers(phone, 0))
            for words, user in ((ENGLISH, ME), ("versions", ME), ("status", FRIEND), ("panic", ME)):
                phone.update(message=phone.text(words, user))
            await phone.service.take_up()
            for _ in range(20):
                await asyncio.sleep(0.05)
                await phone.service.take_up()
            meanwhile = "\n".join(each for each in answers(phone, 0) if each not in earlier)
            assert "this is what I understood" not in meanwhile
            assert "Nothing is running" in meanwhile
            assert "Everything has stopped" in meanwhile
            assert "first version" not in meanwhile
            await phone.service.handle()
            await phone.service.handle()
            after = "\n".join(each for each in answers(phone, 0) if each not in earlier)
            assert "this is what I understood" in after
            assert "first version" in after, "what its person said after it waited for it"
            await phone.service.conversation.reader.close()
