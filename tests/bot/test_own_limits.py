"""A person's own limits: lower than everybody's, and held by whatever reads, shows and trades for them."""

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import SettingsError, load_limits
from bot.telegram.arrivals import Admitted
from strategy_dsl.limits import Limits
from tests.bot.telegram.phone import ME, phone_at

BOB = 43
FILE = """
[paper]
order_percent = 60

[people.43.paper]
order_percent = 10
daily_loss_percent = 1
"""
BUY = "buy btc when rsi drops below 40 on the hourly chart, size 50% of equity, sell above 60, stop 3%, without asking"


def limits(folder: Path, text: str) -> Limits:
    path = folder / "limits.toml"
    path.write_text(text)
    return load_limits(path)


def test_they_are_the_lowest_of_each_figure(tmp_path: Path) -> None:
    found = limits(tmp_path, FILE)
    assert found.of(["43"]).paper.order_percent == 10
    assert found.of(["43"]).paper.daily_loss_percent == 1
    assert found.of(["43"]).paper.gross_percent == 100
    assert found.of(["42"]).paper == found.of([]).paper == found.paper
    assert found.of(["43"]).of(["42"]) == found.of(["43"])


@pytest.mark.parametrize("line", ["order_percent = 70", "slippage_percent = 0.1", "leverage = 3", "nonsense = 1"])
def test_none_is_looser_and_none_is_unknown(tmp_path: Path, line: str) -> None:
    with pytest.raises(SettingsError):
        limits(tmp_path, FILE.replace("order_percent = 10", line))
    with pytest.raises(ValidationError):
        Limits.model_validate({"people": {"43": {"paper": {"order_percent": 101}}}})


async def test_each_person_is_held_to_their_own(tmp_path: Path) -> None:
    found = limits(tmp_path, FILE)
    async with phone_at(tmp_path, admitted=Admitted(frozenset({ME, BOB})), limits=found) as phone:
        assert "this is what I understood" in await phone.says(BUY)
        assert "order percent: <b>60</b>" in await phone.says("limits")
        refused = await phone.says(BUY, user=BOB)
        assert "10%" in refused and "this is what I understood" not in refused
        shown = await phone.says("limits", user=BOB)
        assert "order percent: <b>10</b>" in shown and "daily loss percent: <b>1</b>" in shown
        assert "this is what I understood" in await phone.says(BUY.replace("50%", "10%"), user=BOB)
        await phone.says("paper", user=BOB)
        with phone.desk.ledger.write() as c:
            engines = {id: phone.desk.engine(c, person) for id, person in _people(phone, c)}
        assert engines["42"].limits.paper.order_percent == 60
        assert engines["43"].limits.paper.order_percent == Decimal(10)


def _people(phone, c):  # type: ignore[no-untyped-def]
    from runtime.ledger import people

    return [(str(user), people.find_person(c, "telegram", str(user))) for user in (ME, BOB)]
