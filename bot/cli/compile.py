"""`sayso compile`: English -> rules, for people and for other programs by a published schema."""

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any, Literal

from pydantic import BaseModel, Field

from bot.cli.command import OK, PROBLEMS, CliCommand, emit, json_flag, limits_of, problem_data, read_text, settings_of
from bot.english.behaviour import made_behaviour
from bot.english.budget import no_purse
from bot.english.client import AnthropicModel
from bot.english.loop import Asked, Workshop
from bot.english.readings import Judge
from bot.english.understanding import FREE, understood
from bot.origins import origins_of, sentences
from bot.reader import model_settings
from strategy_dsl.compiler import Compiled, compile_rules
from strategy_dsl.diagnostics import StrategyError, render
from strategy_dsl.gist import gist
from strategy_dsl.limits import Limits
from strategy_dsl.phrasebook.reader import read
from strategy_dsl.phrasebook.reading import Reading


class Sentence(BaseModel):
    """One sentence of the readback and where its values come from."""

    number: int
    clause: str
    text: str
    said: list[str]
    assumed: list[str]


class CompileOutput(BaseModel):
    """What `sayso compile --json` prints."""

    outcome: Literal["compile", "clarify", "refuse", "unsupported", "edit", "answer", "command"]
    rules: str | None = Field(description="canonical rules, every default written out; for compile and edit")
    hash: str | None = Field(description="hash of the rules and the limits: what a person approves")
    settings: dict[str, Any] | None = Field(
        description="markets, timeframe, stop, targets, trail, size, time_exit, window, limits, schedule; null for what"
        " was not said and has no default"
    )
    provenance: list[Sentence] = Field(description="the readback, each value said or assumed")
    marks: list[dict[str, Any]] = Field(description="values of the text with their place and the clause they went into")
    assumed: list[str]
    not_understood: list[str]
    questions: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    reasons: list[str]
    command: str | None
    edits: list[dict[str, Any]]
    loosens: bool
    source: Literal["phrasebook", "model"]


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("text", nargs="?", help="what a person says; - reads standard input")
    parser.add_argument("--current", metavar="RULES", help="a rules file that the text may change")
    parser.add_argument("--phrasebook", action="store_true", help="do not ask the model even if there is a key")
    parser.add_argument("--schema", action="store_true", help="print the JSON schema of the output")
    json_flag(parser)


def _run(args: Namespace) -> int:
    if args.schema:
        emit(CompileOutput.model_json_schema())
        return OK
    text = read_text("-") if args.text in (None, "-") else args.text
    current = read_text(args.current) if args.current else None
    limits = limits_of(args)
    reading, source = _read(args, text, current, limits)
    output = _output(reading, source, text, limits)
    if args.json:
        emit(output.model_dump())
    else:
        _print(output)
    return OK if output.outcome in ("compile", "edit", "answer", "command") and not output.problems else PROBLEMS


def _read(
    args: Namespace, text: str, current: str | None, limits: Limits
) -> tuple[Reading, Literal["phrasebook", "model"]]:
    settings = model_settings(settings_of(args))
    asked = Asked(text, current, limits)
    if settings.api_key is None or args.phrasebook:
        return read(text, current), "phrasebook"
    compiler = partial(compile_rules, limits=limits)
    shop = Workshop(AnthropicModel(settings), settings, no_purse(), Judge(compiler, made_behaviour))
    found = asyncio.run(understood(asked, partial(problems_of, compiler), shop))
    return found, "model" if found.outcome not in FREE else "phrasebook"


def problems_of(compiler: Callable[[str], Compiled], rules: str) -> list[str]:
    """What the compiler says of rules, rendered; none for rules that hold."""
    try:
        compiler(rules)
    except StrategyError as error:
        return [render(each, rules) for each in error.diagnostics]
    return []


def _output(reading: Reading, source: Literal["phrasebook", "model"], text: str, limits: Limits) -> CompileOutput:
    compiled, problems = _compiled(reading, limits)
    found = [] if compiled is None else sentences(compiled.strategy, origins_of(text, compiled, source))
    readback = [
        Sentence(
            number=each.number, clause=each.field, text=each.text, said=list(each.said), assumed=list(each.assumed)
        )
        for each in found
    ]
    return CompileOutput(
        outcome=reading.outcome,
        rules=reading.rules if compiled is None else compiled.text,
        hash=None if compiled is None else compiled.hash,
        settings=None if compiled is None else gist(compiled.strategy),
        provenance=readback,
        marks=[asdict(each) for each in reading.marks],
        assumed=list(reading.assumed),
        not_understood=list(reading.not_understood),
        questions=[asdict(each) for each in reading.questions],
        problems=problems,
        reasons=list(reading.reasons),
        command=reading.command,
        edits=[asdict(each) for each in reading.edits],
        loosens=reading.loosens,
        source=source,
    )


def _compiled(reading: Reading, limits: Limits) -> tuple[Compiled | None, list[dict[str, Any]]]:
    if reading.rules is None:
        return None, []
    try:
        return compile_rules(reading.rules, limits), []
    except StrategyError as error:
        return None, [problem_data(each, reading.rules) for each in error.diagnostics]


def _print(output: CompileOutput) -> None:
    if output.rules:
        print(output.rules, end="")
    for each in output.provenance:
        print(f"# {each.number}. {each.text}")
    for question in output.questions:
        print(question["text"])
        for number, option in enumerate(question["options"], 1):
            print(f"  {number}. {option['label']}")
    for line in (*output.reasons, *(problem["message"] for problem in output.problems)):
        print(line)
    if output.not_understood:
        print("not understood: " + ", ".join(output.not_understood))
    if not (output.rules or output.questions or output.reasons or output.not_understood):
        print(f"{output.outcome}: {output.command or 'nothing to do'}")


COMPILE = CliCommand(
    "compile",
    "turn English into rules",
    'sayso compile "buy BTC when RSI drops below 30, sell above 60, stop 3%" --json',
    _arguments,
    _run,
)
