"""Answers to questions that are not about a strategy's rules; never a strategy, never a forecast."""

from bot.pages import page
from bot.replies import Reply
from strategy_dsl.catalogue import FUNCTIONS, VALUES

NAMES = {"moving average": "sma", "fees": "fee", "volatility": "atr", "donchian channel": "donchian"}
NOTIONS = {
    "stop loss": (
        "A stop loss sells by itself once the price has fallen to a level you set. It limits a"
        " loss; a jump past it can cost more."
    ),
    "trailing stop": (
        "A trailing stop follows the highest price at a distance and sells when the price falls back to it."
    ),
    "take profit": "Take profit sells by itself once the price has risen to a level you set.",
    "drawdown": "A drawdown is the fall from the highest value of the account so far.",
    "backtest": (
        "A backtest plays your rules on past candles, fees included. It shows what would have happened, not what will."
    ),
    "backtesting": (
        "A backtest plays your rules on past candles, fees included. It shows what would have happened, not what will."
    ),
    "paper trading": "Paper trading runs your rules with play money, so that you can watch them without risk.",
    "slippage": "Slippage is the difference between the price you saw and the price you got.",
    "fee": "A fee is what the exchange keeps of each order, here 0.1% a side unless the limits say otherwise.",
    "market order": "A market order buys or sells at once at the best price there is.",
    "limit order": "A limit order waits for its price and is filled there or not at all; say “order limit”.",
    "leverage": (
        "Leverage trades with borrowed money: gains and losses are multiplied, and a small move can take all of it."
        " The limits allow 1x, that is none, unless your limits file says otherwise."
    ),
    "timeframe": "The timeframe is the length of a candle: on 1h, rules are judged once an hour.",
    "cooldown": "A cooldown blocks new buys in a market for a while after a sale.",
    "volume": "Volume is how many coins were traded in a candle.",
    "equity": "Equity is cash plus the present value of what is held.",
    "r multiple": (
        "One R is the distance from the entry to the stop; a target at 2r is twice as far away as the stop."
    ),
}
SHOULD = "That is yours to decide; I give no advice. Tell me a rule and I will show what it would have done."
OFF_TOPIC = (
    "I only deal in trading rules, and I do not guess where a price will go."
    " Tell me when to buy and when to sell, and I will watch it for you."
)
FALLBACK = {
    "off_topic": OFF_TOPIC,
    "smalltalk": (
        "Hello! Tell me a strategy, for example: buy $200 of BTC when RSI drops below 30, sell above 60, stop 3%"
    ),
    "howto": (
        "Say it in plain words, for example: “make the stop 2%”, “also trade ETH”, “pause”, “undo”."
        " <b>help</b> lists everything."
    ),
    "safety": (
        "Only play money moves in this version, and no key of mine may withdraw. Stops and limits go on when chat or"
        " models are down; nobody can promise that a rule makes money. <b>limits</b> and <b>health</b> show more."
    ),
    "abilities": (
        "I trade crypto pairs such as BTC/USDT by rules on closed candles, day and night, several strategies side by"
        " side. No stocks, no forex. <b>help</b> lists what I can do."
    ),
    "advice": SHOULD,
    "concept": (
        "That I do not know. I can tell you what an indicator is, how you stand and why I traded: say <b>help</b>."
    ),
    "confirm_without_question": "There is no question open, so there is nothing to confirm.",
    "other_language": "I read English for now. Please say it in English.",
    "fees": "Fees are 0.1% a side unless the limits say otherwise; <b>status</b> shows what you have paid.",
    "what_if": (
        "Change it and compare: say for example “make the stop 2%”. You see both backtests, and undo takes it back."
    ),
}


def answer(intent: str) -> Reply:
    """A short answer to an intent of the phrasebook, such as `concept:rsi`."""
    kind, _, topic = intent.partition(":")
    if kind == "concept":
        name = NAMES.get(topic, topic.replace(" ", "_"))
        if name in FUNCTIONS:
            return Reply(page("function", row=FUNCTIONS[name]))
        if name in VALUES:
            return Reply(page("problem", text=f"{VALUES[name].name}: {VALUES[name].about}."))
        return Reply(NOTIONS.get(topic) or FALLBACK["concept"])
    return Reply(FALLBACK.get(kind, FALLBACK["smalltalk"]))
