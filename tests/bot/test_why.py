"""Why names the rule that acted, by what was written down then."""

from pathlib import Path

import pytest

from runtime.feeds.files import save_candles
from tests.candle_files import without
from tests.made import candles_of
from tests.parts import Talk, desk_at

RULES = """trade BTC/USDT on 1h
buy first when volume == 5
buy second when volume == 6
sell first when volume > 6.5
sell second when volume == 7
stop loss 50%
ask never
"""


@pytest.mark.parametrize("hole", [False, True])
async def test_why_names_the_rule_that_sold(tmp_path: Path, hole: bool) -> None:
    volumes = [*[1.0] * 90, 6, 1, 7, 1, 1, 1, 1, 1, 1, 1]
    candles = candles_of([(100, 100, 100, 100, each) for each in volumes])
    # the sale meets the open after the hole
    save_candles(without(candles, 93) if hole else candles, tmp_path / "BTCUSDT-1h.parquet")
    with desk_at(tmp_path / "data", candles=[f"BTC/USDT={tmp_path / 'BTCUSDT-1h.parquet'}"]) as desk:
        talk = Talk(desk)
        await talk.say(RULES, "paper", "skip", "skip", "skip", "skip", "skip")
        told = await talk.say("why")
    assert "volume equals 7" in told or "volume is 7" in told, told
    assert "6.5" not in told
    assert "7.00 against 7.00" in told
