"""What people ask for that cannot be said here: named in words, never dropped."""

from dataclasses import dataclass

from strategy_dsl.phrasebook.dangers import leverage_of
from strategy_dsl.phrasebook.lexicon import Lexed


@dataclass(frozen=True)
class Limitation:
    """A thing that is not offered: `never` where rules on candles cannot say it, else not in this version."""

    topic: str
    sentence: str
    phrases: str
    never: bool = False


def limitations(words: Lexed) -> tuple[Limitation, ...]:
    """Every limitation that the text runs into."""
    said = f" {' '.join(token.text for token in words.tokens)} "
    for harmless in HARMLESS:
        said = said.replace(f" {harmless} ", " ")
    found = [limit for limit in LIMITATIONS if any(f" {phrase} " in said for phrase in limit.phrases.split(" | "))]
    if leverage_of(words.tokens) > 1 and LEVERAGE not in found:
        found.append(LEVERAGE)
    return tuple(found)


HARMLESS = ("no shorts", "no shorting", "no leverage", "without leverage", "not short", "short term", "short ma",
            "short ema", "short sma", "short average", "no short", "dont short", "never short", "in short")  # fmt: skip
LEVERAGE = Limitation(
    "leverage",
    "There is no leverage in this version: positions are paid in full, 1x.",
    "leverage | leveraged | margin",
)
LIMITATIONS = (
    LEVERAGE,
    Limitation(
        "short",
        "Short selling is not in this version: I can trade the long side only.",
        "short | shorts | shorting | cover | both ways | both sides | mirrored | mirror | opposite for | fade",
    ),
    Limitation(
        "futures",
        "Futures and perpetuals are not in this version: I trade spot markets.",
        "perp | perps | perpetual | perpetuals | futures | contract | options",
    ),
    Limitation(
        "order",
        "Limit and stop orders for entries are not in this version: entries are market orders at the next open.",
        "limit order | limit orders | limit buy | buy limit | buy stop | stop order | stop orders | stop limit"
        " | post only | one tick | tick over | if not filled | limit price | oco",
    ),
    Limitation(
        "schedule",
        "Buying by the calendar (every monday, once a month) is not in this version.",
        "every monday | every tuesday | every wednesday | every thursday | every friday | every saturday"
        " | every sunday | every week | every month | each month | each week | monthly | once a month | once a week"
        " | every three days | every two days | every few days | each monday | check weekly | every morning"
        " | sunday night | monday morning | first of the month | day of each month | every day at | month end"
        " | trading day | last day of the month | biweekly | every other | dollar cost | cost average",
    ),
    Limitation(
        "ladder",
        "Adding to a position in steps (DCA, averaging, pyramids) is not in this version: one entry, one size.",
        "dca | ladder | safety order | safety orders | volume scale | six orders | pyramid | pyramiding | scale in"
        " | add a unit | per level | each level | average in | base order | add to the position | add another"
        " | add more | averaging down | average down",
        True,
    ),
    Limitation(
        "grid",
        "Grids are not in this version.",
        "grid | grid bot | grids | grid trading",
        True,
    ),
    Limitation(
        "portfolio",
        "Ranking, weights and rebalancing are not in this version: a strategy has its own rules for each market.",
        "rebalance | rebalancing | rank | ranking | top 20 | top 10 | top 5 | top 50 | best three | best two | best 3"
        " | best 2 | best 5 | biggest coins | did best | better one | whichever of | equal weight | equal money"
        " | drifts | five assets | equally weighted | strongest coin | strongest coins | best performing"
        " | worst performing | 60 / 40 | the three that | top coins | outperforms | relative strength against"
        " | dual momentum | rotate | rotation | basket | screener | find coins | scan | best yielding | stablecoins"
        " | volatility target | whole market",
        True,
    ),
    Limitation(
        "losses",
        "A rule that never closes at a loss leaves a falling trade without a way out. Add a stop, such as stop 8%.",
        "never sell at a loss | never close at a loss | never take a loss | never close a loser | never sell"
        " | never close | only close in profit | only sell in profit | makes money | only close it if"
        " | only sell if its in profit",
    ),
    Limitation(
        "universe",
        "I need the coins by name, for example BTC and ETH.",
        "all coins | every coin | alts | other coins | altcoins | one coin | small caps | meme coins | any coin",
    ),
    Limitation(
        "levels",
        "Support and resistance have no rule that I could check: name the price, or say “the 20-candle high”.",
        "support | resistance | key level | key levels | round number | psychological level",
    ),
    Limitation(
        "pattern",
        "Chart shapes by eye (shoulders, cups, channels, wedges, trendlines) cannot be written as a rule on candles.",
        "head and shoulders | inverse head | cup and handle | cup | handle | double bottom | double top | triangle"
        " | wedge | flag | pennant | trendline | trend line | channel breakout | falling channel | rising channel"
        " | neckline | elliott | harmonic | gartley | fibonacci | fib | chart pattern | rounded bottom | triple top"
        " | triple bottom | diamond | ascending | descending | wyckoff",
        True,
    ),
    Limitation(
        "zones",
        "Order blocks, fair value gaps and supply zones have no rule that I could check.",
        "order block | order blocks | fair value gap | fvg | supply zone | demand zone | liquidity sweep | liquidity"
        " | breaker block | smart money | market structure | bos | choch | order flow | footprint | volume profile"
        " | point of control",
        True,
    ),
    Limitation(
        "divergence",
        "Divergences between price and an indicator are not in this version.",
        "divergence | divergences | diverges | diverging",
        True,
    ),
    Limitation(
        "data",
        "I see candles only: no news, sentiment, funding, open interest, order book or other people's trades.",
        "fear and greed | fear & greed | greed index | open interest | funding | funding rate | news | sentiment"
        " | tweet | tweets | twitter | elon | cpi | fomc | nfp | earnings | halving | whale | whales | on chain"
        " | onchain | order book | orderbook | bid | bids | ask price | spread between | nav | copy what | copy trade"
        " | copy trading | google trends | liquidation cascade | liquidations | fed | inflation | interest rate"
        " | dominance | etf | hash rate | mvrv | yielding | vix | dxy | dollar index | s&p | nasdaq | gas fees",
        True,
    ),
    Limitation(
        "seasons",
        "Seasonal statistics over months or years are not in this version.",
        "seasonality | seasonal | calendar months | historically | turn of the month",
        True,
    ),
    Limitation(
        "breaker",
        "Limits on the loss of a day and on the drawdown belong to the account: they are on already and stop new"
        " entries.",
        "loss a day | loss per day | daily loss | quit for the day | stop for the day | done for the day"
        " | losses in a row | consecutive losses | drawdown | off its high | for the day after | max loss"
        " | two losses | three losses | losing streak | weekly loss | lose more than",
    ),
    Limitation(
        "indicator",
        "One of the indicators is not in this version.",
        "ichimoku | kijun | tenkan | supertrend | super trend | sar | parabolic | keltner | stoch rsi"
        " | stochastic rsi | stochrsi | fisher | heikin | heikin ashi | vwap | obv | awesome oscillator | aroon"
        " | pivot | pivots | z score | zscore | percentile | kdj | renko | vortex | chaikin | cmf | trix | tweezer"
        " | piercing | hammer | doji | morning star | harami | marubozu | pin bar | shooting star | swing high"
        " | swing low | opening range | opening drive | bandwidth | squeeze | kalman | linear regression | hurst",
    ),
)
