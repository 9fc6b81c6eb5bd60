"""Levels: days, weeks, sessions, pivots, swings and gaps."""

from strategy_dsl.catalogue.row import PERIOD_IN, ZONE_IN, Days, Function, Numbers, Parameter, constant, days_of, own
from strategy_dsl.units import INFINITY, Unit

_PRICES = ("open", "high", "low", "close")
_TIMED = (*_PRICES, "time")
_CLOCKS = (Parameter("start", "clock"), Parameter("end", "clock"), ZONE_IN)
_SETTLED = (
    "of the last session that has ended, unknown while one runs; a session from 22:00 to 02:00 runs over midnight"
)


def _touched(numbers: Numbers) -> int:
    return int(numbers["length"])


def _level(
    name: str, parameters: tuple[Parameter, ...], code: str, words: str, about: str, example: str,
    days: Days, components: tuple[str, ...] = _PRICES,
) -> Function:  # fmt: skip
    return Function(
        name,
        parameters,
        Unit.PRICE,
        f"sayso:{code}",
        words,
        about,
        "",
        example,
        0,
        INFINITY,
        _TIMED,
        components,
        days=days,
    )


def _previous(period: str) -> Function:
    return _level(
        f"previous_{period}",
        (ZONE_IN,),
        f"previous_{period}",
        f"the {{component}} of the previous {period} ({{0}})",
        f"of the {period} before the one in which this candle opened, in a zone; unknown until a whole {period} is over",
        f"close > previous_{period}(UTC).high",
        days_of(2, period),
    )


def _running(name: str, period: str) -> Function:
    return _level(
        name,
        (ZONE_IN,),
        f"running_{period}",
        f"the {{component}} of the {period} so far ({{0}})",
        f"of the {period} in which this candle opened, in a zone, this candle included; unknown until the first whole {period} begins",
        f"close > {name}(UTC).open",
        days_of(1, period),
    )


def _swing(side: str) -> Function:
    return Function(
        f"swing_{side}",
        (own("left"), own("right")),
        Unit.PRICE,
        f"sayso:swing_{side}",
        f"the latest swing {side} ({{0}} bars left, {{1}} right)",
        f"the latest {side} beyond those of `left` candles before and `right` after it, known `right` candles later",
        "",
        f"close {'>' if side == 'high' else '<'} swing_{side}(3, 3)",
        0,
        INFINITY,
        (side,),
    )


def _touches(side: str) -> Function:
    return Function(
        f"touches_{side}",
        (own(), Parameter("tolerance", "percent", 0.01, 50)),
        Unit.BARS,
        f"sayso:touches_{side}",
        f"how many of the {{0}} candles before came within {{1}} of their extreme {side}",
        f"how many of the n candles before this one have a {side} within the tolerance of the most extreme {side} among them",
        "",
        f"touches_{side}(50, 0.5%) >= 3",
        0,
        INFINITY,
        (side,),
        history=_touched,
    )


def _gap(side: str, relation: str) -> Function:
    return Function(
        f"gap_{side}",
        (Parameter("size", "percent", 0, 1_000),),
        Unit.CONDITION,
        f"sayso:gap_{side}",
        f"the candle opened at least {{0}} {relation} the close before",
        f"the candle opened at least this far {relation} the close before it",
        "",
        f"gap_{side}(1%)",
        0,
        1,
        ("open", "close"),
        history=constant(1),
    )


LEVELS = (
    *(_previous(period) for period in ("day", "week", "month")),
    _running("day", "day"),
    _running("week", "week"),
    _running("month_so_far", "month"),
    _level(
        "session",
        _CLOCKS,
        "session",
        "the {component} of the session from {0} to {1} ({2})",
        _SETTLED,
        "close > session(09:30, 10:30, America/New_York).high",
        days_of(2, "day"),
    ),
    _level(
        "session_so_far",
        _CLOCKS,
        "session_so_far",
        "the {component} so far of the session from {0} to {1} ({2})",
        "of the session that runs, this candle included, or else of the last one; known from the close of its first candle",
        "close > session_so_far(09:30, 16:00, America/New_York).open",
        days_of(2, "day"),
    ),
    _level(
        "opening_range",
        (Parameter("duration", "duration"), Parameter("start", "clock"), ZONE_IN),
        "opening_range",
        "the {component} of the {0} from {1} ({2})",
        "of the first length of time after a time of day, once it is over, until it begins again; unknown meanwhile",
        "close > opening_range(30m, 09:30, America/New_York).high",
        days_of(2, "day"),
    ),
    _level(
        "pivot",
        (PERIOD_IN,),
        "pivot",
        "the {component} pivot of the {0}",
        "floor-trader pivots from the previous UTC day, week or month: point is (high + low + close) / 3",
        "close > pivot(day).r1",
        days_of(2),
        ("point", "r1", "r2", "r3", "s1", "s2", "s3"),
    ),
    _swing("high"),
    _swing("low"),
    _touches("high"),
    _touches("low"),
    Function(
        "gap",
        (),
        Unit.PERCENT,
        "sayso:gap",
        "the gap",
        "the open against the close before it",
        "open / close[1] - 1",
        "gap > 1%",
        inputs=("open", "close"),
        history=constant(1),
    ),
    _gap("up", "above"),
    _gap("down", "below"),
)
