"""How long the phrasebook takes to read a text: `python -m benchmarks.phrasebook ../shared/corpus/dev.jsonl`.

Each text is read three times and counts with its quickest; the goal is 50 ms for the slowest.
"""

import json
import statistics
import sys
import time
from pathlib import Path

from strategy_dsl.phrasebook.reader import read


def milliseconds(text: str) -> float:
    """The quickest of three readings."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        read(text)
        times.append((time.perf_counter() - began) * 1000)
    return min(times)


def main(path: Path) -> None:
    """Prints median, 95th percentile and the slowest texts."""
    texts = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    read(texts[0])
    found = sorted((milliseconds(text), text) for text in texts)
    times = [each for each, _ in found]
    print(
        f"{len(texts)} texts: median {statistics.median(times):.1f} ms, "
        f"95th percentile {times[int(len(times) * 0.95)]:.1f} ms"
    )
    for each, text in found[-3:]:
        print(f"{each:6.1f} ms  {text[:80]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
