"""What each clause costs in the compiled loop, in nanoseconds a candle: `python -m benchmarks.clauses`.

A year of one-minute candles of a random walk; the columns are there already. Each row is one strategy; the figure is
that of playing all candles (the median of some runs), with the share of candles in a position beside it: what is
flat is passed over, and so is a position that waits for a fixed level.
"""

import statistics
import time

import numpy as np

from benchmarks.curve import walk
from runtime.backtest import Costs
from runtime.core.allocation import keep_freed_memory
from runtime.core.columns import SharedColumns
from runtime.core.machine.rules import encoded
from runtime.core.machine.tape import reel
from runtime.player import Player
from strategy_dsl.compiler import compile_rules
from strategy_dsl.diagnostics import StrategyError
from strategy_dsl.limits import Limits
from strategy_dsl.program import build_program

BUY = "buy when rsi(14) crosses below 30\n"
EXIT = "sell when rsi(14) > 60\n"
STOP = "stop loss 3%\n"
ROWS = {
    "entry that is never true": "buy when rsi(14) < 0.0001\n" + STOP,
    "entry and exit rule": BUY + EXIT,
    "stop loss": BUY + EXIT + STOP,
    "stop and target": BUY + EXIT + STOP + "take profit 6%\n",
    "target in two parts": BUY + EXIT + STOP + "take profit 2% for 50%, 4% for 50%\n",
    "part exit": BUY + "sell 50% when rsi(14) > 55\n" + EXIT + STOP,
    "trailing stop": BUY + EXIT + "trailing stop 2%\n",
    "trailing stop, after a gain": BUY + EXIT + STOP + "trailing stop 1% after 1%\n",
    "break even": BUY + EXIT + STOP + "break even after 1%\n",
    "exit after bars": BUY + STOP + "exit after 30 bars\n",
    "exit after a time": BUY + STOP + "exit after 1h\n",
    "exit at a time of day": BUY + STOP + "exit at 22:00 UTC\n",
    "adds on falls": BUY + EXIT + "stop loss 10%\nadd 100 USDT at 1%, 2% below entry\n",
    "adds by a condition": BUY + EXIT + "stop loss 10%\nadd 100 USDT when close is falling 3 bars, at most 3 times\n",
    "cooldown": BUY + EXIT + STOP + "cooldown 1h\n",
    "entries a day": BUY + EXIT + STOP + "at most 3 entries a day\n",
    "window": BUY + EXIT + STOP + "only between 08:00 and 20:00 UTC\n",
    "pause": BUY + EXIT + STOP + "pause 1d when losses_in_a_row >= 3\n",
    "halt": BUY + EXIT + STOP + "halt when drawdown > 90%\n",
    "alert": BUY + EXIT + STOP + 'alert "high" when rsi(14) > 80\n',
    "schedule": "every 4h buy 100 USDT if rsi(14) < 50\n" + STOP,
    "limit order": BUY + EXIT + STOP + "order limit at close * 0.999 for 5 bars\n",
    "target of each entry": BUY
    + EXIT
    + "stop loss 10%\ntake profit 3% of each entry\nadd 100 USDT at 1%, 2% below entry\n",
    "following stop": BUY + EXIT + "stop loss at lowest(low, 30), following\n",
    "position-valued exit": BUY + "sell when profit > 1% or held > 60\n" + STOP,
    "grid": "grid from 90 to 110 in 10 steps of 100 USDT\n",
    "hold": "hold 50% BTC/USDT\nrebalance every month\n",
}


def main() -> None:
    """Prints the table; clauses that the limits or the language refuse are named."""
    keep_freed_memory()
    candles = {"BTC/USDT": walk(525_600)}
    shared = SharedColumns(candles)
    print("| clause | ns a candle | in a position | trades |\n|---|---|---|---|")
    for name, rules in ROWS.items():
        size = "size 4% of equity\n" if "buy when" in rules else ""
        try:
            program = build_program(compile_rules("trade BTC/USDT on 1m\n" + rules + size, Limits()).strategy)
        except StrategyError as error:
            print(f"{name}: {error}")
            continue
        plan = encoded(program)
        columns = {"BTC/USDT": [shared.of("BTC/USDT").of(node) for node in plan.columns]}
        film = reel(plan, candles, columns, Costs())
        player, taken = Player(plan, film, 1e5), []
        for _ in range(5):
            begin = time.perf_counter()
            player.play()
            taken.append(time.perf_counter() - begin)
        nanoseconds = statistics.median(taken) / 525_600 * 1e9
        count = len(player.trades)
        print(f"| {name} | {nanoseconds:.1f} | {np.mean(player.exposure != 0):.0%} | {count:,} |")


if __name__ == "__main__":
    main()
