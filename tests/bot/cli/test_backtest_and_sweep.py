"""`sayso backtest` and `sayso sweep`: the report, the evidence, files and pictures."""

import json

import pytest

from bot.cli.entry import main
from runtime.core.resample import resampled
from runtime.feeds.files import save_candles
from runtime.figures import FIGURES
from tests.made import walk_candles

RULES = """let length = 14
let wide = 3%
trade BTC/USDT on 1h
budget 10,000 USDT
buy when rsi(length) crosses below 35
sell when rsi(length) > 60
stop loss wide
size 10% of equity
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dip.say").write_text(RULES)
    save_candles(walk_candles(3_000, 5), tmp_path / "BTCUSDT-1h.parquet")
    return tmp_path


def called(capsys, *argv, code=0):
    assert main(list(argv)) == code
    return capsys.readouterr()


CANDLES = ("--candles", "BTC/USDT=BTCUSDT-1h.parquet")


def test_figures_come_with_their_definitions(here, capsys):
    plain = called(capsys, "backtest", "dip.say", *CANDLES).out
    assert "Sharpe" not in plain and "Random timing" not in plain
    full = called(capsys, "backtest", "dip.say", *CANDLES, "--figures").out
    assert all(each.label in full for each in FIGURES) and "standard deviation" in full and "Jan" in full


def test_the_evidence_is_told_test_by_test_and_has_the_verdict_of_the_plain_call(here, capsys):
    plain = called(capsys, "backtest", "dip.say", *CANDLES).out.splitlines()[-1]
    told = called(capsys, "backtest", "dip.say", *CANDLES, "--evidence", "--tried", "7").out
    assert plain in told
    for heading in ("Independent trades", "True average", "Random timing", "Newest part", "Another order",
                    "Versions tried", "Small changes", "Chosen anew"):  # fmt: skip
        assert f"\n{heading}: " in told
    assert "7 versions" in told


def test_json_has_everything(here, capsys):
    data = json.loads(called(capsys, "backtest", "dip.say", *CANDLES, "--json", "--evidence").out)
    assert {each.key for each in FIGURES} <= data.keys()
    assert sum(1 for each in data["months"]) == 5 and data["months"][0]["year"] == 2024
    proof = data["proof"]
    assert proof["trades"] == data["trades"] and 0 < proof["independent_trades"] <= proof["trades"]
    assert len(proof["neighbours"]) == 8 and proof["walk_forward"]["folds"] == 4
    assert 0 < proof["random_timing"] <= 1 and proof["tried"] == 1
    assert "neighbours" not in json.loads(called(capsys, "backtest", "dip.say", *CANDLES, "--json").out)["proof"]


def test_trades_and_pictures_are_written(here, capsys):
    called(capsys, "backtest", "dip.say", *CANDLES, "--trades", "t.json", "--picture", "p.png", "--dark")
    assert json.loads((here / "t.json").read_text())[0]["market"] == "BTC/USDT"
    assert (here / "p.png").read_bytes().startswith(b"\x89PNG")
    assert ".csv or .json" in called(capsys, "backtest", "dip.say", *CANDLES, "--trades", "t.xls", code=3).err


@pytest.mark.parametrize("ranges", [("length=12..14",), ("length=12..14", "wide=2%,4%")])
def test_a_sweep_with_its_picture(here, capsys, ranges):
    out = called(capsys, "sweep", "dip.say", *ranges, *CANDLES, "--picture", "s.png")
    assert "best" in out.out and "worst" in out.out and "combinations made money" in out.out
    assert out.err == "", "no bar where there is no terminal"
    assert (here / "s.png").read_bytes().startswith(b"\x89PNG")


def test_ranges_may_stand_behind_the_candles(here, capsys):
    before = called(capsys, "sweep", "dip.say", "length=12,14", *CANDLES, "--json").out
    behind = called(capsys, "sweep", "dip.say", *CANDLES, "length=12,14", "--json").out
    data = json.loads(before)
    assert before == behind and data["combinations"] == len(data["cells"]) == 2
    assert [each["length"] for each in data["cells"]] == ["12", "14"] and "not the result to expect" in data["warning"]


def test_without_ranges_the_numbers_are_listed(here, capsys):
    out = called(capsys, "sweep", "dip.say").out
    assert "length" in out and "3%" in out and "length=13,14,15" in out


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("length=1..4", *CANDLES), "with length=1"),
        (("lenght=3", *CANDLES), "no number called"),
        (("length=12",), "add --candles"),
        (("length=12,13", "wide=2%,3%", "1=60,61", *CANDLES, "--picture", "s.png"), "one number or two"),
    ],
)
def test_broken_calls_say_what_to_do(here, capsys, argv, says):
    assert says in called(capsys, "sweep", "dip.say", *argv, code=3).err


def test_costs_and_rules_of_an_exchange_on_the_command_line(here, capsys):
    plain = json.loads(called(capsys, "backtest", "dip.say", *CANDLES, "--json").out)
    dear = json.loads(called(capsys, "backtest", "dip.say", *CANDLES, "--spread", "1%", "--impact", "1%", "--json").out)
    assert dear["final_equity"] < plain["final_equity"]
    refused = called(capsys, "backtest", "dip.say", *CANDLES, "--minimum", "BTC/USDT=1000000USDT").out
    assert "0 trades" in refused and "below the venue's minimum" in refused
    (here / "rules.json").write_text('{"BTC/USDT": {"limits": {"amount": {"min": 1e9}}}}')
    args = ("--exchange-rules", "rules.json")
    data = json.loads(called(capsys, "backtest", "dip.say", *CANDLES, *args, "--json").out)
    assert data["trades"] == 0 and data["skipped"]["below the venue's minimum"] > 0
    args = (*args, "--minimum", "BTC/USDT=0", "--step", "BTC/USDT=0.001")
    data = json.loads(called(capsys, "backtest", "dip.say", *CANDLES, *args, "--json").out)
    assert data["trades"] > 0
    assert (
        "no.json cannot be read"
        in called(capsys, "backtest", "dip.say", *CANDLES, "--exchange-rules", "no.json", code=3).err
    )
    assert "BTC/USDT=0.001" in called(capsys, "backtest", "dip.say", *CANDLES, "--step", "BTC/USDT=x", code=3).err


FEARFUL = RULES.replace("crosses below 35", "< 35 and fear_and_greed < 30") + "never within 1h of a high-impact event\n"


def test_values_from_outside_and_events_on_the_command_line(here, capsys):
    (here / "fear.say").write_text(FEARFUL)
    (here / "fear.csv").write_text("time,value\n" + "".join(f"2024-0{month}-01,20\n" for month in range(1, 6)))
    (here / "events.csv").write_text("time\n2024-02-01T12:00\n")
    without = called(capsys, "backtest", "fear.say", *CANDLES).out
    flat = " ".join(without.split())
    assert "0 trades" in without and "no fear_and_greed data: it is unknown, and rules that need it never act" in flat
    assert "no high-impact events were given (--events)" in flat and "never shuts" in flat
    given = ("--outside", "fear_and_greed=fear.csv,9w", "--events", "events.csv")
    data = json.loads(called(capsys, "backtest", "fear.say", *CANDLES, *given, "--json").out)
    assert data["trades"] > 0 and not any("fear" in each or "event" in each for each in data["notes"])
    short = ("--outside", "fear_and_greed:BTC/USDT=fear.csv,1d", "--events", "events.csv")
    assert json.loads(called(capsys, "backtest", "fear.say", *CANDLES, *short, "--json").out)["trades"] < data["trades"]
    assert (
        "fear_and_greed=FILE.csv,2d" in called(capsys, "backtest", "fear.say", *CANDLES, "--outside", "x", code=3).err
    )
    assert "NOTE: no fear_and_greed" in called(capsys, "sweep", "fear.say", "length=13,14", *CANDLES).out


def test_finer_candles_and_funding_on_the_command_line(here, capsys):
    minutes = walk_candles(24_000, 2, timeframe="5m", gaps=False)
    save_candles(minutes, here / "BTCUSDT-5m.parquet")
    save_candles(resampled(minutes, "1h"), here / "hours.parquet")
    rules = "trade BTC/USDT perpetual on 1h\nbudget 10,000 USDT\nbuy when close > 0\nstop loss 2%\ntake profit 2%\n"
    (here / "both.say").write_text(rules + "size 10% of equity\n")
    call = ("backtest", "both.say", "--candles", "BTC/USDT=hours.parquet")
    flat = " ".join(called(capsys, *call).out.split())
    assert "candles touched both stop and target: taken as the stop; --finer" in flat
    assert "funding is not counted" in flat
    plain = json.loads(called(capsys, *call, "--json").out)
    fine = json.loads(called(capsys, *call, "--finer", "BTC/USDT=BTCUSDT-5m.parquet", "--json").out)
    assert plain["ambiguous_candles"] > 0 == plain["settled_candles"]
    assert fine["settled_candles"] > fine["ambiguous_candles"]
    (here / "funding.csv").write_text("time,rate\n" + "".join(f"2024-01-{day:02}T08:00,0.1%\n" for day in range(1, 31)))
    funded = called(capsys, *call, "--outside", "funding_rate=funding.csv").out
    assert "funding paid" in funded and "not counted" not in funded


def test_a_universe_chooses_among_the_files_given_and_says_who_is_missing(here, capsys):
    names = ("AAA", "BBB", "CCC")
    for seed, name in enumerate(names):
        save_candles(walk_candles(1_500, seed + 20, f"{name}/USDT"), here / f"{name}USDT-1h.parquet")
    rules = "trade top 2 by volume in USDT on 1h\nbudget 10,000 USDT\nbuy when rsi(14) crosses below 35\n"
    (here / "top.say").write_text(rules + "sell when rsi(14) > 60\nstop loss 3%\nsize 10% of equity\n")
    files = [f"{name}/USDT={name}USDT-1h.parquet" for name in names]
    out = called(capsys, "backtest", "top.say", "--candles", *files, "--trades", "t.json").out
    assert "markets that died are missing" in " ".join(out.split())
    traded = {each["market"] for each in json.loads((here / "t.json").read_text())}
    assert len(traded) > 1 and traded <= {f"{name}/USDT" for name in names}
    called(capsys, "backtest", "top.say", "--candles", *files, "--evidence")
    assert "best" in called(capsys, "sweep", "top.say", "1=13,14", "--candles", *files, code=0).out
    other = called(capsys, "backtest", "top.say", "--candles", "AAA/BTC=AAAUSDT-1h.parquet", code=3).err
    assert "no candles in USDT" in other


def test_trades_before_the_settled_candle_are_counted_and_marked(here, capsys):
    (here / "early.say").write_text(RULES.replace("rsi(length) crosses below 35", "close > ema(close, 50)"))
    out = called(capsys, "backtest", "early.say", *CANDLES, "--trades", "t.csv").out
    data = json.loads(called(capsys, "backtest", "early.say", *CANDLES, "--json", "--trades", "t.json").out)
    rows = json.loads((here / "t.json").read_text())
    first = walk_candles(3_000, 5).time
    wanted = [row["entry_time"] <= first[data["settled_after"]] for row in rows]
    assert [bool(row["before_settled"]) for row in rows] == wanted
    assert 0 < sum(wanted) == data["trades_before_settled"] < len(rows)
    assert "before the values were settled" in " ".join(out.split())
    assert (
        (here / "t.csv")
        .read_text()
        .startswith("entry_time,exit_time,entry_price,exit_price,qty,pnl,exit_reason,before_settled\n")
    )
