"""Mutated strategies and random text against parser, checker, formatter and readback."""

import random
import time
from dataclasses import dataclass
from pathlib import Path

from strategy_dsl.catalogue import FUNCTIONS
from strategy_dsl.compiler import compile_rules
from strategy_dsl.diagnostics import StrategyError, render
from strategy_dsl.formatter import format_strategy
from strategy_dsl.limits import Limits
from strategy_dsl.parser import parse
from strategy_dsl.readback import readback
from strategy_dsl.reference import EXPRESSIONS
from strategy_dsl.syntax_words import EXAMPLES, FORMS

CORPUS = Path(__file__).parent / "golden" / "corpus"
BASES = [
    "\n".join(EXAMPLES.values()) + "\n",
    *(
        each.read_text("utf-8").split("--- rules ---\n")[1].split("--- readback")[0]
        for each in sorted(CORPUS.glob("s*.txt"))
    ),
]
"""One of each clause, and the rules of real strategies."""
FORM_LIST = [form for forms in FORMS.values() for form in forms]
PIECES = [
    *(word for form in FORM_LIST for word in form.split()),
    *(text for text, _ in EXPRESSIONS),
    *(row.example for row in FUNCTIONS.values()),
    *"()[].,%<>=+-*/#\"\n \t",
    "(" * 80, "not " * 70, "9" * 40, "1e308", "0.000000000001%", "٣", "🚀", "\x00", "\u202e", "and or", "buy when", "\r\n",
]  # fmt: skip
LIMITS = Limits()


@dataclass
class Fuzzed:
    """What a run came to."""

    inputs: int = 0
    compiled: int = 0
    slowest_seconds: float = 0.0
    slowest_text: str = ""


def fuzz(inputs: int, seed: int) -> Fuzzed:
    """Tries that many inputs; any exception but StrategyError comes through with its text."""
    random_ = random.Random(seed)
    found = Fuzzed()
    for _ in range(inputs):
        text = _text(random_)
        # the processor's time, so that other work on the machine does not count
        start = time.process_time()
        found.compiled += _tried(text)
        took = time.process_time() - start
        if took > found.slowest_seconds:
            found.slowest_seconds, found.slowest_text = took, text
        found.inputs += 1
    return found


def _tried(text: str) -> bool:
    try:
        compiled = compile_rules(text, LIMITS)
    except StrategyError as error:
        for each in error.diagnostics:
            render(each, text)
        format_strategy(parse(text).strategy)
        return False
    except Exception as error:
        raise AssertionError(f"{error!r} for {text!r}") from error
    readback(compiled.strategy, lambda field, value: True)
    return True


def _text(random_: random.Random) -> str:
    kind = random_.random()
    if kind < 0.15:
        return "".join(chr(random_.randrange(0x110000)) for _ in range(random_.randrange(80)))
    if kind < 0.35:
        return " ".join(random_.choice(PIECES) for _ in range(random_.randrange(40)))
    if kind < 0.5:
        return "\n".join(random_.choice(FORM_LIST) for _ in range(random_.randrange(12)))
    text = random_.choice(BASES)
    for _ in range(random_.randrange(1, 5)):
        text = _mutated(text, random_)
    return text


def _mutated(text: str, random_: random.Random) -> str:
    if random_.random() < 0.5:
        words = text.split(" ")
        words[random_.randrange(len(words))] = random_.choice(PIECES)
        return " ".join(words)
    at = random_.randrange(len(text) + 1)
    end = min(len(text), at + random_.randrange(12))
    return text[:at] + random_.choice(["", random_.choice(PIECES), chr(random_.randrange(0x3000))]) + text[end:]
