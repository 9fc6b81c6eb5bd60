"""A condition in the place of what a rule speaks of: `a MACD cross down instead of the RSI exit`."""

from strategy_dsl import nodes
from strategy_dsl.phrasebook import changes
from strategy_dsl.phrasebook.conditions import condition
from strategy_dsl.phrasebook.cursor import Cursor, reader
from strategy_dsl.phrasebook.found import Found
from strategy_dsl.phrasebook.names import ARTICLES
from strategy_dsl.phrasebook.old_words import old
from strategy_dsl.phrasebook.place_words import condition_text
from strategy_dsl.phrasebook.rule_changes import without_exit
from strategy_dsl.phrasebook.statements import Memory


@reader
def condition_instead(c: Cursor) -> Found | None:
    """The new condition on the way out or in, for the one that speaks of the named indicator."""
    c.skip(ARTICLES | {"use"})
    said = condition(c, Memory())
    if said is None or said.choices or c.peek().text not in ("instead", "rather"):
        return None
    gone = old(c)
    if gone is None or not gone.noun or gone.number:
        return None

    def step(strategy: nodes.Strategy) -> nodes.Strategy:
        text = condition_text(said, strategy)
        if gone.leaving:
            return changes.added_rule(f"sell when {text}")(without_exit(gone.noun)(strategy))
        return changes.added_condition(text)(changes.without(gone.noun)(strategy))

    return Found(step)
