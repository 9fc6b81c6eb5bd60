"""A desk for tests: a real ledger, a clock that stands still until moved, tokens that count."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.desk import Desk
from bot.notices import Notices
from bot.settings import Settings
from bot.terminal.chat import Screen, TerminalChat
from runtime.ledger.ledger import open_ledger
from runtime.markets import Feed, file_feed
from strategy_dsl.limits import Limits

START = datetime(2026, 1, 1, tzinfo=UTC)


class TestClock:
    """Moves one second at each look, so that rows have an order."""

    __test__ = False

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@contextmanager
def desk_at(
    folder: Path, url: str = "", *, candles: list[str] | None = None, limits: Limits | None = None, **overrides: object
) -> Iterator[Desk]:
    """A desk on a fresh or existing database in `folder`."""
    settings = Settings(data_dir=folder, database_url=url, _env_file=None, **overrides)  # type: ignore[arg-type]
    ledger = open_ledger(settings.url)
    try:
        feed = file_feed(candles, 7) if candles else Feed(7, {})
        desk = Desk(ledger, limits or Limits(), settings, feed, TestClock(), lambda: secrets.token_urlsafe(16))
        notices = Notices(desk)
        desk.tell, desk.forgotten = notices.tell, notices.forget
        yield desk
    finally:
        ledger.close()


class Talk:
    """A terminal conversation that keeps what was shown."""

    def __init__(self, desk: Desk, width: int = 78) -> None:
        self.shown: list[str] = []
        self.chat = TerminalChat(desk, Screen(self.shown.append, width, False), lambda: 0.0)

    async def say(self, *lines: str) -> str:
        """Says lines one after the other; gives what was shown for the last one."""
        for line in lines:
            self.shown.append(f"you> {line}\n\n")
            start = len(self.shown)
            await self.chat.say(line)
        return "".join(self.shown[start:])

    def text(self) -> str:
        """Everything shown so far."""
        return "".join(self.shown)
