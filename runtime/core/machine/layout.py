"""What the compiled machine works on: the rules of a strategy, what a run remembers, the candles, the desk.

All numbers are int64 or float64; an unknown number is NaN, what is not there is -1. Times are ms UTC. Prices are of
the market, quantities in coins, money in quote currency. `m` counts markets, `row` candles of a market, `t` points of
the time line.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Records = NDArray[Any]


def record(floats: str, ints: str) -> np.dtype[Any]:
    """A record of named float64 and int64 fields."""
    return np.dtype([(name, "f8") for name in floats.split()] + [(name, "i8") for name in ints.split()])


def words_of(array: Records) -> Ints:
    """An array of records or numbers as the 8-byte words that it is made of, sharing its memory."""
    found: Ints = array.reshape(-1).view(np.int64)
    return found


# what a strategy says

SETTINGS = record(
    "leverage size rank_sign grid_low grid_high grid_money drift",
    "length reverse size_kind size_expression slots rank most_entries entry_days order order_price order_at_open"
    " order_bars order_for utc_days named lots grid_steps hold hold_best hold_rank hold_each hold_condition"
    " has_drift universe",
)
GUARD = record(
    "",
    "risk stop stop_following stop_reference trail trail_begin trail_after even_begin even_after first_target targets",
)
"""How positions end: of the rules as they are, and as they were when positions that are still open were decided."""
RULE = record("portion", "number side expression name")
"""`side` 1 or -1; of closers 0 closes both; `portion` 1 is all; `name` -1 has none."""
BREAKER = record("", "number expression length days close")
LEVEL = record("value", "kind expression")
TARGET_LEVEL = record("portion", "level reference following")
ADD = record("amount factor", "kind side reference expression first count every times apart")
SCHEDULE = record("amount portion", "action market expression interval list kind")
COOLDOWN = record("", "length after")
WINDOW = record("", "only expression list")
WEIGHT = record("", "market expression")


class Rules(NamedTuple):
    """One strategy in numbers; made by `rules.rules_of`."""

    settings: Records
    entries: Records
    closers: Records
    alerts: Records
    pauses: Records
    halts: Records
    guards: Records
    levels: Records
    targets: Records
    adds: Records
    schedules: Records
    rebalances: Records
    cooldowns: Records
    windows: Records
    exits_after: Ints
    exit_bars: Ints
    exit_lists: Ints
    weights: Records
    otherwise: Records
    expressions: Ints
    code: Ints
    numbers: Floats
    spans: Ints
    at_entry: Ints
    stack: Floats


# what a run remembers

ACCOUNT = record(
    "cash budget peak day_equity last_equity",
    "day losses_in_a_row paused_until halted held hold_due hold_begun hold_open waiting losses"
    " utc_day utc_entries zone_day zone_entries",
)
POSITION = record(
    "quantity cost fee largest bought result first_price last_price best highs lows stop opened before_average"
    " before_last",
    "open side rule name time decided last_time bars late trail_on even_on hit parts sold adds lots guard",
)
LOT = record("price quantity fee", "time hit step late")
MARKET = record(
    "mark last_entry_price exit_price exit_pnl exit_profit wanted present",
    "seen entered exited exit_time exit_kind exit_side planned opened_before adding stopped armed row",
)
WAITING = record(
    "price notional quantity amount",
    "market side decided time rule name kind scheduled all_in opens asked ready amount_kind",
)
ADDING = record("", "done rungs due")
LEVEL_READ = record("number", "kind")
EXPRESSION = record("", "kind place stop")
CODE = record("", "operator argument")
CELL = record("value", "")
PLANNED = record("portion", "kind rule side")


class State(NamedTuple):
    """Everything that a run has to remember between candles; made by `state.new_state`."""

    account: Records
    markets: Records
    positions: Records
    plans: Records
    entry_values: Floats
    names: Floats
    lots: Records
    adding: Records
    planned: Records
    waiting: Records
    waiting_plans: Records
    waiting_values: Floats
    was: Ints
    losses: Ints
    resting: Ints


# what it looks at

VENUE = record("fee slippage spread impact", "")
MARKET_RULES = record("step least_quantity least_money", "")


class Tape(NamedTuple):
    """Candles and columns of all markets on one time line.

    `rows` (markets) are addresses of the candles of a market at the points, -1 where it has none; address 0 is a market
    with a candle at every point. `prices` (markets x 5: open,
    high, low, close, volume) and `columns` (markets x columns) are addresses; `lists` are sorted moments, list k from
    `list_at[k]` to `list_at[k + 1]`; `chosen` (days x markets) says which markets a universe takes on a UTC day.
    Funding of market m are moments and rates from `funding_from[m]` to `funding_from[m + 1]`. `fine` (markets x 5) are
    addresses of where the finer candles of each candle begin and end, and of their open, high and low; 0 for none.
    """

    time: Ints
    rows: Ints
    prices: Ints
    columns: Ints
    lists: Ints
    list_at: Ints
    chosen: Ints
    first_day: int
    venue: Records
    market_rules: Records
    funding_time: Ints
    funding_rate: Floats
    funding_from: Ints
    fine: Ints


CONTROL = record(
    "funding", "live answers asked stopped trades fills decisions alerts signals keep full ambiguous settled"
)
ORDER = record("quantity price", "market way kind rule opens slips slot decided")
TRADE = record(
    "entry_price exit_price quantity pnl entry_fee exit_fee", "market side entry_time exit_time kind rule entry_rule"
)
ANSWER = record("quantity price fee", "status")
COUNT = record("", "count")
FILL = record("quantity price fee cash left", "market way kind rule time opens trade")
DECISION = record("held first second", "t market number action")
ALERT = record("", "t time market number")


class Desk(NamedTuple):
    """Where the machine's orders go, and what it says happened.

    In a backtest the machine fills its own orders. Live it stops at the first order whose answer it does not know:
    the caller brings the answer and plays the same step again from the same state (see `machine.Machine`).
    """

    control: Records
    order: Records
    answers: Records
    trades: Records
    fills: Records
    decisions: Records
    alerts: Records
    skips: Records


# words for numbers

KINDS = (
    "entry", "signal", "stop", "trail", "target", "time", "close", "halt", "reverse", "rebalance", "grid", "add", "end",
)  # fmt: skip
(ENTRY, SIGNAL, STOP, TRAIL, TARGET, TIME, CLOSE, HALT, REVERSE, REBALANCE, GRID, ADDED, END) = range(len(KINDS))

ORDERS = ("market", "limit", "stop")
ORDER_MARKET, ORDER_LIMIT, ORDER_STOP = range(3)

REFERENCES = ("entry", "average entry", "last entry", "each entry")
FROM_ENTRY, FROM_AVERAGE, FROM_LAST, FROM_EACH = range(4)

RATIO, AMOUNT, PRICE, MULTIPLE = range(4)
"""What a level's value is: a share of a price, an amount of price, a price, or a multiple of the stop's distance."""

AT_ONCE, AFTER, ONCE, NEVER = range(4)
"""When a trailing stop or break even begins."""

SIZE_MONEY, SIZE_COINS, SIZE_EQUITY, SIZE_RISK, SIZE_VOLATILITY = range(5)

BUYS, SHORTS, SELLS, COVERS, EXITS, ALERTS = range(6)
"""What a schedule does."""
SCHEDULED = ("buy", "short", "sell", "cover", "exit", "alert")

AFTER_ANY, AFTER_LOSS, AFTER_STOP, AFTER_OTHER = range(4)
COOLDOWNS = ("any", "loss", "stop", "other side")

NAMES = (
    "profit", "entry_price", "position_high", "position_low", "held", "adds_made", "parts_sold", "targets_hit",
    "last_exit_price", "last_exit_reason", "last_profit", "last_entry_price",
    "losses_in_a_row", "entries_today", "drawdown", "day_loss", "next_open",
)  # fmt: skip
"""Values that candles do not tell, in the order of `State.names`; counts of losses since a while come after them."""
(
    PROFIT, ENTRY_PRICE, POSITION_HIGH, POSITION_LOW, HELD, ADDS_MADE, PARTS_SOLD, TARGETS_HIT,
    LAST_EXIT_PRICE, LAST_EXIT_REASON, LAST_PROFIT, LAST_ENTRY_PRICE,
    LOSSES_IN_A_ROW, ENTRIES_TODAY, DRAWDOWN, DAY_LOSS, NEXT_OPEN,
) = range(len(NAMES))  # fmt: skip

ACTIONS = (
    "none", "flat", "enter", "exit", "part", "alert", "pause", "halt", "halt and close", "already in",
    "leaving on this candle", "an exit goes first", "one fill a candle", "an order waits already", "already leaving",
    "not this rule's position", "sold once already",
    "held back", "halted until you restart it", "paused by its own rule", "outside its hours", "cooling down",
    "enough entries today", "not among the chosen markets", "no free slot", "not enough cash",
    "a level is not known yet", "the stop is on the wrong side of the price",
    "the trailing stop is on the wrong side of the price", "a target is on the wrong side of the price",
    "the stop's distance is not known", "the market's volatility is not known", "the order's price is not known",
    "the order was not filled in time", "below the venue's minimum", "refused", "asked", "not enough cash at the open",
    "a stop further away than the price", "a question about it is open",
)  # fmt: skip
"""What came of a rule that was judged."""
(
    NONE, FLAT, ENTERS, EXITS_ALL, EXITS_PART, ALERTED, PAUSES, HALTS, HALTS_AND_CLOSES, ALREADY_IN,
    LEAVING, EXIT_FIRST, ONE_FILL, ORDER_WAITS, LEAVING_ALREADY,
    OTHER_ENTRY, SOLD_ONCE,
    HELD_BACK, HALTED, PAUSED, OUTSIDE_HOURS, COOLING,
    DAY_FULL, NOT_CHOSEN, NO_SLOT, NO_CASH,
    LEVEL_UNKNOWN, STOP_SIDE,
    TRAIL_SIDE, TARGET_SIDE,
    RISK_UNKNOWN, SWING_UNKNOWN, PRICE_UNKNOWN,
    NOT_FILLED, TOO_SMALL, REFUSED, ASKED, NO_CASH_NOW,
    STOP_TOO_FAR, QUESTION_OPEN,
) = range(len(ACTIONS))  # fmt: skip

DUST = 1e-9
"""A share of the largest size below which nothing is left of a position."""
DAY_MS = 86_400_000
MOST_LOSSES = 1000
