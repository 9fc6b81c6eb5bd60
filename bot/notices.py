"""What happened -> messages in the outbox, within the transaction that made it true."""

from collections.abc import Callable
from datetime import date as date_type
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.desk import Desk
from bot.explain import KINDS, order_lines
from bot.notifications import delivery
from bot.pages import page
from bot.replies import Button, Reply, dedupe_key, say
from bot.summaries import is_quiet, summary_of, week_of
from bot.watch_wishes import seen, sentence
from bot.writing import writing
from runtime.brokers.paper import PAPER_SLIPPAGE
from runtime.core.machine.machine import Order, order_from
from runtime.events import Event
from runtime.ledger import messages, people, preferences, summaries
from runtime.ledger.people import Person

EDITABLE = frozenset({"telegram"})
"""Channels in which a message can be changed after it was sent."""
FEED_KINDS = ("late", "back", "skew", "revised", "missed")
"""What is told about a market that is live; each has a page of its name."""


COMMENT_DUE = "comment_due"
"""Under which the newest summary that waits for a comment stands among what a person has set."""


class Notices:
    """Renders events and queues them for every address of the person."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._quiet: list[date_type] = []
        self._render: dict[str, Callable[[Connection, Person, Event], Reply | None]] = {
            "ask": self._ask,
            "answered": self._answered,
            "filled": self._filled,
            "refused": lambda c, person, event: Reply(page("refused", **event.data), kind="refused"),
            "skipped": self._skipped,
            "alert": lambda c, person, event: Reply(page("alert", at=event.at, **event.data), kind="alert"),
            "watch": _watch,
            "halted": lambda c, person, event: Reply(
                page("halted", **event.data), say("Resume", "Status"), kind="critical"
            ),
            "day": self._day,
            "week": self._week,
            "played": lambda c, person, event: None,
            **{kind: partial(_feed, kind) for kind in FEED_KINDS},
            "ended": lambda c, person, event: Reply(
                page("ended", label=self.desk.markets().label), say("Trades", "Summary")
            ),
        }

    def tell(self, c: Connection, event: Event) -> None:
        """Queues the message of an event; the same event twice is one message."""
        addresses, person = people.addresses(c, event.person_id), people.get(c, event.person_id)
        limits, style = self.desk.limits_of(c, person.id), preferences.get(c, person.id, "numbers", "")
        with writing(style, person.zone), self.desk.serving(limits):
            self._tell(c, person, addresses, event)

    def _tell(self, c: Connection, person: Person, addresses: list[people.Address], event: Event) -> None:
        reply = self._render[event.kind](c, person, event)
        if reply is None and event.kind != "played":
            return
        if event.kind == "answered" and reply is not None:
            # what is on paper or on a screen already cannot be changed
            addresses = [each for each in addresses if each.channel in EDITABLE]
            queue(c, self.desk, person.id, addresses, reply, event.key)
            return
        if self._quiet:
            days, self._quiet = self._quiet, []
            quiet = Reply(page("quiet", first=days[0], last=days[-1], count=len(days)), kind="summary")
            queue(c, self.desk, person.id, addresses, quiet, f"quiet-{event.key}")
        if reply is not None:
            queue(c, self.desk, person.id, addresses, reply, event.key)
        if event.kind == "day" and reply is not None and self.desk.settings.model_comments:
            preferences.put(c, person.id, COMMENT_DUE, {"key": event.key, "html": reply.html})

    def forget(self) -> None:
        """Drops what a transaction that did not come through had gathered."""
        self._quiet.clear()

    def _ask(self, c: Connection, person: Person, event: Event) -> Reply:
        data = event.data
        order = order_from(data["order"])
        run = self.desk.engine(c, person).run_of(c, data["run_id"])
        token = data["token"]
        numbers = _prompt_numbers(order, data["price"], float(self.desk.limits.paper.slippage_percent) / 100)
        body = page(
            "ask", order=order, lines=order_lines(run, order), numbers=numbers, at=event.at,
            strategy=data["strategy"], duration=data["duration"], otherwise=data["otherwise"],
            label=self.desk.markets().label, quote=order.market.split("/")[1], is_live=self.desk.markets().is_live,
        )  # fmt: skip
        answers = (Button("Approve", f"approve:{token}"), Button("Reject", f"reject:{token}"))
        more = (Button("Half", f"half:{token}"), Button("Pause strategy", f"say:pause {data['strategy']}"[:64]))
        return Reply(body, (answers, more), kind="ask")

    def _filled(self, c: Connection, person: Person, event: Event) -> Reply:
        body = page("filled", at=event.at, meaning=KINDS, **event.data)
        thread = event.data["thread"]
        # the fill answers its question, the way out answers the fill: a trade is one thread
        earlier = f"ask-{event.data['intent']}" if thread is None else f"filled-{thread}"
        return Reply(body, say("Why", "Status"), kind="filled", answers=earlier)

    def _answered(self, c: Connection, person: Person, event: Event) -> Reply | None:
        """The question without its buttons, and how it ended; nothing where it cannot be changed any more."""
        question = f"ask-{event.data['intent']}"
        addresses = people.addresses(c, person.id)
        keys = (dedupe_key(question, each.channel, each.chat_id) for each in addresses)
        row = next((row for row in map(partial(messages.by_key, c), keys) if row is not None), None)
        if row is None:
            return None
        asked = row.payload["html"].rsplit("\n", 1)[0]
        body = f"{asked}\n{page('answered', at=event.at, **event.data)}"
        return Reply(body, kind="answered", edits=question)

    def _skipped(self, c: Connection, person: Person, event: Event) -> Reply | None:
        if event.data["state"] != "expired":
            return None
        order = order_from(event.data["order"])
        return Reply(page("expired", market=order.market, strategy=event.data["strategy"]), kind="skipped")

    def _day(self, c: Connection, person: Person, event: Event) -> Reply | None:
        date = datetime.fromisoformat(event.data["date"]).date()
        calendar = 0 if self.desk.markets().is_live else self.desk.engine(c, person).replay_id
        if not summaries.claim(c, person.id, date, event.at, calendar):
            return None
        if is_quiet(c, self.desk, person, date):
            # days on which nothing happened are told together, once something happens or the market stops
            self._quiet.append(date)
            return None
        return summary_of(c, self.desk, person, date, whole_day=True)

    def _week(self, c: Connection, person: Person, event: Event) -> Reply:
        return week_of(c, self.desk, person, datetime.fromisoformat(event.data["monday"]).date())


def _watch(c: Connection, person: Person, event: Event) -> Reply:
    raised = event.data["raised"]
    body = page("watch", sentence=sentence(raised.watch), seen=seen(raised), at=event.at)
    return Reply(body, say("Status", "Alerts"), kind="alert")


def _feed(kind: str, c: Connection, person: Person, event: Event) -> Reply:
    return Reply(page(f"feed_{kind}", **event.data), kind="feed")


def _prompt_numbers(order: Order, price: float, slippage: float) -> dict[str, Any]:
    """Price, stop, targets and the worst loss of an entry, as they would be at the present price."""
    paid = price * (1 + PAPER_SLIPPAGE * (1 if order.side == "buy" else -1)) if order.slips else price
    notional = order.quantity * paid
    lost = notional if order.stop is None else order.quantity * abs(price - order.stop) + notional * (slippage + 0.002)
    worst = min(lost, notional) if order.is_long else lost
    return {"price": price, "notional": notional, "stop": order.stop, "targets": order.targets, "worst": worst}


def queue(c: Connection, desk: Desk, person_id: int, addresses: list[people.Address], reply: Reply, key: str) -> None:
    """One outbox row for each message and address."""
    person = people.get(c, person_id)
    for number, each in enumerate((reply, *reply.more)):
        how = delivery(c, person, each, desk.clock())
        if how is None:
            continue
        for address in addresses:
            payload = {**each.payload(address.channel, address.chat_id), "silent": how.is_silent}
            messages.queue(
                c,
                dedupe_key(key, address.channel, address.chat_id, number),
                person_id,
                address.channel,
                address.chat_id,
                how.severity,
                each.kind,
                payload,
                desk.clock(),
                how.not_before,
            )
