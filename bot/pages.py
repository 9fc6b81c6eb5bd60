"""Templates -> HTML. Everything put into a template is escaped."""

import re
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.languages import spoken, spoken_origin
from bot.writing import present_zone, styled


def page(template: str, /, **values: Any) -> str:
    """One rendered template without blank edges."""
    text = _environment().get_template(f"{template}.jinja").render(**values)
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept)


def words(text: str, /, **values: Any) -> str:
    """A short answer that is not worth a template; every value is escaped."""
    return str(Markup(text).format(**values))  # noqa: S704 - the text is our own


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "money": money,
        "price": price,
        "percent": percent,
        "signed": signed,
        "when": when,
        "dated": dated,
        "coins": coins,
        "figure": figure,
        "spoken": spoken,
        "origin": spoken_origin,
        "ago": ago,
        "coded": coded,
    }
    return environment


def money(value: Decimal | float | str, places: int = 2) -> str:
    """`1,234.50`, without cents where there are none."""
    text = f"{Decimal(str(value)):,.{places}f}"
    return styled(text.removesuffix("." + "0" * places)) if text not in ("-0.00", "0.00") else "0"


def signed(value: Decimal | float | str) -> str:
    """Money with its sign: `+12.50`."""
    text = money(value)
    return text if text.startswith("-") or text == "0" else f"+{text}"


def price(value: Decimal | float | str) -> str:
    """A price with as many digits as matter: 61,234.5 or 0.00002113."""
    number = Decimal(str(value))
    size = abs(number)
    places = 2 if size >= 100 else 4 if size >= 1 else 8
    text = f"{number:,.{places}f}"
    return styled(text.rstrip("0").rstrip(".") if "." in text else text)


def coins(value: Decimal | float | str) -> str:
    """A quantity of coins with at most 8 places."""
    return styled(f"{Decimal(str(value)):,.8f}".rstrip("0").rstrip("."))


def figure(value: float) -> str:
    """Any value of an indicator with as many digits as a person compares by."""
    size = abs(value)
    places = 0 if size >= 10_000 else 2 if size >= 1 else 4
    return styled(f"{value:,.{places}f}")


def percent(value: float, places: int = 1) -> str:
    """A ratio as `+1.2%`."""
    text = f"{value * 100:+.{places}f}%"
    return styled(text.replace("+0.0%", "0.0%").replace("-0.0%", "0.0%") if places == 1 else text)


def ago(seconds: int) -> str:
    """`40 s ago`, `80 min ago`, `30 h ago`."""
    if seconds < 120:
        return f"{seconds} s ago"
    return f"{seconds // 60} min ago" if seconds < 7_200 else f"{seconds // 3_600} h ago"


def coded(text: str) -> Markup:
    """A sentence in which `such words` stand as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def when(value: datetime | str, zone: str | None = None) -> str:
    """A moment in a zone, the person's unless another is given: `Tue 3 Mar 2026 14:00`."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = moment.astimezone(ZoneInfo(zone or present_zone()))
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}"


def dated(value: datetime | str) -> str:
    """A moment with the name of the person's zone behind it."""
    return f"{when(value)} {zone_name(present_zone())}"


def zone_name(zone: str) -> str:
    """A zone as people write it: the database calls two hours east of Greenwich `Etc/GMT-2`."""
    hours = zone.removeprefix("Etc/GMT")
    return zone if hours == zone else f"UTC{hours.translate(TURNED)}"


TURNED = str.maketrans("+-", "-+")
