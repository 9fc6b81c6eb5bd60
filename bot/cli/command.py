"""One row per command of `sayso`, and what they share: JSON, exit codes, errors in one sentence."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.settings import Settings, load_limits, load_settings
from strategy_dsl.compiler import Compiled, compile_rules
from strategy_dsl.diagnostics import Diagnostic, StrategyError, render
from strategy_dsl.limits import Limits

OK, PROBLEMS, USAGE, FAILED = 0, 1, 2, 3
"""Exit codes: fine; the rules or the text have problems; the call is wrong; something could not be done."""


class CommandError(Exception):
    """A failure that a person can mend; the text is one sentence with the next step."""


@dataclass(frozen=True)
class CliCommand:
    """A command: its name, one line of help, an example, its arguments, and what it does."""

    name: str
    help: str
    example: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]


def no_arguments(_: ArgumentParser) -> None:
    """For commands that take none."""


def json_flag(parser: ArgumentParser) -> None:
    """Adds `--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def rules_argument(parser: ArgumentParser) -> None:
    """Adds the rules file."""
    parser.add_argument("rules", help="a rules file (.say), or - for standard input")


def read_text(place: str) -> str:
    """The text of a file or of standard input; raises CommandError."""
    if place == "-":
        return sys.stdin.read()
    try:
        return Path(place).read_text("utf-8")
    except UnicodeDecodeError:
        raise CommandError(f"{place} is not a text file: give a rules file that ends in .say") from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise CommandError(f"{place} cannot be read ({reason}): check the path") from None


def settings_of(args: Namespace) -> Settings:
    """The settings, with the options of the command line on top."""
    names = ("candles", "exchange", "exchange_url", "simulated", "data_dir", "seed", "candles_a_second")
    given = {name: getattr(args, name, None) for name in names}
    sources = [name for name in ("candles", "exchange", "simulated") if given[name]]
    if len(sources) > 1:
        raise CommandError(f"give either --{sources[0]} or --{sources[1]}: a market has one source")
    # what the command line names stands in place of what the environment names
    given |= {name: "" for name in ("candles", "exchange") if sources and name not in sources}
    return load_settings(**given)


def limits_of(args: Namespace) -> Limits:
    """The limits in force."""
    return load_limits(settings_of(args).limits_file)


def compiled_file(args: Namespace, place: str) -> Compiled:
    """A rules file as a checked strategy; raises StrategyError with its text."""
    return compile_rules(read_text(place), limits_of(args))


def emit(data: Any) -> None:
    """Prints JSON; money and paths as text."""
    print(json.dumps(data, indent=2, ensure_ascii=False, default=str))


def problem_data(diagnostic: Diagnostic, text: str) -> dict[str, Any]:
    """A diagnostic for programs."""
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "line": None if span is None else span.line_of(text),
        "start": None if span is None else span.start,
        "end": None if span is None else span.end,
        "hint": diagnostic.hint,
    }


def print_problems(error: StrategyError, *, as_json: bool) -> int:
    """Every problem of rules that do not compile, and the exit code for it."""
    if as_json:
        emit({"problems": [problem_data(each, error.text) for each in error.diagnostics]})
    else:
        print("\n\n".join(render(each, error.text) for each in error.diagnostics), file=sys.stderr)
    return PROBLEMS
