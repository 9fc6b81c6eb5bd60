"""How numbers and times are written for a person: the marks in numbers, the zone of clocks."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """The marks of one way to write numbers."""

    group: str
    decimal: str

    @property
    def example(self) -> str:
        """How it looks."""
        return f"1{self.group}234{self.decimal}50"


STYLES = {
    "english": Style(",", "."),
    "german": Style(".", ","),
    "french": Style("\N{NARROW NO-BREAK SPACE}", ","),
    "swiss": Style("’", "."),
}
_numbers: ContextVar[str] = ContextVar("numbers", default="english")
_zone: ContextVar[str] = ContextVar("zone", default="UTC")


@contextmanager
def writing(style: str, zone: str = "UTC") -> Iterator[None]:
    """Numbers and times are written like this for as long as it lasts; an unknown style means English."""
    numbers, place = _numbers.set(style if style in STYLES else "english"), _zone.set(zone)
    try:
        yield
    finally:
        _numbers.reset(numbers)
        _zone.reset(place)


def styled(text: str) -> str:
    """A number with English marks in the present style."""
    style = STYLES[_numbers.get()]
    return text.translate({ord(","): style.group, ord("."): style.decimal})


def present_zone() -> str:
    """The zone in which times are written."""
    return _zone.get()
