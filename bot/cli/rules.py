"""`sayso check`, `format`, `explain` and `diff`: rules files and nothing else."""

from argparse import ArgumentParser, Namespace

from bot.cli.command import (
    OK,
    PROBLEMS,
    CliCommand,
    compiled_file,
    emit,
    json_flag,
    limits_of,
    problem_data,
    read_text,
    rules_argument,
)
from bot.origins import origins_of, sentences
from runtime.ready import not_on_paper
from strategy_dsl.compiler import Compiled
from strategy_dsl.diagnostics import render
from strategy_dsl.difference import difference, effects
from strategy_dsl.formatter import format_strategy
from strategy_dsl.loosening import loosened
from strategy_dsl.parser import parse


def _arguments(parser: ArgumentParser) -> None:
    rules_argument(parser)
    json_flag(parser)


def _two(parser: ArgumentParser) -> None:
    parser.add_argument("old", help="a rules file")
    parser.add_argument("new", help="a rules file")
    json_flag(parser)


def _format_arguments(parser: ArgumentParser) -> None:
    _arguments(parser)
    parser.add_argument("--defaults", action="store_true", help="write every default out")


def _check(args: Namespace) -> int:
    compiled = compiled_file(args, args.rules)
    text = read_text(args.rules) if args.rules != "-" else compiled.text
    live = [each.message for each in compiled.live_refusals]
    later = not_on_paper(compiled.strategy)
    if args.json:
        warnings = [problem_data(each, text) for each in compiled.warnings]
        emit(
            {
                "ok": True,
                "hash": compiled.hash,
                "warnings": warnings,
                "assumed": compiled.assumed,
                "envelope": _envelope(compiled),
                "live": live,
                "not_on_paper": [problem_data(each, text) for each in later],
                "problems": [],
            }
        )
        return OK
    for each in compiled.warnings:
        print(render(each, text))
    for each in later:
        print(render(each, text))
    paper = "no, because something in it has no source there yet" if later else "yes"
    print(f"sound: yes; paper: {paper}; live limits: {'held' if not live else 'passed: ' + '; '.join(live)}")
    return OK


def _envelope(compiled: Compiled) -> dict[str, object] | None:
    return None if compiled.envelope is None else vars(compiled.envelope)


def _format(args: Namespace) -> int:
    text = read_text(args.rules)
    parsed = parse(text)
    if parsed.problems:
        return _problems(args, text)
    formatted = compiled_file(args, args.rules).text if args.defaults else format_strategy(parsed.strategy)
    if args.json:
        emit({"text": formatted})
    else:
        print(formatted, end="")
    return OK


def _problems(args: Namespace, text: str) -> int:
    found = parse(text).problems
    if args.json:
        emit({"problems": [problem_data(each, text) for each in found]})
    else:
        print("\n\n".join(render(each, text) for each in found))
    return PROBLEMS


def _explain(args: Namespace) -> int:
    compiled = compiled_file(args, args.rules)
    found = sentences(compiled.strategy, origins_of("", compiled, "rules"))
    if args.json:
        rows = [
            {"number": each.number, "clause": each.field, "text": each.text, "origin": each.origin} for each in found
        ]
        emit({"sentences": rows, "envelope": _envelope(compiled)})
        return OK
    for each in found:
        print(f"{each.number}. {each.text} ({'you wrote it' if each.origin == 'you said' else each.origin})")
    return OK


def _diff(args: Namespace) -> int:
    old, new = compiled_file(args, args.old), compiled_file(args, args.new)
    lines = difference(old.strategy, new.strategy)
    looser = loosened(old.strategy, new.strategy, limits_of(args).paper)
    done = effects(old.strategy, new.strategy, 1)
    if args.json:
        emit({"changes": lines, "loosens": looser, "effects": done, "same": old.hash == new.hash})
        return OK
    print("\n".join(lines) or "no difference")
    for each in looser:
        print(f"riskier: {each}")
    for each in done:
        print(f"if a position is open: {each}")
    return OK


CHECK = CliCommand(
    "check", "check a rules file against the language and the limits", "sayso check dip.say", _arguments, _check
)
FORMAT = CliCommand(
    "format", "print a rules file in its canonical form", "sayso format dip.say", _format_arguments, _format
)
EXPLAIN = CliCommand(
    "explain", "say in numbered sentences what a rules file means", "sayso explain dip.say", _arguments, _explain
)
DIFF = CliCommand("diff", "say what changed between two rules files", "sayso diff old.say new.say", _two, _diff)
