"""A strict fake of the Messages API over real HTTP: scripted replies, and refusals where the real one refuses."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any

VERSION = "2026-10-21"
SAMPLING = ("temperature", "top_p", "top_k")
NUMERIC = (
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
)
USAGE = {
    "input_tokens": 40,
    "output_tokens": 120,
    "cache_read_input_tokens": 0,
    "cache_creation_input_tokens": 3000,
}


@dataclass(frozen=True)
class Scripted:
    """One answer of the fake: a status and a body, perhaps late, cut or dropped."""

    body: Mapping[str, Any] | str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False
    truncate: bool = False


def message(content: list[Mapping[str, Any]], stop_reason: str, **extra: Any) -> Scripted:
    """A message that ended for this reason."""
    body = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-opus-5-5",
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": USAGE,
    }
    return Scripted(body | extra)


def calls_tool(given: Mapping[str, Any], name: str = "submit_rules") -> Scripted:
    """A message that calls the tool with this input."""
    return message([{"type": "tool_use", "id": "toolu_1", "name": name, "input": dict(given)}], "tool_use")


def error(status: int, kind: str, text: str = "no", **headers: str) -> Scripted:
    """An error as the API words it."""
    body = {"type": "error", "error": {"type": kind, "message": text}, "request_id": "req_1"}
    return Scripted(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


class MessagesApi:
    """The fake: give it replies, point the SDK at `url`, look at `requests`."""

    def __init__(self, *replies: Scripted, always: Callable[[dict[str, Any]], Scripted] | None = None) -> None:
        self.replies = list(replies)
        self.always = always
        self.requests: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/prefix"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> "MessagesApi":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def answer(self, path: str, headers: Mapping[str, str], request: dict[str, Any]) -> Scripted:
        """The next scripted reply, or the refusal that the real API would give."""
        refusal = refused(path, headers, request)
        if refusal is not None:
            self.refused.append(str(refusal.body))
            return refusal
        self.requests.append(request)
        if not self.replies and self.always is not None:
            return self.always(request)
        if not self.replies:
            return error(500, "api_error", "nothing is scripted")
        return self.replies.pop(0)


def refused(path: str, headers: Mapping[str, str], request: dict[str, Any]) -> Scripted | None:
    """The 400, 401 or 404 that the real API gives for this request, or None."""
    if not path.startswith("/prefix/v1/messages"):
        return error(404, "not_found_error", path)
    if not headers.get("authorization", "").startswith("Bearer sk-"):
        return error(401, "authentication_error", "invalid bearer token")
    problem = next((text for find in CHECKS if (text := find(headers, request))), None)
    return error(400, "invalid_request_error", problem) if problem else None


def _version(headers: Mapping[str, str], _: dict[str, Any]) -> str | None:
    return None if headers.get("anthropic-version") == VERSION else "anthropic-version: not valid"


def _sampling(_: Mapping[str, str], request: dict[str, Any]) -> str | None:
    found = [name for name in SAMPLING if name in request]
    return f"{found[0]}: not supported by this model" if found else None


def _required(_: Mapping[str, str], request: dict[str, Any]) -> str | None:
    missing = [name for name in ("model", "max_tokens", "messages") if not request.get(name)]
    return f"{missing[0]}: field required" if missing else None


def _prefill(_: Mapping[str, str], request: dict[str, Any]) -> str | None:
    messages = request.get("messages") or [{}]
    if messages[0].get("role") != "user":
        return "messages: the first message must be from the user"
    if messages[-1].get("role") == "assistant":
        return "messages: prefill is not supported by this model"
    return _answered(messages)


def _answered(messages: list[dict[str, Any]]) -> str | None:
    """Every tool call must be answered in the next message."""
    for one, after in pairwise(messages):
        asked = {block["id"] for block in _blocks(one) if block.get("type") == "tool_use"}
        told = {block.get("tool_use_id") for block in _blocks(after) if block.get("type") == "tool_result"}
        if asked - told:
            return "messages: `tool_use` ids were found without `tool_result` blocks"
        if told - asked:
            return "messages: unexpected `tool_use_id` in `tool_result`"
    return None


def _blocks(one: dict[str, Any]) -> list[dict[str, Any]]:
    content = one.get("content")
    return content if isinstance(content, list) else []


def _tools(_: Mapping[str, str], request: dict[str, Any]) -> str | None:
    tools = request.get("tools") or []
    for tool in tools:
        problem = _strict(tool) if tool.get("strict") else None
        if problem:
            return f"tools.{tool.get('name')}: {problem}"
    choice = request.get("tool_choice") or {}
    if choice.get("type") == "tool" and choice.get("name") not in {tool.get("name") for tool in tools}:
        return "tool_choice: no tool of that name"
    return None


def _strict(tool: Mapping[str, Any]) -> str | None:
    schema = tool.get("input_schema") or {}
    if _recursive(schema, schema, ()):
        return "Circular reference in the schema"
    return _schema(schema)


def _schema(schema: Mapping[str, Any]) -> str | None:
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        return "additionalProperties must be false"
    found = [name for name in NUMERIC if name in schema]
    if found:
        return f"{found[0]} is not supported in strict schemas"
    inner = list((schema.get("properties") or {}).values()) + list((schema.get("$defs") or {}).values())
    inner += [schema["items"]] if isinstance(schema.get("items"), dict) else []
    return next((problem for one in inner if (problem := _schema(one))), None)


def _recursive(schema: object, root: Mapping[str, Any], seen: tuple[str, ...]) -> bool:
    if isinstance(schema, list):
        return any(_recursive(one, root, seen) for one in schema)
    if not isinstance(schema, dict):
        return False
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference in seen:
            return True
        target: object = root
        for step in reference.removeprefix("#/").split("/") if reference != "#" else ():
            target = target.get(step) if isinstance(target, dict) else None
        return _recursive(target, root, (*seen, reference))
    return any(_recursive(value, root, seen) for value in schema.values())


def _cache_marks(_: Mapping[str, str], request: dict[str, Any]) -> str | None:
    marks = json.dumps(request).count('"cache_control"')
    return "at most 4 blocks with cache_control" if marks > 4 else None


CHECKS: tuple[Callable[[Mapping[str, str], dict[str, Any]], str | None], ...] = (
    _version, _required, _sampling, _prefill, _tools, _cache_marks,
)  # fmt: skip


def _handler(api: MessagesApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            request = json.loads(self.rfile.read(length) or b"{}")
            reply = api.answer(self.path, {name.lower(): value for name, value in self.headers.items()}, request)
            time.sleep(reply.delay)
            if reply.drop:
                self.connection.close()
                self.close_connection = True
                return
            self._send(reply)

        def _send(self, reply: Scripted) -> None:
            html = isinstance(reply.body, str)
            body = str(reply.body).encode() if html else json.dumps(reply.body).encode()
            body = body[: len(body) // 2] if reply.truncate else body
            self.send_response(reply.status)
            self.send_header("content-type", "text/html" if html else "application/json")
            self.send_header("content-length", str(len(body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the test output quiet."""

    return Handler
