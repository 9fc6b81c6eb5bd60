"""The cells of a sweep: combination after combination on one tape, with only what its numbers change computed anew."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Any

import numpy as np

from runtime.backtest import closed, funding_of, with_markets
from runtime.candles import Floats
from runtime.combinations import VARIED, Combinations, Places, Variation
from runtime.core.evidence.deflated import sharpe_of
from runtime.core.evidence.sample import sample_of
from runtime.core.machine.compiled import address
from runtime.core.machine.layout import words_of
from runtime.core.machine.rules import Encoded
from runtime.core.machine.tape import reel
from runtime.core.metrics import largest_drawdown
from runtime.core.trades import Closed
from runtime.player import Player
from runtime.variants import History
from strategy_dsl import nodes
from strategy_dsl.parameters import Path, changed
from strategy_dsl.program import Program, build_program

MOMENTS = 500
"""Points of each equity curve that are kept to compare combinations with each other."""


@dataclass(frozen=True, eq=False)
class Cell:
    """One combination: its values, return and largest drawdown (fractions), trades, and the ratio of one trade.

    `mean` is the average trade return after fees, `ratio` that over its standard deviation; None without trades.
    """

    values: tuple[Decimal, ...]
    total: float
    drawdown: float
    trades: int
    mean: float | None
    ratio: float | None
    curve: Floats


def program_on(strategy: nodes.Strategy, history: History) -> Program:
    """The program of a strategy with the markets that there are candles of."""
    return with_markets(build_program(strategy), history.candles)


def _inside(node: Any, path: Path) -> Any:
    """What stands at a path below a node."""
    for step in path:
        node = node[step] if isinstance(step, int) else getattr(node, step)
    return node


def _used_once(node: nodes.Node, several: Sequence[Sequence[Variation]], k: int) -> tuple[Path, ...]:
    """Where in the expression of column k all of several parameters change something below."""
    found: Counter[Path] = Counter()
    for variations in several:
        changes = {path for each in variations for path, _ in each.columns[k]}
        found.update({path[:depth] for path in changes for depth in range(len(path))})
    every = (path for path, count in found.items() if count == len(several) > 1)
    return tuple(path for path in every if isinstance(_inside(node, path), nodes.Node))


class Cells:
    """Runs combinations on one history, from `Combinations` made with its `program_on`."""

    def __init__(self, combinations: Combinations, history: History) -> None:
        """KeyError for a market without candles, ValueError for none at all."""
        self.combinations, self.history = combinations, history
        self._player: Player | None = None
        if combinations.plan is not None and not combinations.apart:
            self._ready(combinations.plan)

    def _ready(self, base: Encoded) -> None:
        program, history, variations = base.program, self.history, self.combinations.variations
        if any(not len(history.candles[market]) for market in program.reads):
            raise ValueError("there are no candles to test on")
        rules = base.rules._replace(**{name: each.copy() for name, each in base.rules._asdict().items()})
        plan = replace(base, rules=rules)
        self._of = [history.columns.of(market) for market in program.markets]
        held = {m: [each.of(node) for node in base.columns] for m, each in zip(program.markets, self._of, strict=True)}
        paid = funding_of(program, history.outside)
        film = reel(plan, history.candles, held, history.costs, history.events, funding=paid, finer=history.finer)
        self._player = Player(plan, film, history.cash)
        self._words = {name: words_of(getattr(rules, name)) for name in VARIED}
        self._varied = {
            k: tuple(n for n, several in enumerate(variations) if any(each.columns[k] for each in several))
            for k in range(len(base.columns))
        }
        self._used_once = {
            k: _used_once(base.columns[k], [variations[n] for n in several], k) for k, several in self._varied.items()
        }
        self._here: dict[int, Places] = {}
        self._held: dict[int, list[Floats]] = {}

    def run(self, at: Places) -> tuple[tuple[Closed, ...], Floats]:
        """Trades and equity of a combination; the equity is written over by the next one."""
        player = self._player
        if player is None:
            found = self.history.run(self.combinations.of(at))
            return found.trades, found.equity
        for each in self.combinations.chosen_variations(at):
            for slots in each.slots:
                self._words[slots.name][slots.index] = slots.words
        self._put_columns(at, player)
        player.play()
        return closed(player.plan.program.markets, player.trades), player.worth

    def _put_columns(self, at: Places, player: Player) -> None:
        """Lets the tape point at the columns of a combination; those of the one before are let go."""
        for k, varying in self._varied.items():
            here = tuple(at[n] for n in varying)
            if not varying or self._here.get(k) == here:
                continue
            differ = [self.combinations.variations[n][at[n]].columns[k] for n in varying]
            node = changed(player.plan.columns[k], differ)
            # as `reel` has them
            held = [np.ascontiguousarray(each.of(node), np.float64) for each in self._of]
            player.tape.columns[:, k] = [address(each) for each in held]
            self._here[k], self._held[k] = here, held
            for path, each in product(self._used_once[k], self._of):
                # the next combination's column is computed in the same memory, which is still in the cache
                each.drop(_inside(node, path))

    def cell(self, at: Places) -> Cell:
        """The figures of a combination."""
        trades, equity = self.run(at)
        returns = sample_of(trades).returns
        kept = np.linspace(0, len(equity) - 1, min(MOMENTS, len(equity))).astype(np.intp)
        return Cell(
            self.combinations.values(at),
            float(equity[-1] / equity[0] - 1),
            largest_drawdown(equity),
            len(returns),
            float(returns.mean()) if len(returns) else None,
            sharpe_of(returns),
            equity[kept],
        )
