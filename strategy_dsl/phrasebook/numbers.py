"""Number words, read by hand: tens never join units across "and"."""

from decimal import Decimal

UNITS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    word: 10 * number
    for number, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "grand": 1000}


def number_words(words: list[str]) -> tuple[Decimal, int] | None:
    """The number that the words begin with and how many words it takes, or None."""
    total = 0
    part: int | None = None
    used = 0
    last = "start"
    for word in words:
        if word in UNITS and (last in ("start", "scale") or (last == "tens" and 0 < UNITS[word] < 10)):
            part, last = (part or 0) + UNITS[word], "unit"
        elif word in TENS and last in ("start", "scale"):
            part, last = (part or 0) + TENS[word], "tens"
        elif word in SCALES and last != "start":
            total, part, last = _scaled(total, part or 0, SCALES[word])
        else:
            break
        used += 1
    if not used:
        return None
    return Decimal(total + (part or 0)), used


def _scaled(total: int, part: int, scale: int) -> tuple[int, int, str]:
    """Apply a scale word: hundred multiplies the running part, larger ones close it."""
    if scale == 100:
        return total, max(part, 1) * 100, "scale"
    return total + max(part, 1) * scale, 0, "scale"
