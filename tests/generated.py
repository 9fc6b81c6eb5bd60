"""Writes (or, with --check, compares) everything that is generated: the manual, the settings table, the schema."""

import io
import json
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path

from bot.cli.compile import CompileOutput
from bot.cli.entry import main
from bot.english import prompt
from strategy_dsl.reference import manual

ROOT = Path(__file__).resolve().parent.parent
TABLE = re.compile(r"(<!-- settings -->\n).*?(<!-- /settings -->)", re.S)
PROMPT = re.compile(r"(<!-- prompt -->\n).*?(<!-- /prompt -->)", re.S)


def printed(*argv: str) -> str:
    """What a command prints."""
    out = io.StringIO()
    with redirect_stdout(out):
        main(list(argv))
    return out.getvalue()


def generated() -> dict[Path, str]:
    """Each generated file with its content."""
    readme, english = ROOT / "README.md", ROOT / "docs" / "english.md"
    table = printed("settings")
    return {
        ROOT / "docs" / "language.md": manual(),
        ROOT / "docs" / "compile.schema.json": json.dumps(CompileOutput.model_json_schema(), indent=2) + "\n",
        english: PROMPT.sub(lambda match: match.group(1) + prompt.table() + match.group(2), english.read_text("utf-8")),
        readme: TABLE.sub(lambda match: match.group(1) + table + match.group(2), readme.read_text("utf-8")),
    }


def run(*, check: bool) -> int:
    """Writes what differs, or says what does."""
    stale = [path for path, text in generated().items() if not path.exists() or path.read_text("utf-8") != text]
    if check:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not in step: run `make format`")
        return bool(stale)
    for path in stale:
        path.write_text(generated()[path], "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(run(check="--check" in sys.argv))
