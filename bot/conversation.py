"""One conversation for every channel: a message in, its effects and the answer in one transaction."""

import logging
import re

from sqlalchemy import Connection

from bot.answers import NOTIONS, answer
from bot.commands import COMMANDS, CONFIRMED, LOOKS, Command, Request, matched
from bot.commands.alerts import watched
from bot.commands.breakeven import move_stop
from bot.commands.undo import go_back
from bot.desk import Desk
from bot.drafts import card, draft, looked_at, store_new
from bot.edits import apply_edit
from bot.exit_plans import StopWish, stop_wish
from bot.languages import speaking
from bot.naming import untimed, words_behind
from bot.notices import queue
from bot.open_questions import answer_of, chosen, rows_of, which
from bot.pages import page, words
from bot.reader import Reader
from bot.replies import Act, Reply, dedupe_key, say
from bot.research import Study, study
from bot.standing import held_by
from bot.voice import Ear, spoken
from bot.watch_wishes import asks_to_be_told, watch_wish
from bot.weighing import weighed
from bot.working import apart
from bot.writing import writing
from runtime.ledger import approvals, messages, people, preferences, questions, strategies
from runtime.ledger.errors import LedgerError
from runtime.ledger.people import Address, Person
from runtime.markets import MarketError
from strategy_dsl.compiler import Compiled
from strategy_dsl.diagnostics import PHONE, Diagnostic, StrategyError, render
from strategy_dsl.parser import parse
from strategy_dsl.phrasebook.cautions import sentence
from strategy_dsl.phrasebook.reading import Reading
from strategy_dsl.syntax_words import EXAMPLES

log = logging.getLogger("sayso.conversation")
YES = frozenset(["yes", "y", "ok", "okay", "approve", "approved", "sure", "yep", "do", "it", "apply"]) | {"do it"}
NO = frozenset(["no", "n", "reject", "nope", "cancel"]) | {"no wait", "never mind", "don't", "dont"}
HALF = frozenset({"half", "take half"})
LED = re.compile(r"^/?(?:edit|new(?: strategy)?)[:\s]\s*(?=\S)", re.I)
"""`/edit make the stop 2%` means what stands behind the command."""
ROUTED = {
    "why": "why", "why_not": "whynot", "performance": "trades", "status": "status", "pause": "pause",
    "resume": "resume", "stop": "stop", "panic": "panic", "help": "help", "list": "strategies", "trades": "trades",
    "rules": "rules", "limits": "limits", "versions": "versions", "backtest": "backtest", "paper": "paper",
    "balance": "status", "profit": "trades", "daily": "summary", "weekly": "summary", "monthly": "summary",
}  # fmt: skip
"""The phrasebook's words for what is a command here."""

ABOUT = frozenset({"why", "why_not"})
"""Commands that read from the whole sentence what they are about."""


class Conversation:
    """Handles messages of one channel or several; nothing it needs lives only in memory."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.reader = Reader(desk)
        self.ear: Ear | None = None

    async def handle(self, inbox_id: int) -> None:
        """One message: thinks first, without a lock; then acts, answers and marks it done at once."""
        with self.desk.ledger.read() as c:
            row = messages.incoming(c, inbox_id)
            looks = "viewer" in row.payload
            person = people.eldest(c, row.channel) if looks else people.find_person(c, row.channel, row.user_id)
            style = "" if person is None else preferences.get(c, person.id, "numbers", "")
            limits = self.desk.all_limits if person is None else self.desk.limits_of(c, person.id)
        if person is None or row.done_at is not None:
            self._ignore(inbox_id)
            return
        address = Address(row.channel, row.user_id, row.chat_id, "owner")
        try:
            with writing(style, person.zone), speaking(self.desk.settings.language), self.desk.serving(limits):
                self._finish(inbox_id, person, address, await self._think(person, row))
        except StrategyError as error:
            # stored rules that today's limits no longer allow
            self._finish(inbox_id, person, address, self._refusal(error))
        except LedgerError:
            raise
        except Exception as error:
            # broad on purpose: a message that fails must neither stay in the way nor vanish
            log.exception("a message could not be handled")
            reply = Reply(page("failed", name=type(error).__name__), kind="critical")
            self._finish(inbox_id, person, address, reply)

    def _finish(self, inbox_id: int, person: Person, address: Address, thought: Reply | Act) -> None:
        try:
            with self.desk.ledger.write() as c:
                if not messages.done(c, inbox_id, self.desk.clock()):
                    return
                reply = thought if isinstance(thought, Reply) else thought(c)
                if reply.html:
                    queue(c, self.desk, person.id, [address], reply, f"in-{inbox_id}")
        except BaseException:
            # nothing was written, whatever ended it: what the desk holds in memory may know more than the ledger
            self.desk.forget()
            raise

    def drop(self, inbox_id: int) -> None:
        """A message that a later one has made void: it is answered, and nothing else is done."""
        with self.desk.ledger.read() as c:
            row = messages.incoming(c, inbox_id)
            person = people.find_person(c, row.channel, row.user_id)
        if person is None:
            self._ignore(inbox_id)
            return
        said = row.payload.get("text") or row.payload.get("button", "").removeprefix("say:")
        reply = Reply(words("Not done: “{said}”, for you said stop after it.", said=said))
        self._finish(inbox_id, person, Address(row.channel, row.user_id, row.chat_id, "owner"), reply)

    def _ignore(self, inbox_id: int) -> None:
        with self.desk.ledger.write() as c:
            messages.done(c, inbox_id, self.desk.clock())

    async def _think(self, person: Person, row: messages.Incoming) -> Reply | Act:
        payload = row.payload
        if "secret" in payload:
            return Reply(page("secret", kind=payload["secret"], deleted=row.channel == "telegram"), kind="critical")
        if "viewer" in payload:
            return await self._looked(person, payload)
        if "voice" in payload:
            return await spoken(self.ear, payload, YES | NO | HALF, lambda text: self._text(person, text))
        if "button" in payload:
            verb, _, rest = payload["button"].partition(":")
            if verb in ("approve", "reject", "half"):
                return self._settle(person, rest, verb, row)
            text = rest if verb == "say" else payload["button"]
        else:
            text = payload.get("text", "")
        return await self._text(person, text.strip())

    async def _looked(self, person: Person, payload: dict[str, str]) -> Reply | Act:
        """What a viewer says: commands that only look, and nothing else."""
        found = matched(payload.get("text") or payload.get("button", "").removeprefix("say:"))
        if found is None or found[0].name not in LOOKS:
            return Reply(words("You may look here, not act. Say <b>status</b>, <b>positions</b> or <b>profit</b>."))
        command, said = found
        if command.name == "show":
            # it would choose for the owner which strategy is meant
            command = COMMANDS["rules"]
        if command.name in ("summary", "alerts"):
            # with words behind them they set something
            said = ""
        return await self._command(person, command, said)

    async def _text(self, person: Person, text: str) -> Reply | Act:
        if not text:
            return Reply("Tell me a strategy, or say <b>help</b>.")
        plain = " ".join(text.lower().split()).rstrip(".!")
        if plain in YES | NO | HALF and (found := await self._answered(person, plain)) is not None:
            return found
        if (command := matched(text)) is not None and self._is_meant(person, text, *command):
            return await self._command(person, *command)
        if (wish := stop_wish(text)) is not None and self._is_held(person, wish):
            return move_stop(person, self.desk, wish)
        if (watch := watch_wish(text)) is not None:
            return watched(person, self.desk, watch)
        text = LED.sub("", text)
        with self.desk.ledger.read() as c:
            question = questions.open_one(c, person.id)
            current = self.desk.current(c, person)
            rules = None if current is None else strategies.version(c, current.version_id or 0).text
        if looks_like_rules(text):
            return await self._rules(person, text, text, "rules", None)
        if question is not None and question.kind == "reading":
            option = chosen(question, text)
            if option is not None and option.rules is not None:
                made = Reading(question.payload.get("makes", "edit"), option.rules)
                said = question.payload["text"] if made.outcome == "compile" else text
                return await self._rules(person, option.rules, said, "english", made)
            if full := answer_of(question, text, rules):
                return await self._english(person, full, rules, question.payload.get("asked", 1))
        return await self._english(person, text, rules)

    def _is_meant(self, person: Person, text: str, command: Command, words: str) -> bool:
        """Whether a text is a command: `stop btc` where a strategy has that name, and not `stop loss 3%`."""
        if text.startswith("/") or not words or not command.names_strategy:
            return True
        with self.desk.ledger.read() as c:
            return self.desk.named(c, person, words) is not None

    def _is_held(self, person: Person, wish: StopWish) -> bool:
        """Whether a wish about a stop can be about an open position; else it is about the rules."""
        with self.desk.ledger.write() as c:
            return any(wish.coin in (None, each.coin) for each in held_by(c, self.desk, person))

    async def _command(self, person: Person, command: Command, words: str) -> Reply | Act:
        return await command.handler(Request(person, words), self.desk)

    # yes and no

    async def _answered(self, person: Person, plain: str) -> Reply | Act | None:
        """A bare yes or no belongs to the one thing that is open: an order first, then a question."""
        with self.desk.ledger.write() as c:
            waiting = self.desk.engine(c, person).waiting(c)
            question = questions.open_one(c, person.id)
        verb = "approve" if plain in YES else "half" if plain in HALF else "reject"
        if len(waiting) > 1:
            return Reply("More than one order waits for you: use the buttons below each of them.")
        if waiting:
            return self._settle(person, waiting[0].token, verb)
        if question is None:
            return Reply("No question is open, so there is nothing to answer.")
        if question.kind not in ("loosen", "confirm"):
            return which(question) if plain in YES and chosen(question, plain) is None else None
        if verb != "approve":
            return self._closed(question)
        if question.kind == "confirm":
            return self._confirmed(person, question)
        return await self._loosened(person, question)

    def _closed(self, question: questions.Question) -> Act:
        def act(c: Connection) -> Reply:
            questions.settle(c, question.id, "no", self.desk.clock())
            return Reply("Left as it was.")

        return act

    def _confirmed(self, person: Person, question: questions.Question) -> Act:
        def act(c: Connection) -> Reply:
            if not questions.settle(c, question.id, "yes", self.desk.clock()):
                return Reply("That question is over; nothing was done.")
            return CONFIRMED[question.payload["do"]](c, self.desk, person, question.payload)

        return act

    async def _loosened(self, person: Person, question: questions.Question) -> Reply | Act:
        payload = question.payload
        compiled = self.desk.compiled(payload["text"])

        def act(c: Connection) -> Reply:
            strategy = strategies.get(c, payload["strategy"])
            if not questions.settle(c, question.id, "yes", self.desk.clock()) or strategy.version_id != payload["base"]:
                return Reply("That question is over; nothing was changed.")
            base = strategies.version(c, payload["base"])
            made = draft(compiled, payload["english"], payload["source"], base)
            return apply_edit(c, self.desk, person, strategy, made, None, confirmed=True)

        return act

    def _settle(self, person: Person, token: str, verb: str, tap: messages.Incoming | None = None) -> Act:
        def act(c: Connection) -> Reply:
            engine = self.desk.engine(c, person)
            if tap is not None and not _is_its_button(c, token, tap):
                return Reply(page("settled", outcome="unknown"), kind="settled")
            outcome = engine.settle(c, token, verb, str(person.id))
            # an approved order is answered by its fill
            return Reply("" if outcome == "done" else page("settled", outcome=outcome), kind="settled")

        return act

    # strategies and edits

    async def _english(self, person: Person, text: str, current: str | None, asked: int = 0) -> Reply | Act:
        notion = " ".join(text.lower().split()).strip("?!. ")
        if notion in NOTIONS:
            # a bare word of the trade is explained
            return answer(f"concept:{notion}")
        reading = await self.reader.read(text, current, person, asked)
        match reading.outcome:
            case "command" | "answer":
                return await self._said(person, reading, text)
            case "edit" if reading.command == "undo" and reading.edits and reading.edits[0].after:
                return await go_back(person, self.desk, reading.edits[0].after)
            case "edit" if reading.command == "undo":
                return await self._command(person, COMMANDS["undo"], "")
            case "compile" | "edit" if reading.rules:
                return await self._rules(person, reading.rules, text, "english", reading)
            case "clarify" if reading.questions:
                figures = await weighed(self.desk, reading.questions[0], current)
                changes = current is not None and reading.command != "compile"
                return self._ask(person, text, reading, asked + 1, figures, changes=changes)
            case _:
                hints = {"about_alerts": asks_to_be_told(text), "has_strategy": current is not None}
                return Reply(page("misread", reading=reading, **hints), say("Help"))

    async def _said(self, person: Person, reading: Reading, text: str) -> Reply | Act:
        if reading.command is None and reading.reasons:
            return Reply(page("said", lines=reading.reasons))
        intent = reading.command or "smalltalk"
        command = COMMANDS.get(ROUTED.get(intent, intent))
        if command is None:
            return answer(intent)
        behind = text if intent in ABOUT else ""
        if command.names_strategy or intent == "close":
            with self.desk.ledger.read() as c:
                behind = words_behind(c, person, intent, text)
        return untimed(intent, await self._command(person, command, behind), text)

    def _ask(
        self, person: Person, text: str, reading: Reading, asked: int, figures: tuple[str, ...], *, changes: bool
    ) -> Act:
        question = reading.questions[0]

        def act(c: Connection) -> Reply:
            options = [{"label": each.label, "answer": each.answer, "rules": each.rules} for each in question.options]
            makes = "edit" if changes else "compile"
            said = {"text": text, "topic": question.topic, "question": question.text}
            payload = {**said, "options": options, "makes": makes, "asked": asked}
            questions.ask(c, person.id, "reading", payload, self.desk.clock())
            return Reply(page("question", question=question, reading=reading, figures=figures), rows_of(question))

        return act

    async def _rules(self, person: Person, rules: str, text: str, source: str, reading: Reading | None) -> Reply | Act:
        try:
            compiled = self.desk.compiled(rules)
        except StrategyError as error:
            return self._refusal(error)
        editing = reading is not None and reading.outcome == "edit"
        found, problem = await self._studied(person, compiled)
        if editing:
            return await self._edited(person, compiled, text, found)
        made = draft(compiled, text, source)

        def act(c: Connection) -> Reply:
            self._close_question(c, person, text)
            strategy = store_new(c, self.desk, person, made)
            shown = {sentence(each) for each in compiled.warnings}
            told = [each for each in (reading.reasons if reading else ()) if each not in shown]
            notes = "\n".join((*told, problem)).strip()
            return card(compiled, made.origins, found, strategy.name, notes)

        return act

    def _close_question(self, c: Connection, person: Person, text: str) -> None:
        if (question := questions.open_one(c, person.id)) is not None:
            questions.settle(c, question.id, text, self.desk.clock())

    async def _edited(self, person: Person, compiled: Compiled, text: str, found: Study | None) -> Reply | Act:
        with self.desk.ledger.read() as c:
            strategy = self.desk.current(c, person)
            assert strategy is not None and strategy.version_id is not None
            base = strategies.version(c, strategy.version_id)
        before, _ = await self._studied(person, self.desk.compiled(base.text), picture=False)
        studies = (before, found) if before and found else None
        made = draft(compiled, text, "edit", base)

        def act(c: Connection) -> Reply:
            self._close_question(c, person, text)
            now = strategies.get(c, strategy.id)
            if now.version_id != base.id:
                return Reply("The rules changed in the meantime; nothing was done. Say it again, please.")
            return apply_edit(c, self.desk, person, now, made, studies, confirmed=False)

        return act

    async def _studied(self, person: Person, compiled: Compiled, *, picture: bool = True) -> tuple[Study | None, str]:
        folder = self.desk.pictures if picture else None
        if not compiled.strategy.opens():
            return None, ""
        with self.desk.ledger.read() as c:
            tried = looked_at(c, person, compiled)
        markets, limits, dark = self.desk.markets(), self.desk.limits.paper, self.desk.settings.dark_pictures
        try:
            return await apart(study, compiled, markets, limits, folder, tried=tried, dark=dark), ""
        except MarketError as error:
            return None, str(error)[0].upper() + str(error)[1:] + "."

    def _refusal(self, error: StrategyError) -> Reply:
        text = self._problems(error.diagnostics, error.text)
        return Reply(page("problems", text=text, count=len(error.diagnostics)))

    def _problems(self, diagnostics: tuple[Diagnostic, ...], rules: str) -> str:
        return "\n\n".join(render(each, rules, PHONE) for each in diagnostics)


def looks_like_rules(text: str) -> bool:
    """Whether a text is meant as rules: it parses, or it is several lines that open like clauses."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    openers = sum(line.split()[0] in EXAMPLES for line in lines if line[0] != " ")
    if len(lines) > 1 and openers >= len(lines) / 2 and lines[0].split()[0] in ("strategy", "trade", "budget", "let"):
        return True
    parsed = parse(text)
    return (
        not parsed.problems
        and bool(parsed.strategy.rules or parsed.strategy.alerts)
        and parsed.strategy.trade is not None
    )


def _is_its_button(c: Connection, token: str, tap: messages.Incoming) -> bool:
    """Whether a tap came from the very message, in the very chat, that asked this question."""
    if "message_ref" not in tap.payload:
        # a channel without messages that stay, such as a terminal
        return True
    asked = approvals.by_token(c, token)
    if asked is None:
        return False
    row = messages.by_key(c, dedupe_key(f"ask-{asked.intent_id}", tap.channel, tap.chat_id))
    # a tap can overtake the note that its message went out
    return row is not None and row.message_ref in (None, tap.payload.get("message_ref"))
