"""What changes under a running strategy between two starts: limits, markets, and what fails meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from runtime.feeds.files import save_candles
from runtime.feeds.simulated import simulated_candles
from runtime.ledger import approvals, fills, intents, messages
from runtime.ledger.errors import LedgerFull
from strategy_dsl.limits import Limits, Paper
from tests.parts import Talk, desk_at

STRATEGY = "buy $5,000 of BTC when RSI drops below 30 on the hourly chart, sell above 60, stop 3%"
TIGHT = Limits(paper=Paper.model_validate({"order_percent": 10}))
ASKED = (
    "rules",
    "versions",
    "backtest",
    "explain",
    "status",
    "why not",
    "paper",
    "skip",
    "make the stop 2%",
    "undo",
    "stop",
)


async def test_rules_that_tighter_limits_forbid_are_told_and_never_lock_anybody_out(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        await Talk(desk).say(STRATEGY, "paper", "skip", "approve")
    with desk_at(tmp_path, limits=TIGHT) as desk:
        talk = Talk(desk)
        talk.chat.greet()
        answers = {line: await talk.say(line) for line in ASKED}
        with desk.ledger.read() as c:
            assert messages.pending(c, "terminal") == []
            held = fills.of_run(c, 1)
    assert all(answers.values())
    assert "E601" in answers["backtest"]
    # what was open could be sold
    assert held[0].side == "buy" and held[-1].side == "sell"


async def test_another_market_takes_open_questions_back(tmp_path: Path) -> None:
    candles = simulated_candles("BTC/USDT", "1h", 5, 1_704_067_200_000, 2_000)
    save_candles(candles, tmp_path / "BTCUSDT-1h.parquet")
    with desk_at(tmp_path) as desk:
        talk = Talk(desk)
        await talk.say(STRATEGY, "paper", "skip")
        with desk.ledger.read() as c:
            (question,) = approvals.open_ones(c, talk.chat.person.id)
    with desk_at(tmp_path, candles=[f"BTC/USDT={tmp_path / 'BTCUSDT-1h.parquet'}"]) as desk:
        talk = Talk(desk)
        talk.chat.greet()
        assert "nothing to answer" in await talk.say("approve")
        assert "runs now" in await talk.say("paper")
        await talk.say("skip")
        with desk.ledger.read() as c:
            settled = approvals.by_token(c, question.token)
            assert settled is not None and settled.state == "withdrawn"
            assert intents.get(c, question.intent_id or "").state == "SKIPPED"
            assert fills.of_run(c, 1) == []


async def silent() -> AsyncIterator[str]:
    await asyncio.sleep(30)
    yield "never"


async def test_a_market_that_cannot_go_on_ends_the_chat_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(seconds: float) -> int:
        raise LedgerFull("no room left: free some")

    with desk_at(tmp_path) as desk:
        talk = Talk(desk)
        monkeypatch.setattr(talk.chat.player, "tick", full)
        with pytest.raises(LedgerFull):
            await asyncio.wait_for(talk.chat.run(silent()), 10)
    assert "Everything is saved" in talk.text()


async def test_the_sizes_of_the_readback_are_those_of_the_order(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        talk = Talk(desk)
        await talk.say(STRATEGY, "paper", "skip", "approve")
        with desk.ledger.read() as c:
            (bought,) = fills.of_run(c, 1)
    assert abs(bought.quantity * bought.price - 5_000) < Decimal("0.01")
