"""Laws of the language: text and tree are one, and nothing makes it fall over."""

from hypothesis import given, settings
from hypothesis import strategies as st

from strategy_dsl.compiler import check, compile_rules
from strategy_dsl.defaults import completed
from strategy_dsl.diagnostics import StrategyError, render
from strategy_dsl.formatter import expression, format_strategy
from strategy_dsl.limits import Limits
from strategy_dsl.parser import build_grammar, parse, parse_expression
from strategy_dsl.readback import readback
from strategy_dsl.reference import EXPRESSIONS
from strategy_dsl.syntax_words import FORMS
from tests.strategy_dsl.trees import conditions, quantities, strategies

LIMITS = Limits()
BASE = "trade BTC/USDT and ETH/USDT on 1h\nbuy when {}\nstop loss 3%\n"


@settings(max_examples=600, deadline=None)
@given(quantities | conditions)
def test_an_expression_comes_back_from_its_text(tree):
    assert parse_expression(expression(tree)) == tree


@settings(max_examples=300, deadline=None)
@given(strategies)
def test_a_strategy_comes_back_from_its_text_and_formatting_is_idempotent(tree):
    text = format_strategy(tree)
    parsed = parse(text)
    assert parsed.problems == ()
    assert parsed.strategy == tree
    assert format_strategy(parsed.strategy) == text


@settings(max_examples=300, deadline=None)
@given(strategies, strategies)
def test_different_programs_read_back_differently(one, other):
    def told(tree):
        sentences = readback(tree, lambda field, value: True)
        return [each.text for each in sentences if each.field != "name"]

    def meaning(tree):
        return [line for line in format_strategy(tree).splitlines() if line and not line.startswith("strategy")]

    if meaning(one) != meaning(other):
        assert told(one) != told(other)


@settings(max_examples=300, deadline=None)
@given(strategies)
def test_checking_any_tree_gives_diagnostics_and_nothing_else(tree):
    text = format_strategy(tree)
    for each in check(parse(text).strategy):
        assert each.message
        assert render(each, text)


@settings(max_examples=1500, deadline=None)
@given(st.text(max_size=300) | st.text('buy when rsi(14) <>%.,()[]ofandor 0123456789\n#"', max_size=200))
def test_any_text_compiles_or_says_what_is_wrong(text):
    problems = ()
    try:
        compile_rules(text, LIMITS)
    except StrategyError as error:
        problems = error.diagnostics
    assert all(render(each, text) for each in problems)


def test_every_example_of_the_manual_parses_and_every_expression_compiles():
    for forms in FORMS.values():
        for form in forms:
            assert parse(form).problems == (), form
    for example, _ in EXPRESSIONS:
        compile_rules(BASE.format(example), LIMITS)


def test_defaults_are_written_out_and_the_text_is_then_complete():
    compiled = compile_rules(BASE.format("rsi(14) < 30"), LIMITS)
    again = compile_rules(compiled.text, LIMITS)
    assert again.text == compiled.text
    assert again.hash == compiled.hash
    assert again.assumed == ()
    assert completed(again.strategy, again.strategy.budget.amount) == (again.strategy, ())


def test_clauses_may_come_in_any_order_with_comments():
    one = "trade BTC/USDT on 1h\nbuy when rsi(14) < 30\n  and close > 5\nstop loss 3%\n"
    other = "# first\nstop loss 3% # three\nbuy when rsi(14) < 30 and close > 5\n\ntrade BTC/USDT on 1h"
    assert compile_rules(one, LIMITS).hash == compile_rules(other, LIMITS).hash


def test_no_conflict_of_the_grammar_is_settled_by_chance():
    assert build_grammar(strict=True).parse("stop loss 3%") == build_grammar(strict=False).parse("stop loss 3%")
