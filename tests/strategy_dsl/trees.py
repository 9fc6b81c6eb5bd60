"""Random trees of the language, for properties."""

from decimal import Decimal

from hypothesis import strategies as st

from strategy_dsl import nodes
from strategy_dsl.catalogue import FUNCTIONS, SERIES
from strategy_dsl.timeframes import TIMEFRAMES

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
activations = st.one_of(quantities.map(nodes.Distance), multiples)
clocks = st.sampled_from(["00:00", "09:30", "16:00"])
zones = st.sampled_from(["UTC", "Europe/London", "America/New_York"])
hours = st.builds(nodes.Hours, clocks, clocks, zones)
days = st.sets(st.integers(0, 6), min_size=1).map(lambda found: tuple(sorted(found)))
gates = st.sampled_from(["only", "never"])
windows = st.one_of(
    st.builds(lambda gate, span: nodes.Window(gate, (), span, None), gates, hours),
    st.builds(lambda gate, found, span: nodes.Window(gate, found, span, None), gates, days, st.none() | hours),
    st.builds(lambda gate, condition: nodes.Window(gate, (), None, condition), gates, conditions),
)
moneys = st.builds(nodes.Money, numbers, st.sampled_from(["USDT", "BTC"]))
sizes = st.one_of(percents.map(nodes.SizeEquity), moneys.map(nodes.SizeMoney), percents.map(nodes.SizeRisk))
asks = st.one_of(
    st.just(nodes.Ask("never")),
    st.builds(
        nodes.Ask,
        st.sampled_from(["buying", "selling", "every order"]),
        durations,
        st.sampled_from(["skip", "take half", "take"]),
    ),
)
buys = st.builds(lambda name, condition: nodes.Rule("buy", None, name, condition), labels, conditions)
sells = st.builds(nodes.Rule, st.sampled_from(["sell", "exit"]), st.none() | percents, labels, conditions)
some = {"max_size": 2}
strategies = st.builds(
    nodes.Strategy,
    name=st.none() | st.sampled_from(["RSI dip buyer", "№ 1 # <b>"]),
    trade=st.none()
    | st.builds(
        nodes.Trade,
        st.lists(st.sampled_from(MARKETS), min_size=1, max_size=3).map(tuple),
        st.sampled_from(["1h", "1d"]),
    ),
    budget=st.none() | moneys,
    lets=st.lists(st.builds(nodes.Let, st.sampled_from(["trend", "floor_2"]), quantities | conditions), **some).map(
        tuple
    ),
    rules=st.lists(buys | sells, max_size=3).map(tuple),
    alerts=st.lists(st.builds(nodes.Alert, st.sampled_from(["low", "# and , or"]), conditions), **some).map(tuple),
    stop=st.none() | st.builds(nodes.StopLoss, levels, st.booleans()) | st.just(nodes.StopLoss(None)),
    targets=st.lists(st.builds(nodes.Target, levels | multiples, st.none() | percents), **some).map(tuple),
    trailing=st.none() | st.builds(nodes.TrailingStop, quantities, st.none() | activations),
    break_even=st.none() | st.builds(nodes.BreakEven, activations),
    exits_after=st.lists(
        st.one_of(
            durations.map(lambda text: nodes.ExitAfter(text, None)), bars.map(lambda n: nodes.ExitAfter(None, n))
        ),
        **some,
    ).map(tuple),
    exits_at=st.lists(st.builds(nodes.ExitAt, clocks, zones), **some).map(tuple),
    size=st.none() | sizes,
    windows=st.lists(windows, **some).map(tuple),
    open_positions=st.none() | bars.map(nodes.Setting),
    entries_a_day=st.none() | bars.map(nodes.Setting),
    cooldowns=st.lists(st.builds(nodes.Cooldown, durations, st.sampled_from(["any", "loss", "stop"])), **some).map(
        tuple
    ),
    ask=st.none() | asks,
)
