"""Updates of Telegram -> inbox rows, for the people who may use the bot and for nobody else."""

import logging

from sqlalchemy import Connection
from telegram import Update

from bot.desk import Desk
from bot.telegram.pairing import Pairing
from runtime.ledger import messages, people

CHANNEL = "telegram"
NEVER = frozenset({1087968824, 136817688, 777000})
"""Ids under which anonymous admins, channels and the service itself appear."""

log = logging.getLogger("sayso.telegram")


class Arrivals:
    """Writes what arrived, before it has any effect and before Telegram forgets it."""

    def __init__(self, desk: Desk, allowed: frozenset[int], pairing: Pairing | None) -> None:
        self.desk = desk
        self.allowed = allowed
        self.pairing = pairing

    def receive(self, c: Connection, update: Update) -> None:
        """One update; strangers, groups, edits and everything unknown leave no row."""
        person, chat = update.effective_user, update.effective_chat
        payload = _payload(update)
        if person is None or chat is None or payload is None or person.id in NEVER or person.is_bot:
            return
        if chat.type != "private" or chat.id != person.id:
            return
        if not self._known(c, person.id, payload.get("text", ""), person.first_name):
            log.info("a stranger wrote; nothing was done")
            return
        if payload.get("text", "").startswith("/start "):
            # a code has done its work; it is not kept
            payload = {"text": "/start"}
        external = str(update.update_id)
        messages.receive(c, CHANNEL, external, str(chat.id), str(person.id), payload, self.desk.clock())

    def _known(self, c: Connection, user_id: int, text: str, name: str) -> bool:
        if people.find_person(c, CHANNEL, str(user_id)) is not None:
            return True
        paired = self.pairing is not None and self.pairing.matches(text)
        if not paired and user_id not in self.allowed:
            return False
        role = "owner" if paired else "trader"
        person = people.ensure_person(c, CHANNEL, str(user_id), str(user_id), name, role, self.desk.clock())
        people.set_zone(c, person.id, self.desk.settings.zone)
        return True


def _payload(update: Update) -> dict[str, str] | None:
    """What a private message or a tap says; edited messages, forwards and the rest say nothing."""
    if update.callback_query is not None and update.callback_query.data:
        message = update.callback_query.message
        reference = "" if message is None else str(message.message_id)
        return {"button": update.callback_query.data, "message_ref": reference}
    message = update.message
    if message is not None and message.text and message.forward_origin is None:
        return {"text": message.text}
    return None
