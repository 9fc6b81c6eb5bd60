"""`sayso demo`: the whole main job by itself, checked against the ledger at the end."""

import asyncio
import shutil
import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from sqlalchemy import Connection

from bot.cli.command import FAILED, OK, CliCommand, CommandError, settings_of
from bot.cli.parts import open_desk
from bot.terminal.chat import Screen, TerminalChat
from bot.trades import trades_of
from runtime.ledger import approvals, messages, runs, strategies

ALERT = "alert me when the BTC RSI crosses above 70 on the hourly chart"
STRATEGY = "buy $200 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%"
MOST_SKIPS = 80
TRANSCRIPT = "transcript.txt"
MADE = (TRANSCRIPT, "sayso.db", "pictures")
PAUSE_SECONDS = 0.4


class Demo:
    """Plays the part of a person: types lines, answers questions, looks at what came of it."""

    def __init__(self, chat: TerminalChat, folder: Path, pause: float) -> None:
        self.chat = chat
        self.folder = folder
        self.pause = pause

    async def type(self, line: str) -> None:
        """One typed line, visible, with its answer."""
        self.chat.screen.write(f"you> {line}\n\n")
        time.sleep(self.pause)
        await self.chat.say(line)

    async def play(self) -> None:
        """The script; what the market does in between is the market's."""
        for line in (ALERT, "paper", STRATEGY, "rules", "limits", "paper", "why not"):
            await self.type(line)
        answers = ["approve", "reject"]
        for _ in range(MOST_SKIPS):
            if self._waiting():
                await self.type(answers.pop(0) if answers else "approve")
            elif not answers and not self.missing():
                break
            else:
                await self.type("skip")
        lines = ("why", "why not", "make the stop 2%", "undo", "status", "trades", "summary", "panic", "status")
        for line in lines:
            await self.type(line)

    def _waiting(self) -> bool:
        with self.chat.desk.ledger.read() as c:
            return bool(approvals.open_ones(c, self.chat.person.id))

    def missing(self) -> list[str]:
        """What has not happened on the market yet, by the ledger."""
        with self.chat.desk.ledger.write() as c:
            return [name for name, happened in self._market(c).items() if not happened]

    def _market(self, c: Connection) -> dict[str, bool]:
        person = self.chat.person
        sent = {each.kind for each in messages.since(c, person.id, 0)}
        replay = self.chat.desk.engine(c, person).replay_id
        sales = [sale.kind for run in runs.active(c, replay) for trade in trades_of(c, run.id) for sale in trade.sales]
        return {
            "a stop was hit": "stop" in sales,
            "the sell rule sold": "signal" in sales,
            "an alert came": "alert" in sent,
            "a daily summary came": "summary" in sent,
        }

    def checked(self) -> dict[str, bool]:
        """Everything that the demo promises, by the ledger and the folder."""
        with self.chat.desk.ledger.write() as c:
            person = self.chat.person
            states = {each.state for each in _asked(c, person.id)}
            made = [strategies.versions(c, each.id) for each in strategies.listing(c, person.id)]
            texts = "\n".join(str(each.payload["html"]) for each in messages.since(c, person.id, 0))
            return {
                "the strategy was read back": "this is what I understood" in texts and "you said 30" in texts,
                "the worst case was said": "Worst case" in texts,
                "the limits were shown": "Hard limits" in texts,
                "a backtest was drawn": any(self.folder.rglob("backtest-*.png")),
                "a trade was approved": "approved" in states,
                "a trade was rejected": "rejected" in states,
                **self._market(c),
                "an edit changed the stop and undo restored it": "stop loss 3% → stop loss 2%" in texts
                and "stop loss 2% → stop loss 3%" in texts
                and any(len(each) > 1 and each[0].is_current for each in made),
                "why was answered": "because" in texts and "Bought" in texts,
                "why not was answered": "No buy, because" in texts or "The rule was true" in texts,
                "panic stopped everything": self.chat.desk.account(c, person).state == "HALTED",
            }


def _asked(c: Connection, person_id: int) -> list[approvals.Approval]:
    tokens = {
        button["data"].partition(":")[2]
        for each in messages.since(c, person_id, 0)
        if each.kind == "ask"
        for row in each.payload["buttons"]
        for button in row
    }
    found = [approvals.by_token(c, token) for token in tokens]
    return [each for each in found if each is not None]


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--folder", type=Path, default=Path("sayso-demo"), help="where transcript and pictures go")
    parser.add_argument("--fast", action="store_true", help="do not pause between the lines")


def _run(args: Namespace) -> int:
    started = time.monotonic()
    folder: Path = args.folder
    _cleared(folder)
    args.data_dir, args.candles, args.seed = folder, "", 7
    transcript: list[str] = []

    def write(text: str) -> None:
        transcript.append(text)
        sys.stdout.write(text)
        sys.stdout.flush()

    settings = settings_of(args).model_copy(
        update={"database_url": "", "anthropic_api_key": None, "candles": "", "simulated": True}
    )
    with open_desk(settings) as desk:
        chat = TerminalChat(desk, Screen(write, 78, False), time.monotonic)
        demo = Demo(chat, folder, 0.0 if args.fast else PAUSE_SECONDS)
        chat.greet()
        asyncio.run(demo.play())
        found = demo.checked()
    (folder / TRANSCRIPT).write_text("".join(transcript), "utf-8")
    for what, happened in found.items():
        print(f"{'✓' if happened else '✗'} {what}")
    pictures = ", ".join(sorted(each.name for each in folder.rglob("*.png")))
    print(f"\n{folder}/{TRANSCRIPT} and {pictures}, in {time.monotonic() - started:.0f} seconds")
    return OK if all(found.values()) else FAILED


def _cleared(folder: Path) -> None:
    """Makes the folder anew; one that holds anything but an earlier demo is left alone."""
    try:
        names = {each.name for each in folder.iterdir()} if folder.exists() else set()
        if names and (TRANSCRIPT not in names or any(not name.startswith(MADE) for name in names)):
            raise CommandError(f"{folder} holds other files, which a demo would delete: name another with --folder")
        if names:
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / TRANSCRIPT).touch()
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise CommandError(f"{folder} cannot be used ({reason}): name another with --folder") from None


DEMO = CliCommand("demo", "play the whole conversation by itself", "sayso demo", _arguments, _run)
