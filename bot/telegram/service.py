"""Polls, handles, plays and sends, each on its own, so that no part waits for Telegram."""

import asyncio
import logging
import secrets
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from telegram import Bot, BotCommand, Update
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from bot.commands import COMMANDS
from bot.comments import Commentator
from bot.conversation import Conversation
from bot.desk import Desk
from bot.player import Player
from bot.telegram.arrivals import CHANNEL, Admitted, Arrivals
from bot.telegram.lanes import Lanes
from bot.telegram.pairing import Pairing
from bot.telegram.sending import Sender
from bot.transcriber import FAILED, NotHeard, transcriber_of
from bot.voice import Ear
from runtime.ledger import heartbeats, people
from runtime.schedule import Job, Schedule

if TYPE_CHECKING:
    from bot.telegram.webhook import Webhook

POLL_SECONDS = 20
DEAF_SECONDS = 60.0
ALLOWED_UPDATES = ("message", "callback_query")
log = logging.getLogger("sayso.telegram")


@dataclass(frozen=True)
class Hosted:
    """Where updates are brought to: the public address, and the host and port behind it."""

    url: str
    host: str
    port: int


class TelegramFailure(Exception):
    """Why the bot cannot serve, in one sentence with the next step."""


@dataclass
class Service:
    """One bot on one ledger."""

    desk: Desk
    token: str = field(repr=False)
    api_url: str
    admitted: Admitted
    pairing: Pairing | None
    monotonic: Callable[[], float]
    hosted: Hosted | None = None

    def __post_init__(self) -> None:
        """Builds the parts; nothing is asked of Telegram yet."""
        quiet_libraries()
        self.bot = self._new_bot()
        self.conversation = Conversation(self.desk)
        if (transcriber := transcriber_of(self.desk.settings.transcriber)) is not None:
            self.conversation.ear = Ear(self._fetched, transcriber)
        self.arrivals = Arrivals(self.desk, self.admitted, self.pairing)
        self.sender = Sender(self.desk, self.bot, self.monotonic)
        self.players: dict[int, Player] = {}
        self.commentator = Commentator(self.desk, self.conversation.reader)
        self.lanes = Lanes(self.desk, self.conversation)
        self._heard = self.monotonic()
        self._ticked = self.monotonic()

    def _new_bot(self) -> Bot:
        server = self.api_url or "https://api.telegram.org"
        requests = [HTTPXRequest(connect_timeout=5.0, read_timeout=POLL_SECONDS + 10.0) for _ in range(2)]
        return Bot(
            self.token,
            base_url=f"{server}/bot",
            base_file_url=f"{server}/file/bot",
            request=requests[0],
            get_updates_request=requests[1],
        )

    async def _fetched(self, reference: str, target: Path) -> None:
        """A voice note into a file; raises NotHeard."""
        try:
            await (await self.bot.get_file(reference)).download_to_drive(target)
        except TelegramError as error:
            raise NotHeard(FAILED.format(why=type(error).__name__)) from error

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; Telegram being down delays messages and nothing else."""
        schedule = Schedule(
            (
                Job("player", 0.1, self.play),
                Job("outbox", 0.2, self.send),
                Job("inbox", 0.1, self.take_up),
                Job("heartbeat", 15.0, self.beat),
                *((Job("comments", 5.0, self.comment),) if self.desk.settings.model_comments else ()),
            )
        )
        poller = asyncio.create_task(self.poll() if self.hosted is None else self.listen(self.hosted))
        schedule.start()
        try:
            waiting = asyncio.create_task(stop.wait())
            done, _ = await asyncio.wait({poller, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if poller in done:
                poller.result()
        finally:
            poller.cancel()
            schedule.stop()
            await asyncio.gather(poller, return_exceptions=True)
            await self.handle()
            await self.conversation.reader.close()
            await asyncio.gather(self.bot.shutdown(), return_exceptions=True)

    # the jobs

    async def poll(self) -> None:
        """Rows first, then the offset: what was written is what Telegram may forget."""
        offset, wait = None, 1.0
        await self._connected()
        await self._no_webhook()
        while True:
            try:
                updates = await self.bot.get_updates(offset, timeout=POLL_SECONDS, allowed_updates=ALLOWED_UPDATES)
            except InvalidToken:
                raise TelegramFailure("Telegram does not know this token: check TELEGRAM_BOT_TOKEN") from None
            except Conflict:
                log.error("another program polls with the same token; stop it")
                wait = 30.0
            except TelegramError as error:
                log.warning("polling failed (%s); trying again", type(error).__name__)
                wait = min(30.0, wait * 2)
            else:
                self._heard, wait = self.monotonic(), 1.0
                if updates:
                    self._write(updates)
                    offset = updates[-1].update_id + 1
                    await self._answer_taps(updates)
                continue
            await asyncio.sleep(wait)

    async def listen(self, hosted: Hosted) -> None:
        """Takes updates that Telegram brings, until cancelled."""
        # a server, which polling does without
        from bot.telegram.webhook import Webhook  # noqa: PLC0415

        secret = secrets.token_urlsafe(32)
        webhook = Webhook(hosted.url, hosted.host, hosted.port, secret, self.bot, self._brought, self._answer_taps)
        try:
            await webhook.start()
        except OSError as error:
            raise TelegramFailure(f"{hosted.host}:{hosted.port} cannot be listened on ({error.strerror})") from None
        try:
            await self._connected()
            await self._announced(webhook)
            while True:
                # Telegram brings nothing while nothing happens: silence is no fault here
                self._heard = self.monotonic()
                await asyncio.sleep(DEAF_SECONDS / 4)
        finally:
            await webhook.stop()

    async def _announced(self, webhook: "Webhook") -> None:
        wait = 1.0
        while True:
            try:
                await webhook.announce(ALLOWED_UPDATES)
                return
            except BadRequest as error:
                raise TelegramFailure(f"Telegram refuses the webhook: {error.message}") from None
            except TelegramError as error:
                log.warning("the webhook could not be announced (%s); trying again", type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(30.0, wait * 2)

    def _brought(self, updates: tuple[Update, ...]) -> None:
        self._heard = self.monotonic()
        self._write(updates)

    async def _no_webhook(self) -> None:
        """An earlier run may have asked for updates to be brought; then polling would hear nothing."""
        try:
            await self.bot.delete_webhook()
        except TelegramError as error:
            log.warning("an old webhook could not be taken away (%s)", type(error).__name__)

    async def _connected(self) -> None:
        wait = 1.0
        while True:
            try:
                await self.bot.initialize()
                # the menu that Telegram shows beside the message field
                await self.bot.set_my_commands([BotCommand(each.name, each.help[:256]) for each in COMMANDS.values()])
                return
            except InvalidToken:
                raise TelegramFailure("Telegram does not know this token: check TELEGRAM_BOT_TOKEN") from None
            except TelegramError as error:
                log.warning("Telegram cannot be reached (%s); trying again", type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(30.0, wait * 2)

    def _write(self, updates: tuple[Update, ...]) -> None:
        with self.desk.ledger.write() as c:
            for update in updates:
                self.arrivals.receive(c, update)

    async def _answer_taps(self, updates: tuple[Update, ...]) -> None:
        """Telegram shows a tap as waiting until it is answered; what it does is done apart."""
        for update in updates:
            if update.callback_query is not None:
                try:
                    await update.callback_query.answer()
                except TelegramError as error:
                    log.info("a tap could not be answered (%s)", type(error).__name__)

    async def take_up(self) -> None:
        """Begins what has arrived; a message that fails is told and does not block the next."""
        self.lanes.take_up()

    async def handle(self) -> None:
        """Everything that has arrived, to its end."""
        await self.lanes.finish()

    async def play(self) -> None:
        """Every person's market, at its speed."""
        now = self.monotonic()
        seconds, self._ticked = now - self._ticked, now
        for player in self._players():
            player.tick(seconds)

    def _players(self) -> list[Player]:
        with self.desk.ledger.read() as c:
            known = people.listing(c, CHANNEL)
        for person in known:
            self.players.setdefault(person.id, Player(self.desk, person))
        return list(self.players.values())

    async def send(self) -> None:
        """The outbox."""
        await self.sender.deliver()

    async def comment(self) -> None:
        """What the model says of the newest summaries."""
        for player in self._players():
            await self.commentator.comment(player.person)

    async def beat(self) -> None:
        """Proof that each part moves."""
        with self.desk.ledger.write() as c:
            at = self.desk.clock()
            heartbeats.beat(c, "runtime", at)
            silent = self.monotonic() - self._heard
            if silent < DEAF_SECONDS:
                heartbeats.beat(c, "poller", at)
        if silent >= DEAF_SECONDS:
            log.error("no word from Telegram for %d seconds", int(silent))


def quiet_libraries() -> None:
    """Keeps the token out of logs: the HTTP libraries write whole addresses at INFO."""
    for name in ("httpx", "httpcore", "telegram", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # the library announces that `retry_after` and `duration` will become timedeltas; both are understood here
    warnings.filterwarnings("ignore", ".*(retry_after|duration).*", PTBDeprecationWarning)
