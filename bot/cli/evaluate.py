"""`sayso evaluate`: how well English is understood, on a corpus of texts with gold readings."""

import asyncio
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bot.cli.command import OK, CliCommand, CommandError, emit, json_flag, limits_of, read_text, settings_of
from bot.cli.compile import problems_of
from bot.english.behaviour import made_behaviour
from bot.english.budget import no_purse
from bot.english.client import AnthropicModel, Model
from bot.english.loop import Asked, Workshop, compile_english
from bot.english.model_settings import ModelSettings
from bot.english.readings import Judge
from bot.english.understanding import understood
from bot.evaluation.corpus import EVALUATOR, Row, corpus, gold_names, lines
from bot.evaluation.recorded import UNANSWERED, Recorded, answers_by_text
from bot.evaluation.scoring import Score, scored
from bot.evaluation.table import data, table
from bot.reader import model_settings
from strategy_dsl.compiler import compile_rules
from strategy_dsl.limits import Limits, Paper
from strategy_dsl.phrasebook.reader import read
from strategy_dsl.phrasebook.reading import Reading

IN_FORCE = """\
trade BTC/USDT on 1h

buy when rsi(14) crosses below 30 and volume > 1.5 * sma(volume, 20)
sell when rsi(14) > 60

stop loss 3%
take profit 4%

size 200 USDT
at most 1 open position
ask before buying, for 5m, otherwise skip
"""
"""What the texts of kind `edit` change, where no other rules are named."""
WIDE = Limits(paper=Paper(order_percent=100, market_percent=100, gross_percent=100, leverage=20))
"""The limits of an evaluation: what English means does not hang on them."""


@dataclass(frozen=True)
class Run:
    """One evaluation: who reads, with what answers, against which rules in force."""

    settings: ModelSettings
    current: str
    limits: Limits
    by: str
    as_in_chat: bool
    answers: Mapping[str, Sequence[Mapping[str, Any]]] | None


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("corpus", help="a folder with NAME.jsonl and NAME_gold.jsonl, or such a NAME.jsonl")
    parser.add_argument("--by", choices=("phrasebook", "model"), default="phrasebook", help="who reads")
    parser.add_argument("--chat", action="store_true", help="as in the chat: phrasebook before and beside the model")
    parser.add_argument("--answers", metavar="FILE", help="score answers given elsewhere: JSON lines of id and input")
    parser.add_argument(
        "--export-prompts", metavar="FILE", help="write the requests that no answer is there for, as JSON lines"
    )
    parser.add_argument("--current", metavar="RULES", help="the rules in force that edits are read against")
    parser.add_argument("--gold-api", metavar="FILE", help=f"the gold's evaluator, {EVALUATOR} of the corpus if absent")
    parser.add_argument("--limits", action="store_true", help="check rules by the limits in force, not by wide ones")
    json_flag(parser)


def _run(args: Namespace) -> int:
    place = Path(args.corpus)
    rows = corpus(place)
    beside = (place if place.is_dir() else place.parent) / EVALUATOR
    names = gold_names(Path(args.gold_api) if args.gold_api else beside)
    run = _run_of(args)
    found = asyncio.run(_all(run, rows))
    if args.export_prompts:
        wanted = [request for _, _, request in found if request is not None]
        _export(Path(args.export_prompts), wanted)
        if args.answers is None:
            print(f"{len(wanted)} requests written to {args.export_prompts}; answer them and score with --answers FILE")
            return OK
    scores = [_score(row, reading, request, run, names) for row, reading, request in found]
    if args.json:
        emit(data(scores))
    else:
        print(table(scores), end="")
    return OK


def _run_of(args: Namespace) -> Run:
    settings = model_settings(settings_of(args))
    offline = args.answers is not None or args.export_prompts is not None
    if args.by == "model" and not offline and settings.api_key is None:
        raise CommandError("there is no key for a model: set ANTHROPIC_API_KEY, or give recorded --answers")
    answers = answers_by_text(lines(Path(args.answers))) if args.answers else {} if offline else None
    current = read_text(args.current) if args.current else IN_FORCE
    limits = limits_of(args) if args.limits else WIDE
    return Run(settings, current, limits, "model" if offline else args.by, args.chat, answers)


Found = tuple[Row, Reading, dict[str, Any] | None]


async def _all(run: Run, rows: Sequence[Row]) -> list[Found]:
    """Every text read, one after the other, with the request that was left unanswered."""
    model = AnthropicModel(run.settings) if run.by == "model" and run.answers is None else None
    try:
        return [await _one(run, row, model) for row in rows]
    finally:
        if model is not None:
            await model.close()


async def _one(run: Run, row: Row, model: AnthropicModel | None) -> Found:
    current = run.current if row.kind == "edit" else None
    asked = Asked(row.text, current, run.limits)
    if run.by == "phrasebook":
        return row, read(row.text, current), None
    recorded = Recorded(run.settings, (run.answers or {}).get(row.id, ()))
    chosen: Model = model or recorded
    compiler = partial(compile_rules, limits=run.limits)
    shop = Workshop(chosen, run.settings, no_purse(), Judge(compiler, made_behaviour))
    reader = understood if run.as_in_chat else compile_english
    reading = await reader(asked, partial(problems_of, compiler), shop)
    turn = {"id": row.id, "turn": recorded.turn}
    return row, reading, None if recorded.wanted is None else turn | recorded.wanted


def _score(row: Row, reading: Reading, request: dict[str, Any] | None, run: Run, names: Any) -> Score:
    if request is not None:
        return Score(row, reading, "open", UNANSWERED)
    return scored(row, reading, run.current, names)


def _export(path: Path, wanted: Sequence[Mapping[str, Any]]) -> None:
    text = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in wanted)
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise CommandError(f"{path} cannot be written ({reason}): name another file") from None


EVALUATE = CliCommand(
    "evaluate",
    "score how English is understood, on a corpus",
    "sayso evaluate corpus/ --by phrasebook",
    _arguments,
    _run,
)
