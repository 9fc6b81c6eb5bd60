"""Engines that we did not write: each of their trades is ours, or differs by a documented cause and by nothing else."""

from dataclasses import fields, replace

import pytest

from tests.engines_page import CASES, PAGE, as_they_play, causes, page, theirs
from tests.other_engines import ENGINES, Played, Semantics
from tests.runtime.test_golden import GOLDEN, printed

pytestmark = pytest.mark.skipif(not GOLDEN.exists(), reason="other engines' trades are not here: ../shared/golden")


def differences(engine: str, case: str, how: Semantics) -> list[tuple[Played | None, dict[str, str] | None]]:
    """Trades of the loop that are not the engine's, in candles, reason, prices, quantity or result."""
    mine = {str(each.entry_time): each for each in as_they_play(case, how)}
    golden = {each["entry_time"]: each for each in theirs(engine, case)}
    found = []
    for time in sorted({*mine, *golden}):
        one, other = mine.get(time), golden.get(time)
        if one is None or other is None or not equal(one, other):
            found.append((one, other))
    return found


def equal(one: Played, other: dict[str, str]) -> bool:
    if (str(one.exit_time), one.reason) != (other["exit_time"], other["exit_reason"]):
        return False
    values = {"entry_price": one.entry_price, "exit_price": one.exit_price, "qty": one.quantity}
    # some engines round both fees of a trade to 1e-8
    paid = printed(one.pnl, other["pnl"]) or abs(one.pnl - float(other["pnl"])) <= 2e-8
    return paid and all(printed(value, other[column]) for column, value in values.items())


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("engine", ENGINES)
def test_its_documented_semantics_give_every_trade_of_an_engine(engine: str, case: str) -> None:
    assert differences(engine, case, ENGINES[engine]) == []


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("engine", ENGINES)
def test_every_difference_from_our_trades_has_a_cause(engine: str, case: str) -> None:
    differ, found, unexplained = causes(case, ENGINES[engine])
    assert unexplained == []
    assert (differ == 0) == (not found)
    if ENGINES[engine] == Semantics():
        assert differ == 0


@pytest.mark.parametrize(
    ("engine", "name"),
    [
        (engine, each.name)
        for engine, how in ENGINES.items()
        for each in fields(Semantics)
        if getattr(how, each.name) != each.default
    ],
)
def test_no_cause_is_put_forward_that_no_trade_needs(engine: str, name: str) -> None:
    plain = replace(ENGINES[engine], **{name: getattr(Semantics(), name)})
    assert any(differences(engine, case, plain) for case in CASES)


def test_the_page_has_these_counts() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `python -m tests.engines_page`"
