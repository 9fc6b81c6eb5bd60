"""Words for syntax errors: an example for each clause, and plain names for the grammar's tokens."""

EXAMPLES = {
    "strategy": 'strategy "RSI dip buyer"',
    "trade": "trade BTC/USDT on 1h",
    "budget": "budget 1,000 USDT",
    "let": "let trend = ema(close, 200) on 4h",
    "buy": "buy when rsi(14) crosses below 30",
    "sell": "sell when rsi(14) > 60",
    "exit": "exit after 48h",
    "alert": 'alert "RSI is low" when rsi(14) < 30',
    "stop": "stop loss 3%",
    "take": "take profit 4% for 50%, 8% for 50%",
    "trailing": "trailing stop 2% after 3%",
    "break": "break even after 1r",
    "size": "size 5% of equity",
    "only": "only monday to friday between 08:00 and 20:00 Europe/London",
    "never": "never saturday, sunday",
    "at": "at most 2 open positions",
    "cooldown": "cooldown 4h after a loss",
    "ask": "ask before buying, for 10m, otherwise skip",
}
"""The word that opens each clause, with one that can be copied."""

LATER = {
    "short": "only `buy` opens a position for now",
    "cover": "only `buy` opens a position for now",
    "reverse": "write `buy when` and `sell when` instead",
    "hold": "write `buy when` and `sell when` for each market instead",
    "rebalance": "write `buy when` and `sell when` for each market instead",
    "grid": "write `buy when close < …` and `take profit …` instead",
    "order": "entries are market orders for now; leave the line out",
    "add": "a position is opened in one go for now; leave the line out",
    "leverage": "positions are paid in full for now; leave the line out",
    "pause": "the account's daily loss and drawdown limits stop entries already",
    "halt": "the account's daily loss and drawdown limits stop entries already",
    "every": "write a condition instead, for example: buy when weekday is monday and hour == 9",
}
"""Clauses of the language that this version reads but does not run."""

_WORDS = {
    "NUMBER": "a number",
    "AMOUNT": "an amount",
    "PERCENT": "a percent such as 3%",
    "DURATION": "a length of time such as 4h",
    "CLOCK": "a time such as 09:30",
    "ZONE": "a zone such as UTC or Europe/London",
    "MARKET": "a market such as BTC/USDT",
    "CURRENCY": "a currency such as USDT",
    "STRING": 'a text in "quotes"',
    "R_MULTIPLE": "a multiple such as 2r",
    "COMPARISON": "a comparison such as < or >",
    "SIDE": "`above` or `below`",
    "DAY": "a weekday",
    "AT_MOST": "`at most`",
    "IN_LAST": "`in last`",
    "_BARS": "`bars`",
    "WHEN": "`when`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "COMMA": "a comma",
    "$END": "the end of the line",
}
_VALUE_STARTS = {"NAME", "NUMBER", "LPAR"}
_CONDITION_GOES_ON = {"COMPARISON", "CROSSES"}


def expected_words(accepted: set[str]) -> str:
    """What could stand here, in words; the few most telling ones."""
    words: list[str] = []
    if accepted >= _VALUE_STARTS:
        words.append("a value such as close, rsi(14) or 30")
        accepted = accepted - {
            "NUMBER",
            "NAME",
            "LPAR",
            "PERCENT",
            "DURATION",
            "MINUS",
            "AT_LEAST",
            "NOT",
            "FIRST",
        }
    if accepted & _CONDITION_GOES_ON:
        words.append("a comparison such as `< 30` or `crosses above 60`")
        accepted = set()
    if "NAME" in accepted:
        words.append("a name")
    words += [text for terminal, text in _WORDS.items() if terminal in accepted]
    words += [
        f"`{terminal.lower()}`"
        for terminal in sorted(accepted)
        if terminal.isalpha() and terminal not in _WORDS and terminal != "NAME"
    ]
    if not words:
        return "something else"
    return words[0] if len(words) == 1 else ", ".join(words[:3]) + (" or so" if len(words) > 3 else "")
