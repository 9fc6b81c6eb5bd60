"""Random trees of the language, for properties."""

import os
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st

from strategy_dsl import nodes
from strategy_dsl.catalogue import FUNCTIONS, SERIES
from strategy_dsl.timeframes import TIMEFRAMES

FACTOR = int(os.environ.get("SAYSO_EXAMPLES", "1"))
"""How many times the examples of a fast run; `make prove` sets 10."""


def examples(count: int) -> settings:
    """Settings for so many examples in a fast run, with no time limit for one."""
    return settings(max_examples=count * FACTOR, deadline=None)


MARKETS = ("BTC/USDT", "ETH/USDT", "SOL/USDT", "1INCH/USDT")
numbers = st.decimals(min_value=0, max_value=10_000, places=3).map(lambda value: value.normalize() + 0)
bars = st.integers(1, 200)
percents = numbers.map(nodes.Percent)
names = st.sampled_from([name for name in SERIES if name != "weekday"])
words = st.sampled_from(["monday", "friday", "trending"])
durations = st.sampled_from(["5m", "4h", "48h", "3d", "1w"])
labels = st.sampled_from([None, "dip", "breakout_2"])


@st.composite
def calls(draw: st.DrawFn, inner: st.SearchStrategy[nodes.Node]) -> nodes.Node:
    row = FUNCTIONS[draw(st.sampled_from(sorted(FUNCTIONS)))]
    arguments = tuple(
        draw(inner) if each.kind in ("series", "condition") else nodes.Number(Decimal(draw(bars)))
        for each in row.parameters
    )
    call = nodes.Call(row.name, arguments)
    return nodes.Component(call, draw(st.sampled_from(row.components))) if row.components else call


def _quantities(inner: st.SearchStrategy[nodes.Node]) -> st.SearchStrategy[nodes.Node]:
    operators = st.sampled_from(["+", "-", "*", "/"])
    relations = st.sampled_from(["above", "below", "of"])
    return st.one_of(
        st.builds(nodes.Negative, inner),
        st.builds(nodes.Arithmetic, inner, operators, inner),
        st.builds(nodes.Share, percents, relations, inner),
        st.builds(nodes.Shifted, inner, st.integers(0, 50)),
        st.builds(nodes.OnTimeframe, inner, st.sampled_from(sorted(TIMEFRAMES))),
        st.builds(nodes.OfMarket, inner, st.sampled_from(MARKETS)),
        st.builds(nodes.OfCandles, inner, st.just("heikin_ashi")),
        calls(inner),
    )


leaves = st.one_of(
    numbers.map(nodes.Number),
    percents,
    names.map(nodes.Name),
    durations.map(nodes.Duration),
    calls(names.map(nodes.Name)),
)
quantities = st.recursive(leaves, _quantities, max_leaves=5)
sides = st.sampled_from(["above", "below"])
comparisons = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
tests = st.one_of(
    st.builds(lambda a, op, b: nodes.Compare((a, b), (op,)), quantities, comparisons, quantities),
    st.builds(lambda a, b, c: nodes.Compare((a, b, c), (">", ">")), quantities, quantities, quantities),
    st.builds(nodes.Crosses, quantities, sides, quantities),
    st.builds(nodes.Moves, quantities, st.sampled_from(["rising", "falling"]), bars),
    st.builds(nodes.Near, quantities, percents, quantities),
    st.builds(nodes.Between, quantities, quantities, quantities),
    st.builds(lambda a, b: nodes.OneOf(a, (b,)), quantities, words),
    st.builds(lambda a, b: nodes.OneOf(a, tuple(b)), quantities, st.lists(words, min_size=2, max_size=3)),
)


def _conditions(inner: st.SearchStrategy[nodes.Node]) -> st.SearchStrategy[nodes.Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(nodes.AllOf, several),
        st.builds(nodes.AnyOf, several),
        st.builds(nodes.AtLeast, st.integers(1, 3), several),
        st.builds(nodes.Not, inner),
        st.builds(nodes.Throughout, inner, bars),
        st.builds(nodes.Recently, inner, bars),
        st.builds(nodes.Sequence, inner, bars, inner),
        st.builds(nodes.FirstSince, inner, inner),
    )


conditions = st.recursive(tests, _conditions, max_leaves=4)
levels = st.one_of(quantities.map(nodes.Distance), quantities.map(nodes.AtPrice))
multiples = numbers.map(nodes.Multiple)
activations = st.one_of(quantities.map(nodes.Distance), multiples, conditions.map(nodes.Once))
references = st.sampled_from(["entry", "average entry", "last entry", "each entry"])
clocks = st.sampled_from(["00:00", "09:30", "16:00"])
zones = st.sampled_from(["UTC", "Europe/London", "America/New_York"])
hours = st.builds(nodes.Hours, clocks, clocks, zones)
days = st.sets(st.integers(0, 6), min_size=1).map(lambda found: tuple(sorted(found)))
gates = st.sampled_from(["only", "never"])
windows = st.one_of(
    st.builds(lambda gate, span: nodes.Window(gate, (), span, None), gates, hours),
    st.builds(lambda gate, found, span: nodes.Window(gate, found, span, None), gates, days, st.none() | hours),
    st.builds(lambda gate, condition: nodes.Window(gate, (), None, condition), gates, conditions),
    st.builds(lambda gate, span: nodes.Window(gate, (), None, None, span), gates, durations),
)
moneys = st.builds(nodes.Money, numbers, st.sampled_from(["USDT", "BTC"]))
shares = percents.map(nodes.SizeEquity)
sizes = st.one_of(shares, moneys.map(nodes.SizeMoney), percents.map(nodes.SizeRisk), percents.map(nodes.SizeVolatility))
asks = st.one_of(
    st.just(nodes.Ask("never")),
    st.builds(
        nodes.Ask,
        st.sampled_from(["buying", "selling", "every order"]),
        durations,
        st.sampled_from(["skip", "take half", "take"]),
    ),
)
entries = st.builds(nodes.Rule, st.sampled_from(["buy", "short"]), st.none(), labels, conditions)
closers = st.builds(nodes.Rule, st.sampled_from(["sell", "cover", "exit"]), st.none() | percents, labels, conditions)
waits = durations.map(lambda text: (text, None)) | bars.map(lambda count: (None, count))
orders = st.one_of(
    st.just(nodes.Order("market")),
    st.builds(
        lambda kind, price, wait: nodes.Order(kind, price, *wait), st.sampled_from(["limit", "stop"]), quantities, waits
    ),
)
timings = st.one_of(
    durations.map(lambda text: nodes.Timing(interval=text)),
    st.builds(lambda found, clock, zone: nodes.Timing(days=found, clock=clock, zone=zone), days, clocks, zones),
    st.builds(
        lambda day, clock, zone: nodes.Timing(day_of_month=day, clock=clock, zone=zone),
        st.integers(0, 31),
        clocks,
        zones,
    ),
)
maybe_market = st.none() | st.sampled_from(MARKETS)
schedules = st.one_of(
    st.builds(
        lambda timing, action, amount, market, condition: nodes.Schedule(
            timing, action, amount=amount, market=market, condition=condition
        ),
        timings,
        st.sampled_from(["buy", "short"]),
        st.none() | moneys | shares,
        maybe_market,
        st.none() | conditions,
    ),
    st.builds(
        lambda timing, action, portion, market, condition: nodes.Schedule(
            timing, action, portion=portion, market=market, condition=condition
        ),
        timings,
        st.sampled_from(["sell", "cover", "exit"]),
        st.none() | percents,
        maybe_market,
        st.none() | conditions,
    ),
    st.builds(
        lambda timing, condition: nodes.Schedule(timing, "alert", text="look", condition=condition),
        timings,
        st.none() | conditions,
    ),
)
market_lists = st.lists(st.sampled_from(MARKETS), min_size=1, max_size=3).map(tuple)
weights = st.lists(
    st.builds(nodes.Weight, quantities, st.sampled_from([*MARKETS, nodes.CASH])), min_size=1, max_size=3
).map(tuple)
holds = st.one_of(
    st.builds(
        lambda found, condition, other: nodes.Hold(weights=found, condition=condition, otherwise=other),
        weights,
        st.none() | conditions,
        st.just(()) | weights,
    ),
    st.builds(lambda each, condition: nodes.Hold(each=each, condition=condition), quantities, st.none() | conditions),
    st.builds(
        lambda best, among, rank, condition: nodes.Hold(best=best, among=among, rank=rank, condition=condition),
        bars,
        st.just(()) | market_lists,
        quantities,
        st.none() | conditions,
    ),
)
rebalances = st.builds(nodes.Rebalance, timings) | percents.map(lambda drift: nodes.Rebalance(None, drift))
grids = st.builds(nodes.Grid, numbers, numbers, bars, moneys)
options = {"factor": st.none() | numbers, "times": st.none() | bars, "apart": st.none() | durations}
beside = {
    "side": st.sampled_from(["above", "below"]),
    "reference": st.sampled_from(["entry", "average entry", "last entry"]),
}
amounts = moneys | shares | percents.map(nodes.SizeRisk)
adds = st.one_of(
    st.builds(
        nodes.Add,
        amounts,
        distances=st.lists(quantities, min_size=1, max_size=3).map(tuple),
        **beside,
        **options,
    ),
    st.builds(nodes.Add, amounts, every=quantities, **beside, **options),
    st.builds(nodes.Add, amounts, condition=conditions, **options),
)
pauses = st.one_of(
    st.builds(lambda condition, span: nodes.Pause(condition, duration=span), conditions, durations),
    st.builds(
        lambda condition, until, zone: nodes.Pause(condition, until=until, zone=zone),
        conditions,
        st.sampled_from(["tomorrow", "monday", "friday"]),
        zones,
    ),
)
frames = st.sampled_from(["1h", "1d"])
universes = st.builds(nodes.Universe, bars, st.just("USDT"), st.just(()) | market_lists)
trades = st.builds(nodes.Trade, market_lists, frames, st.booleans()) | st.builds(
    nodes.Trade, st.just(()), frames, st.booleans(), universes
)


def several(inner: st.SearchStrategy[nodes.Node], most: int = 2) -> st.SearchStrategy[tuple[nodes.Node, ...]]:
    return st.lists(inner, max_size=most).map(tuple)


strategies = st.builds(
    nodes.Strategy,
    name=st.none() | st.sampled_from(["RSI dip buyer", "№ 1 # <b>"]),
    trade=st.none() | trades,
    budget=st.none() | moneys,
    lets=several(st.builds(nodes.Let, st.sampled_from(["trend", "floor_2"]), quantities | conditions)),
    rules=several(entries | closers, 3),
    reverse=st.none() | st.just(nodes.Reverse()),
    schedules=several(schedules),
    hold=st.none() | holds,
    rebalances=several(rebalances),
    grid=st.none() | grids,
    alerts=several(st.builds(nodes.Alert, st.sampled_from(["low", "# and , or"]), conditions)),
    order=st.none() | orders,
    adds=several(adds),
    stop=st.none() | st.builds(nodes.StopLoss, levels, st.booleans(), references) | st.just(nodes.StopLoss(None)),
    targets=several(st.builds(nodes.Target, levels | multiples, st.none() | percents, references, st.booleans())),
    trailing=st.none() | st.builds(nodes.TrailingStop, quantities, st.none() | activations),
    break_even=st.none() | st.builds(nodes.BreakEven, activations),
    exits_after=several(waits.map(lambda wait: nodes.ExitAfter(*wait))),
    exits_at=several(st.builds(nodes.ExitAt, clocks, zones)),
    size=st.none() | sizes,
    leverage=st.none() | numbers.map(nodes.Leverage),
    open_positions=st.none()
    | st.builds(nodes.OpenPositions, bars, quantities, st.sampled_from(["highest", "lowest"]))
    | bars.map(nodes.OpenPositions),
    entries_a_day=st.none() | st.builds(nodes.EntriesADay, bars, zones),
    cooldowns=several(st.builds(nodes.Cooldown, durations, st.sampled_from(["any", "loss", "stop", "other side"]))),
    windows=several(windows),
    pauses=several(pauses),
    halts=several(st.builds(nodes.Halt, conditions, st.booleans())),
    ask=st.none() | asks,
)
