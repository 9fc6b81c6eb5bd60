"""Sayso beside other engines on one strategy: `python -m benchmarks.peers [--rounds 3] [--all] [--candles FOLDER]`.

The strategy: rsi(14) crosses below 30 and close > ema(close, 200); exit rsi > 60, stop 3%, target 6%, 10% of equity,
0.1% fee, on 525,600 one-minute candles; then 100 combinations on 17,520 hourly candles, which the hand-written loops
run twice: with each indicator computed once, and (`hand_one_by_one`) as 100 backtests. Each engine runs in a process
and an environment of its own, which is made in a temporary folder once and kept there; what cannot be installed is
left out with the reason. Every round runs all engines in turn, so that a busy machine is busy for all of them; of the
rounds the best is taken. `--all` adds engines that take minutes.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
CACHE = Path(tempfile.gettempdir()) / "sayso-peers"
BENCH = HERE.parents[2] / "shared" / "market-data" / "bench"
PEERS = {
    "hand_written": (),
    "one_pass": (),
    "sayso": (),
    "vectorbt": ("vectorbt", "ta-lib", "pyarrow"),
    "backtesting": ("backtesting", "ta-lib", "pyarrow"),
    "backtrader": ("backtrader", "pandas", "pyarrow"),
    "freqtrade": ("freqtrade", "ta-lib", "pyarrow"),
    "nautilus": ("nautilus_trader", "pandas", "pyarrow"),
    "hand_one_by_one": (),
}
"""Engine: what its environment needs; those without run in this one."""
SLOW = {"backtrader", "freqtrade", "nautilus"}
COMBINED = ("hand_written", "hand_one_by_one", "sayso", "vectorbt")
INSTALL_SECONDS, RUN_SECONDS = 400, 600
Found = dict[str, float]


def python_of(name: str) -> Path | str:
    """The interpreter of an engine's environment, or why there is none."""
    needs = PEERS[name]
    if not needs:
        return Path(sys.executable)
    home = CACHE / name
    ready, python = home / ".ready", home / "bin" / "python"
    if ready.exists():
        return python
    try:
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True, capture_output=True, timeout=120)
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *needs]
        subprocess.run(pip, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        return f"installing took longer than {INSTALL_SECONDS} s"
    except subprocess.CalledProcessError as error:
        return (str(error.stderr or error).strip().splitlines() or ["no reason given"])[-1][:150]
    ready.touch()
    return python


def run(name: str, kind: str, candles: Path) -> Found | str:
    """One process of an engine; what it measured, or why it did not."""
    python = python_of(name)
    if isinstance(python, str):
        return python
    command = [str(python), str(HERE / f"run_{name}.py"), kind, str(candles)]
    try:
        found = subprocess.run(command, check=True, capture_output=True, text=True, timeout=RUN_SECONDS)
    except subprocess.TimeoutExpired:
        return f"took longer than {RUN_SECONDS} s"
    except subprocess.CalledProcessError as error:
        return (error.stderr.strip().splitlines() or ["no reason given"])[-1][:150]
    measured: Found = json.loads(found.stdout.strip().splitlines()[-1])
    return measured


def table(kind: str, names: list[str], candles: Path, rounds: int) -> None:
    """Runs the engines in turn and prints the best of each beside the hand-written loops."""
    best: dict[str, Found] = {}
    for turn in range(rounds):
        for name in list(names):
            if name in SLOW and turn:
                continue
            found = run(name, kind, candles)
            if isinstance(found, str):
                print(f"{name} is left out: {found}", file=sys.stderr)
                names.remove(name)
                continue
            before = best.get(name, found)
            best[name] = {key: min(value, before[key]) for key, value in found.items()}
    unit = best["hand_written"]["best"]
    print(f"\n| {kind} | warm, ms | of hand-written | first call with imports, s | largest memory, MB | trades |")
    print("|---|---|---|---|---|---|")
    for name, each in sorted(best.items(), key=lambda pair: pair[1]["best"]):
        print(
            f"| {name} | {each['best'] * 1000:,.1f} | {each['best'] / unit:,.2f} | {each['loaded'] + each['first']:.2f}"
            f" | {each['megabytes']:.0f} | {each['trades']:.0f} |"
        )


def main() -> None:
    """Both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--candles", type=Path, default=BENCH)
    asked = parser.parse_args()
    names = [name for name in PEERS if (asked.all or name not in SLOW) and name != "hand_one_by_one"]
    table("year", names, asked.candles / "bench-1m.parquet", asked.rounds)
    table("combinations", list(COMBINED), asked.candles / "bench-1h.parquet", asked.rounds)


if __name__ == "__main__":
    main()
