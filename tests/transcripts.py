"""Whole conversations on a phone, each a golden file that holds both what was done and what the phone showed.

The product is driven over Telegram's Bot API, by real HTTP. In a file a line such as `you> status` is done; what stands
between two of them is what came for it. `python -m tests.transcripts [NAME...]` does all again and writes what came.

you> TEXT       the owner says it; `friend>`, `viewer>`, `stranger>` and `group>` (the owner in a group) likewise
setup> TEXT     the owner says it, and what comes is not kept here
tap> LABEL      taps the newest button of that label; `tap twice>` does it two times at once
until> WORDS    the market goes on until a message with these words comes, and that one is kept
clock> 65m      the exchange's clock goes on (in a world on present prices); `venue>` and `spoil>` make something fail
card> NAME      what comes next is drawn as a picture of that name by `python -m tests.cards`
"""

import asyncio
import html
import json
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from unittest.mock import patch

from httpx import create_ssl_context

from bot import pages, research
from bot.telegram.arrivals import Admitted
from bot.terminal.render import rendered
from runtime.backtest import Backtest
from runtime.candles import Candles
from runtime.ledger.migrate import upgrade
from strategy_dsl.compiler import Compiled
from tests.bot.telegram.phone import ME, Phone, phone_at
from tests.transcript_worlds import WORLDS, World

research_draw = research.draw
_DRAWN: dict[tuple[object, ...], bytes] = {}
_ssl_context = cache(create_ssl_context)
"""Reading the certificates takes 0.05 s, and nothing here speaks TLS."""
FOLDER = Path(__file__).parent / "golden" / "transcripts"
LONG = 100_000
FRIEND, VIEWER, STRANGER, GROUP = 43, 77, 6666, -1005
WHO = {"you": ME, "setup": ME, "friend": FRIEND, "viewer": VIEWER, "stranger": STRANGER}
EVERYBODY = Admitted(frozenset({ME, FRIEND}), frozenset({VIEWER}), frozenset({GROUP}))
VERBS = (*WHO, "group", "tap", "tap twice", "until", "clock", "venue", "spoil", "card")
ELSEWHERE = (
    (r"127\.0\.0\.1:\d+", "HOST"), (r"Python [\d.]+", "Python VERSION"), (". (limits|engine): .*", r"· \1: as it is here"),
)  # fmt: skip
"""What is another on another machine."""
STEP = re.compile(rf"({'|'.join(VERBS)})> (.*)")


@dataclass(frozen=True)
class Message:
    """One message on the phone: Telegram's HTML, the labels of its buttons, a picture, the first line it answers."""

    html: str
    buttons: tuple[tuple[str, ...], ...] = ()
    picture: bytes | None = None
    document: bool = False
    answers: str = ""

    @property
    def text(self) -> str:
        """The message in plain words."""
        parts = [f"(answers: {self.answers})"] if self.answers else []
        parts += ["(picture)"] if self.picture else []
        parts += ["(file)"] if self.document else []
        parts += [rendered({"html": self.html}, LONG, colour=False).strip("\n")] if self.html else []
        return "\n".join(parts + ["".join(f"[{label}]" for label in row) for row in self.buttons])


@dataclass(frozen=True)
class Step:
    """One thing done, and what the phone showed for it."""

    verb: str
    words: str
    card: str = ""
    shown: tuple[Message, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The step as its golden file keeps it."""
        head = ([f"card> {self.card}"] if self.card else []) + [f"{self.verb}> {self.words}"]
        parts = [] if self.verb == "setup" else [*(each.text for each in self.shown), *self.notes]
        return "\n\n".join(["\n".join(head), *parts])


@dataclass(frozen=True)
class Transcript:
    """A conversation: its title, the world it is in, the steps, the templates that were shown."""

    title: str
    world: str
    steps: tuple[Step, ...]
    templates: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole golden file."""
        head = f"# {self.title}\n# world: {self.world}\n# templates: {' '.join(self.templates)}"
        return "\n\n".join([head, *(each.text for each in self.steps)]) + "\n"


def read(path: Path) -> Transcript:
    """What a file says is to be done."""
    text = path.read_text("utf-8")
    head = dict(re.findall(r"^# (world|templates): ?(.*)$", text, re.M))
    steps, card = [], ""
    for found in map(STEP.fullmatch, text.splitlines()):
        if found is None:
            continue
        if found[1] == "card":
            card = found[2]
            continue
        steps.append(Step(found[1], found[2], card))
        card = ""
    title = text.split("\n", 1)[0].removeprefix("# ")
    return Transcript(title, head.get("world", "simulated"), tuple(steps), tuple(head.get("templates", "").split()))


@dataclass
class Screen:
    """The phone while a transcript is played: does a step, and tells what it showed."""

    phone: Phone
    folder: str
    world: World
    names: dict[str, str] = field(default_factory=dict)

    async def play(self, step: Step) -> Step:
        """Does a step."""
        api = self.phone.api
        before, edited, deleted = len(api.taken), dict(api.edited), len(api.deleted)
        await self._do(step)
        new = list(range(before, len(api.taken)))
        if step.verb == "until":
            new = [at for at in new if step.words in _plain(api.taken[at]) or step.words in _labels(api.taken[at])][:1]
        notes = [
            f"(changed: {self._said(each).text})" for number, each in api.edited.items() if edited.get(number) != each
        ]
        notes += [f"(your message {number} was deleted)" for number in api.deleted[deleted:]]
        if step.verb == "until":
            notes = []
        return Step(step.verb, step.words, step.card, tuple(map(self._message, new)), tuple(notes))

    async def _do(self, step: Step) -> None:
        words = step.words.replace("\\n", "\n")
        if step.verb in WHO:
            await self.phone.says(words, user=WHO[step.verb])
        elif step.verb == "group":
            self.phone.update(message=self.phone.text(words, ME, GROUP))
            await self.phone.settle()
        elif step.verb.startswith("tap"):
            await self.phone.taps(words, times=2 if step.verb == "tap twice" else 1)
        elif step.verb == "until":
            await self._until(words)
        else:
            await self.world.act(self.phone, step.verb, words)

    async def _until(self, sign: str, most: int = 40) -> None:
        for _ in range(most):
            before = len(self.phone.api.taken)
            await self.phone.says("skip")
            if any(sign in _plain(each) or sign in _labels(each) for each in self.phone.api.taken[before:]):
                return
        raise AssertionError(f"no message with {sign!r} came")

    def _message(self, at: int) -> Message:
        taken, file = self.phone.api.taken[at], self.phone.api.files.get(at + 1)
        rows = json.loads(taken.get("reply_markup", "{}")).get("inline_keyboard", [])
        buttons = tuple(tuple(each["text"] for each in row) for row in rows)
        is_picture = file is not None and file.startswith(b"\x89PNG")
        answers = ""
        if "reply_parameters" in taken:
            answers = _plain(
                self.phone.api.taken[json.loads(taken["reply_parameters"])["message_id"] - 1]
            ).splitlines()[0]
        said = self._said(_html(taken)).html
        return Message(said, buttons, file if is_picture else None, file is not None and not is_picture, answers)

    def _said(self, shown: str) -> Message:
        """Without what differs from run to run: folders, ports and ids made at random get names."""
        shown = shown.replace(self.folder, "FOLDER")
        for found in re.findall(r"\b[0-9a-f]{32}\b|\b[0-9A-HJKMNP-TV-Z]{26}\b", shown):
            self.names.setdefault(found, f"ID{len(self.names) + 1}")
            shown = shown.replace(found, self.names[found])
        for pattern, name in ELSEWHERE:
            shown = re.sub(pattern, name, shown)
        return Message(shown)


def _html(taken: dict[str, str]) -> str:
    return taken.get("text", taken.get("caption", ""))


def _plain(taken: dict[str, str]) -> str:
    return html.unescape(re.sub("<[^>]+>", "", _html(taken)))


def _labels(taken: dict[str, str]) -> str:
    return taken.get("reply_markup", "")


@asynccontextmanager
async def _screen(world: World, blank: Path | None) -> AsyncIterator[Screen]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if blank is not None:
            shutil.copy(blank, folder / "sayso.db")
        with world.opened(folder) as settings:
            async with phone_at(folder, admitted=EVERYBODY, **settings) as phone:
                world.prepare(phone)
                try:
                    yield Screen(phone, name, world)
                finally:
                    await phone.service.conversation.reader.close()


async def played(script: Transcript, blank: Path | None = None, *, watched: bool = True) -> Transcript:
    """The conversation as it goes today; `blank` is an empty ledger, to be copied rather than made."""
    shown: set[str] = set()
    with watching(shown) if watched else nullcontext(), drawn_once():
        async with _screen(WORLDS[script.world](), blank) as screen:
            steps = [await screen.play(each) for each in script.steps]
    return Transcript(script.title, script.world, tuple(steps), tuple(sorted(shown)))


@contextmanager
def drawn_once() -> Iterator[None]:
    """While it lasts, a picture of the same backtest on the same candles is drawn once a process, then copied."""

    def draw(path: Path, compiled: Compiled, found: Backtest, candles: Candles, **more: bool) -> None:
        key = (
            compiled.hash,
            compiled.strategy.name,
            candles.market,
            int(candles.time[-1]),
            float(candles.close.sum()),
            *more.values(),
        )
        if key not in _DRAWN:
            research_draw(path, compiled, found, candles, **more)
            _DRAWN[key] = path.read_bytes()
        path.write_bytes(_DRAWN[key])

    with patch.object(research, "draw", draw), patch("httpx._transports.default.create_ssl_context", _ssl_context):
        yield


class watching:
    """While it lasts, the names of templates that are rendered are put into a set."""

    def __init__(self, names: set[str]) -> None:
        self.names = names

    def __enter__(self) -> None:
        environment = pages._environment()
        self._before = environment.get_template

        def get_template(name: str, *more: object, **named: object) -> object:
            self.names.add(str(name).removesuffix(".jinja"))
            return self._before(name, *more, **named)  # type: ignore[arg-type]

        environment.get_template = get_template  # type: ignore[method-assign, assignment]

    def __exit__(self, *_: object) -> None:
        del pages._environment().get_template  # type: ignore[attr-defined]


def blank_ledger(folder: Path) -> Path:
    """An empty ledger in a folder."""
    upgrade(f"sqlite:///{folder / 'blank.db'}")
    return folder / "blank.db"


def main() -> int:
    """Writes every transcript anew, or those that are named."""
    with tempfile.TemporaryDirectory() as folder:
        blank = blank_ledger(Path(folder))
        for path in sorted(FOLDER.glob("*.txt")):
            if sys.argv[1:] and path.stem not in sys.argv[1:]:
                continue
            text = asyncio.run(played(read(path), blank)).text
            if text != path.read_text("utf-8"):
                path.write_text(text, "utf-8")
                print(f"{path.stem} is written anew: read it before you keep it")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
