"""Words for syntax errors: an example for each clause, and plain names for the grammar's tokens."""

FORMS: dict[str, tuple[str, ...]] = {
    "strategy": ('strategy "RSI dip buyer"',),
    "trade": (
        "trade BTC/USDT and ETH/USDT on 1h",
        "trade BTC/USDT perpetual on 1h",
        "trade top 50 by volume in USDT on 1d except DOGE/USDT",
    ),
    "budget": ("budget 1,000 USDT",),
    "let": ("let trend = ema(close, 200) on 4h", "let length = 14"),
    "buy": ("buy when rsi(14) crosses below 30", "buy dip when close < bollinger(20, 2).lower"),
    "short": ("short when rsi(14) crosses above 70",),
    "sell": ("sell when rsi(14) > 60", "sell 50% when profit > 4%", "sell dip when close > sma(close, 20)"),
    "cover": ("cover when rsi(14) < 40",),
    "reverse": ("reverse",),
    "every": (
        "every monday at 09:00 UTC buy 50 USDT",
        "every 4h sell 25% if profit > 2%",
        "every day at 16:00 America/New_York exit",
        "every month on day 1 buy 5% of equity of BTC/USDT if close > sma(close, 200)",
        'every month on last day alert "month end"',
    ),
    "hold": (
        "hold 60% BTC/USDT, 30% ETH/USDT, 10% cash",
        "hold 20% each if close > sma(close, 200)",
        "hold best 1 by change(close, 30) if change(close, 30) > 0% otherwise cash",
        "hold 100% BTC/USDT if close > sma(close, 50) otherwise 100% ETH/USDT",
    ),
    "rebalance": ("rebalance every month", "rebalance when a weight drifts 5%"),
    "grid": ("grid from 55,000 to 65,000 in 20 steps of 50 USDT",),
    "alert": ('alert "RSI is low" when rsi(14) < 30',),
    "order": (
        "order market",
        "order limit at 0.5% below close for 3 bars",
        "order stop at highest(high, 20) for 1d",
    ),
    "add": (
        "add 200 USDT at 1%, 2% and 3% below entry, each 1.2 times the last",
        "add 200 USDT every 0.5 * atr(20) above last entry, at most 3 times, 2h apart",
        "add 5% of equity when rsi(14) < 20, at most 3 times",
        "add risk 1% of equity every 1 * atr(20) above last entry, at most 3 times",
    ),
    "stop": (
        "stop loss 3%",
        "stop loss 2 * atr(14)",
        "stop loss at lowest(low, 10)",
        "stop loss at ema(close, 21), following",
        "stop loss 8% of average entry",
        "stop loss none",
    ),
    "take": ("take profit 4% for 50%, 8% for 50%", "take profit 3r", "take profit at highest(high, 50)"),
    "trailing": ("trailing stop 2% after 3%", "trailing stop 2 * atr(14) once close > 100"),
    "break": ("break even after 1r",),
    "exit": ("exit when rsi(14) is between 45 and 55", "exit after 48h", "exit at 16:00 America/New_York"),
    "size": (
        "size 5% of equity",
        "size 100 USDT",
        "size 0.01 BTC",
        "size risk 1% of equity",
        "size volatility 15% a year",
    ),
    "leverage": ("leverage 3x",),
    "at": (
        "at most 2 open positions",
        "at most 2 open positions, highest change(close, 24) first",
        "at most 3 entries a day",
    ),
    "cooldown": ("cooldown 4h after a loss", "cooldown 15m before the other side"),
    "only": (
        "only monday to friday between 08:00 and 20:00 Europe/London",
        "only when close > sma(close, 200)",
    ),
    "never": ("never saturday, sunday", "never within 30m of a high-impact event"),
    "pause": ("pause 24h when losses_in_a_row >= 3", "pause until tomorrow when day_loss > 2%"),
    "halt": ("halt when drawdown > 10%", "halt and close when drawdown > 15%"),
    "ask": ("ask before buying, for 10m, otherwise skip", "ask never"),
}
"""The word that opens each clause, with every form it has."""

ABOUT = {
    "strategy": "The strategy's name.",
    "trade": "The markets, in order of preference, and the length of a candle. `perpetual` allows shorts and leverage; "
    "`top 50 by volume` chooses the markets anew each day from past data alone.",
    "budget": "The strategy's own money. Equity is this plus its realised and open result.",
    "let": "A name for an expression; a plain number may stand where a function wants one, as in `rsi(length)`.",
    "buy": "Opens a long when the condition is true at a candle's close; ignored while the market has a position.",
    "short": "Opens a short; the market must be a perpetual, and there must be a stop.",
    "sell": "Closes a long, or part of it once a trade; with a name, only what that entry bought.",
    "cover": "Closes a short, or part of it.",
    "reverse": "An entry of the other side closes the position first: two orders. Refused, the market stays flat.",
    "every": "An order or alert by the clock, at the first open after it; two schedules add up, and buys end with the "
    "budget. Without a time a day begins at 00:00 UTC; a month's day that does not exist is its last.",
    "hold": "Holdings by weight of the equity, instead of entries and exits. Ranked first, then tested: a place that "
    "fails stays in cash; where none is held, `otherwise` is.",
    "rebalance": "When holdings return to their weights: by the clock, or once one drifts by so many points.",
    "grid": "Even steps between two prices: each step below the price buys at its foot and sells at its top, over and "
    "over. The worst case is every step bought.",
    "alert": "A message when the condition becomes true; no order.",
    "order": "How entries are placed. A limit or stop order waits from the decision on and is then cancelled; "
    "`next_open` is the open that it meets.",
    "add": "More of an open position: at distances from the entry, every so far from the last entry, or when a "
    "condition is true. Adds move no stop further away.",
    "stop": "Where a losing trade ends, watched inside candles. Read on the candle that decided the entry; "
    "`following` reads it again at each close and only tightens. `none` must be meant.",
    "take": "Where a winning trade ends, whole or in parts; `3r` is three times the stop's distance.",
    "trailing": "A stop that follows the best price of earlier candles, from the start or once the trade is up.",
    "break": "Moves the stop to the entry price once the trade is up so far.",
    "exit": "Leaves a long or a short: when a condition is true, after a time, or at a time of day; the first to come.",
    "size": "The value of each entry: a share of equity, money, coins of the one market, what the stop may lose, or "
    "what swings so much a year. Fees come on top.",
    "leverage": "Margin of a perpetual; changes neither size nor distances.",
    "at": "Limits of the strategy's own: open positions (free places go to the markets in order, or by a rank) and "
    "entries in a UTC day, or a day of a zone.",
    "cooldown": "No entry on a market for a while after an exit, a loss, a stop, or before the other side.",
    "only": "Entries and adds only then; exits never wait. Over midnight a window belongs to the day it began.",
    "never": "No entries and adds then; exits never wait.",
    "pause": "No entries for a while once the condition is true; exits go on.",
    "halt": "No entries until a person restarts, once the condition is true; `and close` leaves everything.",
    "ask": "Which orders wait for your yes, for how long, and what silence means. Exits that protect never wait; a "
    "backtest counts every question as approved.",
}
"""What each clause means, in a sentence or two."""

EXAMPLES = {keyword: forms[0] for keyword, forms in FORMS.items()}
"""The word that opens each clause, with one form that can be copied."""

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
    "TIMES": "a leverage such as 3x",
    "BESIDE_ENTRY": "`below entry` or `above last entry`",
    "OF_ENTRY": "`of average entry`",
    "_OF_EQUITY": "`of equity`",
    "PERPETUAL": "`perpetual`",
    "_STEPS": "`steps`",
    "_POSITIONS": "`positions`",
    "_ENTRIES": "`entries`",
    "HALT_CLOSE": "`and close`",
    "HIGH_IMPACT": "`high-impact`",
    "COMPARISON": "a comparison such as < or >",
    "SIDE": "`above` or `below`",
    "DAY": "a weekday",
    "AT_MOST": "`at most`",
    "IN_LAST": "`in last`",
    "_BARS": "`bars`",
    "WHEN": "`when`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "ACTION": "`buy`, `sell`, `short` or `cover`",
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
