"""Every clause: random strategies of the whole language do the same in the reference and in the engine.

`SAYSO_EXAMPLES=20` plays twenty times as many; `FIRST` moves on with it, so that long runs see new ones.
"""

import os

import pytest

from tests.reference.comparison import agree, by_engine, by_reference, engine_program, strategy_in
from tests.reference.whole_programs import Case, whole_case

FACTOR = int(os.environ.get("SAYSO_EXAMPLES", "1"))
CASH = 10_000.0


def same(case: Case) -> int:
    """Plays a case on both; how many trades it made."""
    strategy = strategy_in(case.text)
    if strategy is None:
        pytest.skip("not a strategy")
    ours = by_reference(strategy, case.candles, CASH, case.costs, case.events)
    theirs, _ = by_engine(engine_program(case.text), case.candles, CASH, case.costs, case.events)
    agree(ours, theirs)
    return len(ours.trades) + len(ours.ends)


@pytest.mark.parametrize("seed", range(160 * FACTOR))
def test_random_strategies_of_the_whole_language_do_the_same(seed: int) -> None:
    same(whole_case(seed))


def test_most_random_texts_are_strategies_and_every_clause_is_among_them() -> None:
    texts = [case.text for case in map(whole_case, range(160)) if strategy_in(case.text) is not None]
    assert len(texts) > 110
    for clause in CLAUSES:
        assert any(clause in text for text in texts), clause


CLAUSES = (
    "perpetual", "trade top", "except", "short when", "cover", "exit when", "reverse", "leverage", "every", "hold",
    "best", "each", "otherwise", "drifts", "grid", "alert", "order limit", "order stop", "next_open", "below entry",
    "above entry", "last entry", "average entry", "of each entry", "add", "apart", "the last", "risk", "volatility",
    "following", "once", "break even", "trailing", "exit after", "exit at", "cooldown", "other side", "pause", "halt",
    "halt and close", "high-impact event", "entries a day", "open position", "first", "at_entry", "on 15m",
)  # fmt: skip
