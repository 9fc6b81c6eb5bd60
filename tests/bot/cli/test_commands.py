"""`sayso` as other programs use it: JSON, exit codes, files."""

import csv
import json

import pytest
from pydantic import TypeAdapter

from bot.cli.compile import CompileOutput
from bot.cli.entry import COMMANDS, main
from runtime.feeds.files import save_candles
from runtime.feeds.simulated import simulated_candles
from tests.generated import generated

STRATEGY = "buy $200 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%"
RULES = "trade BTC/USDT on 1h\nbuy when rsi(14) crosses below 30\nsell when rsi(14) > 60\nstop loss 3%\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("ANTHROPIC_API_KEY", "TELEGRAM_BOT_TOKEN", "SAYSO_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "dip.say").write_text(RULES)
    save_candles(simulated_candles("BTC/USDT", "1h", 3, 1_704_067_200_000, 2_000), tmp_path / "BTCUSDT-1h.parquet")
    save_candles(simulated_candles("BTC/USDT", "1h", 3, 1_704_067_200_000, 2_000), tmp_path / "BTCUSDT-1h.csv")
    return tmp_path


def called(capsys, *argv, code=0):
    assert main(list(argv)) == code
    return capsys.readouterr().out


def test_compile_speaks_by_its_schema(here, capsys):
    found = json.loads(called(capsys, "compile", STRATEGY, "--json"))
    TypeAdapter(CompileOutput).validate_python(found)
    assert found["outcome"] == "compile"
    settings = found["settings"]
    assert settings["markets"] == ["BTC/USDT"]
    assert settings["timeframe"] == "1h"
    assert settings["stop"] == {"kind": "percent", "value": 3}
    assert settings["size"] == {"kind": "quote", "value": 200}
    assert settings["targets"] == []
    assert set(settings) == {
        "markets",
        "timeframe",
        "stop",
        "targets",
        "trail",
        "size",
        "time_exit",
        "window",
        "limits",
        "schedule",
    }
    buys = next(each for each in found["provenance"] if each["clause"] == "rules")
    assert buys["said"] == ["30"]
    assert buys["assumed"] == ["14"]
    assert json.loads(called(capsys, "compile", "--schema"))["properties"].keys() == found.keys()


@pytest.mark.parametrize(
    ("text", "outcome", "code"),
    [
        ("what is RSI?", "answer", 0),
        ("pause", "command", 0),
        ("all in with 5x, no stop loss", "refuse", 1),
        ("buy low sell high on sol", "clarify", 1),
    ],
)
def test_outcomes_and_exit_codes(here, capsys, text, outcome, code):
    assert json.loads(called(capsys, "compile", text, "--json", code=code))["outcome"] == outcome


def test_an_edit_needs_the_rules_it_changes(here, capsys):
    found = json.loads(called(capsys, "compile", "make the stop 2%", "--current", "dip.say", "--json"))
    assert found["outcome"] == "edit"
    assert "stop loss 2%" in found["rules"]


def test_compiled_rules_are_a_rules_file(here, capsys):
    (here / "out.say").write_text(called(capsys, "compile", STRATEGY))
    assert "paper: yes" in called(capsys, "check", "out.say")
    assert json.loads(called(capsys, "check", "out.say", "--json"))["ok"] is True


def test_format_explain_diff(here, capsys):
    text = called(capsys, "format", "dip.say")
    (here / "again.say").write_text(text)
    assert called(capsys, "format", "again.say") == text
    assert "size 5% of equity" in called(capsys, "format", "dip.say", "--defaults")
    assert "Buy when the 14-bar RSI crosses below 30." in called(capsys, "explain", "dip.say")
    (here / "wide.say").write_text(RULES.replace("3%", "5%"))
    found = json.loads(called(capsys, "diff", "dip.say", "wide.say", "--json"))
    assert found["changes"] == ["stop loss 3% → stop loss 5%"]
    assert found["loosens"]


@pytest.mark.parametrize("file", ["BTCUSDT-1h.parquet", "BTC/USDT=BTCUSDT-1h.csv"])
def test_backtest_writes_the_columns_of_other_engines(here, capsys, file):
    found = json.loads(
        called(capsys, "backtest", "dip.say", "--candles", file, "--cash", "100000", "--fee", "0.1%", "--slippage", "0",
               "--trades", "t.csv", "--picture", "p.png", "--json")
    )  # fmt: skip
    rows = list(csv.DictReader((here / "t.csv").read_text().splitlines()))
    assert list(rows[0])[:7] == ["entry_time", "exit_time", "entry_price", "exit_price", "qty", "pnl", "exit_reason"]
    assert list(rows[0])[7:] == (["before_settled"] if found["trades_before_settled"] else [])
    assert len(rows) == found["trades"] > 10
    assert found["final_equity"] == pytest.approx(100_000 + sum(float(row["pnl"]) for row in rows))
    assert {row["exit_reason"] for row in rows} <= {"signal", "stop", "target", "end"}
    assert (here / "p.png").read_bytes().startswith(b"\x89PNG")


def test_signals_say_true_false_or_unknown(here, capsys):
    called(capsys, "signals", "dip.say", "--candles", "BTCUSDT-1h.parquet", "--out", "s.csv")
    rows = list(csv.DictReader((here / "s.csv").read_text().splitlines()))
    assert list(rows[0]) == ["timestamp", "market", "buy_1", "sell_2"]
    assert len(rows) == 2_000
    assert rows[0]["buy_1"] == "unknown"
    assert {row["buy_1"] for row in rows} == {"true", "false", "unknown"}


def test_problems_are_json_too(here, capsys):
    (here / "bad.say").write_text("trade BTC/USDT on 1h\nbuy when rsii(14) < 30\nstop loss 3%")
    found = json.loads(called(capsys, "check", "bad.say", "--json", code=1))
    assert found["problems"][0]["code"] == "E201"
    assert found["problems"][0]["line"] == 2


def test_doctor_finds_what_is_wrong_and_says_what_to_do(here, capsys):
    states = {each["check"]: each["state"] for each in json.loads(called(capsys, "doctor", "--json"))}
    assert "wrong" not in states.values()
    (here / "limits.toml").write_text("[paper]\norder_precent = 3\n")
    found = {each["check"]: each for each in json.loads(called(capsys, "doctor", "--json", code=1))}
    assert "order_precent" in found["limits"]["text"]


def test_secrets_are_never_printed(here, capsys, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "canary-key-123")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:canary-token")
    from bot.settings import load_settings

    assert "canary" not in repr(load_settings())
    assert "canary" not in called(capsys, "doctor") + called(capsys, "settings")


def test_every_command_has_help_with_an_example(here, capsys):
    for each in COMMANDS:
        with pytest.raises(SystemExit) as stop:
            main([each.name, "--help"])
        assert stop.value.code == 0
        assert each.example in capsys.readouterr().out


def test_what_is_generated_is_in_step():
    for path, text in generated().items():
        assert path.read_text("utf-8") == text, f"{path.name}: run `make format`"


def test_the_demo_does_all_it_promises(here, capsys):
    shown = called(capsys, "demo", "--fast", "--folder", "out")
    assert "✗" not in shown.split("panic stopped everything")[0].rsplit("you>", 1)[1].split("✓ the strategy", 1)[1]
    assert (here / "out" / "transcript.txt").read_text().count("you>") > 15
    assert list((here / "out").rglob("*.png"))


def test_check_names_what_paper_has_no_source_of(here, capsys):
    (here / "later.say").write_text("trade BTC/USDT on 1d\nevery monday buy 50 USDT if fear_and_greed < 20\n", "utf-8")
    told = called(capsys, "check", "later.say")
    assert "E103 `fear_and_greed`" in told
    assert "paper: no" in told
    found = json.loads(called(capsys, "check", "later.say", "--json"))
    assert [each["code"] for each in found["not_on_paper"]] == ["E103"]


def test_signals_of_a_universe_say_what_to_do(here, capsys):
    (here / "top.say").write_text("trade top 5 by volume in USDT on 1d\nbuy when hammer\nstop loss 3%\n", "utf-8")
    assert main(["signals", "top.say", "--candles", "BTCUSDT-1h.parquet", "--out", "s.csv"]) == 3
    assert "name the markets" in capsys.readouterr().err
