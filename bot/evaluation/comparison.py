"""In what rules differ from a gold reading: settings as data, signals and levels on candles."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bot.evaluation.meaning import NOTHING_PARTICULAR, Arrays, Meaning, Particular, read_markets
from runtime.candles import Floats
from strategy_dsl import nodes
from strategy_dsl.gist import gist

SIDES = ("long_entry", "long_exit", "short_entry", "short_exit")
LEVELS = {"stop", "target"}
MOST_ROUNDED = 3
"""How many candles may differ by rounding alone."""
ASKED = {
    "long_exit": {"exit"},
    "short_entry": {"side", "entry"},
    "short_exit": {"side", "exit"},
    "stop": {"stop"},
    "targets": {"target", "exit"},
    "trail": {"stop", "exit", "target"},
    "time_exit": {"exit", "target"},
    "schedule": {"timeframe", "entry"},
    "window": {"timezone"},
}
"""What may be assumed where the text leaves one of these topics open."""


@dataclass
class Comparison:
    """Rules beside one gold reading; `differences` says in words what does not fit."""

    gold: Mapping[str, Any]
    reading: Mapping[str, Any]
    meaning: Meaning
    particular: Particular = NOTHING_PARTICULAR
    market_free: bool = False
    """Whether the person has named another market since."""
    silent: list[str] = field(default_factory=list)
    """What was equal without ever being true."""

    def differences(self) -> list[str]:
        """Everything in which the rules differ from the reading."""
        found = [*self._settings(), *self._levels()]
        return found + min((self._signals(arrays, index) for index, arrays in self._arrays()), key=len)

    def _arrays(self) -> Iterator[tuple[int, Arrays]]:
        return iter(enumerate(self.meaning.signals(self.particular)))

    def _signals(self, arrays: Arrays, planned: int) -> list[str]:
        found = []
        for side in SIDES:
            ours, gold = arrays.get(side), self.reading.get(side)
            if gold is None:
                if ours is not None and not self._free(side):
                    found.append(f"{side}: the reading has none")
            elif ours is None:
                found.append(f"{side}: the rules have none")
            else:
                found += self._same(side, ours, gold)
        wanted = self.reading.get("schedule")
        if wanted is None and planned == 0 and (self._plan() is not None) and not self._free("schedule"):
            found.append("schedule: the reading has none")
        return found

    def _plan(self) -> dict[str, Any] | None:
        plan: dict[str, Any] | None = gist(self.meaning.strategy)["schedule"]
        return plan

    def _same(self, side: str, ours: Floats, expression: str) -> list[str]:
        mine, theirs = (ours == 1)[self.meaning.first :], self._gold(expression)[self.meaning.first :]
        unlike = np.flatnonzero(mine != theirs)
        if len(unlike) and not self._rounded(expression, unlike):
            return [f"{side}: {len(unlike)} of {len(mine)} candles differ, {mine.sum()} true against {theirs.sum()}"]
        if not mine.any():
            self.silent.append(side)
        return []

    def _gold(self, expression: str, noise: float = 0.0) -> np.ndarray:
        found = self.meaning.gold(expression, noise)
        assert found.dtype == bool, expression
        return found

    def _rounded(self, expression: str, unlike: np.ndarray) -> bool:
        """Whether the few candles that differ are settled by the last digits of a float, in the gold itself."""
        if len(unlike) > MOST_ROUNDED:
            return False
        answers = [
            self._gold(expression, noise)[self.meaning.first :][unlike] for noise in (0.0, 1e-12, -1e-12, 3e-13, -3e-13)
        ]
        return bool(np.all(np.any([each != answers[0] for each in answers[1:]], axis=0)))

    def _free(self, what: str) -> bool:
        """Whether rules may say something here although the reading does not: where no reading of the row does."""
        if any(reading.get(what) for reading in self.gold["readings"]):
            return False
        return bool(self.reading.get("partial")) or bool(ASKED.get(what, set()) & set(self.gold.get("ask") or ()))

    def _settings(self) -> Iterator[str]:
        mine = gist(self.meaning.strategy)
        for what in ("markets", "timeframe", "stop", "targets", "trail", "size", "time_exit", "window", "schedule"):
            wanted = self.reading.get(what)
            if what == "markets" and self.market_free:
                continue
            if wanted in (None, []):
                settled = what in ("stop", "targets", "trail", "time_exit", "window")
                if settled and mine[what] and not self._free(what):
                    yield f"{what}: {mine[what]}, the reading has none"
            elif (what == "markets" and not self._names(wanted)) or (
                what != "markets" and not _fits(what, mine[what], wanted)
            ):
                yield f"{what}: {mine[what]} instead of {wanted}"
        limits = mine["limits"] | {"leverage": mine["limits"].get("leverage", 1)}
        for name, value in (self.reading.get("limits") or {}).items():
            same = limits.get(name) == value
            if name == "cooldown_bars" and value is None:
                same = "pause_hours" in limits or "cooldown_hours" in limits
            if not same:
                yield f"{name}: {limits.get(name)} instead of {value}"
        for name in ("max_trades_per_day", "cooldown_hours", "daily_loss_percent", "max_drawdown_percent"):
            if name in limits and name not in (self.reading.get("limits") or {}) and not self.reading.get("partial"):
                yield f"{name}: {limits[name]}, the reading has none"

    def _names(self, wanted: list[str]) -> bool:
        """Whether the rules trade the reading's markets; one that they only read counts as named too."""
        traded = {_market(each) for each in self.meaning.markets()}
        read = {_market(each) for each in read_markets(self.meaning.strategy)}
        named = {_market(each) for each in wanted}
        return named <= traded | read if self.reading.get("partial") else named == traded

    def _levels(self) -> Iterator[str]:
        strategy = self.meaning.strategy
        stop = strategy.stop.level if strategy.stop else None
        pairs: list[tuple[str, nodes.Node | None, Any]] = [("stop", stop, self.reading.get("stop"))]
        targets = zip(strategy.targets, self.reading.get("targets") or [], strict=False)
        pairs += [("target", ours.level, gold) for ours, gold in targets]
        for what, ours, gold in pairs:
            if gold and gold["kind"] == "level":
                if not isinstance(ours, nodes.AtPrice):
                    yield f"{what}: not a price of its own"
                else:
                    yield from self._same_level(what, self.meaning.of(ours.price), gold["expr"])

    def _same_level(self, what: str, ours: Floats, expression: str) -> Iterator[str]:
        gold = self.meaning.gold(expression).astype(np.float64)
        settled = np.ones(len(ours), dtype=bool)
        if where := self.particular.level_where:
            settled = self._gold(where).copy()
        settled[: self.meaning.first] = False
        known = settled & ~np.isnan(gold)
        if not known.any() and np.isnan(ours[settled]).all():
            self.silent.append(what)
        elif not known.any() or not np.allclose(ours[known], gold[known], rtol=1e-9, atol=0):
            yield f"{what}: another price than {expression}"


def _fits(what: str, ours: Any, wanted: Any) -> bool:
    if ours in (None, []):
        return False
    match what:
        case "targets":
            return len(ours) == len(wanted) and all(map(_alike, ours, wanted))
        case "stop" | "trail" | "size":
            return _alike(ours, wanted)
        case "time_exit":
            return {key: _clock(value) for key, value in wanted.items()} == {
                key: _clock(value) for key, value in ours.items()
            }
        case "window":
            days = wanted.get("weekdays") or list(range(7))
            hours = all(_clock(ours.get(key)) == _clock(wanted[key]) for key in ("from", "to") if wanted.get(key))
            zone = not wanted.get("from") or ours.get("tz") == wanted.get("tz")
            return ours["weekdays"] == days and hours and zone
        case "schedule":
            every = ours["every"] == wanted["every"] or (wanted["every"] == "week" and ours["every"].endswith("day"))
            return every and ours["every"] != "" and wanted.get("at") in (None, ours["at"])
    return bool(ours == wanted)


def _market(market: str) -> str:
    return market.replace("/USDT", "/USD")


def _clock(value: Any) -> Any:
    return "00:00" if value == "24:00" else value


def _alike(ours: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """A number that the text leaves open is any; a level is compared on candles."""
    if ours["kind"] != wanted["kind"]:
        return False
    open_keys = {key for key, value in wanted.items() if value is None and key in ("mult", "length", "value")}
    compared = set(wanted) - {"kind", "expr", "short_expr"} - open_keys
    return all(ours.get(key) == wanted[key] for key in compared)


def nearest(
    gold: Mapping[str, Any],
    reading: Mapping[str, Any],
    meanings: Sequence[Meaning],
    particular: Particular = NOTHING_PARTICULAR,
    *,
    market_free: bool = False,
) -> tuple[list[str], list[str]]:
    """What differs from a reading on the first candles on which anything does; and what was never true on any."""
    silent: set[str] | None = None
    for meaning in meanings:
        tried = Comparison(gold, reading, meaning, particular, market_free)
        if found := tried.differences():
            return [f"{meaning.market}: {each}" for each in found], []
        silent = set(tried.silent) if silent is None else silent & set(tried.silent)
    if never := sorted(LEVELS & (silent or set())):
        return [f"{each}: no candles on which it has a price" for each in never], []
    return [], sorted(silent or ())
