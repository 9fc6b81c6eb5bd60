"""The long runs; their figures go to docs/proof.md with the commit they were made on."""

import subprocess
import sys
import time
from pathlib import Path

from tests.fuzz import fuzz

ROOT = Path(__file__).resolve().parent.parent
INPUTS, SEED = 1_000_000, 20_26


def main() -> int:
    """Runs the million inputs and every slow test, and writes down what came of it."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    inputs = int(sys.argv[1]) if len(sys.argv) > 1 else INPUTS
    fuzz(100, seed=1)
    started = time.monotonic()
    found = fuzz(inputs, SEED)
    seconds = time.monotonic() - started
    slow = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "slow"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    lines = [
        "# Proof",
        "",
        f"Commit {commit.stdout.strip()}; made by `make prove`.",
        "",
        f"- Fuzz: {found.inputs:,} inputs (seed {SEED}) against parse, check, format and readback in {seconds:.0f} s;"
        f" {found.compiled:,} compiled; no exception but the documented one;"
        f" slowest {found.slowest_seconds * 1000:.0f} ms.",
        f"- Slow tests (kills, faults): {slow.stdout.strip().splitlines()[-1] if slow.stdout.strip() else 'none'}",
        "",
    ]
    (ROOT / "docs" / "proof.md").write_text("\n".join(lines), "utf-8")
    print("\n".join(lines))
    return slow.returncode


if __name__ == "__main__":
    raise SystemExit(main())
