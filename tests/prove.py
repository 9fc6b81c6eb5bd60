"""The long runs; their figures go to docs/proof.md with the commit they were made on."""

import resource
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.fuzz import Fuzzed, fuzz

ROOT = Path(__file__).resolve().parent.parent
INPUTS, SEED, WORKERS = 1_000_000, 20_26, 2


def _part(worker: int, inputs: int) -> tuple[Fuzzed, int]:
    """One process' share, with how much its memory grew in kB once everything was loaded."""
    fuzz(500, seed=worker)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = fuzz(inputs, SEED + worker)
    return found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before


def main() -> int:
    """Runs the million inputs and every slow test, and writes down what came of it."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    inputs = int(sys.argv[1]) if len(sys.argv) > 1 else INPUTS
    started = time.monotonic()
    with ProcessPoolExecutor(WORKERS) as pool:
        parts = list(pool.map(_part, range(WORKERS), [inputs // WORKERS] * WORKERS))
    seconds = time.monotonic() - started
    count, compiled = sum(part.inputs for part, _ in parts), sum(part.compiled for part, _ in parts)
    slowest = max(part.slowest_seconds for part, _ in parts)
    grown = max(kilobytes for _, kilobytes in parts) / 1024
    slow = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "slow"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    lines = [
        "# Proof",
        "",
        f"Commit {commit.stdout.strip()}; made by `make prove`.",
        "",
        f"- Fuzz: {count:,} inputs (seeds from {SEED}) against parse, check, format and readback in {seconds:.0f} s on"
        f" {WORKERS} cores; {compiled:,} compiled; no exception but the documented one; slowest {slowest * 1000:.0f} ms"
        f" of processor time; memory grew by {grown:.0f} MB.",
        f"- Slow tests (kills, faults): {slow.stdout.strip().splitlines()[-1] if slow.stdout.strip() else 'none'}",
        "",
    ]
    (ROOT / "docs" / "proof.md").write_text("\n".join(lines), "utf-8")
    print("\n".join(lines))
    return slow.returncode


if __name__ == "__main__":
    raise SystemExit(main())
