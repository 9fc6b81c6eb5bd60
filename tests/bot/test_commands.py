"""Every command, as a person types it; and what only looks like one."""

import pytest

from bot.commands import COMMANDS, matched
from bot.commands.registry import GROUPS
from bot.drafts import looked_at
from bot.exit_plans import stop_wish
from bot.selecting import Selection, selection
from runtime.ledger import strategies
from runtime.ledger.fills import of_run
from tests.parts import Talk, desk_at

STRATEGY = "buy $200 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%"
OTHER = "buy $300 of ETH when RSI drops below 40 on the hourly chart, sell above 55, stop 4%"


@pytest.fixture
def talk(tmp_path):
    with desk_at(tmp_path) as desk:
        yield Talk(desk)


def test_every_command_is_in_one_group_of_help():
    listed = [name for names in GROUPS.values() for name in names.split()]
    assert sorted(listed) == sorted(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
async def test_every_command_answers_before_anything_was_said(talk, name):
    shown = await talk.say(f"/{name}")
    assert shown.strip()
    assert "could not be handled" not in shown
    assert "failed on my side" not in shown


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"panic", "stop", "sweep"}))
async def test_every_command_answers_in_the_middle_of_a_trade(talk, name):
    await talk.say(STRATEGY, "paper", "skip", "approve")
    shown = await talk.say(f"/{name}")
    assert shown.strip()
    assert "failed on my side" not in shown


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("close btc", "close", "btc"),
        ("close everything green above 1%, keep BTC", "close", "everything green above 1%, keep BTC"),
        ("close everything", "panic", ""),
        ("which coins have RSI under 30?", "scan", "RSI under 30"),
        ("/sweep 1=10..20", "sweep", "1=10..20"),
        ("rename it to dip buyer", "rename", "to dip buyer"),
        ("what's open?", "positions", ""),
        ("quiet 22:00-07:00", "quiet", "22:00-07:00"),
        ("timezone Europe/Berlin", "timezone", "Europe/Berlin"),
    ],
)
def test_words_that_are_commands(text, name, words):
    found = matched(text)
    assert found is not None
    assert (found[0].name, found[1].rstrip("?")) == (name, words)


@pytest.mark.parametrize(
    "text",
    [
        *("panic?", "sell everything?", "resume?", "close btc?"),
        "close everything when RSI is above 70",
        "sell all at 60000",
        "close the position after 5 hours",
        STRATEGY,
    ],
)
def test_sentences_that_only_begin_like_a_command(text):
    assert matched(text) is None


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("btc", Selection(frozenset({"BTC"}))),
        ("btc and eth", Selection(frozenset({"BTC", "ETH"}))),
        ("everything green above 1%, keep BTC", Selection(frozenset(), frozenset({"BTC"}), 0.01)),
        ("all btc", Selection(frozenset({"BTC"}))),
        ("all my bitcoin now", Selection(frozenset({"BTC"}))),
        ("xyz", Selection(frozenset({"XYZ"}))),
        ("my btc tomorrow", None),
        ("my btc slowly", None),
        ("my btc if it drops", None),
        ("everything tonight", None),
        ("btc but not", None),
        ("btc above", None),
        ("all winners", Selection(frozenset(), frozenset(), 0.0)),
        ("all losers", Selection(frozenset(), frozenset(), None, 0.0)),
        ("everything down more than 2%", Selection(frozenset(), frozenset(), None, -0.02)),
        ("everything except sol", Selection(frozenset(), frozenset({"SOL"}))),
        ("everything when rsi above 70", None),
        ("after 5 hours", None),
        ("at 60000", None),
        ("btc and everything green", None),
        ("", None),
    ],
)
def test_which_positions_are_meant(words, meant):
    assert selection(words) == meant


@pytest.mark.parametrize(
    ("text", "coin", "price"),
    [
        ("move my BTC stop to break even", "BTC", None),
        ("set the stop on eth to 2,950.5", "ETH", 2950.5),
        ("raise stop to 61k", None, 61000.0),
        ("put the stop at my entry", None, None),
    ],
)
def test_wishes_about_a_stop(text, coin, price):
    wish = stop_wish(text)
    assert wish is not None
    assert (wish.coin, wish.price) == (coin, price)


@pytest.mark.parametrize("text", ["make the stop 2%", "set the stop to 2%", "stop 3%", "move to break even after 2%"])
def test_wishes_about_the_rules_are_not_about_a_stop(text):
    assert stop_wish(text) is None


async def test_two_strategies_are_told_apart_by_name(talk):
    await talk.say(STRATEGY, "paper", OTHER, "paper")
    assert "ETH 1h" in await talk.say("rules")
    assert "BTC 1h" in await talk.say("show btc")
    assert "$" not in await talk.say("rules btc 1h")
    assert "stop loss 3% → stop loss 2%" in await talk.say("make the stop 2%")
    assert "BTC 1h" in await talk.say("pause btc")
    shown = await talk.say("strategies")
    assert "BTC 1h: paused" in shown
    assert "ETH 1h: paper" in shown
    assert "I know no strategy" in await talk.say("/pause doge")
    assert "now called dip buyer" in await talk.say("rename btc 1h to dip buyer")
    assert "is running" in await talk.say("delete dip buyer")
    await talk.say("stop dip buyer")
    assert "Delete dip buyer" in await talk.say("delete dip buyer")
    await talk.say("yes")
    assert "dip buyer" not in await talk.say("strategies")


async def test_a_no_deletes_nothing(talk):
    await talk.say(STRATEGY, "delete btc", "no")
    assert "BTC 1h" in await talk.say("strategies")


async def test_a_stop_is_moved_for_one_position(talk):
    await talk.say(STRATEGY, "paper", "skip", "approve")
    shown = await talk.say("move my BTC stop to 62000")
    assert "is now at 62,000" in shown
    assert "stop 62,000" in await talk.say("positions")
    assert "farther away" in await talk.say("move my BTC stop to 60000")
    await talk.say("no")
    assert "stop 62,000" in await talk.say("positions")
    await talk.say("move my BTC stop to 60000", "yes")
    assert "stop 60,000" in await talk.say("positions")
    assert "would close it at once" in await talk.say("move my BTC stop to 99000")
    assert "stop loss 3%" in await talk.say("rules")


async def test_a_moved_stop_survives_a_restart_and_sells(tmp_path):
    with desk_at(tmp_path) as desk:
        talk = Talk(desk)
        await talk.say(STRATEGY, "paper", "skip", "approve", "move my btc stop to 62800")
    with desk_at(tmp_path) as desk:
        talk = Talk(desk)
        assert "stop 62,800" in await talk.say("positions")
        await talk.say("skip")
        with desk.ledger.read() as c:
            sold = [each for each in of_run(c, 1) if each.side == "sell"]
    assert float(sold[0].price) == pytest.approx(62800 * 0.9995, rel=1e-3)


async def test_several_positions_are_listed_before_they_are_closed(talk):
    await talk.say(STRATEGY, "paper", "skip", "approve")
    shown = await talk.say("close everything green above 1%")
    assert "None of the 1 open positions" in shown
    assert "Close 1 position now?" in await talk.say("sell all positions")
    assert "Sold" in await talk.say("yes")
    assert "No position is open" in await talk.say("positions")


async def test_what_is_not_said_plainly_sells_nothing(talk):
    await talk.say(STRATEGY, "paper", "skip", "approve")
    for said in ("sell half of it", "sell most of my btc", "sell a bit of my btc", "sell half of everything"):
        assert "I close positions whole" in await talk.say(said)
    for said in ("sell it", "sell my btc tomorrow", "close my btc if it drops", "sell everything tonight"):
        await talk.say(said)
    assert "I cannot time a pause" in await talk.say("stop the bots for the weekend")
    assert "BTC" in await talk.say("positions")
    assert "HALTED" not in (await talk.say("status")).upper()
    assert "Sold" in await talk.say("please dump all my btc now")
    assert "HALTED" not in (await talk.say("status")).upper()


async def test_words_of_the_rules_single_out_no_strategy(talk):
    rules = "trade BTC/USDT on 1h\nbuy when rsi(14) < 30\nstop loss 3%\nsize 200 USDT\npause 24h when losses_in_a_row >= 3\n"
    await talk.say(rules, "paper", OTHER, "paper")
    for said in ("pause all my bots", "pause trading", "can you pause everything"):
        shown = await talk.say(said)
        assert "BTC 1h" in shown
        assert "ETH 1h" in shown
        await talk.say("resume everything after the break", "resume")
    assert "ETH 1h" in await talk.say("pause the ETH one")
    assert "paused" not in (await talk.say("strategies")).split("BTC 1h")[1].split("ETH")[0]


async def test_a_scan_finds_what_is_true_now(talk):
    shown = await talk.say("which coins have RSI under 45?")
    assert "14-bar RSI is below 45" in shown
    assert "against 45" in shown
    assert "I did not understand" in await talk.say("scan purple monkeys")


async def test_numbers_are_written_as_the_person_likes(talk):
    await talk.say(STRATEGY, "paper", "skip", "approve", "language_of_numbers german")
    assert "62.9" in await talk.say("positions")
    assert "62,9" in await talk.say("language_of_numbers english") or "62,9" in await talk.say("positions")


async def test_times_are_those_of_the_person(talk):
    assert "Asia/Tokyo" in await talk.say("timezone tokyo")
    assert "Did you" not in await talk.say("timezone Europe/Berlin")
    assert "I know no zone" in await talk.say("timezone Mars/Olympus")


async def test_an_export_is_a_file(talk, tmp_path):
    await talk.say(STRATEGY, "paper", "skip", "approve", "close btc")
    assert "1 trade and" in await talk.say("export")
    (table,) = (tmp_path / "exports").glob("trades-*.csv")
    lines = table.read_text().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("BTC 1h,BTC/USDT,long,")
    (rules,) = (tmp_path / "exports").glob("rules-*.txt")
    assert "stop loss 3%" in rules.read_text()


async def test_a_sweep_counts_as_tries(tmp_path):
    with desk_at(tmp_path) as desk:
        talk = Talk(desk, 200)
        await talk.say("trade BTC/USDT on 1h\nbuy when rsi(14) < 30\nsell when rsi(14) > 60\nstop loss 3%")
        with desk.ledger.read() as c:
            person, compiled = talk.chat.person, desk.compiled(strategies.version(c, 1).text)
            before = looked_at(c, person, compiled)
        swept = await talk.say("sweep 1=10..20")
        assert "independent" in swept or "best" in swept
        with desk.ledger.read() as c:
            after = looked_at(c, person, compiled)
        assert before == 1 and 2 <= after <= 12


async def test_panic_with_nothing_running_says_so_and_halts_nothing(talk):
    for said in ("sell everything", "panic"):
        assert "there is nothing to sell" in await talk.say(said)
    assert "halted" not in (await talk.say("status")).lower()


async def test_panic_halts_where_a_question_is_open(talk):
    await talk.say(STRATEGY, "delete btc")
    assert "Everything has stopped" in await talk.say("panic")
    assert "halted" in (await talk.say("status")).lower()
