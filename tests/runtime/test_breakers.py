"""Pauses and halts on paper: told once, blocking entries, kept over a restart, lifted by a person."""

from tests.parts import Talk, desk_at

RULES = "trade BTC/USDT on 1h\nbuy when close > open\nexit after 2 bars\nstop loss 3%\nsize 100 USDT\n{}\nask never"


async def test_a_halt_is_told_and_waits_for_a_person(tmp_path) -> None:
    with desk_at(tmp_path) as desk:
        talk = Talk(desk)
        await talk.say(RULES.format("halt when losses_in_a_row >= 2"), "paper")
        for _ in range(40):
            told = await talk.say("skip")
            if "Halted until you say resume" in told:
                break
        assert "losses in a row is at or above 2" in " ".join(told.split())
        assert "paused" in await talk.say("status")
    with desk_at(tmp_path) as desk:
        talk = Talk(desk)
        assert "paused" in await talk.say("status")
        assert "Nothing is paused" not in await talk.say("resume")
        told = "".join([await talk.say("skip") for _ in range(12)])
        assert "Bought" in told, told


async def test_a_pause_is_told_and_ends_by_itself(tmp_path) -> None:
    with desk_at(tmp_path) as desk:
        talk = Talk(desk)
        await talk.say(RULES.format("pause 6h when losses_in_a_row >= 1"), "paper")
        shown = [await talk.say("skip") for _ in range(60)]
        first = next(index for index, each in enumerate(shown) if "No new entries for a while" in each)
        assert any("Bought" in each for each in shown[first + 1 :])
