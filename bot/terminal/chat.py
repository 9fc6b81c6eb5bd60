"""The conversation in a terminal: what is typed becomes inbox rows, outbox rows are printed."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from bot.comments import Commentator
from bot.conversation import Conversation
from bot.desk import Desk
from bot.pages import page
from bot.player import Player, owner
from bot.secret_words import secret_in
from bot.terminal.render import rendered
from runtime.ledger import messages
from strategy_dsl.parser import grammar

CHANNEL, USER, CHAT = "terminal", "owner", "terminal"
TICK_SECONDS = 0.05
COMMENT_SECONDS = 2.0
Write = Callable[[str], None]


@dataclass(frozen=True)
class Screen:
    """Where text goes and how it looks."""

    write: Write
    width: int
    colour: bool


class TerminalChat:
    """One person at one terminal."""

    def __init__(self, desk: Desk, screen: Screen, monotonic: Callable[[], float]) -> None:
        self.desk = desk
        self.screen = screen
        self.monotonic = monotonic
        self.conversation = Conversation(desk)
        self.commentator = Commentator(desk, self.conversation.reader)
        self.person = owner(desk, CHANNEL, USER, CHAT, "you")
        self.player = Player(desk, self.person)

    async def run(self, lines: AsyncIterator[str]) -> None:
        """Until the lines end or the person says quit."""
        self.greet()
        # the first answer needs these; a person reads the greeting meanwhile
        warming = asyncio.create_task(asyncio.to_thread(warm))
        await self.catch_up()
        tasks = [asyncio.create_task(each) for each in (self._type(lines), self._tick(), self._comment())]
        try:
            # a market that cannot go on ends the chat, with the reason
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
        finally:
            for each in tasks:
                each.cancel()
            await warming
            await self.conversation.reader.close()
            self.screen.write("Everything is saved. Come back with the same command.\n")

    async def _type(self, lines: AsyncIterator[str]) -> None:
        async for line in lines:
            if line.strip().lower() in ("quit", "exit", "/quit", "bye"):
                return
            await self.say(line)

    def greet(self) -> None:
        """The first lines on the screen."""
        with self.desk.ledger.write() as c:
            current = self.desk.current(c, self.person)
            running = len(self.desk.engine(c, self.person).runs(c))
        label = self.desk.markets().label
        key = self.desk.settings.anthropic_api_key is not None
        self._print({"html": page("welcome", label=label, current=current, running=running, has_key=key)})

    async def catch_up(self) -> None:
        """Handles what was typed and not finished, and prints what was not shown, before a restart."""
        with self.desk.ledger.read() as c:
            waiting = messages.pending(c, CHANNEL)
        for each in waiting:
            await self.conversation.handle(each.id)
        self.show()

    async def say(self, text: str) -> None:
        """One typed line: written down first, then handled, then answered."""
        if not text.strip():
            return
        key = f"{self.person.id}-{self.desk.new_token()}"
        kind = secret_in(text)
        payload = {"text": text} if kind is None else {"text": "", "secret": kind}
        with self.desk.ledger.write() as c:
            inbox_id = messages.receive(c, CHANNEL, key, CHAT, USER, payload, self.desk.clock())
        if inbox_id is not None:
            # the market goes on while an answer is thought about; what it changes is checked again when it acts
            await self.conversation.handle(inbox_id)
        self.show()

    def show(self) -> int:
        """Prints what is in the outbox; returns how many messages."""
        with self.desk.ledger.read() as c:
            waiting = messages.unsent(c, CHANNEL, self.desk.clock(), 50)
        # a screen is as quick as it gets: things are told as they happened
        for each in sorted(waiting, key=lambda row: row.id):
            self._print(each.payload)
            with self.desk.ledger.write() as c:
                messages.sent(c, each.id, str(each.id), self.desk.clock())
        return len(waiting)

    async def _tick(self) -> None:
        last = self.monotonic()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            now = self.monotonic()
            self.player.tick(now - last)
            self.show()
            last = now

    async def _comment(self) -> None:
        while True:
            await asyncio.sleep(COMMENT_SECONDS)
            await self.commentator.comment(self.person)

    def _print(self, payload: dict[str, object]) -> None:
        self.screen.write(rendered(payload, self.screen.width, colour=self.screen.colour) + "\n\n")


def warm() -> None:
    """Builds the grammar and loads what pictures need."""
    grammar()
    import matplotlib.figure  # noqa: F401, PLC0415


async def typed_lines() -> AsyncIterator[str]:
    """Lines from a person, with history and pasted blocks kept whole; from a pipe, line by line."""
    if not sys.stdin.isatty():
        async for line in _piped():
            yield line
        return
    # 0.1 s to import, and only a real terminal needs it
    from prompt_toolkit import PromptSession  # noqa: PLC0415
    from prompt_toolkit.patch_stdout import patch_stdout  # noqa: PLC0415

    session: PromptSession[str] = PromptSession()
    with patch_stdout(raw=True):
        while True:
            try:
                yield await session.prompt_async("you> ")
            except (EOFError, KeyboardInterrupt):
                return


async def _piped() -> AsyncIterator[str]:
    """Rules that arrive as several lines are one message: from `strategy` or `trade` to an empty line."""
    block: list[str] = []
    while True:
        line = await asyncio.to_thread(sys.stdin.readline)
        begins = line.split()[:1] in (["strategy"], ["trade"]) and not block
        if (block or begins) and line.strip():
            block.append(line.rstrip("\n"))
            continue
        if block:
            yield "\n".join(block)
            block = []
        if not line:
            return
        if line.strip():
            yield line.rstrip("\n")
