"""Questions about where a price will go: they are declined with the reason, and no strategy is made of them."""

from strategy_dsl.phrasebook.lexicon import Lexed
from strategy_dsl.phrasebook.names import word_set

ACTING = word_set(
    "buy sell short long enter exit alert tell notify ping warn when if once stop target targets strategy trade trades"
    " trading rule rules position positions order orders my bot tp sl rsi macd ema sma vwap backtest"
)
"""With one of these it may be a wish, or a question about what runs."""
SUBJECTS = word_set("price market crypto alts altcoins bitcoin coin coins")
NAMED = ("price target", "price prediction", "prediction", "predictions", "predict", "forecast", "how high", "how low",
         "eoy", "end of the year", "end of year", "by christmas", "all time high by")  # fmt: skip
COMING = ("will", "would", "can", "could", "might", "gonna", "going to", "about to", "do you think", "you think",
          "where do you see", "how soon", "when does", "when do")  # fmt: skip
MOVING = word_set(
    "hit hits reach reaches go goes get gets pump pumps dump dumps moon moons crash crashes rise rises fall falls drop"
    " drops climb rally bottom top double be break recover bounce"
)


def forecasts(words: Lexed) -> bool:
    """Whether a text asks what a market will do: `will eth hit 5k?`, `a price target for sol`."""
    listed = [token.text for token in words.tokens if token.kind not in ("sign", "other")]
    said = f" {' '.join(listed)} "
    about = any(token.kind in ("coin", "pair") for token in words.tokens) or bool(SUBJECTS & set(listed))
    target = "price target" in said
    if not about or ACTING & set(listed) - ({"target"} if target else set()):
        return False
    if any(f" {each} " in said for each in NAMED):
        return True
    moving = MOVING & set(listed) or any(token.kind == "number" for token in words.tokens) or "where do you see" in said
    asked = any(token.text == "?" for token in words.tokens) or listed[:1] in (["will"], ["is"], ["do"], ["where"])
    return asked and any(f" {each} " in said for each in COMING) and bool(moving)
