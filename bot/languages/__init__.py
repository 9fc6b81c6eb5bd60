"""The readback in a person's language: sentences that have a template there, the others in English as they stand.

A language is one file here, `NAME.json`. `sentences` and `phrases` map what the English readback says, with `{slots}`,
to the same in that language. A sentence is shown in it only if a template fits the whole of it and every slot is made
of phrases, numbers, names and times alone; a sentence is never half translated.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
ENGLISH = "english"
LANGUAGES = (ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.json")))
DEEPEST = 12
"""How many slots may stand in one another."""
_SLOT = re.compile(r"\{(\w+)\}")
_PLAIN = re.compile(r"[+-]?[\d.,:/x%]+|[A-Z][A-Z0-9/]*|“[^”]*”|[A-Z]\w+/\w+")
"""What is the same in every language: numbers, times, markets, zones, names that the person gave."""


@dataclass(frozen=True)
class Template:
    """One way of saying: a pattern of the English text, and the text in the other language with its slots."""

    pattern: re.Pattern[str]
    text: str


@dataclass(frozen=True)
class Language:
    """The templates of one language, in the order of its file: the first that fits is taken, so joints come first."""

    sentences: tuple[Template, ...]
    phrases: tuple[Template, ...]

    def said(self, sentence: str) -> str | None:
        """A whole sentence; None where no template fits it."""
        return self._filled(self.sentences, sentence, 0)

    def phrase(self, text: str, depth: int = 0) -> str | None:
        """A part of a sentence; None where it has no template."""
        if _PLAIN.fullmatch(text):
            return text
        return self._filled(self.phrases, text, depth)

    def _filled(self, templates: tuple[Template, ...], text: str, depth: int) -> str | None:
        for each in templates if depth < DEEPEST else ():
            found = each.pattern.fullmatch(text)
            if found is None:
                continue
            slots = {name: self.phrase(value, depth + 1) for name, value in found.groupdict().items()}
            whole = {name: value for name, value in slots.items() if value is not None}
            if len(whole) == len(slots):
                return each.text.format(**whole)
        return None


@cache
def language(name: str) -> Language:
    """A language by name; one that has no file has no templates."""
    path = FOLDER / f"{name}.json"
    data = json.loads(path.read_text("utf-8")) if name in LANGUAGES and name != ENGLISH else {}
    return Language(_templates(data.get("sentences", {})), _templates(data.get("phrases", {})))


def _templates(pairs: Mapping[str, str]) -> tuple[Template, ...]:
    return tuple(Template(_pattern(english), other) for english, other in pairs.items())


def _pattern(english: str) -> re.Pattern[str]:
    # of every other piece that the split gives, the name of a slot
    pieces = _SLOT.split(english)
    return re.compile("".join(f"(?P<{each}>.+?)" if at % 2 else re.escape(each) for at, each in enumerate(pieces)))


_present: ContextVar[str] = ContextVar("language", default=ENGLISH)


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Readbacks are in this language for as long as it lasts."""
    token = _present.set(name)
    try:
        yield
    finally:
        _present.reset(token)


def spoken(sentence: str) -> str:
    """A sentence of the readback in the present language, or as it stands."""
    return language(_present.get()).said(sentence) or sentence


def spoken_origin(origin: str) -> str:
    """`you said 30; assumed 14` in the present language, or as it stands."""
    return language(_present.get()).phrase(origin) or origin
