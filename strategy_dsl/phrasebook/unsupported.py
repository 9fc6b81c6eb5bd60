"""What people ask for that cannot be said here: named in words, never dropped."""

from dataclasses import dataclass

from strategy_dsl.phrasebook.lexicon import Lexed


@dataclass(frozen=True)
class Limitation:
    """A thing that English cannot ask for here: `never` where no answer would help, else a question stays open."""

    topic: str
    sentence: str
    phrases: str
    never: bool = False


def limitations(words: Lexed) -> tuple[Limitation, ...]:
    """Every limitation that the text runs into."""
    said = f" {' '.join(token.text for token in words.tokens)} "
    found = [limit for limit in LIMITATIONS if any(f" {phrase} " in said for phrase in limit.phrases.split(" | "))]
    return tuple(found)


LIMITATIONS = (
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
        "Divergences between price and an indicator have no rule until it is said how their lows are found.",
        "divergence | divergences | diverges | diverging",
        True,
    ),
    Limitation(
        "data",
        "From English I read candles only: no news, order book or other people's trades; funding, open interest,"
        " sentiment and fear and greed can be written in the rules language, with a file of their values.",
        "fear and greed | fear & greed | greed index | open interest | funding | funding rate | news | sentiment"
        " | tweet | tweets | twitter | elon | cpi | fomc | nfp | earnings | halving | whale | whales | on chain"
        " | onchain | order book | orderbook | bid | bids | ask price | spread between | nav | copy what | copy trade"
        " | copy trading | google trends | liquidation cascade | liquidations | fed | inflation | interest rate"
        " | dominance | etf | hash rate | mvrv | yielding | vix | dxy | dollar index | s&p | nasdaq | gas fees",
        True,
    ),
    Limitation(
        "seasons",
        "Seasonal statistics over months or years cannot be written as a rule on candles.",
        "seasonality | seasonal | calendar months | historically | turn of the month",
        True,
    ),
)
