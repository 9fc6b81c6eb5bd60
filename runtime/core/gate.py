"""The risk gate: the only way to a broker. What it lets through is a type of its own."""

from dataclasses import InitVar, dataclass
from decimal import Decimal
from typing import Final, Literal

from strategy_dsl.limits import Profile

AccountState = Literal["ACTIVE", "REDUCING", "HALTED"]
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Proposal:
    """An order before the gate; money in quote currency; one that does not open only ever reduces."""

    intent_id: str
    market: str
    side: Literal["buy", "sell"]
    quantity: Decimal
    price: Decimal
    decided_price: Decimal
    leverage: Decimal = Decimal(1)
    opens: bool = True

    @property
    def notional(self) -> Decimal:
        """The order's value at the present price."""
        return self.quantity * self.price


@dataclass(frozen=True)
class Exposure:
    """What the account holds and has under way; None means not known, and what is not known is refused."""

    account_state: AccountState | None
    equity: Decimal | None
    in_market: Decimal | None
    gross: Decimal | None
    held: Decimal | None
    day_loss_percent: Decimal | None
    drawdown_percent: Decimal | None
    candle_age: Decimal | None
    entries_last_minute: int | None
    entries_today: int | None


@dataclass(frozen=True)
class Check:
    """One limit: what was asked, what is allowed, and whether it held."""

    limit: str
    asked: str
    allowed: str
    held: bool


@dataclass(frozen=True)
class Refused:
    """An order that must not be sent, with the checks that say why."""

    checks: tuple[Check, ...]

    @property
    def reason(self) -> str:
        """The first limit that did not hold, in words."""
        failed = next(check for check in self.checks if not check.held)
        return f"{failed.limit}: {failed.asked} asked, {failed.allowed} allowed"


_KEY: Final = object()


@dataclass(frozen=True, slots=True)
class Approved:
    """An order that every limit lets through; only the gate can make one, and nobody can change it."""

    proposal: Proposal
    checks: tuple[Check, ...]
    key: InitVar[object]

    def __post_init__(self, key: object) -> None:
        """Refuses every maker but the gate."""
        if key is not _KEY:
            raise TypeError("only the risk gate approves an order")


def judge(proposal: Proposal, exposure: Exposure, limits: Profile) -> Approved | Refused:
    """Checks one order against every limit; exits are held to sanity only, so that nothing blocks a way out."""
    checks = _entry(proposal, exposure, limits) if proposal.opens else _exit(proposal, exposure)
    if all(check.held for check in checks):
        return Approved(proposal, tuple(checks), _KEY)
    return Refused(tuple(checks))


def _exit(proposal: Proposal, exposure: Exposure) -> list[Check]:
    sane, held = _is_sane(proposal), _finite(exposure.held)
    covered = sane and held is not None and proposal.quantity <= held
    return [
        Check("quantity and price", _plain(proposal.quantity), "above 0", sane),
        Check("position", _plain(proposal.quantity), _plain(held), covered),
    ]


def _entry(proposal: Proposal, exposure: Exposure, limits: Profile) -> list[Check]:
    sane = _is_sane(proposal)
    notional = proposal.notional if sane else None
    return [
        Check("quantity and price", _plain(proposal.quantity), "above 0", sane),
        Check("kill switch", str(exposure.account_state), "ACTIVE", exposure.account_state == "ACTIVE"),
        _share("order size", notional, exposure.equity, limits.order_percent),
        _share("position in one market", _sum(notional, exposure.in_market), exposure.equity, limits.market_percent),
        _share("all positions together", _sum(notional, exposure.gross), exposure.equity, limits.gross_percent),
        _most("leverage", proposal.leverage, limits.leverage, "x"),
        _below("loss of the day", exposure.day_loss_percent, limits.daily_loss_percent, "%"),
        _below("fall from the highest equity", exposure.drawdown_percent, limits.drawdown_percent, "%"),
        _most("age of the newest candle", exposure.candle_age, limits.stale_candles, " candles"),
        _below("buys in a minute", exposure.entries_last_minute, limits.orders_a_minute, ""),
        _below("buys today", exposure.entries_today, limits.orders_a_day, ""),
        _drift(proposal, limits),
    ]


def _is_sane(proposal: Proposal) -> bool:
    return all(each is not None and each > 0 for each in (_finite(proposal.quantity), _finite(proposal.price)))


def _finite(value: Decimal | None) -> Decimal | None:
    """What is not a number is not known."""
    return value if value is not None and value.is_finite() else None


def _sum(notional: Decimal | None, there: Decimal | None) -> Decimal | None:
    known = _finite(there)
    return None if notional is None or known is None else notional + known


def _share(limit: str, amount: Decimal | None, equity: Decimal | None, percent: Decimal) -> Check:
    amount, equity = _finite(amount), _finite(equity)
    if amount is None or equity is None or equity <= 0:
        return Check(limit, "unknown", f"{percent}%", False)
    allowed = equity * percent / HUNDRED
    # an order of 100% of the equity may pass it by the rounding of its own price
    return Check(limit, f"{amount:,.2f}", f"{allowed:,.2f}", amount <= allowed * Decimal("1.000001"))


def _below(limit: str, value: Decimal | int | None, most: Decimal | int, unit: str) -> Check:
    known = value if isinstance(value, int) else _finite(value)
    return Check(limit, f"{_plain(known)}{unit}", f"below {most}{unit}", known is not None and known < most)


def _most(limit: str, value: Decimal | None, most: Decimal, unit: str) -> Check:
    known = _finite(value)
    return Check(limit, f"{_plain(known)}{unit}", f"{most}{unit}", known is not None and known <= most)


def _drift(proposal: Proposal, limits: Profile) -> Check:
    price, decided = _finite(proposal.price), _finite(proposal.decided_price)
    moved = None if price is None or decided is None or decided <= 0 else abs(price / decided - 1) * HUNDRED
    return _most("price moved since the decision", moved, limits.drift_percent, "%")


def _plain(value: Decimal | int | None) -> str:
    if isinstance(value, int):
        return str(value)
    if value is None or not value.is_finite():
        return "unknown"
    return f"{value.normalize():f}" if abs(value) >= 1 else f"{value:.4g}"
