"""Alerts about the account: said in English, told once for each position, day or silence, over restarts too."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.equity import equity_of_all
from bot.watch_wishes import sentence, watch_wish
from runtime.watches import Watch
from tests.parts import Talk, desk_at

BUY = "buy $500 of BTC when RSI drops below 40 on the hourly chart, sell above 60, stop 3%, without asking"
ASKED = {
    "alert me when my BTC position is up 5%": "the BTC position is up 5%",
    "tell me when the position is up 5%": "any position is up 5%",
    "tell me if any position is down 3%": "any position is down 3%",
    "notify me when i'm up 10% on bitcoin": "the BTC position is up 10%",
    "let me know if my eth trade loses $50": "the ETH position loses 50 USDT",
    "tell me when im down 3%": "everything together is 3% below its highest worth",
    "alert me if I lose $1,250.50 today": "the day (from 00:00 UTC) loses 1,250.50 USDT",
    "warn me when the day loses 2%": "the day (from 00:00 UTC) is down 2%",
    "alert me when I make $100 today": "the day (from 00:00 UTC) makes 100 USDT",
    "alert me when my drawdown passes 5%": "everything together is 5% below its highest worth",
    "tell me when my account falls 5% from its high": "everything together is 5% below its highest worth",
    "ping me once my account drops $200": "everything together is 200 USDT below its highest worth",
    "alert me if nothing trades for 3 days": "nothing is bought or sold for 3 days",
    "please tell me when there is no trade in 36h": "nothing is bought or sold for 1 day 12 hours",
}
OTHERS = [
    "alert me when BTC drops 5%",
    "alert me when BTC rises above 60000",
    "alert me when rsi of ETH is below 30",
    "alert me when volume drops 50%",
    "tell me when my BTC position is up 5",
    "tell me when my account is below $9,000",
    "tell me when my BTC position is above $6000",
    "tell me when any position is down 150%",
    "alert me if nothing trades for 0.4 hours",
    "tell me if I lose $0.001 today",
    "tell me when my xyzzy position is up 5%",
    "sell when my BTC position is up 5%",
    "alert me if nothing trades for 0 days",
    "tell me when my BTC position is up 5% and sell it",
]


@pytest.mark.parametrize("text", ASKED)
def test_what_is_asked(text: str) -> None:
    fields = watch_wish(text)
    assert fields is not None
    assert sentence(Watch(number=1, **fields)) == ASKED[text]


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_something_else(text: str) -> None:
    assert watch_wish(text) is None


async def test_each_is_told_once_and_a_forgotten_one_never(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        talk = Talk(desk, 200)
        told = await talk.say("tell me when any position is up 0.1%", "tell me when any position is down 0.1%")
        assert "I will tell you when any position is down 0.1%" in told and "it counts from the moment" in told
        await talk.say("tell me when any position is down 0.1%")
        await talk.say("alert me if nothing trades for 20 hours", "forget alert 1")
        assert "2. any position is down 0.1%\n3. nothing is bought" in await talk.say("alerts")
        await talk.say(BUY, "paper", *["skip"] * 4)
    with desk_at(tmp_path) as desk:
        again = Talk(desk, 200)
        await again.say(*["skip"] * 8)
    shown = talk.text() + again.text()
    assert "🔔 Any position is up" not in shown
    down = [line for line in shown.splitlines() if "from its entry, fees not counted." in line]
    bought = shown.count("Bought ")
    assert 2 <= len(down) <= bought
    assert "🔔 Nothing is bought or sold for 20 hours\nThe last fill was 20 hours ago." in shown
    assert "No longer watched: any position is up 0.1%." in shown


def moments(text: str, headline: str) -> list[str]:
    """When something was told."""
    lines = text.splitlines()
    return [lines[at + 2] for at, line in enumerate(lines) if line == f"🔔 {headline}"]


async def test_a_fall_is_told_once_until_there_is_a_new_high(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        talk = Talk(desk, 200)
        await talk.say("tell me when my drawdown passes 0.05%", BUY, "paper", *["skip"] * 8)
    # new highs in between: on the first day before noon, and on 9 January
    assert moments(talk.text(), "Everything together is 0.05% below its highest worth") == [
        "Tue 31 Dec 2024 09:00 UTC", "Tue 31 Dec 2024 16:00 UTC", "Fri 10 Jan 2025 03:00 UTC",
    ]  # fmt: skip


async def test_a_day_is_told_once(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        talk = Talk(desk, 200)
        await talk.say("tell me if I lose $5 today", BUY, "paper", *["skip"] * 12)
    told = moments(talk.text(), "The day (from 00:00 UTC) loses 5 USDT")
    # a candle that closes at midnight belongs to the day that ends
    days = {
        datetime.strptime(each, "%a %d %b %Y %H:%M UTC").replace(tzinfo=UTC) - timedelta(seconds=1) for each in told
    }
    assert len(told) == len({each.date() for each in days}) > 2


async def test_a_fall_and_a_day_are_those_of_everything_together(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        talk = Talk(desk, 200)
        await talk.say("tell me when my drawdown passes 2%", "tell me if I lose $150 today")
        for coin, frame in (("BTC", "1h"), ("ETH", "1h"), ("SOL", "1d")):
            await talk.say(
                f"trade {coin}/USDT on {frame}\nbuy when rsi(7) < 55\nsell when rsi(7) > 65\nsize 90% of equity\nask never"
            )
            await talk.say("paper")
        await talk.say(*["skip"] * 40)
        with desk.ledger.write() as c:
            live = desk.engine(c, talk.chat.person).runs(c)
            times, worth = equity_of_all(c, live)
    closes = times + 3_600_000
    hourly = [place for place, each in enumerate(closes) if each % 3_600_000 == 0]
    told = re.findall(
        r"🔔 Everything together is 2% .*\nIt is ([\d.]+)% below its highest worth.\n(.*) UTC", talk.text()
    )
    assert told
    for value, stamp in told:
        at = datetime.strptime(stamp, "%a %d %b %Y %H:%M").replace(tzinfo=UTC).timestamp() * 1000
        known = [worth[place] for place in hourly if closes[place] <= at]
        assert float(value) == pytest.approx(100 * (1 - known[-1] / max(30_000, *known)), abs=0.25)
    days = moments(talk.text(), "The day (from 00:00 UTC) loses 150 USDT")
    dates = {
        datetime.strptime(each, "%a %d %b %Y %H:%M UTC").replace(tzinfo=UTC) - timedelta(seconds=1) for each in days
    }
    assert len({each.date() for each in dates}) == len(days)
