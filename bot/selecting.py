"""Which open positions are meant: `btc`, `everything`, `everything green above 1%, keep BTC`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from strategy_dsl.phrasebook.names import COINS

EVERYTHING = frozenset(["everything", "all", "any", "every"])
GREEN = frozenset(["green", "winners", "winning", "winner", "profitable", "profit", "up"])
RED = frozenset(["red", "losers", "losing", "loser", "loss", "down", "underwater"])
ABOVE = frozenset(["above", "over", "than", "least"])
BELOW = frozenset(["below", "under"])
KEEP = frozenset(["keep", "except", "but", "not", "leave", "without"])
FILLERS = frozenset(["the", "my", "that", "is", "are", "in", "at", "more", "and", "of", "with", "by", "please"]) | {
    "positions", "position", "trades", "trade", "ones", "coins", "coin", "now", "pls", "immediately", "right", "away",
    "bags", "holdings", "stuff", "asap",
}  # fmt: skip
SYMBOLS = {name: coin for coin, names in COINS.items() for name in (coin.lower(), *names.split(" | "))}
"""What each known coin is called in the ledger, by every one-word name of it."""
TOKEN = re.compile(r"[-+]?\d+(?:\.\d+)?\s?%?|[a-z]+(?:/[a-z]+)?", re.I)


@dataclass(frozen=True)
class Selection:
    """Coins that are named, or all but those kept whose result lies between two shares of the entry price."""

    coins: frozenset[str]
    kept: frozenset[str] = frozenset()
    least: float | None = None
    most: float | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is just one or several coins by name."""
        return bool(self.coins)

    def takes(self, coin: str, share: float) -> bool:
        """Whether a position in a coin is meant; `share` is its result as a part of the entry price."""
        if self.coins:
            return coin in self.coins
        above = self.least is None or share > self.least
        return coin not in self.kept and above and (self.most is None or share < self.most)


def selection(words: str) -> Selection | None:
    """What some words choose; None where a word is left over, so that they mean something else."""
    text = words.strip().rstrip(".!").replace(",", " ")
    tokens = TOKEN.findall(text)
    if not tokens or TOKEN.sub("", text).strip():
        return None
    return _Reader().read([each.lower() for each in tokens])


class _Reader:
    def __init__(self) -> None:
        self.coins: set[str] = set()
        self.kept: set[str] = set()
        self.is_all = self.is_keeping = False
        self.least: float | None = None
        self.most: float | None = None
        self.side, self.bound = 0, 0

    @property
    def named(self) -> set[str]:
        """Every coin, to be sold or to be kept."""
        return self.coins | self.kept

    def read(self, tokens: list[str]) -> Selection | None:
        """The selection, or None."""
        for token in tokens:
            if not self._take(token):
                return None
        if self.coins and (self.side or self.is_keeping):
            return None
        if self.bound or (self.is_keeping and not self.kept):
            return None
        # a word that is no coin may be one that is not known here, but not beside another: `btc slowly` is not BTC
        if not self.named <= COINS.keys() and (len(self.named) > 1 or self.is_all or self.side):
            return None
        if not (self.coins or self.is_all or self.side):
            return None
        if self.side > 0 and self.least is None:
            self.least = 0.0
        if self.side < 0 and self.most is None:
            self.most = 0.0
        return Selection(frozenset(self.coins), frozenset(self.kept), self.least, self.most)

    def _take(self, token: str) -> bool:
        if token[0].isdigit() or token[0] in "+-":
            return self._number(token)
        for table, act in self._tables().items():
            if token in table:
                act()
                return True
        if len(token) > 10:
            return False
        name = token.split("/")[0]
        (self.kept if self.is_keeping else self.coins).add(SYMBOLS.get(name, name.upper()))
        return True

    def _tables(self) -> Mapping[frozenset[str], Callable[[], None]]:
        return {
            EVERYTHING: lambda: setattr(self, "is_all", True),
            GREEN: lambda: setattr(self, "side", 1),
            RED: lambda: setattr(self, "side", -1),
            ABOVE: lambda: setattr(self, "bound", 1),
            BELOW: lambda: setattr(self, "bound", -1),
            KEEP: lambda: setattr(self, "is_keeping", True),
            FILLERS: lambda: None,
        }

    def _number(self, token: str) -> bool:
        """A bound in percent; without `above` or `below` it means more of what was said."""
        share = float(token.rstrip("% ")) / 100
        bound = self.bound or self.side
        if self.is_keeping or not bound or not token.endswith("%"):
            return False
        if self.side < 0 and share > 0:
            # more than 2% down
            share, bound = -share, -bound if self.bound else bound
        if bound > 0:
            self.least = share
        else:
            self.most = share
        self.bound = 0
        return True
