"""What a run remembers between candles beside its positions: losses, days, pauses, the last trade of each market."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from runtime.core.calendar import DAY_MS
from runtime.core.orders import Kind
from strategy_dsl import nodes
from strategy_dsl.catalogue import VALUES
from strategy_dsl.nodes import walk
from strategy_dsl.timeframes import duration_ms

MOST_LOSSES = 1_000
_REASON_OF: dict[Kind, str] = {
    "stop": "stop",
    "trail": "trail",
    "target": "target",
    "signal": "signal",
    "time": "time",
    "close": "person",
    "halt": "halt",
}


@dataclass(slots=True)
class LastExit:
    """How the last trade of a market ended; `profit` is after fees, a ratio of what was paid."""

    time_ms: int
    kind: Kind
    lost: bool
    price: float = 0.0
    profit: float = 0.0


@dataclass(slots=True)
class Memory:
    """Equity's marks, losses, and what keeps the strategy from entering; times in ms UTC."""

    day: int = -1
    day_equity: float = 0.0
    last_equity: float = 0.0
    peak: float = 0.0
    losses_in_a_row: int = 0
    losses: list[int] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)
    entry_prices: dict[str, float] = field(default_factory=dict)
    paused_until: int = 0
    halted: bool = False
    was: dict[str, bool] = field(default_factory=dict)

    def begin(self, equity: float) -> None:
        """Sets the marks of a new run."""
        if self.peak == 0:
            self.day_equity = self.last_equity = self.peak = equity

    def closed(self, open_ms: int, equity: float) -> None:
        """Moves the marks at a close; a day is the UTC day of the candle's opening."""
        if open_ms // DAY_MS != self.day:
            self.day, self.day_equity = open_ms // DAY_MS, self.last_equity
        self.last_equity, self.peak = equity, max(self.peak, equity)

    def entered(self, market: str, time_ms: int, price: float) -> None:
        """Notes an entry."""
        self.entries = [each for each in self.entries if each > time_ms - 3 * DAY_MS] + [time_ms]
        self.entry_prices[market] = price

    def ended(self, time_ms: int, result: float) -> None:
        """Notes a finished trade; one without a result is neither lost nor won."""
        if result < 0:
            self.losses_in_a_row += 1
            self.losses = [*self.losses[-MOST_LOSSES:], time_ms]
        elif result > 0:
            self.losses_in_a_row = 0

    def newly(self, key: str, held: float) -> bool:
        """Whether a condition is true now and was not at the close before."""
        before, self.was[key] = self.was.get(key, False), held == 1
        return held == 1 and not before

    def values(self, equity: float, close_ms: int, spans: Iterable[str]) -> dict[str, float]:
        """The language's names of the strategy; `spans` are the lengths of time that `losses_since` asks for."""
        today = self.day_equity
        found = {
            "losses_in_a_row": float(self.losses_in_a_row),
            "entries_today": float(sum(each // DAY_MS == self.day for each in self.entries)),
            "drawdown": max(0.0, 1 - equity / self.peak) if self.peak > 0 else 0.0,
            "day_loss": max(0.0, 1 - equity / today) if today > 0 else 0.0,
        }
        for span in spans:
            begin = close_ms - duration_ms(span)
            found[losses_key(span)] = float(sum(each > begin for each in self.losses))
        return found


def past_values(last: LastExit | None, entry_price: float | None) -> dict[str, float]:
    """The language's names of a market's last trade; those that never were are left out."""
    found = {} if entry_price is None else {"last_entry_price": entry_price}
    if last is not None:
        words = VALUES["last_exit_reason"].words
        found |= {
            "last_exit_price": last.price,
            "last_profit": last.profit,
            "last_exit_reason": float(words.index(_REASON_OF[last.kind])),
        }
    return found


def losses_key(span: str) -> str:
    """The name under which the losses of a length of time are handed on."""
    return f"losses_since({span})"


def loss_spans(strategy: nodes.Strategy) -> tuple[str, ...]:
    """The lengths of time that a strategy asks `losses_since` for."""
    calls = (each for each in walk(strategy) if isinstance(each, nodes.Call) and each.function == "losses_since")
    return tuple(
        dict.fromkeys(each.text for call in calls for each in call.arguments if isinstance(each, nodes.Duration))
    )
