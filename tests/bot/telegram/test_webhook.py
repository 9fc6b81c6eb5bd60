"""Updates that are brought: only with the secret, written before they are acknowledged, each once."""

import asyncio
import json

import aiohttp
import pytest

from bot.telegram.service import Hosted, TelegramFailure
from bot.telegram.webhook import SECRET_HEADER, Webhook
from tests.bot.telegram.phone import phone_at


async def post(port, body, secret):
    headers = {SECRET_HEADER: secret} if secret else {}
    address = f"http://127.0.0.1:{port}/hook"
    async with aiohttp.ClientSession() as session, session.post(address, data=body, headers=headers) as reply:
        return reply.status


async def test_only_what_carries_the_secret_is_read(tmp_path):
    async with phone_at(tmp_path) as phone:
        service = phone.service
        await service.bot.initialize()
        hook = Webhook("https://a/h", "127.0.0.1", 0, "s3cret", service.bot, service._brought, service._answer_taps)
        await hook.start()
        try:
            body = json.dumps({"update_id": 1, "message": phone.text("hello")})
            assert await post(hook.port, body, "") == 404
            assert await post(hook.port, body, "s3cre") == 404
            assert await post(hook.port, b"not json", "s3cret") == 200
            assert await post(hook.port, json.dumps({"update_id": "x"}), "s3cret") == 200
            assert await post(hook.port, body, "s3cret") == 200
            assert await post(hook.port, body, "s3cret") == 200
            await phone.settle()
            assert len(phone.api.taken) == 1
            assert "Sayso" in phone.screen()
        finally:
            await hook.stop()


async def test_the_service_tells_telegram_where_it_listens(tmp_path):
    async with phone_at(tmp_path) as phone:
        phone.service.hosted = Hosted("https://bot.example/hook", "127.0.0.1", 0)
        stop = asyncio.Event()
        running = asyncio.create_task(phone.service.run(stop))
        for _ in range(100):
            await asyncio.sleep(0.05)
            if phone.api.webhook:
                break
        stop.set()
        await running
        assert phone.api.webhook["url"] == "https://bot.example/hook"
        assert len(phone.api.webhook["secret_token"]) >= 32


async def test_a_taken_port_is_told_in_a_sentence(tmp_path):
    async with phone_at(tmp_path) as phone:
        server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(TelegramFailure, match="cannot be listened on"):
            await phone.service.listen(Hosted("https://a/h", "127.0.0.1", port))
        server.close()
