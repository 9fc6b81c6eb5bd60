"""The questions that go back to the person: one at a time, each with answers to tap."""

import re
from dataclasses import replace

from strategy_dsl.phrasebook.draft import Draft, Rule, open_choices, rules_text
from strategy_dsl.phrasebook.reading import Option, Question
from strategy_dsl.phrasebook.statements import Choice, Condition
from strategy_dsl.phrasebook.verification import verified

MEANT = "I mean "
MARKETS = ("BTC/USDT", "ETH/USDT", "SOL/USDT")
EXITS = (
    ("stop 3%, take profit 6%", "stop 3%, take profit 6%", {"stop": ("3%",), "target": ("6%",)}),
    ("trailing stop 5%", "trailing stop 5%", {"trail": ("5%",)}),
    ("after 24 hours, stop 5%", "exit after 24h, stop 5%", {"exit_after": ("24h",), "stop": ("5%",)}),
)
ENTRIES = (
    ("RSI(14) drops below 30", "buy when RSI drops below 30", "rsi(14) crosses below 30"),
    ("the 50 average crosses above the 200", "buy on a golden cross", "sma(close, 50) crosses above sma(close, 200)"),
    ("a new 20-candle high", "buy when price makes a new 20 candle high", "close > highest(high, 20)[1]"),
)
SHORT_ENTRIES = (
    ("RSI(14) rises above 70", "short when RSI rises above 70", "rsi(14) crosses above 70"),
    ("the 50 average crosses below the 200", "short on a death cross", "sma(close, 50) crosses below sma(close, 200)"),
    ("a new 20-candle low", "short when price makes a new 20 candle low", "close < lowest(low, 20)[1]"),
)


def _canonical(draft: Draft, final: bool) -> str | None:
    return verified(rules_text(draft))[0] if final else None


def market_question(draft: Draft, final: bool) -> Question:
    """Which market, with the three largest to tap."""
    options = tuple(Option(name, _canonical(replace(draft, markets=(name,)), final), f"on {name}") for name in MARKETS)
    return Question("market", "Which market should it trade?", options)


def exit_question(draft: Draft, final: bool) -> Question:
    """What ends a trade."""
    options = tuple(
        Option(label, _canonical(replace(draft, clauses=draft.clauses | added), final), words)
        for label, words, added in EXITS
    )
    return Question("exit", "What should end a trade? Nothing in your text does yet.", options)


def entry_question(draft: Draft, final: bool = True) -> Question:
    """What to buy on, with three plain starters; what to short on, where only shorts are spoken of."""
    bare = {item.kind for item in draft.loose}
    action, entries = ("short", SHORT_ENTRIES) if "short" in bare and "buy" not in bare else ("buy", ENTRIES)
    ready = final and bool(draft.markets) and draft.closes()
    options = tuple(
        Option(label, _canonical(replace(draft, rules=(*draft.rules, Rule(action, Condition(said)))), ready), words)
        for label, words, said in entries
    )
    return Question("entry", f"What should make it {'sell short' if action == 'short' else 'buy'}?", options)


def sale_question(draft: Draft) -> Question:
    """`sell` alone: what is open is sold by a command, and a rule for selling needs one for buying."""
    market = draft.markets[0] if draft.markets else "BTC"
    text = f"Sell what is open? Say close {market.split('/')[0]}. Or shall I write rules that buy first and sell then?"
    options = tuple(Option(label, None, f"{words} on {market}") for label, words in SALES)
    return Question("exit", text, options)


SALES = (
    (
        "below RSI 30 buy, above 70 sell",
        "buy when RSI drops below 30, sell when RSI is above 70",
    ),
    ("buy on a golden cross, sell on a death cross", "buy on a golden cross, sell on a death cross"),
)


def which_question() -> Question:
    """A setting without a strategy to put it into."""
    text = "There is no strategy to change yet. What should make it buy, and on which market?"
    options = tuple(Option(label, None, f"{words} on BTC") for label, words, _ in ENTRIES)
    return Question("which_strategy", text, options)


def unit_question(rules: str, number: str, coin: str) -> Question | None:
    """`buy 50 of SOL`: so much money, or so many coins; None where the rules buy no such number of coins."""
    if f" {number} {coin}\n" not in f"{rules}\n":
        return None
    money = verified(rules.replace(f" {number} {coin}", f" {number} USDT"))[0]
    options = (Option(f"{number} USDT of {coin}", money), Option(f"{number} {coin}", rules))
    return Question("size", f"{number} of {coin}: so many dollars, or so many coins?", options)


def stop_question(draft: Draft, text: str = "Where should the stop be? The risk is counted from it.") -> Question:
    """The stop that a size by risk, or a target in multiples of the risk, is reckoned from."""
    stops = (("3%", "stop 3%"), ("2 * atr(14)", "stop 2 ATR"), ("5%", "stop 5%"))
    options = tuple(
        Option(f"stop loss {stop}", _canonical(replace(draft, clauses=draft.clauses | {"stop": (stop,)}), True), words)
        for stop, words in stops
    )
    return Question("stop", text, options)


def choice_question(draft: Draft, choice: Choice, final: bool) -> Question:
    """One open choice of the text itself."""
    first = choice.options[0][1]
    options = []
    for label, text in choice.options:
        chosen = _chosen(draft, choice, first, text)
        options.append(Option(label, _canonical(chosen, final), f"{MEANT}{label}"))
    return Question(choice.topic, choice.text, tuple(options))


def with_answers(draft: Draft, answers: tuple[str, ...]) -> Draft:
    """The draft with every choice settled that one of the answers names."""
    for choice in open_choices(draft):
        for label, text in choice.options:
            if label in answers:
                draft = _settled(_chosen(draft, choice, choice.options[0][1], text), choice)
                break
    return draft


def _settled(draft: Draft, choice: Choice) -> Draft:
    """The draft without this choice."""
    rules = tuple(
        replace(rule, condition=replace(rule.condition, choices=_less(rule.condition.choices, choice)))
        for rule in draft.rules
    )
    return replace(draft, rules=rules, choices=_less(draft.choices, choice))


def _less(choices: tuple[Choice, ...], choice: Choice) -> tuple[Choice, ...]:
    return tuple(one for one in choices if one != choice)


def _exchanged(said: str, first: str, text: str) -> str:
    """One text in the place of another; with `|` each of several in the place of its own."""
    others = dict(zip(first.split("|"), text.split("|"), strict=True))
    found = re.compile("|".join(re.escape(one) for one in others))
    return found.sub(lambda match: others[match.group()], said)


def _chosen(draft: Draft, choice: Choice, first: str, text: str) -> Draft:
    anywhere = choice.topic == "lookback" and choice in draft.choices
    rules = tuple(
        replace(rule, condition=replace(rule.condition, text=_exchanged(rule.condition.text, first, text)))
        if anywhere or choice in rule.condition.choices
        else rule
        for rule in draft.rules
    )
    clauses = draft.clauses
    if choice in draft.choices:
        clauses = {
            kind: tuple(text if said == first else said for said in texts) for kind, texts in draft.clauses.items()
        }
    return replace(draft, rules=rules, clauses=clauses)
