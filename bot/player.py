"""Plays running markets: a replay at its speed, halting while a question is open; the present as it comes."""

import logging

from sqlalchemy import Connection

from bot.desk import Desk
from bot.notices import queue
from bot.pages import page
from bot.present import Present
from bot.replies import Reply
from runtime.ledger import people, replays
from runtime.ledger.errors import LedgerError
from runtime.ledger.people import Person
from runtime.live_markets import LiveMarkets

log = logging.getLogger("sayso.player")
MOST_AT_ONCE = 400
"""Candles in one transaction; answers wait at most this long."""


class Player:
    """Advances one person's market; `tick` is called often, with the seconds since the last call."""

    def __init__(self, desk: Desk, person: Person) -> None:
        self.desk = desk
        self.person = person
        self.present = Present(desk, person)
        self._owed = 0.0

    def tick(self, seconds: float) -> int:
        """Plays what is due; returns the candles played."""
        try:
            markets = self.desk.markets()
            if isinstance(markets, LiveMarkets):
                if not self.present.due(markets, seconds):
                    return 0
                with self.desk.ledger.write() as c:
                    return self.present.play(c, markets, MOST_AT_ONCE)
            with self.desk.ledger.write() as c:
                return self._play(c, seconds)
        except LedgerError:
            self.desk.forget()
            raise
        except Exception as error:
            # broad on purpose: a market that fails must stop and say so, not stand still in silence
            self.desk.forget()
            log.exception("the market could not go on")
            self._stop(type(error).__name__)
            return 0

    def _stop(self, name: str) -> None:
        with self.desk.ledger.write() as c:
            replay_id = self.desk.engine(c, self.person).replay_id
            replays.set_state(c, replay_id, "paused")
            reply = Reply(page("market_failed", name=name), kind="critical")
            at = self.desk.clock()
            queue(c, self.desk, self.person.id, people.addresses(c, self.person.id), reply, f"failed-{at.isoformat()}")

    def _play(self, c: Connection, seconds: float) -> int:
        engine = self.desk.engine(c, self.person)
        replay = replays.get(c, engine.replay_id)
        if replay.state != "running" or not engine.runs(c) or engine.waiting(c):
            self._owed = 0.0
            return 0
        self._owed = min(self._owed + seconds * replay.speed, float(MOST_AT_ONCE))
        wanted = int(self._owed)
        if not wanted:
            return 0
        played = engine.advance(c, wanted)
        self._owed = 0.0 if played < wanted else self._owed - wanted
        return played


def owner(desk: Desk, channel: str, user_id: str, chat_id: str, name: str) -> Person:
    """The person behind an address, made at the first meeting."""
    with desk.ledger.write() as c:
        is_new = people.find_person(c, channel, user_id) is None
        person = people.ensure_person(c, channel, user_id, chat_id, name, "owner", desk.clock())
        if is_new:
            people.set_zone(c, person.id, desk.settings.zone)
        found = people.find_person(c, channel, user_id)
    assert found is not None
    return found
