"""A small strict fake of Telegram's sending side: floods, blocks, broken markup, dropped connections."""

import json
import re
import threading
import time
from collections.abc import Callable
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

BLOCKED = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
UNPARSED = {"ok": False, "error_code": 400, "description": "Bad Request: can't parse entities"}
TOO_LONG = {"ok": False, "error_code": 400, "description": "Bad Request: message is too long"}
CAPTION_TOO_LONG = {"ok": False, "error_code": 400, "description": "Bad Request: message caption is too long"}
EMPTY = {"ok": False, "error_code": 400, "description": "Bad Request: message text is empty"}
ME = {"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "Sayso", "username": "sayso_bot"}}


QUIET_METHODS = frozenset({"answerCallbackQuery", "setMyCommands", "sendChatAction", "setWebhook", "deleteWebhook"})


def flood(seconds: int) -> dict[str, Any]:
    """A 429."""
    text = f"Too Many Requests: retry after {seconds}"
    return {"ok": False, "error_code": 429, "description": text, "parameters": {"retry_after": seconds}}


PIECE = re.compile(
    r"""<(?P<end>/?)(?P<tag>b|i|u|s|code|pre|a)(?: href="[^"<>]*")?>|&(?:lt|gt|amp|quot|\#\d{1,7}|\#x[0-9a-fA-F]{1,6});|[^<>&]+"""
)
"""All that Telegram's HTML is made of, as its manual tells: few tags, few entities, everything else escaped."""


def is_valid(html: str) -> bool:
    """Whether a text is HTML as Telegram's manual wants it: known tags, each closed in its turn, nothing inside code."""
    opened: list[str] = []
    at = 0
    while at < len(html):
        found = PIECE.match(html, at)
        if found is None:
            return False
        at = found.end()
        if found["tag"] is None:
            continue
        if found["end"]:
            if not opened or opened.pop() != found["tag"]:
                return False
        elif opened and opened[-1] in ("code", "pre"):
            return False
        else:
            opened.append(found["tag"])
    return not opened


class TelegramApi:
    """Answers sends; `scripted` replies are given first, "drop" closes the connection without one."""

    def __init__(self, *scripted: dict[str, Any] | str) -> None:
        self.scripted = list(scripted)
        self.by_method: dict[str, list[dict[str, Any] | str]] = {}
        """Replies that are given first to calls of one method."""
        self.storm: Callable[[str], dict[str, Any] | str | None] = lambda chat: None
        """Asked before each message that is sent: a bad reply, or None for a good one."""
        self.seconds_a_reply = 0.0
        self.taken: list[dict[str, str]] = []
        self.files: dict[int, bytes] = {}
        self.edited: dict[int, str] = {}
        self.deleted: list[int] = []
        self.webhook: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> "TelegramApi":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def answer(self, method: str, values: dict[str, str], file: bytes | None = None) -> dict[str, Any] | str:
        """The reply to one call; `file` is the picture or document that came with it."""
        if method == "getMe":
            return ME
        if self.by_method.get(method):
            return self.by_method[method].pop(0)
        if self.scripted:
            return self.scripted.pop(0)
        if method == "setWebhook":
            self.webhook = values
        if method == "getFile":
            return self._file(values["file_id"])
        if method in QUIET_METHODS:
            return {"ok": True, "result": True}
        if method == "deleteMessage":
            self.deleted.append(int(values["message_id"]))
            return {"ok": True, "result": True}
        if method == "editMessageText":
            return self._edit(values)
        time.sleep(self.seconds_a_reply)
        if (bad := self.storm(values["chat_id"])) is not None:
            return bad
        text = values.get("text", values.get("caption", ""))
        if method == "sendMessage" and not text.strip():
            return EMPTY
        if len(text.encode("utf-16-le")) // 2 > (1024 if "caption" in values else 4096):
            return CAPTION_TOO_LONG if "caption" in values else TOO_LONG
        if values.get("parse_mode") == "HTML" and not is_valid(text):
            return UNPARSED
        self.taken.append(values)
        if file is not None:
            self.files[len(self.taken)] = file
        chat = {"id": int(values["chat_id"]), "type": "private", "first_name": "A"}
        return {"ok": True, "result": {"message_id": len(self.taken), "date": 1, "chat": chat}}

    def _file(self, name: str) -> dict[str, Any]:
        if name not in self.files:
            return {"ok": False, "error_code": 400, "description": "Bad Request: wrong file_id"}
        size = len(self.files[name])
        found = {"file_id": name, "file_unique_id": name, "file_size": size, "file_path": f"voice/{name}.oga"}
        return {"ok": True, "result": found}

    def _edit(self, values: dict[str, str]) -> dict[str, Any]:
        number, text = int(values["message_id"]), values["text"]
        if not 0 < number <= len(self.taken):
            return {"ok": False, "error_code": 400, "description": "Bad Request: message to edit not found"}
        if self.edited.get(number) == text:
            return {"ok": False, "error_code": 400, "description": "Bad Request: message is not modified"}
        self.edited[number] = text
        chat = {"id": int(values["chat_id"]), "type": "private", "first_name": "A"}
        return {"ok": True, "result": {"message_id": number, "date": 1, "chat": chat}}


def _form(kind: str, body: bytes) -> tuple[dict[str, str], bytes | None]:
    """The words and the one file of a form in parts."""
    form = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    values, file = {}, None
    for part in form.walk():
        name, content = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if name is None or not isinstance(content, bytes):
            continue
        if part.get_filename() is not None:
            file = content
        else:
            values[str(name)] = content.decode("utf-8", "replace")
    return values, file


def _handler(api: TelegramApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            file = None
            if "multipart" in self.headers.get("Content-Type", ""):
                values, file = _form(self.headers["Content-Type"], body)
            elif "json" in self.headers.get("Content-Type", ""):
                values = {name: str(value) for name, value in json.loads(body or b"{}").items()}
            else:
                values = {name: found[0] for name, found in parse_qs(body.decode("utf-8", "replace")).items()}
            reply = api.answer(self.path.rsplit("/", 1)[1], values, file)
            if isinstance(reply, str):
                self.close_connection = True
                return
            data = json.dumps(reply).encode()
            self.send_response(reply.get("error_code", 200))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            data = api.files.get(self.path.rsplit("/", 1)[1].removesuffix(".oga"))
            self.send_response(200 if data is not None and self.path.startswith("/file/bot") else 404)
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *_: object) -> None:
            pass

    return Handler
