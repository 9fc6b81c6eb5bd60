"""Laws of the language: text and tree are one, and nothing makes it fall over."""

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from strategy_dsl import nodes
from strategy_dsl.compiler import check, compile_rules
from strategy_dsl.defaults import completed
from strategy_dsl.diagnostics import StrategyError, render
from strategy_dsl.formatter import expression, format_strategy
from strategy_dsl.limits import Limits
from strategy_dsl.nodes import walk
from strategy_dsl.parser import build_grammar, parse, parse_expression
from strategy_dsl.readback import readback
from strategy_dsl.reference import EXPRESSIONS
from strategy_dsl.syntax_words import FORMS
from strategy_dsl.words import words
from tests.strategy_dsl.trees import conditions, examples, quantities, strategies

LIMITS = Limits()
BASE = "trade BTC/USDT and ETH/USDT on 1h\nbuy when {}\nstop loss 3%\n"


@examples(300)
@given(quantities | conditions)
def test_an_expression_comes_back_from_its_text(tree):
    assert parse_expression(expression(tree)) == tree


@examples(150)
@given(strategies)
def test_a_strategy_comes_back_from_its_text_and_formatting_is_idempotent(tree):
    text = format_strategy(tree)
    parsed = parse(text)
    assert parsed.problems == ()
    assert parsed.strategy == tree
    assert format_strategy(parsed.strategy) == text


def told(tree):
    """What a person reads, but for the name."""
    return [each.text for each in readback(tree, lambda field, value: True) if each.field != "name"]


@examples(150)
@given(strategies, strategies, st.sampled_from([each.name for each in fields(nodes.Strategy) if each.name != "name"]))
def test_one_clause_changed_reads_differently(one, other, field):
    changed = replace(one, **{field: getattr(other, field)})
    assert (told(one) == told(changed)) == (one == changed)


def swapped(tree, place, new):
    """The tree with one of its nodes replaced by another of the same type; the tree itself where there is none."""
    found = [each for each in walk(tree) if type(each) is type(new)]
    if not found:
        return tree
    old = found[place % len(found)]

    def within(node):
        if node is old:
            return new
        changes = {}
        for each in fields(node):
            value = getattr(node, each.name)
            if isinstance(value, nodes.Node):
                changes[each.name] = within(value)
            elif isinstance(value, tuple):
                changes[each.name] = tuple(within(one) if isinstance(one, nodes.Node) else one for one in value)
        return replace(node, **changes) if changes else node

    return within(tree)


@examples(400)
@given(quantities | conditions, st.integers(0, 100), quantities | conditions)
def test_one_part_of_an_expression_changed_reads_differently(tree, place, new):
    changed = swapped(tree, place, new)
    assert (words(tree) == words(changed)) == (tree == changed)


@examples(150)
@given(strategies)
def test_checking_any_tree_gives_diagnostics_and_nothing_else(tree):
    text = format_strategy(tree)
    for each in check(parse(text).strategy):
        assert each.message
        assert render(each, text)


@examples(400)
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
