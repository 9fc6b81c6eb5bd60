"""`add` in all its forms; fills by hand."""

import pytest

from tests.reference.scenes import fills, flat

BUY = "size 100 USDT\nbuy when hour == 0\n"
SHORT = "size 100 USDT\nshort when hour == 0\n"
IN = (1, "buy", 1.0, 100, "entry")
OUT = (1, "short", 1.0, 100, "entry")
QUIET = flat(100, 2)
Case = tuple[str, list[object], list[object]]


def add(candle: int, price: float, money: float = 100, side: str = "buy") -> tuple[object, ...]:
    return (candle, side, round(money / price, 6), price, "add")


ADDS: dict[str, Case] = {
    "a ladder, once each": (
        BUY + "add 100 USDT at 1%, 2% and 3% below entry",
        [*QUIET, (100, 100, 98, 99), (99, 99, 98.5, 99), (99, 100, 96, 98)],
        [IN, add(2, 99), add(2, 98), add(4, 97)],
    ),
    "a ladder in the entry candle": (
        BUY + "add 100 USDT at 1% below entry",
        [*flat(100), (100, 100, 98, 99)],
        [IN, add(1, 99)],
    ),
    "a ladder gapped over fills at the open": (
        BUY + "add 100 USDT at 1%, 2% below entry",
        [*QUIET, (95, 96, 95, 96)],
        [IN, add(2, 95), add(2, 95)],
    ),
    "each so many times the last": (
        BUY + "add 100 USDT at 1%, 2%, 3% below entry, each 1.5 times the last",
        [*QUIET, (100, 100, 96, 98)],
        [IN, add(2, 99), add(2, 98, 150), add(2, 97, 225)],
    ),
    "at most so many": (
        BUY + "add 100 USDT at 1%, 2%, 3% below entry, at most 2 times",
        [*QUIET, (100, 100, 96, 98)],
        [IN, add(2, 99), add(2, 98)],
    ),
    "above entry is a stop order": (
        BUY + "add 100 USDT at 5% above entry",
        [*QUIET, (100, 106, 100, 104)],
        [IN, add(2, 105)],
    ),
    "a short's ladder above is a limit": (
        SHORT + "add 100 USDT at 1%, 2% above entry",
        [*QUIET, (100, 103, 100, 101)],
        [OUT, add(2, 101, side="short"), add(2, 102, side="short")],
    ),
    "a short's ladder below is a stop order": (
        SHORT + "add 100 USDT at 5% below entry",
        [*QUIET, (100, 100, 94, 95)],
        [OUT, add(2, 95, side="short")],
    ),
    "every step above the last entry": (
        BUY + "add 100 USDT every 2% above last entry, at most 2 times",
        [*QUIET, (100, 103, 100, 103), (103, 120, 103, 120)],
        [IN, add(2, 102), add(3, 104.04)],
    ),
    "every step below the first entry": (
        BUY + "add 100 USDT every 2% below entry, at most 3 times",
        [*QUIET, (100, 100, 95, 96), (96, 96, 90, 90)],
        [IN, add(2, 98), add(2, 96), add(3, 94)],
    ),
    "every step below the average entry": (
        BUY + "add 100 USDT every 2% below average entry, at most 2 times",
        [*QUIET, (100, 100, 97.5, 98), (98, 98, 97, 97)],
        [
            IN,
            add(2, 98),
            (3, "buy", round(100 / (200 / (1 + 100 / 98) * 0.98), 6), round(200 / (1 + 100 / 98) * 0.98, 6), "add"),
        ],
    ),
    "an amount of price, frozen at the decision": (
        BUY + "add 100 USDT every 2 * (high - low) below last entry, at most 1 times",
        [(100, 101, 99, 100), (100, 120, 100, 100), (100, 100, 95, 97)],
        [IN, add(2, 96)],
    ),
    "apart": (
        BUY + "add 100 USDT every 1% below last entry, at most 3 times, 2h apart",
        [*flat(100), (100, 100, 90, 95), (95, 95, 95, 95), (95, 95, 95, 95), (95, 95, 90, 94), (94, 94, 90, 90)],
        [IN, add(3, 95), add(5, 94)],
    ),
    "when a condition": (
        BUY + "add 50 USDT when close < 99, at most 2 times",
        [*QUIET, (100, 100, 98, 98), *flat(98, 4)],
        [IN, add(3, 98, 50), add(4, 98, 50)],
    ),
    "when a condition, apart": (
        BUY + "add 50 USDT when close < 99, at most 2 times, 3h apart",
        [*QUIET, (100, 100, 98, 98), *flat(98, 5)],
        [IN, add(4, 98, 50), add(7, 98, 50)],
    ),
    "not when all is sold at that open": (
        BUY + "add 50 USDT when hour == 2, at most 2 times\nsell when hour == 2",
        flat(100, 5),
        [IN, (3, "sell", 1.0, 100, "signal")],
    ),
    "a share of equity": (BUY + "add 10% of equity at 1% below entry", [*QUIET, (100, 100, 99, 99)], [IN, add(2, 99)]),
    "windows gate adds": (
        BUY + "add 100 USDT at 1% below entry\nonly between 00:00 and 02:00 UTC",
        [*QUIET, (100, 100, 98, 99)],
        [IN],
    ),
    "rungs before the stop are passed first": (
        BUY + "add 100 USDT at 1%, 5% below entry\nstop loss 3%",
        [*QUIET, (100, 100, 94, 95)],
        [IN, add(2, 99), (2, "sell", round(1 + 100 / 99, 6), 97, "stop")],
    ),
    "a gap beyond the stop leaves no time to add": (
        BUY + "add 100 USDT at 1% below entry\nstop loss 3%",
        [*QUIET, (95, 95, 94, 95)],
        [IN, (2, "sell", 1.0, 95, "stop")],
    ),
    "the stop stays at the first entry": (
        BUY + "add 100 USDT at 2% above entry\nstop loss 3%",
        [*QUIET, (100, 102, 100, 102), (102, 102, 98, 98), (98, 98, 97, 97)],
        [IN, add(2, 102), (4, "sell", 1.980392, 97, "stop")],
    ),
    "the stop of the last entry comes nearer": (
        BUY + "add 100 USDT at 2% above entry\nstop loss 3% of last entry",
        [*QUIET, (100, 102, 100, 102), (102, 102, 98, 98)],
        [IN, add(2, 102), (3, "sell", 1.980392, 98.94, "stop")],
    ),
    "the stop of the average entry never goes further away": (
        BUY + "add 100 USDT at 2% below entry\nstop loss 3% of average entry",
        [*QUIET, (100, 100, 97.5, 98), (98, 98, 97, 97)],
        [IN, add(2, 98), (3, "sell", 2.020408, 97, "stop")],
    ),
    "the stop of each entry sells what it bought": (
        BUY + "add 100 USDT at 2% below entry\nstop loss 3% of each entry",
        [*QUIET, (100, 100, 98, 98), (98, 98, 96.5, 97), (97, 97, 95, 95)],
        [IN, add(2, 98), (3, "sell", 1.0, 97, "stop"), (4, "sell", 1.020408, 95.06, "stop")],
    ),
    "half is half of the largest size": (
        BUY + "add 100 USDT when hour == 1, at most 1 times\nsell 50% when hour == 3",
        flat(100, 6),
        [IN, (2, "buy", 1.0, 100, "add"), (4, "sell", 1.0, 100, "signal")],
    ),
}


@pytest.mark.parametrize("case", ADDS)
def test_add(case: str) -> None:
    text, rows, expected = ADDS[case]
    assert fills(text, rows) == expected
