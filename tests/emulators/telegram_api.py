"""A small strict fake of Telegram's sending side: floods, blocks, broken markup, dropped connections."""

import json
import threading
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

BLOCKED = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
UNPARSED = {"ok": False, "error_code": 400, "description": "Bad Request: can't parse entities"}
TOO_LONG = {"ok": False, "error_code": 400, "description": "Bad Request: message is too long"}
ME = {"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "Sayso", "username": "sayso_bot"}}


QUIET_METHODS = frozenset({"answerCallbackQuery", "setMyCommands", "sendChatAction", "setWebhook", "deleteWebhook"})


def flood(seconds: int) -> dict[str, Any]:
    """A 429."""
    text = f"Too Many Requests: retry after {seconds}"
    return {"ok": False, "error_code": 429, "description": text, "parameters": {"retry_after": seconds}}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.broken = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.broken |= tag not in {"b", "i", "u", "s", "code", "pre", "a"}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.broken |= not self.open or self.open.pop() != tag


class TelegramApi:
    """Answers sends; `scripted` replies are given first, "drop" closes the connection without one."""

    def __init__(self, *scripted: dict[str, Any] | str) -> None:
        self.scripted = list(scripted)
        self.taken: list[dict[str, str]] = []
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

    def answer(self, method: str, values: dict[str, str]) -> dict[str, Any] | str:
        """The reply to one call."""
        if method == "getMe":
            return ME
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
        if method == "sendPhoto" and "chat_id" not in values:
            # a picture comes as a form in parts, which this fake does not read
            values = {"chat_id": "42", "photo": "1"}
        text = values.get("text", values.get("caption", ""))
        if len(text.encode("utf-16-le")) // 2 > 4096:
            return TOO_LONG
        tags = _Tags()
        tags.feed(text)
        if values.get("parse_mode") == "HTML" and (tags.broken or tags.open):
            return UNPARSED
        self.taken.append(values)
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


def _handler(api: TelegramApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if "json" in self.headers.get("Content-Type", ""):
                values = {name: str(value) for name, value in json.loads(body or b"{}").items()}
            else:
                values = {name: found[0] for name, found in parse_qs(body.decode("utf-8", "replace")).items()}
            reply = api.answer(self.path.rsplit("/", 1)[1], values)
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
