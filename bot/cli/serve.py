"""`sayso bot` and `sayso run`: without a terminal to type in."""

import asyncio
import contextlib
import json
import logging
import secrets
import signal
import sys
import time
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from bot.cli.chat import market_arguments
from bot.cli.command import OK, CliCommand, CommandError, json_flag, settings_of
from bot.cli.parts import open_desk
from bot.desk import Desk
from bot.player import Player, owner
from bot.settings import Settings
from bot.telegram.pairing import Pairing
from bot.terminal.chat import CHANNEL, CHAT, USER
from bot.terminal.render import rendered
from runtime.ledger import messages, people, replays

if TYPE_CHECKING:
    from bot.telegram.arrivals import Admitted
    from bot.telegram.service import Hosted
    from bot.telegram.service import Service as TelegramService

TICK_SECONDS = 0.05


def _bot(args: Namespace) -> int:
    settings = settings_of(args)
    if settings.telegram_bot_token is None:
        raise CommandError("there is no TELEGRAM_BOT_TOKEN: get one from @BotFather and put it into .env")
    # 0.25 s to import, and only this command needs Telegram
    from bot.telegram.service import Service, TelegramFailure  # noqa: PLC0415

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger("sayso").setLevel(logging.INFO)
    with open_desk(settings) as desk:
        service = Service(
            desk,
            settings.telegram_bot_token.get_secret_value(),
            settings.telegram_api_url,
            _admitted(settings),
            _pairing(desk, settings),
            time.monotonic,
            _hosted(settings),
        )
        try:
            asyncio.run(_serve(service))
        except TelegramFailure as error:
            raise CommandError(str(error)) from None
    return OK


def _admitted(settings: Settings) -> "Admitted":
    from bot.telegram.arrivals import Admitted  # noqa: PLC0415 - a second to import

    return Admitted(
        _ids("SAYSO_TELEGRAM_USERS", settings.telegram_users),
        _ids("SAYSO_TELEGRAM_VIEWERS", settings.telegram_viewers),
        _ids("SAYSO_TELEGRAM_GROUPS", settings.telegram_groups),
    )


def _hosted(settings: Settings) -> "Hosted | None":
    from bot.telegram.service import Hosted  # noqa: PLC0415 - a second to import

    if not settings.telegram_webhook:
        return None
    host, _, port = settings.telegram_listen.rpartition(":")
    if not settings.telegram_webhook.startswith("https://") or not host or not port.isdigit():
        raise CommandError(
            "SAYSO_TELEGRAM_WEBHOOK must be an https address and SAYSO_TELEGRAM_LISTEN a host:port behind it"
        )
    return Hosted(settings.telegram_webhook, host, int(port))


def _ids(name: str, text: str) -> frozenset[int]:
    try:
        return frozenset(int(each) for each in text.split(",") if each.strip())
    except ValueError:
        raise CommandError(f"{name} must be numeric ids separated by commas") from None


def _pairing(desk: Desk, settings: Settings) -> Pairing | None:
    with desk.ledger.read() as c:
        known = people.listing(c, "telegram")
    if known or settings.telegram_users:
        return None
    code = f"{secrets.randbelow(1_000_000):06d}"
    print(f"Send this to your bot to become its owner: /start {code}", flush=True)
    return Pairing(code)


async def _serve(service: "TelegramService") -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await service.run(stop)


def _run_arguments(parser: ArgumentParser) -> None:
    market_arguments(parser)
    parser.add_argument("--seconds", type=float, help="stop after so long")
    json_flag(parser)


def _run(args: Namespace) -> int:
    with open_desk(settings_of(args)) as desk:
        person = owner(desk, CHANNEL, USER, CHAT, "you")
        player = Player(desk, person)
        started = last = time.monotonic()
        with contextlib.suppress(KeyboardInterrupt):
            while args.seconds is None or time.monotonic() - started < args.seconds:
                now = time.monotonic()
                player.tick(now - last)
                last = now
                _print_unsent(desk, as_json=args.json)
                reason = _stands_still(desk, player)
                if reason:
                    print(reason, file=sys.stderr)
                    break
                time.sleep(TICK_SECONDS)
    return OK


def _stands_still(desk: Desk, player: Player) -> str:
    with desk.ledger.write() as c:
        engine = desk.engine(c, player.person)
        if engine.waiting(c) and not desk.markets().is_live:
            return "An order waits for your answer: open `sayso chat`."
        if not engine.runs(c):
            return "Nothing is running: start a strategy in `sayso chat` first."
        ended = replays.get(c, engine.replay_id).state != "running"
    return "The market has come to its end." if ended else ""


def _print_unsent(desk: Desk, *, as_json: bool) -> None:
    with desk.ledger.read() as c:
        waiting = messages.unsent(c, CHANNEL, desk.clock(), 50)
    for each in waiting:
        text = rendered({**each.payload, "buttons": []}, 10_000, colour=False)
        print(json.dumps({"kind": each.kind, "text": text}) if as_json else text.replace("\n", " | "), flush=True)
        with desk.ledger.write() as c:
            messages.sent(c, each.id, str(each.id), desk.clock())


BOT = CliCommand("bot", "talk in Telegram", "sayso bot --candles btc-1h.parquet", market_arguments, _bot)
RUN = CliCommand("run", "run the strategies without a chat", "sayso run --seconds 60 --json", _run_arguments, _run)
