"""A model that answers from a file, and the requests that nobody has answered yet."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.english.client import ModelError, Reply, Usage, request_of
from bot.english.model_settings import ModelSettings
from bot.evaluation.corpus import CorpusError

UNANSWERED = "No answer was recorded."


@dataclass
class Recorded:
    """Gives the answers for one text in order; what is asked beyond them is kept as a request."""

    settings: ModelSettings
    answers: Sequence[Mapping[str, Any]] = ()
    turn: int = 0
    wanted: dict[str, Any] | None = field(default=None)

    async def ask(
        self, system: Sequence[Mapping[str, Any]], tool: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]
    ) -> Reply:
        """The next recorded answer; raises ModelError and keeps the request where there is none."""
        if self.turn >= len(self.answers):
            self.wanted = request_of(self.settings, system, tool, messages)
            raise ModelError(UNANSWERED)
        answer = self.answers[self.turn]
        self.turn += 1
        return _reply(answer, str(tool["name"]), self.turn)


def _reply(answer: Mapping[str, Any], tool: str, turn: int) -> Reply:
    """A line of a file of answers: a whole message of the API, or just the tool's input."""
    body = answer.get("message", answer)
    if "input" in answer:
        call = {"type": "tool_use", "id": f"toolu_{turn}", "name": tool, "input": answer["input"]}
        body = {"content": [call], "stop_reason": "tool_use"}
    blocks = [each for each in body.get("content") or () if isinstance(each, dict)]
    call = next((each for each in blocks if each.get("type") == "tool_use"), {})
    given = call.get("input")
    text = "".join(str(each.get("text", "")) for each in blocks if each.get("type") == "text")
    reason = str(body.get("stop_reason", "end_turn"))
    return Reply(
        reason, text, str(call.get("id", "")), given if isinstance(given, dict) else None, tuple(blocks), Usage()
    )


def answers_by_text(lines: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Answers by the id of their text, in the order of `turn` or else of the file; raises CorpusError."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for number, line in enumerate(lines, 1):
        if "id" not in line or not {"input", "message", "content"} & line.keys():
            raise CorpusError(f"line {number} of the answers needs `id` and one of `input`, `message`, `content`")
        found[str(line["id"])].append(line)
    return {name: sorted(each, key=lambda line: int(line.get("turn", 0))) for name, each in found.items()}
