"""`sayso doctor` and `sayso settings`: is everything set up, and what can be set."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.checkup import findings
from bot.cli.command import OK, PROBLEMS, CliCommand, emit, json_flag, settings_of
from bot.settings import Settings


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--data-dir", type=Path, help="folder of the database and pictures")
    json_flag(parser)


def _doctor(args: Namespace) -> int:
    found = list(findings(settings_of(args)))
    if args.json:
        emit([vars(each) for each in found])
    else:
        marks = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}
        for each in found:
            print(f"{marks[each.state]} {each.check}: {each.text}")
    return PROBLEMS if any(each.state == "wrong" for each in found) else OK


def _settings(args: Namespace) -> int:
    rows = [
        {"name": _variable(name), "default": _default(name), "about": field.description}
        for name, field in Settings.model_fields.items()
    ]
    if args.json:
        emit(rows)
    else:
        print("| variable | default | what it is |\n|---|---|---|")
        for row in rows:
            print(f"| `{row['name']}` | {row['default']} | {row['about']} |")
    return OK


def _variable(name: str) -> str:
    alias = Settings.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else f"SAYSO_{name.upper()}"


def _default(name: str) -> str:
    value = Settings.model_fields[name].default
    return "" if value is None else str(value)


DOCTOR = CliCommand("doctor", "check the set-up and say what to do", "sayso doctor", _arguments, _doctor)
SETTINGS = CliCommand("settings", "print the table of all settings", "sayso settings", json_flag, _settings)
