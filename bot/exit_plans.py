"""Wishes about the stop of an open position: `move my BTC stop to break even`, `set the stop to 61000`."""

import re
from dataclasses import dataclass

VERBS = "move|set|put|bring|raise|lower|pull|change"
WISH = re.compile(
    rf"^(?:please )?(?:{VERBS})\s+(?:my|the|its)?\s*(?:(?P<coin>[a-z]{{2,10}})(?:'s)?\s+)?(?:stop|stop loss|sl)"
    r"(?:\s+(?:on|of|for)\s+(?:my |the )?(?P<on>[a-z]{2,10}))?\s+(?:to|at)\s+"
    r"(?:(?P<even>break ?-?even|be|(?:my |the )?entry(?: price)?)|"
    r"\$?(?P<price>\d[\d,]*(?:\.\d+)?)(?P<kilo>k)?)[.!]?$",
    re.I,
)


@dataclass(frozen=True)
class StopWish:
    """The coin that is named, if any, and the price; None is break even."""

    coin: str | None
    price: float | None


def stop_wish(text: str) -> StopWish | None:
    """The wish that a text is; None for everything else, such as `make the stop 2%`, which changes the rules."""
    found = WISH.match(" ".join(text.split()))
    if found is None:
        return None
    coin = found["coin"] or found["on"]
    price = None if found["even"] else float(found["price"].replace(",", "")) * (1000 if found["kilo"] else 1)
    return StopWish(coin.upper() if coin else None, price)
