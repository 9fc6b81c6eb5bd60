from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy_dsl.compiler import compile_rules
from strategy_dsl.diagnostics import StrategyError
from strategy_dsl.envelope import envelope
from strategy_dsl.formatter import format_strategy
from strategy_dsl.limits import Limits
from strategy_dsl.loosening import loosened
from strategy_dsl.parameters import parameters, with_value
from strategy_dsl.parser import parse
from strategy_dsl.program import build_program
from tests.strategy_dsl import corpus
from tests.strategy_dsl.corpus import IDS

LETS = """let length = 14
let bottom = 30
let wide = 3%
trade BTC/USDT on 1h
budget 10000 USDT
buy when rsi(length) crosses below bottom
sell when rsi(length) > 60
stop loss wide
size 10% of equity
"""
WRITTEN = """trade BTC/USDT on 1h
budget 10000 USDT
buy when rsi(14) crosses below 30 and hour == 9 and close is rising 3 bars and close > ema(close[1], 200)
sell 50% when rsi(14) > 60
stop loss 2 * atr(14)
take profit 3r
trailing stop 2% after 1.5%
exit after 36h
cooldown 4h after a loss
size 10% of equity
ask before buying, for 5m, otherwise skip
"""
LIMITS = Limits()


def compiled(text: str):
    return compile_rules(text, LIMITS).strategy


def test_a_let_may_stand_where_a_written_number_must() -> None:
    plain = LETS.replace("(length)", "(14)").replace("below bottom", "below 30").replace("loss wide", "loss 3%")
    named, written = compiled(LETS), compiled(plain)
    assert [each.condition for each in build_program(named).rules()] == [
        each.condition for each in build_program(written).rules()
    ]
    assert build_program(named).strategy.stop == written.stop
    assert envelope(named, LIMITS.paper) == envelope(written, LIMITS.paper), "the worst case knows the stop"
    assert "rsi(length)" in format_strategy(named), "the text keeps the name"


@pytest.mark.parametrize(
    ("value", "message"),
    [("close", "must be a plain number"), ("14.5", "must be a whole number"), ("3%", "must be a plain number"), ("0", "from 2 to")],
)  # fmt: skip
def test_a_let_that_is_no_such_number_is_refused(value: str, message: str) -> None:
    with pytest.raises(StrategyError) as caught:
        compiled(LETS.replace("length = 14", f"length = {value}"))
    assert message in str(caught.value)


def test_a_wider_stop_behind_a_name_is_a_looser_one() -> None:
    old = compiled(LETS)
    assert not loosened(old, compiled(LETS.replace("wide = 3%", "wide = 2%")), LIMITS.paper)
    assert loosened(old, compiled(LETS.replace("wide = 3%", "wide = 9%")), LIMITS.paper)


def test_what_can_be_varied_and_by_how_much() -> None:
    def rows(text: str) -> list[str]:
        return [
            f"{each.name} {each.label}: {each.text(each.value)} {' '.join(map(each.text, each.steps()))} x{len(each.places)}"
            for each in parameters(compiled(text))
        ]

    assert rows(LETS) == [
        "length length: 14 13 15 x1",
        "bottom bottom: 30 27 33 x1",
        "wide wide: 3% 2.7% 3.3% x1",
        "1 rsi(length) > 60: 60 54 66 x1",
    ]
    # neither the hour that is met or not, nor sizes, portions, shifts and questions
    assert rows(WRITTEN) == [
        "1 length of rsi: 14 13 15 x2",
        "2 rsi(14) crosses below 30: 30 27 33 x1",
        "3 close is rising 3 bars: 3 2 4 x1",
        "4 length of ema: 200 180 220 x1",
        "5 rsi(14) > 60: 60 54 66 x1",
        "6 stop loss: 2 1.8 2.2 x1",
        "7 length of atr: 14 13 15 x1",
        "8 take profit: 3r 2.7r 3.3r x1",
        "9 trailing stop: 2% 1.8% 2.2% x1",
        "10 trailing stop after: 1.5% 1.35% 1.65% x1",
        "11 exit after: 36h 32h 40h x1",
        "12 cooldown: 4h 3h 5h x1",
    ]


@given(st.data())
def test_a_value_put_in_is_the_only_change_and_the_text_says_it(data: st.DataObject) -> None:
    strategy = compiled(data.draw(st.sampled_from([LETS, WRITTEN])))
    found = parameters(strategy)
    parameter = data.draw(st.sampled_from(found))
    value = Decimal(data.draw(st.integers(2, 90)))
    changed = with_value(strategy, parameter, value)
    if value != parameter.value:
        assert changed != strategy and parameter.text(value) in format_strategy(changed)
    assert with_value(changed, parameter, parameter.value) == strategy


@pytest.mark.parametrize("name", IDS)
def test_every_strategy_of_the_corpus_takes_its_steps(name: str) -> None:
    """Each number of it a step away still has a text that reads back as the same tree."""
    strategy = corpus.compiled(name).strategy
    for parameter in parameters(strategy):
        for value in parameter.steps():
            changed = with_value(strategy, parameter, value)
            assert parse(format_strategy(changed)).strategy == changed, parameter.label
