"""How much a backtest proves: one file for each idea, one verdict over all of them."""

from runtime.core.evidence.verdict import Evidence, Verdict, judge

__all__ = ["Evidence", "Verdict", "judge"]
