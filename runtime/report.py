"""The report of a backtest: one place where the terminal and every chat get the same figures from."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from runtime.backtest import Backtest
from runtime.core.evidence import Evidence, judge
from runtime.core.evidence.sample import sample_of
from runtime.core.evidence.words import explained
from runtime.core.metrics import Metrics, measure
from runtime.figures import FIGURES
from runtime.random_entries import random_entries
from runtime.variants import History, Surroundings
from strategy_dsl import nodes

SEED = 1
"""Of the resampling: the same backtest always gets the same words."""


@dataclass(frozen=True, eq=False)
class Report:
    """A backtest, what it came to, what that proves, and its neighbours (run only when they are asked for)."""

    backtest: Backtest
    metrics: Metrics
    evidence: Evidence
    around: Surroundings

    @cached_property
    def entries(self) -> float | None:
        """How often random entries with the same exits do as well; run when it is first asked for."""
        return random_entries(self.around.strategy, self.around.history, self.backtest, SEED)

    def explained(self) -> tuple[tuple[str, str], ...]:
        """A heading and a sentence for each test, those that take further runs included."""
        return explained(self.evidence, self.around.near, self.around.walk, self.entries)


def measured(found: Backtest) -> Metrics:
    """The usual figures of a backtest; a trade that left in parts is one trade."""
    return measure(found.time, found.equity, found.holding, found.exposure != 0, sample_of(found.trades).pnl)


def report_on(strategy: nodes.Strategy, history: History, tried: int = 1) -> Report:
    """Runs a checked strategy and judges it; `tried` variants of it were looked at, this one included.

    Raises as `run_backtest`.
    """
    found = history.run(strategy)
    around = Surroundings(strategy, history, found)
    proof = judge(
        found.trades, history.candles, found.time, found.equity, SEED, tried=tried, around=lambda: around.near
    )
    return Report(found, measured(found), proof, around)


def report_data(report: Report, *, deep: bool) -> dict[str, Any]:
    """The whole report for programs; fractions for percents, ms UTC for times.

    `deep` also runs random entries, the neighbours and the walk-forward.
    """
    metrics, proof = report.metrics, report.evidence
    later = proof.later
    data: dict[str, Any] = {each.key: each.value(metrics) for each in FIGURES}
    data["months"] = [{"year": each.year, "month": each.month, "return": each.fraction} for each in metrics.months]
    data["drawdown_peak"], data["drawdown_trough"] = metrics.max_drawdown.peak_ms, metrics.max_drawdown.trough_ms
    data["verdict"], data["evidence"] = proof.verdict, proof.sentence
    data["proof"] = {
        "trades": proof.trades,
        "independent_trades": proof.independent,
        "mean_return": proof.mean,
        "low": proof.low,
        "high": proof.high,
        "random_timing": proof.timing,
        "before": {"trades": later.before, "mean_return": later.before_mean},
        "newest": {"from": later.cut_ms, "trades": later.after, "mean_return": later.after_mean},
        "shuffled_drawdown_95": proof.drawdown,
        "tried": proof.tried,
        "deflated_sharpe_probability": proof.real,
    }
    if deep:
        data["proof"] |= {"random_entries": report.entries}
        data["proof"] |= {"neighbours": _neighbours(report), "walk_forward": _walk(report)}
    return data


def _neighbours(report: Report) -> list[dict[str, Any]]:
    near = report.around.near
    rows = near.neighbours if near else ()
    return [
        {"change": each.change, "return": each.total, "mean_return": each.mean, "trades": each.trades} for each in rows
    ]


def _walk(report: Report) -> dict[str, Any] | None:
    walk = report.around.walk
    return None if walk is None else vars(walk)
