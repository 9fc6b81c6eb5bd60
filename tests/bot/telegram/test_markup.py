"""Whatever a name or a text holds: every card is valid HTML of Telegram, whole and after it was split."""

import dataclasses
import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import pages
from bot.telegram.splitting import LIMIT, length, parts
from tests.emulators.telegram_api import is_valid
from tests.transcripts import FOLDER, blank_ledger, played, read

CAPTION = 1024
LIVES = ("trade", "edits", "wrong-rules", "asked-back", "limits-bite", "settings")
WRITTEN = frozenset({
    "name", "strategy", "text", "reason", "state_reason", "reasons", "label", "labels", "lines", "not_understood", "claim",
    "rule", "about", "english", "said", "question", "changes", "looser", "message", "note", "notes",
})  # fmt: skip
"""Names of values that are, or may hold, what a person or a model wrote."""
HOSTILE = st.sampled_from(
    ["<b>", "</b>", "</pre>", "<a href=\"tg://user?id=1\">x", "&amp;", "&", "&#0;", "&lt", "<", ">", "\"'", "{{ 1 }}", "{% if %}",
     "\u202e", "\u0000", "\n", "\u2028", "\x85", "\x0c", "🚀", "👨‍👩‍👧", "é" * 40, "<!--", "]]>", "<b", "a" * 5_000, "&" * 900, "<i>" * 400]
)  # fmt: skip
TEXTS = st.lists(HOSTILE | st.text(max_size=30), min_size=1, max_size=4).map("".join)


class _Recorder:
    """A template that also remembers with what it was rendered."""

    def __init__(self, name: str, template: Any, kept: list[tuple[str, dict[str, Any]]]) -> None:
        self.name, self.template, self.kept = name, template, kept

    def render(self, **values: Any) -> str:
        self.kept.append((self.name, values))
        return str(self.template.render(**values))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """What real conversations put into the templates; of each template a few."""
    import asyncio

    kept: list[tuple[str, dict[str, Any]]] = []
    blank = blank_ledger(tmp_path_factory.mktemp("blank"))
    page, environment = pages.page, pages._environment()
    before = environment.get_template
    # included templates are asked for by a third argument, and rendered by the one that includes them
    environment.get_template = lambda name, *more: before(name, *more) if more else _Recorder(name, before(name), kept)  # type: ignore[method-assign, assignment, misc]
    try:
        for name in LIVES:
            asyncio.run(played(read(FOLDER / f"{name}.txt"), blank, watched=False))
    finally:
        del environment.get_template
    assert page is pages.page
    found: dict[str, list[dict[str, Any]]] = {}
    for name, values in kept:
        if len(found.setdefault(name, [])) < 2:
            found[name].append(values)
    assert len(found) >= 25
    return [(name.removesuffix(".jinja"), each) for name, some in sorted(found.items()) for each in some]


def replaced(value: Any, text: str, written: bool = False) -> Any:
    """The same values, with a text in place of everything that a person or a model may have written."""
    if isinstance(value, str):
        return text if written else value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        named = {each.name: getattr(value, each.name) for each in dataclasses.fields(value) if each.init}
        return dataclasses.replace(
            value,
            **{
                k: replaced(v, text, k in WRITTEN)
                for k, v in named.items()
                if isinstance(v, str | list | tuple) and k in WRITTEN
            },
        )
    if isinstance(value, dict):
        return {key: replaced(each, text, key in WRITTEN) for key, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, text, written) for each in value]
    if type(value) is tuple:
        return tuple(replaced(each, text, written) for each in value)
    return value


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


@settings(max_examples=15, deadline=None)
@given(TEXTS)
@example("</b></pre>&<" * 700)
def test_any_text_in_any_card_is_valid_and_fits(rendered, text):
    for name, values in rendered:
        html = pages.page(name, **replaced(values, text))
        assert is_valid(html), name
        for limit in (LIMIT, CAPTION):
            found = parts(html, limit)
            assert all(length(each) <= limit and is_valid(each) for each in found), name
            assert "".join(map(plain, found)) == plain(html), name


def test_the_texts_do_arrive_in_the_cards(rendered):
    """The property says something only where the text is shown."""
    shown = {name for name, values in rendered if "XYZZY" in pages.page(name, **replaced(values, "XYZZY"))}
    assert len(shown) >= 20, sorted({name for name, _ in rendered} - shown)


@pytest.mark.parametrize(
    "html",
    ["<b>x", "x</b>", "<b><i>x</b></i>", "<script>", "a < b", "a > b", "a & b", "&nbsp;", "<pre><b>x</b></pre>", "<b", "&#x;"],
)  # fmt: skip
def test_the_fake_is_strict(html):
    assert not is_valid(html)
