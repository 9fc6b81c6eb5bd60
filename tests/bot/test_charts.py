import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from bot.charts import ChartError, TradeMark, backtest_picture, equity_picture, terminal_chart, thinned
from bot.text_charts import money_decimals, money_text
from runtime.candles import Floats
from runtime.feeds.simulated import simulated_candles
from tests.candle_files import MONDAY_MS, rising_candles

HOUR_MS = 3_600_000
VALUES = st.lists(st.floats(1e-6, 1e13) | st.floats(99, 101), min_size=1, max_size=400).map(np.array)
STYLES = st.sampled_from(["braille", "blocks"])


def hours(count: int) -> np.ndarray:
    return MONDAY_MS + HOUR_MS * np.arange(count, dtype=np.int64)


def plot_of(chart: str) -> list[str]:
    """The plotted part of each line, top first."""
    return [re.split("[┤│]", line, maxsplit=1)[1] for line in chart.splitlines() if re.search("[┤│]", line)]


def filled(line: str) -> bool:
    return any(sign not in (" ", "\u2800") for sign in line)


@settings(max_examples=60, deadline=None)
@given(VALUES, st.integers(24, 100), st.integers(3, 20), STYLES, st.data())
def test_any_chart_keeps_its_size(values: Floats, width: int, height: int, style: str, data: st.DataObject) -> None:
    times = hours(len(values))
    places = data.draw(st.lists(st.integers(-5, len(values) + 5), max_size=20))
    marks = [TradeMark(MONDAY_MS + place * HOUR_MS, 1.0, "exit" if place % 2 else "entry", None) for place in places]
    chart = terminal_chart(values, width, height, marks, times=times, unit="USDT", style=style)
    lines = chart.splitlines()
    assert max(map(len, lines)) <= width
    assert len(lines) == height + 3 + 2 * bool(marks)
    assert len(plot_of(chart)) == height
    assert all(filled(plot_of(chart)[end]) for end in (0, -1)) or np.ptp(values) <= values.max() * 1e-9


@pytest.mark.parametrize("style", ["braille", "blocks"])
def test_one_spike_among_thousands_is_drawn_to_the_top(style: str) -> None:
    for place in (0, 1, 2_499, 4_998, 4_999):
        values = np.full(5_000, 100.0)
        values[place] = 200.0
        chart = terminal_chart(values, 34, 8, style=style)
        assert "200" in chart.splitlines()[0] and filled(plot_of(chart)[0])
        dip = terminal_chart(300 - values, 34, 8, style="braille")
        assert filled(plot_of(dip)[-1])


def test_a_rising_line_rises() -> None:
    plot = plot_of(terminal_chart(np.arange(100.0), 40, 6))
    firsts = [next(place for place, sign in enumerate(line) if sign != " ") for line in plot]
    assert firsts == sorted(firsts, reverse=True)


def test_the_phone_chart_to_the_letter() -> None:
    values = np.array([10_000, 10_050, 10_120, 10_080, 9_950, 9_900, 10_010, 10_200, 10_240.0])
    marks = [
        TradeMark(MONDAY_MS + 5 * HOUR_MS, 9_900, "entry", True),
        TradeMark(MONDAY_MS + 8 * HOUR_MS, 1, "exit", True),
    ]
    chart = terminal_chart(values, 34, 5, marks, times=hours(9), unit="USDT", style="blocks")
    assert chart.splitlines() == [
        "USDT",
        "10,240 ┤                      ▃▅▆█",
        "       │      ▂▁             ▄████",
        "10,070 ┤   ▂▅███▇▆▁         ▅█████",
        "       │▄▆█████████▄      ▁▆██████",
        " 9,900 ┤████████████▇▅▄▂▁▅████████",
        "       └──────────────────────────",
        "                        ▲        ▼",
        "        ▲ bought  ▼ sold",
        "        1 Jan 00:00    1 Jan 08:00",
    ]


def test_marks_stand_under_their_candle_and_share_a_column() -> None:
    marks = [TradeMark(MONDAY_MS, 1, "entry", None), TradeMark(MONDAY_MS + 99 * HOUR_MS, 1, "exit", False)]
    chart = terminal_chart(np.arange(1.0, 101), 60, 5, marks, times=hours(100)).splitlines()
    line = next(line for line in chart if "▲" in line and "bought" not in line)
    plotted = next(line for line in chart if "└" in line)
    assert line.index("▲") == plotted.index("└") + 1 and line.index("▼") == len(plotted) - 1
    both = terminal_chart(
        np.arange(1.0, 101), 60, 5, [marks[0], TradeMark(MONDAY_MS, 1, "exit", False)], times=hours(100)
    )
    assert "◆ both" in both and "bought" not in both


@pytest.mark.parametrize(
    ("values", "width", "height"), [([], 60, 10), ([np.nan], 60, 10), ([1.0], 23, 10), ([1.0], 60, 2)]
)
def test_what_cannot_be_read_is_refused(values: list[float], width: int, height: int) -> None:
    with pytest.raises(ValueError, match="at least 24 columns and 3 lines"):
        terminal_chart(np.array(values, dtype=np.float64), width, height)
    with pytest.raises(ValueError, match="give times"):
        terminal_chart(np.ones(5), marks=[TradeMark(0, 1, "entry", None)])


def test_unknown_values_are_left_out() -> None:
    assert terminal_chart(np.array([np.nan, 1.0, 2.0, np.inf]), 30, 5) == terminal_chart(np.array([1.0, 2.0]), 30, 5)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (12_345.6, 0, "12,346"),
        (0.5312, 4, "0.5312"),
        (12_345_678, 0, "12.35M"),
        (9_876_543, 0, "9,876,543"),
        (3.2e9, 0, "3.20B"),
        (4e12, 0, "4.00T"),
        (-12.5, 2, "-12.50"),
        (-0.001, 2, "0.00"),
    ],
)
def test_money(value: float, decimals: int, text: str) -> None:
    assert money_text(value, decimals) == text


@given(st.floats(1e-9, 1e6))
def test_two_amounts_a_step_apart_read_differently(step: float) -> None:
    decimals = money_decimals(step)
    assert money_text(step, decimals) != money_text(2 * step, decimals)
    assert decimals != 1, "no money has one decimal"


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=3_000).map(np.array), st.integers(4, 500))
def test_thinning_keeps_ends_and_extremes(values: Floats, most: int) -> None:
    kept = thinned(values, most)
    assert (np.diff(kept) > 0).all() and len(kept) <= max(most + 2, 1)
    assert kept[0] == 0 and kept[-1] == len(values) - 1
    assert values[kept].min() == values.min() and values[kept].max() == values.max()


def picture(path: Path) -> tuple[int, int, np.ndarray]:
    """Width, height and pixels of an RGBA PNG, read by hand so that matplotlib does not judge itself."""
    content = path.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    place, packed = 8, b""
    while place < len(content):
        size, kind = struct.unpack(">I4s", content[place : place + 8])
        packed += content[place + 8 : place + 8 + size] if kind == b"IDAT" else b""
        place += size + 12
    return width, height, np.frombuffer(zlib.decompress(packed), dtype=np.uint8)


def texts_of(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fills with what the next pictures say."""
    said: list[str] = []
    save = Figure.savefig

    def saved(figure: Figure, *args: object, **options: object) -> None:
        from matplotlib.text import Text

        said.extend(text.get_text() for text in figure.findobj(Text))
        save(figure, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Figure, "savefig", saved)
    return said


def test_a_backtest_picture_says_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = texts_of(monkeypatch)
    candles = simulated_candles("BTC/USDT", "1h", 7, MONDAY_MS, 3_000)
    marks = [
        TradeMark(int(candles.time[100]), float(candles.open[100]), "entry", True),
        TradeMark(int(candles.time[200]), float(candles.open[200]), "exit", True),
        TradeMark(int(candles.time[300]), float(candles.open[300]), "entry", False),
        TradeMark(int(candles.time[301]), float(candles.open[301]), "exit", False),
        TradeMark(int(candles.time[900]), float(candles.open[900]), "entry", None),
    ]
    equity = np.linspace(10_000, 9_000, 3_000)
    backtest_picture(tmp_path / "report.png", candles, marks, equity, "RSI dip buyer", simulated=True)
    width, height, packed = picture(tmp_path / "report.png")
    assert (width, height) == (1080, 1350)
    assert len(np.unique(packed)) > 50, "something is drawn"
    words = "\n".join(said)
    for part in ("RSI dip buyer", "BTC/USDT  1h  1 Jan 2024 to 4 May 2024", "simulated market", "this strategy −10.0%"):
        assert part in words
    held = candles.close[-1] / candles.close[0] - 1
    assert f"holding −{-held:.1%}" in words
    assert "deepest −10.0% on 4 May 2024" in words and "▲ bought" in words and "won" in words


def test_a_real_market_is_not_called_simulated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = texts_of(monkeypatch)
    backtest_picture(tmp_path / "r.png", rising_candles(100), [], np.full(100, 50.0), "Idle")
    words = "\n".join(said)
    assert "simulated" not in words and "bought" not in words
    assert "this strategy 0.0%" in words and "none" in said


def test_the_daily_picture_says_what_the_account_is_worth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = texts_of(monkeypatch)
    equity_picture(
        tmp_path / "e.png", hours(50), np.linspace(100, 112, 50), "Paper account", currency="USDT", simulated=True
    )
    assert picture(tmp_path / "e.png")[:2] == (1080, 810)
    assert {"112.00 USDT", "+12.0%", "Paper account", "1 Jan 2024 to 3 Jan 2024  ·  simulated market"} <= set(said)


@pytest.mark.parametrize(
    "title",
    [
        "pay $50, get $60",
        "dips 🚀 漢字 and \n new lines",
        "x_1^2 \\alpha {",
        "half $\\frac{1$",
        "w" * 300,
        "",
        "mi " * 60,
    ],
)
def test_titles_of_any_letters_stay_inside_the_picture(
    tmp_path: Path, title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes = []
    save = Figure.savefig

    def saved(figure: Figure, *args: object, **options: object) -> None:
        boxes.append(figure.texts[0].get_window_extent().x1)
        save(figure, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Figure, "savefig", saved)
    equity_picture(tmp_path / "e.png", hours(5), np.arange(1.0, 6), title)
    assert boxes and boxes[0] <= 1080


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("worth", [1e-8, 1.0, 1e12])
def test_few_candles_and_any_worth_make_a_picture_without_a_warning(tmp_path: Path, count: int, worth: float) -> None:
    equity_picture(tmp_path / "e.png", hours(count), worth * np.arange(1.0, count + 1), "Small")
    assert picture(tmp_path / "e.png")[:2] == (1080, 810)


def test_a_loss_of_everything_and_a_rise_of_a_thousand_are_drawn(tmp_path: Path) -> None:
    candles = rising_candles(200)
    backtest_picture(tmp_path / "a.png", candles, [], np.linspace(100, 0, 200), "Gone")
    backtest_picture(tmp_path / "b.png", candles, [], np.geomspace(1, 1_000, 200), "Moon")
    assert picture(tmp_path / "b.png")[:2] == (1080, 1350)


def test_the_same_input_is_the_same_picture(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        equity_picture(tmp_path / name, hours(40), np.arange(1.0, 41), "Twice")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_unequal_lengths_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one equity value for each candle"):
        backtest_picture(tmp_path / "a.png", rising_candles(3), [], np.ones(2), "x")
    with pytest.raises(ValueError, match="one equity value for each time"):
        equity_picture(tmp_path / "a.png", hours(0), np.ones(0), "x")


def test_a_missing_folder_and_a_full_disk_are_one_sentence_and_leave_the_old_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ChartError, match=r"cannot be written \(No such file or directory\): free some space"):
        equity_picture(tmp_path / "missing" / "e.png", hours(5), np.ones(5), "x")
    path = tmp_path / "e.png"
    path.write_bytes(b"old")

    def full(_: Figure, part: Path, **__: object) -> None:
        Path(part).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", full)
    with pytest.raises(ChartError, match="No space left on device"):
        equity_picture(path, hours(5), np.ones(5), "x")
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_neither_pictures_nor_files_nor_exchanges_are_loaded_before_they_are_needed() -> None:
    names = "bot.charts, runtime.feeds.files, runtime.feeds.exchange, runtime.feeds.simulated"
    late = "{'matplotlib', 'pyarrow', 'ccxt'} & set(sys.modules)"
    code = f"import sys, {names}; sys.exit(str({late}) if {late} else 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
