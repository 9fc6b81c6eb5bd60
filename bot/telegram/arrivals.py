"""Updates of Telegram -> inbox rows, for the people who may use the bot and for nobody else."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection
from telegram import Message, Update, User, Voice

from bot.desk import Desk
from bot.secret_words import secret_in
from bot.telegram.pairing import Pairing
from runtime.ledger import messages, people

CHANNEL = "telegram"
NEVER = frozenset({1087968824, 136817688, 777000})
"""Ids under which anonymous admins, channels and the service itself appear."""

log = logging.getLogger("sayso.telegram")


@dataclass(frozen=True)
class Admitted:
    """Who is heard, by numeric id: traders act, viewers look; groups are heard only if they are listed."""

    traders: frozenset[int] = frozenset()
    viewers: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()


class Arrivals:
    """Writes what arrived, before it has any effect and before Telegram forgets it."""

    def __init__(self, desk: Desk, admitted: Admitted, pairing: Pairing | None) -> None:
        self.desk = desk
        self.admitted = admitted
        self.pairing = pairing

    def receive(self, c: Connection, update: Update) -> None:
        """One update; strangers, unlisted groups, edits and everything unknown leave no row."""
        person, chat = update.effective_user, update.effective_chat
        payload = _payload(update)
        if person is None or chat is None or payload is None or person.id in NEVER or person.is_bot:
            return
        is_private = chat.type == "private" and chat.id == person.id
        if not is_private and not self._is_for_us(chat.id, payload):
            return
        if not self._is_heard(c, person, payload, is_private=is_private):
            log.info("a stranger wrote; nothing was done")
            return
        if payload.get("text", "").startswith("/start "):
            # a code has done its work; it is not kept
            payload = {**payload, "text": "/start"}
        payload = self._without_secret(c, str(chat.id), person, update.message, payload)
        external, at = str(update.update_id), self.desk.clock()
        messages.receive(c, CHANNEL, external, str(chat.id), str(person.id), payload, at)
        messages.revive(c, CHANNEL, str(chat.id), at)

    def _is_for_us(self, chat_id: int, payload: dict[str, str]) -> bool:
        """In a listed group only commands and taps are meant for the bot."""
        return chat_id in self.admitted.groups and ("button" in payload or payload.get("text", "").startswith("/"))

    def _is_heard(self, c: Connection, person: User, payload: dict[str, str], *, is_private: bool) -> bool:
        if people.find_person(c, CHANNEL, str(person.id)) is not None:
            return True
        if is_private and self._joins(c, person, payload.get("text", "")):
            return True
        if not is_private or person.id in self.admitted.viewers:
            payload["viewer"] = "yes"
            return True
        return False

    def _joins(self, c: Connection, person: User, text: str) -> bool:
        paired = self.pairing is not None and self.pairing.matches(text)
        if not paired and person.id not in self.admitted.traders:
            return False
        role, key = "owner" if paired else "trader", str(person.id)
        found = people.ensure_person(c, CHANNEL, key, key, person.first_name, role, self.desk.clock())
        people.set_zone(c, found.id, self.desk.settings.zone)
        return True

    def _without_secret(
        self, c: Connection, chat_id: str, person: User, message: Message | None, payload: dict[str, str]
    ) -> dict[str, str]:
        """A secret is not written down, and its message is deleted first of all."""
        kind = secret_in(payload.get("text", ""))
        if kind is None or message is None:
            return payload
        owner = people.find_person(c, CHANNEL, str(person.id)) or people.eldest(c, CHANNEL)
        if owner is not None:
            key, at = f"delete-{chat_id}-{message.message_id}", self.desk.clock()
            body = {"html": "", "delete": str(message.message_id)}
            messages.queue(c, key, owner.id, CHANNEL, chat_id, "critical", "delete", body, at)
        kept = {"viewer": "yes"} if "viewer" in payload else {}
        return {"secret": kind, "text": "", **kept}


def _payload(update: Update) -> dict[str, str] | None:
    """What a message or a tap says; edited messages, forwards, channels and the rest say nothing."""
    if update.callback_query is not None and update.callback_query.data:
        message = update.callback_query.message
        reference = "" if message is None else str(message.message_id)
        return {"button": update.callback_query.data, "message_ref": reference}
    message = update.message
    if message is not None and message.text and message.forward_origin is None and message.sender_chat is None:
        return {"text": message.text}
    if message is not None and message.voice and message.forward_origin is None and message.sender_chat is None:
        return {"voice": message.voice.file_id, "seconds": str(_seconds(message.voice))}
    return None


def _seconds(voice: Voice) -> int:
    """How long a voice note lasts."""
    length = voice.duration
    return int(length.total_seconds() if isinstance(length, timedelta) else length)
