"""Conditions by Kleene's logic, against an oracle in plain Python; with and without a position."""

import math
from decimal import Decimal
from functools import reduce
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.candles import Candles
from runtime.core.columns import Columns, all_of, any_of
from runtime.core.machine import expressions
from runtime.core.machine.machine import Machine
from runtime.core.machine.tape import Costs
from strategy_dsl import nodes
from strategy_dsl.program import build_program, leaves
from tests.candle_files import MONDAY_MS
from tests.made import OPEN, program_of, walk_candles
from tests.runtime.core.judged import Judge

Truth = bool | None
THREE: tuple[Truth, ...] = (True, False, None)
NAN = math.nan


def both(left: Truth, right: Truth) -> Truth:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def every(parts: list[Truth]) -> Truth:
    found: Truth = True
    for each in parts:
        found = both(found, each)
    return found


def opposite(value: Truth) -> Truth:
    return None if value is None else not value


def some(parts: list[Truth]) -> Truth:
    return opposite(every([opposite(each) for each in parts]))


def number(value: Truth) -> float:
    return NAN if value is None else float(value)


def truth(value: float) -> Truth:
    return None if math.isnan(value) else bool(value == 1)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_and_and_or_by_their_tables(count: int) -> None:
    for row in product(THREE, repeat=count):
        columns = [np.array([number(each)]) for each in row]
        assert truth(all_of(columns)[0]) is every(list(row))
        assert truth(any_of(columns)[0]) is some(list(row))
        assert truth(reduce(expressions.both, [number(each) for each in row])) is every(list(row))


# what a, b and c stand for: three series of numbers, some of them unknown

NAMES = ("open", "high", "low")


def base(name: str) -> nodes.Node:
    return nodes.Compare((nodes.Name(name), nodes.Number(Decimal("0.5"))), (">",))


def series(values: list[tuple[Truth, Truth, Truth]]) -> Candles:
    table = np.array([[number(each) for each in row] for row in values], dtype=np.float64).reshape(-1, 3)
    time = MONDAY_MS + 3_600_000 * np.arange(len(values), dtype=np.int64)
    columns = [np.ascontiguousarray(table[:, at]) for at in range(3)]
    return Candles("BTC/USDT", "1h", time, *columns, np.zeros(len(values)), np.zeros(len(values)))


def joined(children: st.SearchStrategy[nodes.Node]) -> st.SearchStrategy[nodes.Node]:
    several = st.lists(children, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        children.map(nodes.Not),
        several.map(nodes.AllOf),
        several.map(nodes.AnyOf),
        st.tuples(st.integers(1, 3), several).map(lambda pair: nodes.AtLeast(*pair)),
    )


def in_time(children: st.SearchStrategy[nodes.Node]) -> st.SearchStrategy[nodes.Node]:
    bars = st.integers(1, 3)
    return st.one_of(
        joined(children),
        st.tuples(children, bars).map(lambda pair: nodes.Throughout(*pair)),
        st.tuples(children, bars).map(lambda pair: nodes.Recently(*pair)),
        st.tuples(children, bars, children).map(lambda three: nodes.Sequence(*three)),
        st.tuples(children, children).map(lambda pair: nodes.FirstSince(*pair)),
        children.map(lambda each: nodes.Call("newly", (each,))),
        st.sampled_from(NAMES).flatmap(
            lambda name: st.sampled_from(
                [nodes.Crosses(nodes.Name(name), side, nodes.Name("open")) for side in ("above", "below")]
                + [nodes.Moves(nodes.Name(name), trend, bars) for trend in ("rising", "falling") for bars in (1, 2)]
                + [nodes.Between(nodes.Name("open"), nodes.Name(name), nodes.Name("low"))]
                + [nodes.Compare((nodes.Name("open"), nodes.Name(name), nodes.Name("low")), ("<=", "<"))]
            )
        ),
    )


BASES = st.sampled_from([base(name) for name in NAMES])
CONDITIONS = st.recursive(BASES, in_time, max_leaves=6)
ROWS = st.lists(st.tuples(*[st.sampled_from(THREE)] * 3), min_size=1, max_size=8)


class Oracle:
    """The meaning of a condition, read off the words of LANGUAGE.md, candle by candle."""

    def __init__(self, rows: list[tuple[Truth, Truth, Truth]]) -> None:
        self.rows = rows

    def value(self, node: nodes.Node, at: int) -> float | None:
        assert isinstance(node, nodes.Name)
        held = self.rows[at][NAMES.index(node.name)] if at >= 0 else None
        return None if held is None else float(held)

    def compared(self, left: float | None, operator: str, right: float | None) -> Truth:
        if left is None or right is None:
            return None
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]

    def of(self, node: nodes.Node, at: int) -> Truth:
        if at < 0:
            return None
        match node:
            case nodes.Compare((nodes.Name() as name, nodes.Number()), _):
                return self.compared(self.value(name, at), ">", 0.5)
            case nodes.Compare(operands, operators):
                values = [self.value(each, at) for each in operands]
                links = zip(values, operators, values[1:], strict=False)
                return every([self.compared(*link) for link in links])
            case nodes.Between(operand, low, high):
                a, b, c = (self.value(each, at) for each in (operand, low, high))
                return both(self.compared(a, ">=", b), self.compared(a, "<=", c))
            case nodes.Crosses(left, side, right):
                before, now = ("<=", ">") if side == "above" else (">=", "<")
                was = self.compared(self.value(left, at - 1), before, self.value(right, at - 1))
                return both(was, self.compared(self.value(left, at), now, self.value(right, at)))
            case nodes.Moves(operand, trend, bars):
                sign = ">" if trend == "rising" else "<"
                steps = range(at, at - bars, -1)
                return every([self.compared(self.value(operand, i), sign, self.value(operand, i - 1)) for i in steps])
            case nodes.Not(inner):
                return opposite(self.of(inner, at))
            case nodes.AllOf(parts):
                return every([self.of(each, at) for each in parts])
            case nodes.AnyOf(parts):
                return some([self.of(each, at) for each in parts])
            case nodes.AtLeast(count, parts):
                found = [self.of(each, at) for each in parts]
                if found.count(True) >= count:
                    return True
                return False if found.count(True) + found.count(None) < count else None
            case nodes.Throughout(inner, bars):
                return every([self.of(inner, at - back) for back in range(bars)])
            case nodes.Recently(inner, bars):
                return some([self.of(inner, at - back) for back in range(bars)])
            case nodes.Sequence(first, bars, second):
                return both(some([self.of(first, at - back) for back in range(1, bars + 1)]), self.of(second, at))
            case nodes.Call("newly", (inner,)):
                return both(self.of(inner, at), opposite(self.of(inner, at - 1)))
            case nodes.FirstSince(event, since):
                return both(both(self.of(event, at), self.armed(event, since, at)), opposite(self.of(since, at)))
        raise AssertionError(node)

    def armed(self, event: nodes.Node, since: nodes.Node, at: int) -> Truth:
        """Whether, before this candle, `since` came after the last `event`."""
        state: Truth = False
        for before in range(at):
            kept = both(state, opposite(self.of(event, before)))
            state = some([kept, self.of(since, before)])
        return state


@given(ROWS, CONDITIONS)
@settings(max_examples=400, deadline=None)
def test_columns_say_what_the_words_say(rows: list[tuple[Truth, Truth, Truth]], condition: nodes.Node) -> None:
    found = Columns(series(rows)).of(condition)
    oracle = Oracle(rows)
    assert [truth(each) for each in found.tolist()] == [oracle.of(condition, at) for at in range(len(rows))]


# with a position: the same words on values instead of columns

PROGRAM = program_of("trade BTC/USDT on 1h\nbuy when close > 1\nsell when profit > 1%\nstop loss 3%\n")
JUDGE = Judge(PROGRAM, walk_candles(30, 3), {})
POSITION = ("profit", "entry_price", "held")


def swapped(node: nodes.Node) -> nodes.Node:
    """The condition on the position's names in the place of the candles'."""
    match node:
        case nodes.Compare((nodes.Name(name), right), operators) if isinstance(right, nodes.Number):
            return nodes.Compare((nodes.Name(POSITION[NAMES.index(name)]), right), operators)
        case nodes.Not(inner):
            return nodes.Not(swapped(inner))
        case nodes.AllOf(parts):
            return nodes.AllOf(tuple(swapped(each) for each in parts))
        case nodes.AnyOf(parts):
            return nodes.AnyOf(tuple(swapped(each) for each in parts))
        case nodes.AtLeast(count, parts):
            return nodes.AtLeast(count, tuple(swapped(each) for each in parts))
    raise AssertionError(node)


@given(st.tuples(*[st.sampled_from(THREE)] * 3), st.recursive(BASES, joined, max_leaves=6))
@settings(max_examples=200, deadline=None)
def test_a_position_is_judged_by_the_same_logic(row: tuple[Truth, Truth, Truth], condition: nodes.Node) -> None:
    values = {name: float(held) for name, held in zip(POSITION, row, strict=True) if held is not None}
    assert truth(JUDGE.at(swapped(condition), 5, values)) is Oracle([row]).of(condition, 0)


SOME = st.one_of(st.none(), st.sampled_from([0.0, 1.0, -1.0, 2.5]))


@given(SOME, SOME, st.sampled_from("+-*/"), SOME)
@settings(max_examples=200, deadline=None)
def test_numbers_of_a_position_and_of_candles_are_reckoned_alike(
    left: float | None, right: float | None, operator: str, third: float | None
) -> None:
    def tree(a: str, b: str, c: str) -> list[nodes.Node]:
        x, y, z = nodes.Name(a), nodes.Name(b), nodes.Name(c)
        made = nodes.Arithmetic(x, operator, y)  # type: ignore[arg-type]
        ten = nodes.Percent(Decimal(10))
        return [
            made,
            nodes.Negative(made),
            nodes.Share(ten, "above", made),
            nodes.Share(ten, "below", made),
            nodes.Share(ten, "of", made),
            nodes.Between(made, y, z),
            nodes.Near(made, ten, z),
            nodes.Compare((made, y, z), ("<", "!=")),
            nodes.Compare((x, y, z), ("==", ">=")),
        ]

    numbers = [NAN if each is None else each for each in (left, right, third)]
    time = np.array([MONDAY_MS], dtype=np.int64)
    candles = Candles("BTC/USDT", "1h", time, *(np.array([each]) for each in (*numbers, 0.0, 0.0)))
    columns = Columns(candles)
    known = {name: each for name, each in zip(POSITION, numbers, strict=True) if not math.isnan(each)}
    for mine, theirs in zip(tree(*POSITION), tree(*NAMES), strict=True):
        found, expected = JUDGE.at(mine, 0, known), float(columns.of(theirs)[0])
        assert found == expected or (math.isnan(found) and math.isnan(expected)), theirs


def test_a_judge_reads_every_node_without_a_position_off_its_column() -> None:
    rules = """trade BTC/USDT and ETH/USDT on 1h
    let trend = ema(close, 20) on 4h
    buy when rsi(14) crosses below 40 and close > trend
    buy twice when at least 2 of (close > open for 2 bars, volume > mean(volume, 5), close of ETH/USDT > 100)
    sell when close > entry_price + 2 * atr(14) or (rsi(14) > 60 and held > 4h)
    sell 50% when profit is between 1% and 3% and not (close is falling)
    stop loss 2 * atr(14)
    take profit at highest(high, 20) * 1.1
    only when weekday in (monday, friday)
    """
    program = program_of("\n".join(line.strip() for line in rules.splitlines()))
    candles = {name: walk_candles(200, seed, name) for name, seed in (("BTC/USDT", 1), ("ETH/USDT", 2))}
    judge = Judge(program, candles["BTC/USDT"], candles)
    columns = Columns(candles["BTC/USDT"], candles)
    position = {*POSITION, "position_high"}
    trees = [*(rule.condition for rule in program.rules()), *(gate for _, gate in program.gates)]
    checked = 0
    for node in {each for tree in trees for each in nodes.walk(tree)}:
        free = not any(isinstance(each, nodes.Name) and each.name in position for each in nodes.walk(node))
        if isinstance(node, nodes.Strategy) or not free:
            continue
        expected = columns.of(node)
        found = np.array([judge.at(node, index, {"profit": 1.0}) for index in range(200)])
        np.testing.assert_array_equal(found, expected)
        checked += 1
    assert checked > 25


def test_a_division_by_nothing_is_unknown_also_with_a_position() -> None:
    node = nodes.Arithmetic(nodes.Name("held"), "/", nodes.Arithmetic(nodes.Name("profit"), "-", nodes.Name("profit")))
    assert math.isnan(JUDGE.at(node, 5, {"held": 3.0, "profit": 0.01}))


def test_a_position_s_names_are_unknown_while_there_is_none() -> None:
    assert math.isnan(JUDGE.at(nodes.Name("profit"), 5, {}))
    assert math.isnan(JUDGE.at(PROGRAM.closers[0].condition, 5, {}))


def test_a_length_of_time_counts_in_candles() -> None:
    node = nodes.Duration("4h")
    assert JUDGE.at(node, 5, {}) == 4.0


def test_traces_hold_both_sides_of_every_comparison() -> None:
    (rule,) = program_of("trade BTC/USDT on 1h\nbuy when rsi(14) < 30 and close > open\nstop loss 3%\n").entries
    program = program_of("trade BTC/USDT on 1h\nbuy when rsi(14) < 30 and close > open\nstop loss 3%\n")
    candles = walk_candles(60, 3)
    machine = Machine(program, {"BTC/USDT": candles}, Costs(), 1_000.0, 0)
    machine.close(2)
    early = machine.trace(rule, "BTC/USDT")
    machine.close(40)
    readings = machine.trace(rule, "BTC/USDT")
    assert len(readings) == len(list(leaves(rule.condition))) == 2
    columns = Columns(candles)
    for leaf, (held, left, right) in zip(rule.leaves, readings, strict=True):
        assert leaf.left is not None and leaf.right is not None
        assert (left, right) == (columns.of(leaf.left)[40], columns.of(leaf.right)[40])
        assert held == columns.of(leaf.condition)[40]
    assert early[0] == [None, None, 30.0]


def test_lets_are_put_in_before_anything_runs() -> None:
    program = program_of(
        "trade BTC/USDT on 1h\nlet a = close\nlet b = ema(a, 5)\nbuy when b > a\nsell when b < a\n", OPEN
    )
    names = {
        each.name for rule in program.rules() for each in nodes.walk(rule.condition) if isinstance(each, nodes.Name)
    }
    assert names == {"close"}
    assert build_program(program.strategy) == program
