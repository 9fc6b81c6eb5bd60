"""Updates that Telegram brings, for those who host behind TLS: each is a row before Telegram hears that it came."""

import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from telegram import Bot, Update

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
MOST_BYTES = 1_000_000
log = logging.getLogger("sayso.telegram")


@dataclass
class Webhook:
    """A small HTTP server on `host`:`port` behind a proxy that speaks TLS at `url`.

    Only requests with the secret are read; every other gets 404, as if nothing were here.
    """

    url: str
    host: str
    port: int
    secret: str = field(repr=False)
    bot: Bot
    write: Callable[[tuple[Update, ...]], None]
    answer_taps: Callable[[tuple[Update, ...]], Any]

    async def start(self) -> None:
        """Listens; raises OSError where the port is taken."""
        application = web.Application(client_max_size=MOST_BYTES)
        application.router.add_post("/{path:.*}", self._take)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def announce(self, allowed: tuple[str, ...]) -> None:
        """Tells Telegram where updates go, and the secret that must come with them."""
        await self.bot.set_webhook(self.url, secret_token=self.secret, allowed_updates=allowed)

    async def stop(self) -> None:
        """Stops listening; Telegram keeps what comes until the bot is back."""
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            return web.Response(status=404)
        try:
            update = Update.de_json(json.loads(await request.read()), self.bot)
        except (ValueError, KeyError, TypeError):
            log.warning("an update could not be read; it was left out")
            return web.Response()
        if update is not None:
            # an exception here is a 500, and Telegram brings the update again
            self.write((update,))
            await self.answer_taps((update,))
        return web.Response()
