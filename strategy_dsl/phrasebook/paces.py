"""`the fast EMA` and `the slow one`: their lengths, which the person is asked for."""

import re
from dataclasses import replace

from strategy_dsl.phrasebook.draft import Draft
from strategy_dsl.phrasebook.statements import Choice, Condition

LENGTHS = {
    ("quick", "slow"): (("9", "21"), ("20", "50"), ("50", "200")),
    ("slow",): (("50",), ("200",), ("100",)),
    ("quick",): (("9",), ("20",), ("10",)),
}
"""What people mean by them, likeliest first."""
MARK = re.compile(r"\{(quick|slow):(\w+)\}")
WORDS = {"quick": "fast", "slow": "slow"}


def paced(draft: Draft) -> Draft:
    """Every fast and slow average with the likeliest length, and the question for another."""
    texts = [*(rule.condition.text for rule in draft.rules), *(said.text for said in draft.alerts)]
    texts += [text for many in draft.clauses.values() for text in many]
    said = {match for text in texts for match in MARK.findall(text)}
    kinds = {kind for _, kind in said} - {"one"}
    if not said or len(kinds) != 1:
        return draft
    kind = kinds.pop().replace("ma", "sma") if "ma" in kinds else kinds.pop()
    asked = tuple(sorted({pace for pace, _ in said}))
    spelled = [tuple(f"{kind}(close, {size})" for size in sizes) for sizes in LENGTHS[asked]]
    first = dict(zip(asked, spelled[0], strict=True))

    def filled(text: str) -> str:
        return MARK.sub(lambda match: first[match.group(1)], text)

    labels = [f"{' and '.join(sizes)} candles" for sizes in LENGTHS[asked]]
    options = tuple((label, "|".join(texts)) for label, texts in zip(labels, spelled, strict=True))
    names = " and the ".join(WORDS[pace] for pace in asked)
    question = Choice("lookback", f"Over how many candles are the {names} averages?", options)
    return replace(
        draft,
        rules=tuple(
            replace(rule, condition=_with(rule.condition, filled(rule.condition.text))) for rule in draft.rules
        ),
        alerts=tuple(_with(one, filled(one.text)) for one in draft.alerts),
        clauses={name: tuple(filled(text) for text in texts) for name, texts in draft.clauses.items()},
        choices=(*draft.choices, question),
    )


def _with(said: Condition, text: str) -> Condition:
    return replace(said, text=text)
