"""Mutated strategies and random text against parser, checker, formatter and readback."""

import random
import time
from dataclasses import dataclass

from strategy_dsl.compiler import compile_rules
from strategy_dsl.diagnostics import StrategyError, render
from strategy_dsl.formatter import format_strategy
from strategy_dsl.limits import Limits
from strategy_dsl.parser import parse
from strategy_dsl.readback import readback
from strategy_dsl.reference import EXPRESSIONS
from strategy_dsl.syntax_words import EXAMPLES

BASE = "\n".join(EXAMPLES.values()) + "\n"
PIECES = [
    *(word for example in EXAMPLES.values() for word in example.split()),
    *(text for text, _ in EXPRESSIONS),
    *"()[].,%<>=+-*/#\"\n \t",
    "(" * 80, "not " * 70, "9" * 40, "1e308", "٣", "🚀", "\x00", "\u202e", "and or", "buy when", "\r\n",
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
        start = time.perf_counter()
        found.compiled += _tried(text)
        took = time.perf_counter() - start
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
    text = BASE
    for _ in range(random_.randrange(1, 5)):
        at = random_.randrange(len(text))
        end = min(len(text), at + random_.randrange(12))
        text = text[:at] + random_.choice(["", random_.choice(PIECES), chr(random_.randrange(0x3000))]) + text[end:]
    return text
