"""Long messages -> parts within Telegram's limit, every tag closed and opened again."""

import re

LIMIT = 4096
"""Characters of a text, counted in UTF-16 as Telegram counts them."""

_PIECES = re.compile(r"<[^>]*>|&[a-z0-9#]+;|[^<&]|[<&]", re.S)


def length(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def parts(html: str, limit: int = LIMIT) -> list[str]:
    """The message in parts of at most `limit` units each; broken at lines where there is one."""
    if length(html) <= limit:
        return [html]
    found: list[str] = []
    taken = ""
    for piece in _lines(html, limit // 2):
        closing = _closing(_open_after(taken))
        if taken and length(taken) + length(piece) + length(closing) + 40 > limit:
            found.append(taken + closing)
            taken = _opening(_open_after(taken))
        taken += piece
    return [*found, taken]


def _lines(html: str, most: int) -> list[str]:
    """Lines with their ends; a line that is too long in pieces that break no tag or entity."""
    found: list[str] = []
    for line in html.splitlines(keepends=True):
        if length(line) <= most:
            found.append(line)
            continue
        taken = ""
        for piece in _PIECES.findall(line):
            if length(taken) + length(piece) > most:
                found.append(taken)
                taken = ""
            taken += piece
        found.append(taken)
    return found


def _open_after(html: str) -> list[str]:
    stack: list[str] = []
    for tag in re.findall(r"<[^>]+>", html):
        if tag.startswith("</"):
            if stack:
                stack.pop()
        else:
            stack.append(tag)
    return stack


def _closing(stack: list[str]) -> str:
    return "".join(f"</{re.split(r'[ >]', tag[1:])[0]}>" for tag in reversed(stack))


def _opening(stack: list[str]) -> str:
    return "".join(stack)
