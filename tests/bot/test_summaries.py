"""Days are summed up once each: in every zone of the world, over two years, whatever is restarted when."""

import random
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.summaries import due_dates
from runtime.ledger import summaries
from runtime.ledger.ledger import open_ledger
from tests.parts import Talk, desk_at
from tests.runtime.ledger.world import build

FIRST = datetime(2025, 1, 1, 12, tzinfo=UTC)
ZONES = sorted(available_timezones())


@pytest.mark.parametrize("part", range(8))
def test_two_years_in_every_zone(part):
    for zone in ZONES[part::8]:
        chance = random.Random(zone)
        at = time(chance.randrange(24), chance.choice((0, 30)))
        place, first = ZoneInfo(zone), FIRST.astimezone(ZoneInfo(zone)).date()
        last, told, now = None, [], FIRST
        while now < FIRST + timedelta(days=730):
            # down for days now and then; the ledger's newest date is all that is remembered
            now += timedelta(hours=chance.choice((1, 5, 7, 9, 11, 30, 70)), minutes=chance.randrange(60))
            for day in due_dates(last, first, now, zone, at):
                told.append(day)
                last = day
                begun = datetime.combine(day + timedelta(days=1), time(), place)
                assert begun <= now
        assert told == [first + timedelta(days=each) for each in range(len(told))]
        assert (now.astimezone(place).date() - told[-1]).days <= 2


def test_a_date_is_claimed_once(tmp_path):
    ledger = open_ledger(f"sqlite:///{tmp_path / 'l.db'}")
    with ledger.write() as c:
        person = build(c).person
        assert summaries.last(c, person) is None
        assert summaries.claim(c, person, date(2026, 1, 3), FIRST)
        assert not summaries.claim(c, person, date(2026, 1, 3), FIRST)
        assert summaries.claim(c, person, date(2026, 1, 2), FIRST)
        assert summaries.last(c, person) == date(2026, 1, 3)
    ledger.close()


async def test_the_summary_says_what_matters(tmp_path):
    with desk_at(tmp_path) as desk:
        talk = Talk(desk)
        await talk.say("buy $200 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%", "paper")
        await talk.say("skip", "reject", "speed 1")
        talk.chat.player.tick(5.0)
        shown = await talk.say("summary")
        assert "What it waits for" in shown
        assert "not taken: you did not approve it" in shown
        assert "Each day is summed up at 07:30" in await talk.say("summary at 7:30")


async def test_the_days_add_up_to_what_it_is_worth(tmp_path):
    with desk_at(tmp_path) as desk:
        talk = Talk(desk, 200)
        await talk.say(
            "trade BTC/USDT on 1h\nbuy when rsi(14) < 45\nsell when rsi(14) > 55\nstop loss 3%\nsize 5000 USDT\nask never"
        )
        await talk.say("paper", *["skip"] * 30)
    worth = [float(each.replace(",", "")) for each in re.findall(r"^Worth ([\d,.]+),", talk.text(), re.M)]
    changes = [
        float(each.replace(",", "")) for each in re.findall(r"^Worth [\d,.]+, ([+-]?[\d,.]+) ", talk.text(), re.M)
    ]
    assert len(worth) > 8
    assert 10_000 + sum(changes) == pytest.approx(worth[-1], abs=0.011 * len(worth))
