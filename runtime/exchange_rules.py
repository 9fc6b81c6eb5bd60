"""Smallest steps and least orders of markets, as ccxt's `load_markets` tells them, from a file or from an exchange."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runtime.atomic_files import replacing
from runtime.core.machine.tape import Venue

DECIMAL_PLACES, TICK_SIZE = 2, 4
"""ccxt's `precisionMode`: `precision.amount` counts decimals, or is the step itself."""


class ExchangeRulesError(Exception):
    """Why a file of an exchange's rules cannot be used, in one sentence with the next step."""


def venue_of(market: Mapping[str, Any], mode: int = TICK_SIZE) -> Venue:
    """A market's `precision.amount`, `limits.amount.min` (coins) and `limits.cost.min` (quote money); none is 0.

    Raises ValueError for what is no number from 0 on, and for significant digits, which are no step.
    """
    if mode not in (DECIMAL_PLACES, TICK_SIZE):
        raise ValueError(f"precisionMode {mode} is neither {DECIMAL_PLACES} (decimals) nor {TICK_SIZE} (steps)")
    limits = market.get("limits") or {}
    amount = (market.get("precision") or {}).get("amount")
    step = _number(amount) if mode == TICK_SIZE or amount is None else 10.0 ** -_number(amount)
    return Venue(step, _least(limits.get("amount")), _least(limits.get("cost")))


def _least(limit: Mapping[str, Any] | None) -> float:
    return _number((limit or {}).get("min"))


def _number(value: object) -> float:
    if value is None:
        return 0.0
    if not isinstance(value, int | float | str) or isinstance(value, bool):
        raise ValueError(f"{value!r} is not a number")
    found = float(value)
    if not math.isfinite(found) or found < 0:
        raise ValueError(f"{value!r} is not a number from 0 on")
    return found


def read_exchange_rules(path: Path) -> dict[str, Venue]:
    """Markets by name from a file: `{"precisionMode": 4, "markets": {"BTC/USDT": {"limits": …, "precision": …}}}`.

    The markets may also stand alone, as ccxt's `load_markets` returns them; steps are meant where no mode is given.
    Raises ExchangeRulesError.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        markets = data.get("markets", data)
        mode = data.get("precisionMode", TICK_SIZE)
        found = {name: venue_of(each, mode) for name, each in markets.items() if isinstance(each, dict) and "/" in name}
    except OSError as error:
        raise ExchangeRulesError(f"{path} cannot be read ({(error.strerror or 'unknown').lower()})") from None
    except (ValueError, AttributeError, TypeError) as error:
        raise ExchangeRulesError(
            f"{path.name} is not a file of an exchange's rules ({error}): save one with `sayso candles fetch … --rules`"
        ) from None
    if not found:
        raise ExchangeRulesError(f"{path.name} has no market: give what ccxt's load_markets returns")
    return found


def write_exchange_rules(path: Path, exchange: str, market: str, rules: Mapping[str, Any], mode: int) -> None:
    """Adds a market to a file, which is made where there is none; raises ExchangeRulesError."""
    data: dict[str, Any] = {"exchange": exchange, "precisionMode": mode, "markets": {}}
    try:
        if path.exists():
            data = json.loads(path.read_text(encoding="utf-8"))
        if (data.get("exchange"), data.get("precisionMode")) != (exchange, mode):
            raise ExchangeRulesError(f"{path.name} is of another exchange: choose another name")
        data["markets"][market] = {key: rules.get(key) for key in ("limits", "precision")}
        with replacing(path) as temporary:
            Path(temporary).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise ExchangeRulesError(f"{path} cannot be written ({error}): choose another place") from None
