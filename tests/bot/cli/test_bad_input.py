"""Bad input of every kind: one sentence on stderr with the next step, the right exit code, nothing half written."""

import io
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.entry import main
from runtime.feeds.files import save_candles
from runtime.feeds.simulated import simulated_candles

RULES = "trade BTC/USDT on 1h\nbuy when rsi(14) crosses below 30\nsell when rsi(14) > 60\nstop loss 3%\n"
PROBLEMS, USAGE, FAILED = 1, 2, 3
TYPED = "buy $200 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%\npaper\n" + "skip\n" * 30


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with good and bad files, and nobody's settings."""
    monkeypatch.chdir(tmp_path)
    for name in [each for each in os.environ if each.startswith(("SAYSO_", "ANTHROPIC_", "TELEGRAM_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    (tmp_path / "dip.say").write_text(RULES)
    (tmp_path / "broken.say").write_text(RULES.replace("rsi(14) > 60", "rsii(14) > 60"))
    (tmp_path / "binary.say").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "garbage.csv").write_text("garbage\n")
    (tmp_path / "garbage.parquet").write_bytes(bytes(range(256)))
    (tmp_path / "afile").write_text("a file\n")
    save_candles(simulated_candles("BTC/USDT", "1h", 3, 1_704_067_200_000, 300), tmp_path / "good.csv")
    return tmp_path


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def one_sentence(text: str) -> None:
    """One line, that says what and then what to do, and no machine talk."""
    (line,) = text.splitlines()
    assert line.startswith("sayso: ")
    assert re.search(r"[:;] \w+", line.removeprefix("sayso: ")), "there is no next step"
    assert "Traceback" not in line and "Error(" not in line and "0x" not in line


CASES = [
    (["backtest", "none.say", "--candles", "good.csv"], "check the path"),
    (["check", "none.say"], "check the path"),
    (["backtest", "binary.say", "--candles", "good.csv"], "is not a text file"),
    (["backtest", "dip.say", "--candles", "none.csv"], "there is no file none.csv"),
    (["backtest", "dip.say", "--candles", "garbage.csv"], "has no column"),
    (["backtest", "dip.say", "--candles", "garbage.parquet"], "is not a parquet file"),
    (["backtest", "dip.say", "--candles", "ETH/USDT=good.csv"], "there are no candles of BTC/USDT"),
    (["backtest", "dip.say", "--candles", "good.csv", "--trades", "afile/t.csv"], "choose another place"),
    (["backtest", "dip.say", "--candles", "good.csv", "--picture", "afile/t.png"], "afile"),
    (["chat", "--data-dir", "afile"], "name another"),
    (["chat", "--data-dir", "afile/below"], "name another"),
    (["chat", "--data-dir", "d", "--candles", "none.csv"], "there is no file"),
    (["chat", "--data-dir", "d", "--candles", "garbage.parquet"], "is not a parquet file"),
    (["chat", "--data-dir", "d", "--speed", "0"], "SAYSO_CANDLES_A_SECOND"),
    (["demo", "--folder", "afile"], "name another with --folder"),
    (["demo", "--folder", "."], "name another with --folder"),
]


@pytest.mark.parametrize(("call", "says"), CASES, ids=lambda each: " ".join(each) if isinstance(each, list) else "")
def test_what_cannot_be_done_is_one_sentence(
    here: Path, capsys: pytest.CaptureFixture[str], call: list[str], says: str
) -> None:
    before = files_in(here)
    assert main(call) == FAILED
    out, problem = capsys.readouterr()
    one_sentence(problem)
    assert says in problem
    assert out == ""
    left = {name: data for name, data in files_in(here).items() if not name.startswith(f"{here}/d/")}
    assert left == before, "something was half written"


SETTINGS = [
    ({"SAYSO_SEED": "abc"}, "SAYSO_SEED"),
    ({"SAYSO_ZONE": "Mars/Olympus"}, "no time zone Mars/Olympus"),
    ({"SAYSO_CANDLES_A_SECOND": "0"}, "SAYSO_CANDLES_A_SECOND"),
    ({"SAYSO_MODEL_DAILY_DOLLARS": "-1"}, "SAYSO_MODEL_DAILY_DOLLARS"),
    ({"SAYSO_DATABASE_URL": "mongodb://u:secret@host/x"}, "sqlite:///FILE"),
    ({"SAYSO_DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/x"}, "check that the server runs"),
    ({"SAYSO_CANDLES": "garbage.csv"}, "has no column"),
    ({"SAYSO_LIMITS_FILE": "."}, "mend or remove it"),
]


@pytest.mark.parametrize(("settings", "says"), SETTINGS)
def test_a_setting_that_cannot_be_used_is_one_sentence(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: dict[str, str],
    says: str,
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert main(["chat", "--data-dir", "d"]) == FAILED
    problem = capsys.readouterr().err
    one_sentence(problem)
    assert says in problem
    assert "secret" not in problem


def test_an_empty_setting_is_as_if_it_were_not_there(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("SAYSO_ZONE", "SAYSO_SEED", "ANTHROPIC_API_KEY", "SAYSO_LIMITS_FILE"):
        monkeypatch.setenv(name, "")
    assert main(["chat", "--data-dir", "d"]) == 0
    assert capsys.readouterr().err == ""


LIMITS = [
    ("x = [", "is not valid TOML"),
    ("[paper]\norder_procent = 10\n", "paper.order_procent"),
    ("[demo]\n", "there is no such limit"),
    ("[paper]\norder_percent = 101\n", "less than or equal to 100"),
    ("[live]\ndrawdown_percent = 0\n", "live.drawdown_percent"),
    ('[paper]\norders_a_day = "many"\n', "paper.orders_a_day"),
    ("paper = 3\n", "The limit paper"),
    ("\xff", "cannot be read"),
]


@pytest.mark.parametrize(("text", "says"), LIMITS)
@pytest.mark.parametrize("call", [["chat", "--data-dir", "d"], ["check", "dip.say"]], ids=["chat", "check"])
def test_limits_that_cannot_be_used_stop_everything(
    here: Path, capsys: pytest.CaptureFixture[str], text: str, says: str, call: list[str]
) -> None:
    (here / "limits.toml").write_bytes(text.encode("latin-1"))
    assert main(call) == FAILED
    problem = capsys.readouterr().err
    one_sentence(problem)
    assert says in problem
    assert "limits.toml" in problem
    assert not (here / "d").exists()


def test_problems_in_rules_are_told_one_by_one(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backtest", "broken.say", "--candles", "good.csv"]) == PROBLEMS
    problem = capsys.readouterr().err
    assert "E201" in problem and "did you mean `rsi`" in problem
    assert "Traceback" not in problem


@pytest.mark.parametrize(
    "call", [[], ["frobnicate"], ["backtest", "dip.say"], ["backtest", "dip.say", "--fee", "200%"]]
)
def test_a_wrong_call_is_told_with_the_right_one(
    here: Path, capsys: pytest.CaptureFixture[str], call: list[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(call)
    assert stopped.value.code == USAGE
    problem = capsys.readouterr().err
    assert "usage: sayso" in problem
    assert "Traceback" not in problem


def test_a_market_that_is_not_there_is_told_in_the_conversation(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("buy ETH when RSI drops below 30, stop 3%\npaper\nstatus\n"))
    assert main(["chat", "--data-dir", "d", "--candles", "BTC/USDT=good.csv"]) == 0
    out, problem = capsys.readouterr()
    assert problem == ""
    assert "no candles of ETH/USDT here" in " ".join(out.split())


def test_a_demo_leaves_a_ledger_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chat", "--data-dir", "mine"]) == 0
    before = files_in(here / "mine")
    capsys.readouterr()
    assert main(["demo", "--folder", "mine", "--fast"]) == FAILED
    one_sentence(capsys.readouterr().err)
    assert files_in(here / "mine") == before


def test_a_file_that_is_no_ledger_is_left_as_it_is(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "d").mkdir()
    (here / "d" / "sayso.db").write_bytes(bytes(range(256)) * 20)
    assert main(["chat", "--data-dir", "d"]) == FAILED
    one_sentence(capsys.readouterr().err)
    assert (here / "d" / "sayso.db").read_bytes() == bytes(range(256)) * 20


# what only another process shows


def sayso(*call: str, typed: str = "", **limits: tuple[int, int]) -> subprocess.CompletedProcess[str]:
    def limited() -> None:
        for name, value in limits.items():
            resource.setrlimit(getattr(resource, name), value)

    return subprocess.run(
        [sys.executable, "-m", "bot", *call], input=typed, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}, preexec_fn=limited,
    )  # fmt: skip


def test_a_second_sayso_on_the_same_data_is_refused(here: Path) -> None:
    first = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--data-dir", "d"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}, text=True,
    )  # fmt: skip
    assert first.stdin is not None and first.stdout is not None
    try:
        assert first.stdout.readline()
        second = sayso("chat", "--data-dir", "d")
        assert (second.returncode, second.stdout) == (FAILED, "")
        one_sentence(second.stderr)
        assert f"process {first.pid}" in second.stderr
    finally:
        first.stdin.close()
        first.stdout.read()
        first.stdout.close()
    assert first.wait(10) == 0
    assert sayso("chat", "--data-dir", "d").returncode == 0


@pytest.mark.slow
def test_files_that_may_not_grow_end_the_chat_and_lose_nothing(here: Path) -> None:
    small = 300_000
    found = sayso("chat", "--data-dir", "d", typed=TYPED, RLIMIT_FSIZE=(small, small))
    assert found.returncode == FAILED
    one_sentence(found.stderr)
    again = sayso("chat", "--data-dir", "d", typed="status\n")
    assert (again.returncode, again.stderr) == (0, "")
    assert "BTC 1h" in again.stdout


@pytest.fixture
def tiny_disk(here: Path) -> Iterator[Path]:
    """A disk of 400 KiB."""
    disk = here / "tiny"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here: that takes root")
    yield disk
    for _ in range(20):
        if not subprocess.run(["umount", disk], capture_output=True, check=False).returncode:
            break
        time.sleep(0.1)


def test_a_full_disk_ends_the_chat_and_room_brings_everything_back(tiny_disk: Path) -> None:
    data = str(tiny_disk / "d")
    found = sayso("chat", "--data-dir", data, typed=TYPED)
    assert found.returncode == FAILED
    one_sentence(found.stderr)
    assert "no room left" in found.stderr
    subprocess.run(["mount", "-o", "remount,size=20m", tiny_disk], check=True)
    again = sayso("chat", "--data-dir", data, typed=TYPED)
    assert (again.returncode, again.stderr) == (0, "")
