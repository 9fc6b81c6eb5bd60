"""The risk gate: every limit at its edge, nothing unknown gets through, and there is no way around it."""

import ast
from dataclasses import FrozenInstanceError, fields, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core import gate
from runtime.core.gate import Approved, Exposure, Proposal, Refused, judge
from strategy_dsl.limits import Paper, Profile

ROOT = Path(__file__).parents[3]
D = Decimal
NAN, INFINITE = D("NaN"), D("Infinity")

LIMITS = Paper(
    order_percent=D(10), market_percent=D(25), gross_percent=D(60), daily_loss_percent=D(3), daily_halt_percent=D(5),
    drawdown_percent=D(10), orders_a_minute=5, orders_a_day=200, stale_candles=D(2), drift_percent=D(2),
)  # fmt: skip
BUY = Proposal("S1", "BTC/USDT", "buy", D(1), D(100), D(100))
SELL = replace(BUY, side="sell", opens=False)
CALM = Exposure("ACTIVE", D(10_000), D(0), D(0), D(1), D(0), D(0), D(0), 0, 0)
"""Nothing held, nothing lost; an order of 100 is 1% of the equity."""


def refused(proposal: Proposal = BUY, exposure: Exposure = CALM, limits: Profile = LIMITS) -> list[str]:
    """The limits that did not hold."""
    found = judge(proposal, exposure, limits)
    return [] if isinstance(found, Approved) else [check.limit for check in found.checks if not check.held]


def test_a_calm_order_is_approved_with_every_check_written_down() -> None:
    found = judge(BUY, CALM, LIMITS)
    assert isinstance(found, Approved)
    assert found.proposal is BUY
    assert [check.limit for check in found.checks] == [
        "quantity and price", "kill switch", "order size", "position in one market", "all positions together", "leverage",
        "loss of the day", "fall from the highest equity", "age of the newest candle", "buys in a minute", "buys today",
        "price moved since the decision",
    ]  # fmt: skip
    assert all(check.held for check in found.checks)


EDGES = [
    # limit, what is set, last value that passes, first that does not
    ("order size", "quantity", D("10"), D("10.01")),
    ("position in one market", "in_market", D("2400"), D("2400.01")),
    ("all positions together", "gross", D("5900"), D("5900.01")),
    ("leverage", "leverage", D("1"), D("1.01")),
    ("loss of the day", "day_loss_percent", D("2.999"), D("3")),
    ("fall from the highest equity", "drawdown_percent", D("9.999"), D("10")),
    ("age of the newest candle", "candle_age", D("2"), D("2.001")),
    ("buys in a minute", "entries_last_minute", 4, 5),
    ("buys today", "entries_today", 199, 200),
    ("price moved since the decision", "price", D("102"), D("102.01")),
    ("price moved since the decision", "price", D("98"), D("97.99")),
    ("quantity and price", "quantity", D("0.00000001"), D("0")),
]


def with_value(name: str, value: Decimal | int) -> tuple[Proposal, Exposure]:
    if name in ("quantity", "price", "leverage"):
        return replace(BUY, **{name: value}), CALM
    return BUY, replace(CALM, **{name: value})


@pytest.mark.parametrize(("limit", "name", "passes", "fails"), EDGES)
def test_every_limit_at_its_edge(limit: str, name: str, passes: Decimal | int, fails: Decimal | int) -> None:
    assert refused(*with_value(name, passes)) == []
    far = (
        {"price": fails - 50 if fails < 100 else fails + 50}.get(name, fails * 2)
        if name != "quantity" or fails
        else D(-1)
    )
    for value in (fails, far):
        assert limit in refused(*with_value(name, value))


def test_every_limit_of_the_profile_has_an_edge_here() -> None:
    elsewhere = {"daily_halt_percent", "slippage_percent", "fee_percent"}
    named = set(Profile.model_fields) - elsewhere
    assert len(named) == len({limit for limit, *_ in EDGES} - {"quantity and price"})


@pytest.mark.parametrize("state", ["REDUCING", "HALTED", None])
def test_only_an_active_account_buys(state: gate.AccountState | None) -> None:
    assert refused(exposure=replace(CALM, account_state=state)) == ["kill switch"]


NEEDED = [each.name for each in fields(Exposure) if each.name != "held"]
FRACTIONS = [each for each in NEEDED if each not in ("account_state", "entries_last_minute", "entries_today")]


@pytest.mark.parametrize(
    ("name", "missing"),
    [(name, None) for name in NEEDED] + [(name, value) for name in FRACTIONS for value in (NAN, INFINITE)],
)
def test_what_is_not_known_is_refused_with_a_reason(name: str, missing: Decimal | None) -> None:
    found = judge(BUY, replace(CALM, **{name: missing}), LIMITS)
    assert isinstance(found, Refused)
    assert found.reason
    if name != "account_state":
        assert "unknown" in found.reason


@pytest.mark.parametrize("name", ["quantity", "price", "decided_price"])
@pytest.mark.parametrize("value", [NAN, INFINITE, -INFINITE, D(0), D(-1)])
@pytest.mark.parametrize("side", ["buy", "sell"])
def test_a_senseless_order_is_refused(name: str, value: Decimal, side: str) -> None:
    found = refused(replace(BUY if side == "buy" else SELL, **{name: value}))
    if name == "decided_price" and side == "sell":
        # a way out is not held to where the price was
        assert found == []
    else:
        assert found


@pytest.mark.parametrize("equity", [D(0), D(-5)])
def test_without_equity_nothing_is_bought(equity: Decimal) -> None:
    assert "order size" in refused(exposure=replace(CALM, equity=equity))


def test_a_refusal_says_which_limit_what_was_asked_and_what_is_allowed() -> None:
    found = judge(replace(BUY, quantity=D(50)), CALM, LIMITS)
    assert isinstance(found, Refused)
    assert found.reason == "order size: 5,000.00 asked, 1,000.00 allowed"
    found = judge(BUY, replace(CALM, day_loss_percent=D("3.25")), LIMITS)
    assert isinstance(found, Refused)
    assert found.reason == "loss of the day: 3.25% asked, below 3% allowed"


WORST = Exposure("HALTED", None, D(99_999), D(99_999), D(1), D(90), D(90), D(50), 99, 9_999)


def test_exits_are_never_blocked_by_loss_rate_or_kill_switch() -> None:
    assert refused(SELL, WORST) == []
    assert refused(replace(SELL, price=D(1)), WORST) == []
    nothing_known = Exposure(None, None, None, None, D(1), None, None, None, None, None)
    assert refused(SELL, nothing_known) == []


@pytest.mark.parametrize("held", [None, NAN, D(0), D("0.99999999")])
def test_more_than_is_held_cannot_be_sold(held: Decimal | None) -> None:
    assert refused(SELL, replace(CALM, held=held)) == ["position"]


amounts = st.decimals(min_value=0, max_value=20_000, places=2)


@given(amounts, amounts, amounts, st.decimals(min_value="0.01", max_value=200, places=2))
def test_whatever_is_approved_is_within_every_limit(
    equity: Decimal, in_market: Decimal, gross: Decimal, quantity: Decimal
) -> None:
    found = judge(
        replace(BUY, quantity=quantity), replace(CALM, equity=equity, in_market=in_market, gross=gross), LIMITS
    )
    if isinstance(found, Approved):
        slack = D("1.000001")
        assert quantity * 100 <= equity * D("0.1") * slack
        assert in_market + quantity * 100 <= equity * D("0.25") * slack
        assert gross + quantity * 100 <= equity * D("0.6") * slack


def test_only_the_gate_makes_an_approval() -> None:
    for key in (object(), None, "key"):
        with pytest.raises(TypeError):
            Approved(BUY, (), key)
    with pytest.raises(TypeError):
        Approved(BUY, ())  # type: ignore[call-arg]


def test_an_approval_cannot_be_changed_into_another() -> None:
    found = judge(BUY, CALM, LIMITS)
    assert isinstance(found, Approved)
    with pytest.raises((FrozenInstanceError, TypeError)):
        found.proposal = replace(BUY, quantity=D(1_000))  # type: ignore[misc]
    with pytest.raises((TypeError, ValueError)):
        replace(found, proposal=replace(BUY, quantity=D(1_000)))


# architecture: the one road to a broker


@cache
def modules() -> list[tuple[Path, ast.Module]]:
    packages = ("bot", "runtime", "strategy_dsl")
    paths = [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]
    assert len(paths) > 100
    return [(path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))) for path in paths]


def calls_of(name: str) -> list[tuple[str, ast.Call, ast.AST]]:
    found = []
    for path, tree in modules():
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                if called == name:
                    found.append((str(path), call, function))
    return found


def test_orders_reach_a_broker_in_one_place() -> None:
    ((path, call, function),) = [each for each in calls_of("submit") if "executor" not in ast.unparse(each[1].func)]
    assert path == "runtime/orders_desk.py"
    # what is passed on is the gate's own verdict, and the other verdict has returned before
    (argument,) = call.args
    assert isinstance(argument, ast.Name)
    body = ast.unparse(function)
    assert f"{argument.id} = judge(" in body
    assert f"if isinstance({argument.id}, Refused):" in body
    assert body.index(f"isinstance({argument.id}, Refused)") < body.index(".submit(")
    # the intent is written down before
    assert body.index("intents.plan(") < body.index("'SENDING'") < body.index(".submit(")


def test_brokers_take_approvals_and_nothing_else() -> None:
    found = 0
    for path, tree in modules():
        if path.parts[:2] != ("runtime", "brokers"):
            continue
        for function in (
            each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef) and each.name == "submit"
        ):
            taken = function.args.args[1]
            assert taken.annotation is not None and ast.unparse(taken.annotation) == "Approved"
            found += 1
    assert found


def test_only_the_gate_uses_its_key() -> None:
    for path, tree in modules():
        imported = [
            node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "runtime.core.gate"
        ]
        assert "_KEY" not in [alias.name for node in imported for alias in node.names], path
        if any("_KEY" in ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)):
            assert "gate._KEY" not in ast.unparse(tree), path
    assert {path for path, *_ in calls_of("Approved")} == {"runtime/core/gate.py"}
