"""The table through which compiled functions reach the arrays of one run."""

import numpy as np

from runtime.core.machine.compiled import address
from runtime.core.machine.layout import Desk, Rules, State, Tape
from runtime.core.machine.world import SLOTS


class World:
    """Rules, state, candles and desk of a run, kept alive as long as its address is in use."""

    def __init__(self, rules: Rules, state: State, tape: Tape, desk: Desk) -> None:
        self.rules, self.state, self.tape, self.desk = rules, state, tape, desk
        found: dict[str, int] = {}
        for part in (rules, state, tape, desk):
            for name, array in part._asdict().items():
                if isinstance(array, np.ndarray):
                    found[name] = address(array)
                    found[f"{name}_count"] = array.shape[-1] if name in _BY_MARKET else len(array)
        found["alert_rules"], found["alert_rules_count"] = address(rules.alerts), len(rules.alerts)
        found["alerts"], found["alerts_count"] = address(desk.alerts), len(desk.alerts)
        found["points"], found["chosen_days"], found["first_day"] = len(tape.time), len(tape.chosen), tape.first_day
        self.table = np.array([found[name] for name in SLOTS], np.int64)
        self.address = address(self.table)


_BY_MARKET = frozenset({"lots", "planned", "names", "columns"})
"""Arrays of which the run needs to know how much there is of each market."""
