"""Telegram's HTML subset as terminal text."""

import html
import re
import textwrap
from collections.abc import Mapping
from typing import Any

STYLES = {"b": "\x1b[1m", "i": "\x1b[2m", "code": "\x1b[36m", "u": "\x1b[4m", "s": "\x1b[9m"}
RESET = "\x1b[0m"
_TAG = re.compile(r"<(/?)(b|i|u|s|code|pre|a)\b[^>]*>")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def rendered(payload: Mapping[str, Any], width: int, *, colour: bool) -> str:
    """One message as text at most `width` columns wide; blocks of fixed width are left as they are."""
    blocks = re.split(r"(<pre>.*?</pre>)", payload["html"], flags=re.S)
    parts = [_fixed(block) if block.startswith("<pre>") else _flowing(block, width, colour) for block in blocks]
    text = "\n".join(part.strip("\n") for part in parts if part.strip())
    labels = ["  ".join(f"[{button['label']}]" for button in row) for row in payload.get("buttons", [])]
    if labels:
        text += "\n" + "\n".join(f"  {row}" for row in labels)
    if payload.get("picture"):
        text += f"\n  picture: {payload['picture']}"
    if payload.get("document"):
        text += f"\n  file: {payload['document']}"
    return text


def _fixed(block: str) -> str:
    return html.unescape(block.removeprefix("<pre>").removesuffix("</pre>"))


def _flowing(block: str, width: int, colour: bool) -> str:
    lines = []
    for line in block.split("\n"):
        plain = html.unescape(_TAG.sub(lambda match: _style(match, colour), line))
        lines.append(_wrapped(plain, width))
    return "\n".join(lines)


def _style(match: re.Match[str], colour: bool) -> str:
    if not colour:
        return ""
    return RESET if match.group(1) else STYLES.get(match.group(2), "")


def _wrapped(line: str, width: int) -> str:
    if len(_ANSI.sub("", line)) <= width:
        return line
    return textwrap.fill(line, width, subsequent_indent="   ", break_long_words=False, break_on_hyphens=False)
