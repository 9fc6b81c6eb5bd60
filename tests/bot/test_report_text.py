import csv
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.report_text import PHONE, defined_figures, figure_lines, month_table
from bot.trade_files import TradeFileError, write_trades
from runtime.core.metrics import Metrics, MonthReturn, measure
from runtime.figures import FIGURES
from tests.candle_files import MONDAY_MS
from tests.made import backtest_of, candles_of, flat

DAY_MS = 86_400_000
MONTHS = st.lists(
    st.tuples(st.integers(2015, 2026), st.integers(1, 12), st.floats(-0.99, 30)), max_size=60, unique_by=lambda m: m[:2]
).map(lambda rows: [MonthReturn(*row) for row in sorted(rows)])


def metrics() -> Metrics:
    times = MONDAY_MS + DAY_MS * np.arange(60, dtype=np.int64)
    equity = 10_000 * np.cumprod(np.append(1.0, np.tile([1.02, 0.99, 1.0], 20)[:59]))
    return measure(times, equity, np.linspace(100, 90, 60), np.arange(60) % 4 == 0, np.array([5.0, -2.0, 3.0, -2.0]))


def test_the_month_table_of_two_years_to_the_letter() -> None:
    months = [
        MonthReturn(2023, 12, 0.1),
        MonthReturn(2024, 1, -0.05),
        MonthReturn(2024, 2, 0.1),
        MonthReturn(2024, 3, -0.0001),
    ]
    assert month_table(months).splitlines() == [
        "%     Jan  Feb  Mar  Apr  May  Jun  Jul  Aug  Sep  Oct  Nov  Dec Year",
        "2023" + " " * 55 + " 10.0 10.0",
        "2024 -5.0 10.0  0.0" + " " * 45 + "  4.5",
    ]
    assert month_table(months, PHONE).splitlines() == [
        "%    2023 2024",
        "Jan       -5.0",
        "Feb       10.0",
        "Mar        0.0",
        "Dec  10.0     ",
        "Year 10.0  4.5",
    ]


def test_a_month_that_multiplies_is_written_as_times() -> None:
    assert month_table([MonthReturn(2024, 1, 11.2)], PHONE).splitlines()[1] == "Jan   12x"
    assert month_table([MonthReturn(2024, 1, 400.0)], PHONE).splitlines()[1] == "Jan  >99x"


@given(MONTHS, st.sampled_from([PHONE, 78]))
def test_no_month_table_is_wider_than_it_may_be(months: list[MonthReturn], width: int) -> None:
    table = month_table(months, width)
    assert all(len(line) <= width for line in table.splitlines())
    for each in {each.year for each in months}:
        assert str(each) in table


def test_figures_fit_a_phone_and_each_is_defined() -> None:
    lines = figure_lines(metrics()).splitlines()
    assert len(lines) == len(FIGURES) and all(len(line) <= PHONE for line in lines)
    defined = defined_figures(metrics())
    assert all(each.label in defined for each in FIGURES)
    assert all(len(line) <= 78 for line in defined.splitlines())


def test_the_figures_by_hand() -> None:
    texts = {each.key: each.text(metrics()) for each in FIGURES}
    assert texts["holding_return"] == "-10.0%" and texts["exposure"] == "25%"
    assert (texts["trades"], texts["win_rate"], texts["expectancy"], texts["profit_factor"]) == (
        "4",
        "50%",
        "+1.00",
        "2.00",
    )
    assert texts["max_drawdown"] == "-1.0%"
    empty = measure(np.array([MONDAY_MS]), np.ones(1), np.ones(1), np.zeros(1, dtype=bool), np.empty(0))
    assert {each.text(empty) for each in FIGURES if each.key in ("sharpe", "win_rate", "expectancy")} == {"none"}


def test_trades_as_csv_and_as_json_say_the_same(tmp_path) -> None:
    rows = [*flat(100, 3), (100, 110, 100, 110), *flat(110, 3)]
    found = backtest_of(
        "trade BTC/USDT on 1h\nbuy when close == 100\nsell when close > 105\nstop loss 50%\n", candles_of(rows)
    )
    assert found.trades
    write_trades(tmp_path / "t.csv", found)
    write_trades(tmp_path / "t.json", found)
    table = list(csv.DictReader((tmp_path / "t.csv").read_text("utf-8").splitlines()))
    data = json.loads((tmp_path / "t.json").read_text("utf-8"))
    assert [
        {**{key: type(row[key])(text) for key, text in each.items()}, "market": "BTC/USDT", "before_settled": 0}
        for each, row in zip(table, data, strict=True)
    ] == data


def test_another_ending_is_refused(tmp_path) -> None:
    with pytest.raises(TradeFileError, match=r"neither CSV nor JSON"):
        write_trades(
            tmp_path / "t.xls",
            backtest_of("trade BTC/USDT on 1h\nbuy when close > 1\nstop loss 5%\n", candles_of(flat(100, 3))),
        )
