"""How compiled functions reach what they work on: `of.position(run, m)`, `of.row_at(run, m, point)` …

`run` is the address of a table of addresses and counts (see `table.World`); this module says what lies in which slot.
Nothing checks a number's bounds here: the table is made from arrays whose shapes belong together, and every index is a
candle, a market or a clause of them.
"""

from typing import Any

from runtime.core.machine import layout
from runtime.core.machine.compiled import (
    compiled,
    integer_at,
    number_at,
    put_integer,
    put_number,
    record_of,
    word_of,
)

SLOTS = (
    # records of a strategy, each followed by how many there are
    "settings", "entries", "entries_count", "closers", "closers_count", "alert_rules", "alert_rules_count",
    "pauses", "pauses_count", "halts", "halts_count", "guards", "levels", "levels_count", "targets", "targets_count",
    "adds", "adds_count", "schedules", "schedules_count", "rebalances", "rebalances_count", "cooldowns",
    "cooldowns_count", "windows", "windows_count", "weights", "weights_count", "otherwise", "otherwise_count",
    "exits_after", "exits_after_count", "exit_bars", "exit_bars_count", "exit_lists", "exit_lists_count",
    "expressions", "code", "numbers", "spans", "spans_count", "at_entry", "at_entry_count", "stack",
    # what a run remembers
    "account", "markets", "markets_count", "positions", "plans", "entry_values", "names", "names_count", "lots",
    "lots_count", "adding", "planned", "planned_count", "waiting", "waiting_count", "waiting_plans", "waiting_values",
    "was", "losses", "resting",
    # candles
    "time", "points", "rows", "prices", "columns", "columns_count", "lists", "list_at", "chosen", "chosen_days",
    "first_day", "venue", "market_rules", "funding_time", "funding_time_count", "funding_rate", "funding_from", "fine",
    # the desk
    "control", "order", "answers", "trades", "trades_count", "fills", "fills_count", "decisions", "decisions_count",
    "alerts", "alerts_count", "skips",
)  # fmt: skip
"""What the numbers of a run's table are: addresses of arrays, and counts."""
SLOT = {name: place for place, name in enumerate(SLOTS)}


def _word(name: str) -> Any:
    return word_of(SLOT[name])


# records: `accessor(run, index)`

_settings = record_of(SLOT["settings"], layout.SETTINGS)
_account = record_of(SLOT["account"], layout.ACCOUNT)
_venue = record_of(SLOT["venue"], layout.VENUE)
_control = record_of(SLOT["control"], layout.CONTROL)
_order = record_of(SLOT["order"], layout.ORDER)
entry = record_of(SLOT["entries"], layout.RULE)
closer = record_of(SLOT["closers"], layout.RULE)
alert_rule = record_of(SLOT["alert_rules"], layout.RULE)
pause = record_of(SLOT["pauses"], layout.BREAKER)
halt = record_of(SLOT["halts"], layout.BREAKER)
guard = record_of(SLOT["guards"], layout.GUARD)
level = record_of(SLOT["levels"], layout.LEVEL)
target = record_of(SLOT["targets"], layout.TARGET_LEVEL)
add = record_of(SLOT["adds"], layout.ADD)
schedule = record_of(SLOT["schedules"], layout.SCHEDULE)
rebalance = record_of(SLOT["rebalances"], layout.SCHEDULE)
cooldown = record_of(SLOT["cooldowns"], layout.COOLDOWN)
window = record_of(SLOT["windows"], layout.WINDOW)
weight = record_of(SLOT["weights"], layout.WEIGHT)
otherwise = record_of(SLOT["otherwise"], layout.WEIGHT)
expression = record_of(SLOT["expressions"], layout.EXPRESSION)
cell = record_of(SLOT["stack"], layout.CELL)
code = record_of(SLOT["code"], layout.CODE)
market = record_of(SLOT["markets"], layout.MARKET)
position = record_of(SLOT["positions"], layout.POSITION)
lot = record_of(SLOT["lots"], layout.LOT)
adding = record_of(SLOT["adding"], layout.ADDING)
planned = record_of(SLOT["planned"], layout.PLANNED)
waiting = record_of(SLOT["waiting"], layout.WAITING)
venue_rule = record_of(SLOT["market_rules"], layout.MARKET_RULES)
answer = record_of(SLOT["answers"], layout.ANSWER)
trade = record_of(SLOT["trades"], layout.TRADE)
fill = record_of(SLOT["fills"], layout.FILL)
decision = record_of(SLOT["decisions"], layout.DECISION)
alert = record_of(SLOT["alerts"], layout.ALERT)
skipped = record_of(SLOT["skips"], layout.COUNT)

# counts: `count(run)`

entries, closers, alert_rules = _word("entries_count"), _word("closers_count"), _word("alert_rules_count")
pauses, halts, levels, targets = (
    _word("pauses_count"), _word("halts_count"), _word("levels_count"), _word("targets_count"),
)  # fmt: skip
adds, schedules, rebalances = _word("adds_count"), _word("schedules_count"), _word("rebalances_count")
cooldowns, windows, weights = _word("cooldowns_count"), _word("windows_count"), _word("weights_count")
otherwises, exits_after, exit_bars = _word("otherwise_count"), _word("exits_after_count"), _word("exit_bars_count")
exit_lists, spans, entry_expressions = _word("exit_lists_count"), _word("spans_count"), _word("at_entry_count")
markets, lot_room, planned_room = _word("markets_count"), _word("lots_count"), _word("planned_count")
most_waiting, points, chosen_days = _word("waiting_count"), _word("points"), _word("chosen_days")
first_day, trade_room, fill_room = _word("first_day"), _word("trades_count"), _word("fills_count")
decision_room, alert_room = _word("decisions_count"), _word("alerts_count")

# addresses

_exits_after, _exit_bars, _exit_lists = _word("exits_after"), _word("exit_bars"), _word("exit_lists")
_numbers, _spans, _at_entry = _word("numbers"), _word("spans"), _word("at_entry")
_plans, _waiting_plans, _entry_values = _word("plans"), _word("waiting_plans"), _word("entry_values")
_waiting_values, _names, _names_count = _word("waiting_values"), _word("names"), _word("names_count")
_was, _losses, _resting, _time, _rows = _word("was"), _word("losses"), _word("resting"), _word("time"), _word("rows")
_prices, _columns, _columns_count = _word("prices"), _word("columns"), _word("columns_count")
_lists, _list_at, _chosen = _word("lists"), _word("list_at"), _word("chosen")
_funding_time, _funding_rate, _funding_from = _word("funding_time"), _word("funding_rate"), _word("funding_from")
funding_count, _fine = _word("funding_time_count"), _word("fine")


@compiled
def settings(run: int) -> Any:
    """What a strategy says once."""
    return _settings(run, 0)


@compiled
def account(run: int) -> Any:
    """The money of a run."""
    return _account(run, 0)


@compiled
def venue(run: int) -> Any:
    """What trading costs."""
    return _venue(run, 0)


@compiled
def control(run: int) -> Any:
    """What the desk counts."""
    return _control(run, 0)


@compiled
def order(run: int) -> Any:
    """The order whose answer is not known."""
    return _order(run, 0)


@compiled
def exit_after(run: int, k: int) -> int:
    """`exit after` as ms."""
    return integer_at(_exits_after(run) + 8 * k)


@compiled
def exit_bar(run: int, k: int) -> int:
    """`exit after` as candles."""
    return integer_at(_exit_bars(run) + 8 * k)


@compiled
def exit_list(run: int, k: int) -> int:
    """The list of moments of an `exit at`."""
    return integer_at(_exit_lists(run) + 8 * k)


@compiled
def constant(run: int, k: int) -> float:
    """A number that the rules say."""
    return number_at(_numbers(run) + 8 * k)


@compiled
def span(run: int, k: int) -> int:
    """The length of a `losses_since`, ms."""
    return integer_at(_spans(run) + 8 * k)


@compiled
def entry_expression(run: int, k: int) -> int:
    """The expression of an `at_entry`."""
    return integer_at(_at_entry(run) + 8 * k)


@compiled
def plan(run: int, m: int) -> int:
    """Where the levels of a position lie."""
    return _plans(run) + 16 * levels(run) * m


@compiled
def waiting_plan(run: int, w: int) -> int:
    """Where the levels of a waiting order lie."""
    return _waiting_plans(run) + 16 * levels(run) * w


@compiled
def entry_value(run: int, m: int, k: int) -> float:
    """What an `at_entry` was when the position was decided."""
    return number_at(_entry_values(run) + 8 * (m * entry_expressions(run) + k))


@compiled
def put_entry_value(run: int, m: int, k: int, number: float) -> None:
    """Keeps an `at_entry` of a position."""
    put_number(_entry_values(run) + 8 * (m * entry_expressions(run) + k), number)


@compiled
def waiting_value(run: int, w: int, k: int) -> float:
    """What an `at_entry` was when a waiting order was decided."""
    return number_at(_waiting_values(run) + 8 * (w * entry_expressions(run) + k))


@compiled
def put_waiting_value(run: int, w: int, k: int, number: float) -> None:
    """Keeps an `at_entry` of a waiting order."""
    put_number(_waiting_values(run) + 8 * (w * entry_expressions(run) + k), number)


@compiled
def name_at(run: int, m: int, k: int) -> float:
    """A value that candles do not tell, as it was at the last close."""
    return number_at(_names(run) + 8 * (m * _names_count(run) + k))


@compiled
def put_name(run: int, m: int, k: int, number: float) -> None:
    """Keeps such a value."""
    put_number(_names(run) + 8 * (m * _names_count(run) + k), number)


@compiled
def was(run: int, which: int, m: int) -> int:
    """Whether a condition was true at the close before."""
    return integer_at(_was(run) + 8 * (which * markets(run) + m))


@compiled
def put_was(run: int, which: int, m: int, held: int) -> None:
    """Keeps that."""
    put_integer(_was(run) + 8 * (which * markets(run) + m), held)


@compiled
def loss_at(run: int, k: int) -> int:
    """When a trade was lost, ms."""
    return integer_at(_losses(run) + 8 * k)


@compiled
def put_loss(run: int, k: int, time: int) -> None:
    """Keeps that."""
    put_integer(_losses(run) + 8 * k, time)


@compiled
def resting(run: int, m: int, step: int) -> int:
    """Whether a grid's buy rests at a step."""
    return integer_at(_resting(run) + 8 * (m * settings(run).grid_steps + step))


@compiled
def put_resting(run: int, m: int, step: int, rests: int) -> None:
    """Keeps that."""
    put_integer(_resting(run) + 8 * (m * settings(run).grid_steps + step), rests)


@compiled
def time_at(run: int, point: int) -> int:
    """The opening at a point of the time line, ms UTC."""
    return integer_at(_time(run) + 8 * point)


@compiled
def row_at(run: int, m: int, point: int) -> int:
    """A market's candle at a point; -1 for none."""
    rows = integer_at(_rows(run) + 8 * m)
    return point if rows == 0 else integer_at(rows + 8 * point)


@compiled
def open_at(run: int, m: int, row: int) -> float:
    """The open of a candle."""
    return number_at(integer_at(_prices(run) + 8 * (5 * m + 0)) + 8 * row)


@compiled
def high_at(run: int, m: int, row: int) -> float:
    """The high of a candle."""
    return number_at(integer_at(_prices(run) + 8 * (5 * m + 1)) + 8 * row)


@compiled
def low_at(run: int, m: int, row: int) -> float:
    """The low of a candle."""
    return number_at(integer_at(_prices(run) + 8 * (5 * m + 2)) + 8 * row)


@compiled
def close_at(run: int, m: int, row: int) -> float:
    """The close of a candle."""
    return number_at(integer_at(_prices(run) + 8 * (5 * m + 3)) + 8 * row)


@compiled
def volume_at(run: int, m: int, row: int) -> float:
    """The volume of a candle."""
    return number_at(integer_at(_prices(run) + 8 * (5 * m + 4)) + 8 * row)


@compiled
def column(run: int, m: int, k: int) -> int:
    """Where a column lies."""
    return integer_at(_columns(run) + 8 * (m * _columns_count(run) + k))


@compiled
def column_at(run: int, m: int, k: int, row: int) -> float:
    """A column at a candle."""
    return number_at(column(run, m, k) + 8 * row)


@compiled
def moment_at(run: int, place: int) -> int:
    """A moment of a list, ms UTC."""
    return integer_at(_lists(run) + 8 * place)


@compiled
def list_at(run: int, which: int) -> int:
    """Where a list begins; the next one begins where it ends."""
    return integer_at(_list_at(run) + 8 * which)


@compiled
def is_chosen(run: int, day: int, m: int) -> int:
    """Whether a universe takes a market on a day."""
    return integer_at(_chosen(run) + 8 * (day * markets(run) + m))


@compiled
def funding_moment(run: int, k: int) -> int:
    """When a funding payment is due, ms UTC."""
    return integer_at(_funding_time(run) + 8 * k)


@compiled
def funding_rate(run: int, k: int) -> float:
    """The rate of a funding payment, a ratio."""
    return number_at(_funding_rate(run) + 8 * k)


@compiled
def funding_begin(run: int, m: int) -> int:
    """Where a market's funding payments begin; the next one's begin where they end."""
    return integer_at(_funding_from(run) + 8 * m)


@compiled
def fine_begin(run: int, m: int, row: int) -> int:
    """The first finer candle of a candle."""
    place = integer_at(_fine(run) + 8 * (5 * m + 0))
    return integer_at(place + 8 * row) if place else 0


@compiled
def fine_end(run: int, m: int, row: int) -> int:
    """Where the finer candles of a candle end; where they begin if there are none."""
    place = integer_at(_fine(run) + 8 * (5 * m + 1))
    return integer_at(place + 8 * row) if place else 0


@compiled
def fine_open(run: int, m: int, k: int) -> float:
    """The open of a finer candle."""
    return number_at(integer_at(_fine(run) + 8 * (5 * m + 2)) + 8 * k)


@compiled
def fine_high(run: int, m: int, k: int) -> float:
    """The high of a finer candle."""
    return number_at(integer_at(_fine(run) + 8 * (5 * m + 3)) + 8 * k)


@compiled
def fine_low(run: int, m: int, k: int) -> float:
    """The low of a finer candle."""
    return number_at(integer_at(_fine(run) + 8 * (5 * m + 4)) + 8 * k)
