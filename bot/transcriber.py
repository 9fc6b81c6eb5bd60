"""Speech -> text by a function or a program of the owner's; off unless `SAYSO_TRANSCRIBER` names one."""

import asyncio
import importlib
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

SECONDS = 40.0
"""Longest wait for one voice note."""
MOST_CHARACTERS = 1_000
_FUNCTION = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
TOO_SLOW = "The transcriber took too long over your voice note. Please type it."
FAILED = "The transcriber could not read your voice note ({why}). Please type it."
SILENT = "I heard no words in your voice note. Please say it again, or type it."


class NotHeard(Exception):
    """A voice note that could not be read; the text is a sentence for the person."""


class Transcriber(Protocol):
    """Anything that reads an audio file."""

    async def text_of(self, audio: Path) -> str:
        """The words of a file; raises NotHeard and nothing else."""


def transcriber_of(setting: str, seconds: float = SECONDS) -> Transcriber | None:
    """`module:function` (path in, text out) or a command line, which gets the path last; None for an empty setting."""
    if not setting.strip():
        return None
    if _FUNCTION.fullmatch(setting.strip()):
        return ByFunction(setting.strip(), seconds)
    return ByProgram(tuple(shlex.split(setting)), seconds)


class ByFunction:
    """A Python function of the owner's, called with the path of the file in a thread of its own."""

    def __init__(self, name: str, seconds: float) -> None:
        self._name, self._seconds = name, seconds

    async def text_of(self, audio: Path) -> str:
        """What the function gives back; a thread that takes too long is left to itself."""
        try:
            async with asyncio.timeout(self._seconds):
                return cleaned(await asyncio.to_thread(self._call, audio))
        except TimeoutError:
            raise NotHeard(TOO_SLOW) from None

    def _call(self, audio: Path) -> str:
        module, _, name = self._name.partition(":")
        try:
            function: Callable[[str], object] = getattr(importlib.import_module(module), name)
            return str(function(str(audio)))
        except (ImportError, AttributeError, OSError, RuntimeError, TypeError, ValueError) as error:
            raise NotHeard(FAILED.format(why=type(error).__name__)) from error


class ByProgram:
    """A program without a shell: the file's path is its last argument, its standard output the text."""

    def __init__(self, command: tuple[str, ...], seconds: float) -> None:
        self._command, self._seconds = command, seconds

    async def text_of(self, audio: Path) -> str:
        """What the program prints; one that takes too long is ended."""
        pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, str(audio), stdin=nothing, stdout=pipe, stderr=nothing
            )
        except OSError as error:
            raise NotHeard(FAILED.format(why=error.strerror or type(error).__name__)) from None
        try:
            async with asyncio.timeout(self._seconds):
                out, _ = await process.communicate()
        except TimeoutError:
            raise NotHeard(TOO_SLOW) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise NotHeard(FAILED.format(why=f"exit code {process.returncode}"))
        return cleaned(out.decode("utf-8", "replace"))


def cleaned(text: str) -> str:
    """One line of words; raises NotHeard where there are none."""
    # programs print times and notes such as [BLANK_AUDIO] in brackets
    line = " ".join(re.sub(r"\[[^\]]*\]", " ", text).split())[:MOST_CHARACTERS]
    if not line:
        raise NotHeard(SILENT)
    return line
