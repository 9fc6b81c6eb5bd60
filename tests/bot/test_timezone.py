"""The zone of a person: by name, city, common name or offset; nothing silly is offered."""

import pytest

from bot.commands.timezone import near, zone_of
from bot.pages import zone_name
from tests.parts import Talk, desk_at


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"), ("new york", "America/New_York"), ("eastern time", "America/New_York"),
        ("india", "Asia/Kolkata"), ("utc+2", "Etc/GMT-2"), ("GMT -5", "Etc/GMT+5"), ("utc+0", "UTC"), ("utc+20", None),
        ("mars", None),
    ],
)  # fmt: skip
def test_a_zone_is_known_by_many_names(said, zone):
    assert zone_of(said) == zone


def test_only_places_that_are_written_alike_are_offered():
    assert near("berln") == ["Europe/Berlin"]
    assert near("paris france") == ["Europe/Paris"]
    assert near("mars") == near("moon") == near("my house") == []


def test_an_offset_is_shown_as_people_write_it():
    assert [zone_name(each) for each in ("Etc/GMT-2", "Etc/GMT+5", "Europe/Berlin")] == [
        "UTC+2",
        "UTC-5",
        "Europe/Berlin",
    ]


async def test_it_is_set_in_plain_words(tmp_path):
    with desk_at(tmp_path) as desk:
        talk = Talk(desk)
        assert "Europe/Berlin" in await talk.say("set my timezone to berlin")
        assert "UTC+3" in await talk.say("timezone utc+3")
        assert "I know no zone Mars" in await talk.say("timezone Mars")
