"""Accounts: money of one kind in one mode, and the state that gates its orders."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, Select, select, update

from runtime.ledger.records import add_once, columns, first
from runtime.ledger.states import AccountState
from runtime.ledger.tables import accounts


@dataclass(frozen=True)
class Account:
    """One person's paper or live money; `high_water` is the most it was ever worth."""

    id: int
    person_id: int
    mode: str
    currency: str
    opening_cash: Decimal
    state: AccountState
    state_reason: str
    high_water: Decimal


def ensure_account(
    c: Connection, person_id: int, mode: str, currency: str, opening_cash: Decimal, at: datetime
) -> Account:
    """The person's account of this mode and currency; a new one starts ACTIVE with `opening_cash`."""
    row = {"person_id": person_id, "mode": mode, "currency": currency, "opening_cash": opening_cash}
    fresh = {"high_water": opening_cash, "state": "ACTIVE", "state_reason": "", "state_at": at}
    unique = ("person_id", "mode", "currency")
    add_once(c, accounts, {**row, **fresh, "created_at": at}, unique)
    theirs = (accounts.c.person_id == person_id) & (accounts.c.mode == mode)
    account = first(c, Account, _accounts().where(theirs & (accounts.c.currency == currency)))
    assert account is not None
    return account


def get(c: Connection, account_id: int) -> Account:
    """The account; LookupError if there is none."""
    account = first(c, Account, _accounts().where(accounts.c.id == account_id))
    if account is None:
        raise LookupError(f"there is no account {account_id}")
    return account


def set_state(c: Connection, account_id: int, state: AccountState, reason: str, at: datetime) -> None:
    """Change what the account may do, and say why."""
    change = update(accounts).where(accounts.c.id == account_id)
    c.execute(change.values(state=state, state_reason=reason, state_at=at))


def raise_high_water(c: Connection, account_id: int, equity: Decimal) -> Decimal:
    """Lift the high water mark to `equity` if that is more; the mark that holds now."""
    mark = get(c, account_id).high_water
    if equity <= mark:
        return mark
    c.execute(update(accounts).where(accounts.c.id == account_id).values(high_water=equity))
    return equity


def _accounts() -> Select[Account]:
    return select(*columns(Account, accounts))
