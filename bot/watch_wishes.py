"""Alerts about the account in English: `tell me when my BTC position is up 5%`, `… if nothing trades for a day`."""

import re
from typing import Any

from bot.coin_names import coin_named
from bot.pages import figure, money
from runtime.watches import Raised, Watch

ASKS = (
    r"(?:please )?(?:alert|tell|notify|warn|ping|message|text|let) me (?:know )?"
    r"(?:when(?:ever)?|if|once|as soon as) "
)
AMOUNT = (
    r"(?:by |more than |at least |over |about )*"
    r"(?P<money>\$)?(?P<amount>\d[\d,]*(?:\.\d+)?) ?(?P<percent>%|percent)?"
)
UP = "up|above|rises?|gains?|makes?|made|earns?|wins?|in profit"
DOWN = "down|below|falls?|drops?|loses?|lost|in loss|under ?water"
MOVES = rf"(?:is |are |am |goes |go |gets |has |have |'m |'s )*(?P<way>{UP}|{DOWN})"
TODAY = r"(?: (?:today|in (?:a|one) day|a day|on (?:a|the) day|in the day|per day))"
WHO = "i |i'm |im "
MINE = r"(?:my |the )?(?:account|equity|portfolio|everything|money|worth)"
FORMS = {
    "position": (
        rf"(?:my |the )?(?:(?P<coin>[a-z]{{2,10}}|an?|any|one)(?: open)? )?(?:position|trade) {MOVES} {AMOUNT}",
        rf"(?:{WHO}|we |we're ){MOVES} {AMOUNT} (?:on|with|in) (?:my )?(?P<coin>[a-z]{{2,10}})(?: position| trade)?",
    ),
    "day": (rf"(?:{WHO}|we |{MINE} |the day ){MOVES} {AMOUNT}{TODAY}", rf"the day {MOVES} {AMOUNT}"),
    "fall": (
        r"(?:my |the )?(?:account |total )?drawdown (?:is |goes |gets |reaches |passes |exceeds |hits |above |over )*"
        rf"{AMOUNT}",
        rf"(?:{WHO}|{MINE} ){MOVES} {AMOUNT}(?: (?:from|below|off|under) (?:its|the|my) (?:top|high|highest|peak))?",
    ),
    "quiet": (
        r"(?:there (?:is|are|was) )?(?:no|nothing|none)(?: \w+){0,2}? (?:for|in|within) "
        r"(?P<amount>\d+(?:\.\d+)?|an?) ?(?P<span>h|hours?|d|days?|weeks?)",
        r"(?:you are|you're|it is|it's|the bot is) (?:silent|quiet) for "
        r"(?P<amount>\d+(?:\.\d+)?|an?) ?(?P<span>h|hours?|d|days?|weeks?)",
    ),
}
"""How each kind is said, behind `tell me when`."""
_HOURS = {"h": 1, "d": 24, "w": 168}
_READERS = [(kind, re.compile(rf"{ASKS}{form}[.!]?", re.I)) for kind, forms in FORMS.items() for form in forms]
LEAST, MOST = 0.01, 1000
"""Of percents and of money; a loss of more than everything does not come."""
_ANY = frozenset({"a", "an", "any", "one"})


def asks_to_be_told(text: str) -> bool:
    """Whether a text asks for an alert, understood or not."""
    return re.match(ASKS, " ".join(text.split()), re.I) is not None


def watch_wish(text: str) -> dict[str, Any] | None:
    """The fields of the watch that a text asks for; None for everything else, such as an alert on a price."""
    plain = " ".join(text.replace("’", "'").split())
    for kind, reader in _READERS:
        found = reader.fullmatch(plain)
        if found is not None and (made := _made(kind, found.groupdict())) is not None:
            return made
    return None


def _made(kind: str, said: dict[str, str | None]) -> dict[str, Any] | None:
    if kind == "quiet":
        many = 1.0 if (said["amount"] or "").lower() in _ANY else float(said["amount"] or 0)
        hours = many * _HOURS[(said["span"] or "h")[0].lower()]
        return _fields(kind, 0, hours, "hours") if hours >= 1 else None
    if bool(said["money"]) == bool(said["percent"]):
        # a bare number may be either
        return None
    if said["money"] and (said.get("way") or "").lower() in ("above", "below"):
        # a level of worth is something else than a gain
        return None
    amount = float((said["amount"] or "0").replace(",", ""))
    if amount < LEAST or (said["percent"] and amount >= MOST):
        return None
    way = 1 if re.fullmatch(UP, said.get("way") or "", re.I) else -1
    coin, name = None, said.get("coin")
    if name is not None and name.lower() not in _ANY and (coin := coin_named(name)) is None:
        return None
    if (kind == "fall" and way > 0) or (way < 0 and said["percent"] and amount >= 100):
        return None
    return {**_fields(kind, way, amount, "money" if said["money"] else "percent"), "coin": coin}


def _fields(kind: str, way: int, amount: float, unit: str) -> dict[str, Any]:
    return {"kind": kind, "way": way, "amount": amount, "unit": unit, "coin": None}


def sentence(watch: Watch) -> str:
    """What is watched, in words."""
    amount = _amount(watch.amount, watch.unit)
    gains, is_up = ("makes", "is up") if watch.way > 0 else ("loses", "is down")
    match watch.kind:
        case "position":
            which = f"the {watch.coin} position" if watch.coin else "any position"
            return f"{which} {gains if watch.unit == 'money' else is_up} {amount}"
        case "day":
            return f"the day (from 00:00 UTC) {gains if watch.unit == 'money' else is_up} {amount}"
        case "fall":
            return f"everything together is {amount} below its highest worth"
        case "quiet":
            return f"nothing is bought or sold for {amount}"


def seen(raised: Raised) -> str:
    """What a watch has come true at."""
    watch = raised.watch
    if watch.kind == "quiet":
        return f"The last fill was {_amount(raised.value, 'hours')} ago."
    value = _amount(abs(raised.value), watch.unit)
    gained = "up" if raised.value >= 0 else "down"
    match watch.kind:
        case "position":
            return f"{raised.market} ({raised.strategy}) is {gained} {value} from its entry, fees not counted."
        case "day":
            return f"The day is {gained} {value}."
        case _:
            return f"It is {value} below its highest worth."


def _amount(value: float, unit: str) -> str:
    if unit == "money":
        return f"{money(round(value, 2))} USDT"
    if unit == "percent":
        return f"{figure(round(value, 2)).rstrip('0').rstrip('.')}%"
    days, hours = divmod(round(value), 24)
    parts = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in ((days, "day"), (hours, "hour")) if count]
    return " ".join(parts) or "less than an hour"
