"""`sayso manual`: the language, generated from its tables."""

import math
from argparse import ArgumentParser, Namespace
from typing import Any

from bot.cli.command import OK, CliCommand, CommandError, emit, json_flag
from strategy_dsl.catalogue import FUNCTIONS, THEMES, Function
from strategy_dsl.checks.wording import nearest
from strategy_dsl.reference import first_value_text, overview, page, page_names, parameter_text
from strategy_dsl.units import Kind


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="*", help="a function, a value or a clause, for example rsi, close, stop loss")
    json_flag(parser)


def _run(args: Namespace) -> int:
    name = " ".join(" ".join(args.name).split())
    text = page(name) if name else overview()
    if not text:
        near = nearest(name, page_names())
        raise CommandError(f"there is no page on {name}: {near or 'see `sayso manual` for all of them'}")
    if not args.json:
        print(text, end="")
    elif not name:
        emit(
            {
                "manual": text,
                "functions": sorted(FUNCTIONS),
                "themes": {k: [r.name for r in v] for k, v in THEMES.items()},
            }
        )
    elif name in FUNCTIONS:
        emit(_row_data(FUNCTIONS[name]))
    else:
        emit({"name": name, "manual": text})
    return OK


def _row_data(row: Function) -> dict[str, Any]:
    return {
        "name": row.name,
        "signature": row.signature(),
        "about": row.about,
        "parameters": [
            {
                "name": each.name,
                "kind": each.kind,
                "low": _bound(each.low),
                "high": _bound(each.high),
                "about": parameter_text(each),
            }
            for each in row.parameters
        ],
        **_kind_data(row.kind(None, []) if row.components else Kind(row.unit, row.low, row.high)),
        "components": list(row.components),
        "lines": {each: _kind_data(row.kind(each, [])) for each in row.components},
        "first_value": first_value_text(row),
        "path_dependent": row.path_dependent,
        "implementation": row.implementation,
        "source": row.source,
        "example": row.example,
    }


def _kind_data(kind: Kind) -> dict[str, Any]:
    return {"unit": kind.unit.name.lower(), "low": _bound(kind.low), "high": _bound(kind.high)}


def _bound(value: float) -> float | None:
    return value if math.isfinite(value) else None


MANUAL = CliCommand(
    "manual",
    "print the language's manual, or the page of one function, value or clause",
    "sayso manual rsi",
    _arguments,
    _run,
)
