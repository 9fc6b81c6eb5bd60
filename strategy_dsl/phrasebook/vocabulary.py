"""The words of the phrasebook: every term with the phrases that say it, longest phrase first when matched."""

from strategy_dsl.phrasebook.names import ARTICLES, COINS, FILLERS, WEEKDAYS, ZONES

ACTING = {
    "buy": "buy | buys | buying | go long | goes long | going long | go in long | long | longs"
    " | enter | enters | enter long | get in | purchase | open a long | open long | take a long"
    " | get long | be long | enter a long | long entry | buy it | open a long position"
    " | take a long position | buy in | enter a position",
    "sell": "sell | sells | selling | exit | exits | get out | gets out | out | leave | dump"
    " | dump it | dump everything | sell everything | close the trade | close the position | close it"
    " | close position | close out | close everything | close all | close my position | sell it"
    " | sell all | sell the position | exit the trade | exit the position | get me out"
    " | close the long | close longs | exit long | sell out | close trade | close long | sell the lot"
    " | cash out | close | close all of it | get out of it | sell them | get out of the trade"
    " | sell my position | exit it | take me out | leave the trade",
    "hold": "hold | holding | hold it | stay in | stay long | be in | hold long",
    "alert": "alert me | alert | notify me | tell me | ping me | message me | let me know"
    " | send me a message | send me an alert | warn me | text me | send an alert",
    "half": "half | half of it | half of the trade | half the position | half off"
    " | half of the position | half the bag",
    "rest": "the rest | rest | remainder | the remainder | the other half | other half | rest of it | the rest of it",
}
JOINING = {
    "when": "when | if | as soon as | in the event | once | whenever | every time | any time | anytime"
    " | each time | in case | the moment",
    "while": "while | as long as | provided | provided that | so long as | only while",
    "until": "until | till | til",
    "and": "and | & | plus | + | and also | and if | and when | and while | as well as | while | with"
    " | as long as | provided | provided that | and with | and the | when also",
    "or": "or | or if | or when | or once",
}
COMPARING = {
    "above": "above | over | > | greater than | higher than | more than | bigger than | exceeds"
    " | larger than | north of",
    "below": "below | under | < | less than | lower than | smaller than | beneath | underneath | south of | bellow",
    "at_least": ">= | at least | at or above | at or over | no less than | not less than | not below"
    " | not under | above or at | equal to or above | at or higher than",
    "at_most": "<= | at or below | at or under | no more than | not more than | not above | not over"
    " | at most | below or at | equal to or below | at or lower than",
    "or_more": "or more | or higher | or above | or over | or greater | or better",
    "or_less": "or less | or lower | or below | or under",
    "through": "through | thru",
    "is": "is | are | be | being | stays | remains | trades | trading | sits | reads | is still",
    "cross": "crosses | cross | crossing | crossover | flips | passes | pass",
    "break": "breaks | break | breaking | pierces | takes out",
    "up_move": "rises | rise | rising | climbs | climb | climbing | jumps | jump | pops | pop | gains"
    " | gain | increases | goes up | go up | moves up | move up | rallies | rally | pumps | pump"
    " | bounces | recovers | crosses up | cross up | crossing up | pushes up | ticks up | shoots up"
    " | turns up | breaks up",
    "down_move": "drops | drop | dropping | falls | fall | falling | dips | dip | dipping | sinks"
    " | sink | declines | decline | goes down | go down | moves down | move down | loses | lose"
    " | crashes | crash | slides | slips | slip | tanks | decreases | crosses down | cross down"
    " | crossing down | breaks down | turns down | comes down",
    "is_up": "is up | are up | up | has risen | has gained | has gone up | went up",
    "is_down": "is down | are down | down | has fallen | has dropped | has lost | went down",
    "move": "goes | go | moves | move | gets | get | comes | come | turns | turn | pushes | push"
    " | pokes | poke | ticks | tick",
    "back": "back | back up | back down | again",
    "up": "up | upward | upwards | to the upside | bullish | bullishly | from below",
    "down": "down | downward | downwards | to the downside | bearish | bearishly | from above",
    "touch": "touches | touch | hits | hit | tags | tag | reaches | reach | is at | gets to | goes to",
    "oversold": "oversold | over sold",
    "overbought": "overbought | over bought",
    "zero": "zero | the zero line | zero line",
    "golden": "golden cross",
    "death": "death cross",
    "row": "in a row | straight | back to back",
    "consecutive": "consecutive | straight | successive",
    "green": "green | bullish | up",
    "red": "red | bearish | down",
    "was_below": "dipped below | was below | has been below | been below | fell below | dropped below"
    " | dipped under | was under | went below | went under | been under | fell under | traded below",
    "was_above": "was above | has been above | been above | rose above | went above | was over"
    " | been over | climbed above | traded above",
    "bullish_engulfing": "bullish engulfing | engulfing bullish | bullish engulf",
    "bearish_engulfing": "bearish engulfing | engulfing bearish | bearish engulf",
    "inside_bar": "inside bar | inside candle | inside day",
    "rising": "is turning up | turning up | turns up | curls up | hooks up | is rising | rising"
    " | is going up | is climbing | is sloping up | is trending up | slopes up | points up"
    " | is pointing up",
    "falling": "is turning down | turning down | turns down | curls down | hooks down | is falling"
    " | falling | is going down | is sloping down | is trending down | slopes down | points down"
    " | is pointing down",
    "positive": "positive",
    "negative": "negative",
    "both": "both",
    "times": "times | x",
    "twice": "twice | double | two times",
}
VALUES = {
    "price": "price | prices | its price | spot price | market price",
    "close": "close | closing price | the close | candle close",
    "closes": "closes | close | candle closes | candle close | price closes | daily close is",
    "high": "high | highs",
    "low": "low | lows",
    "open": "open",
    "highest": "highest",
    "lowest": "lowest",
    "volume": "volume | vol | trading volume",
    "average": "average | avg | mean",
    "usual": "average | usual | normal | typical | mean | avg | average volume",
    "ma": "ma | moving average | moving avg | mas | moving averages | averages",
    "sma": "sma | simple moving average | simple ma | smas",
    "ema": "ema | exponential moving average | exponential ma | emas",
    "wma": "wma | weighted moving average | weighted ma",
    "hma": "hma | hull moving average | hull ma",
    "dema": "dema",
    "tema": "tema",
    "rsi": "rsi | relative strength index",
    "mfi": "mfi | money flow index",
    "cci": "cci | commodity channel index",
    "adx": "adx",
    "williams": "williams r | williams % r | williams %r",
    "stochastic": "stochastic | stoch | stochastics",
    "macd": "macd",
    "histogram": "histogram",
    "signal": "signal line | signal | the signal line | the signal | its signal line | its signal",
    "line": "line",
    "bollinger": "bollinger | bb | bollinger band | bollingers",
    "band": "band | bands",
    "upper": "upper | top",
    "lower": "lower | bottom",
    "middle": "middle | mid",
    "donchian": "donchian | donchian channel",
    "channel": "channel",
    "atr": "atr | atrs | average true range",
    "yesterday": "yesterdays | yesterday | previous days | prior days | previous day | prior day",
    "previous": "previous | last | past | prior | preceding",
    "new": "new | fresh",
}
PROTECTING = {
    "stop": "stop loss | stoploss | stop | stops | sl | hard stop | hard stop loss | protective stop"
    " | initial stop | fixed stop | my stop | the stop | stop losses",
    "stop_move": "stop | stops | stop loss | the stop | my stop",
    "target": "take profit | take profits | takeprofit | tp | profit target | target | targets"
    " | price target | profit | take profit at | take the profit",
    "reward_risk": "reward risk | risk reward | rr | r r | reward to risk | risk to reward"
    " | risk reward ratio | reward risk ratio | reward to risk ratio | r : r | rr of | risk reward of"
    " | risk / reward | reward / risk | a risk reward of | risk reward ratio of | r / r",
    "trail": "trailing stop loss | trailing stop | trailing | trail | trail it | trail the stop"
    " | trail my stop | trail a stop | trail stop | trailing sl | stop trailing",
    "break_even": "break even | breakeven | my entry price | the entry price | entry price | my entry",
    "in_profit": "in profit | in the green | up | profit | gain | of profit",
    "below_entry": "below entry | under entry | from entry | below my entry | under my entry"
    " | below the entry | under the entry | from my entry | from the entry | below the entry price"
    " | under the entry price | of entry | below entry price | under my buy | below my buy | below"
    " | loss | under my entry price",
    "above_entry": "above entry | over entry | above my entry | over my entry | above the entry"
    " | from entry | above the entry price | of profit | profit | gain | in profit"
    " | above entry price | above my buy",
    "after_stop": "stop out | stop | stop loss | stopped out | stop is hit | being stopped out"
    " | being stopped | getting stopped out | stop hit | stop loss hit | stop loss is hit"
    " | stop loss exit | im stopped out | i get stopped out | it gets stopped out | stopping out",
    "after_loss": "loss | losing trade | loser | losing one | losing exit",
    "after_exit": "trade | exit | sell | sale | selling | every trade | each trade | closing"
    " | exiting | sells | trade closes | closing a trade",
}
SIZING = {
    "budget": "budget | a budget of | budget of | start with | starting with | starting capital | begin with | i have"
    " | total budget | my budget is | a total of | starting balance | initial capital",
    "size": "size | position size | trade size | sizing | order size | position sizing | bet size",
    "risk": "risk | risking",
    "equity": "equity | account | balance | capital | portfolio | account balance | stack | wallet"
    " | bankroll | account equity | funds | money | cash | total equity | trading account"
    " | trading capital",
    "everything": "all the money | full balance | all my money | whole balance | full size"
    " | the full balance | whole account | entire balance | entire account | the whole balance"
    " | my whole balance | my whole account | everything i have | the whole account | full account"
    " | full position | all my cash | all my balance",
    "put": "put | use | invest | spend | allocate | put in | using | stake | invests | spending"
    " | uses | with | investing | in size of",
    "per_trade": "per trade | each | each time | a trade | each trade | per position | every time"
    " | every trade | per entry | per order | for each trade | at a time | on each trade | of size"
    " | on every trade | per buy | each buy",
}
TIMING = {
    "chart": "chart | charts | candle | candles | bar | bars | timeframe | time frame | candlestick"
    " | candlesticks | period | periods | tf | timeframes",
    "frame_noun": "chart | charts | candle | candles | bar | bars | timeframe | time frame"
    " | candlestick | candlesticks | tf | timeframes | time frames",
    "minute": "minute | minutes | min | mins",
    "hour": "hour | hours | hr | hrs",
    "day": "day | days",
    "week": "week | weeks",
    "hourly": "hourly",
    "daily": "daily",
    "weekly": "weekly",
    "per_day": "a day | per day | each day | every day | in a day | in one day | in any one day"
    " | daily | in any day | trades daily",
    "trades": "times | trade | trades | entries | buys | tries | new trades | new entries | attempts | orders | entry",
    "positions": "position | positions | open position | open positions | open trades | open trade"
    " | trades open | positions open | trade | trades | coin | coins",
    "at_once": "at a time | at once | at the same time | open at once | open at a time"
    " | simultaneously | at any time | at any one time | open",
    "max": "dont buy more than | do not buy more than | dont trade more than | never buy more than"
    " | max | maximum | at most | no more than | limit | limit it to | cap it at | cap at | up to"
    " | cap | max of | a max of | a maximum of | not more than | limited to | limit to | maximum of"
    " | only | limit to at most | never more than",
    "wait": "wait | cooldown | cool down | wait for | wait at least | cool off | cooling off"
    " | cooldown of | rest for | sit out | sit out for | pause for | pause | rest | stay out"
    " | stay out for | wait for at least | cool down for | cooldown for",
    "before_again": "before buying again | before the next trade | before another trade"
    " | before entering again | before re entering | before reentering | before trading again"
    " | before the next entry | before it buys again | between trades | before getting back in"
    " | before a new trade | before the next one | before you buy again | before buying back"
    " | before going again | before the next buy | before buying",
    "weekends": "weekends | the weekend | weekend | saturday and sunday | saturdays and sundays"
    " | sat and sun | saturday or sunday | saturdays or sundays | saturdays and sunday | sat sun",
    "weekdays": "weekdays | week days | business days | working days | weekdays only",
    "to_day": "to | through | till | until | thru | -",
    "trade_verb": "trade | trading | trades | enter | open | new trades | buy | take trades"
    " | take entries | entries | open trades | entering | enter trades | open positions | new entries"
    " | open anything | buys | buying | allow entries | take new trades | enter new trades | trade it"
    " | open new trades | open new positions | open new | new positions | any trades | any new trades"
    " | trades at all",
    "no": "no | dont | do not | never | not | skip | avoid",
    "only": "only",
    "already_in": "already in | im already in | already in a trade | already in a position"
    " | already long | im in a trade | im in already | im already in a trade | already holding"
    " | im already in a position | already have a position | in a trade already",
    "fire_again": "fire again | enter again | buy again | re enter | reenter | buy more | add to it"
    " | fire | open another | buy | add",
}
STANDING = {
    "next_candle": "next candle | next bar | on the next candle | at the next candle | the next candle | the next bar"
    " | at the next open | next open | the next open",
    "idle": "repeat forever | and repeat | repeat | forever | many trades a day | rinse and repeat"
    " | long only | no shorts | no shorting | no leverage | without leverage | spot only | on paper"
    " | paper trade | paper trading | at market | market order | market orders | keep it simple"
    " | next open | at the next open | on the next open | enter next open | one position only"
    " | whichever comes first | whichever first | whichever is first | over and over | range bot"
    " | trend up means | dip buyer | dip buying | trend following",
    "holding": "exit if held for more than | sell if held for more than | close if held for more than"
    " | max hold | exit if held longer than | maximum hold | max holding time | maximum holding time"
    " | time stop | time exit | hold for max | hold max | hold for at most | hold at most"
    " | hold no longer than | max holding period | exit when held for | time limit",
    "anyway": "even if it is at a loss | even if its at a loss | even at a loss | even if at a loss"
    " | no matter what | whichever comes first | whichever first | whichever is first"
    " | whatever happens | regardless | even if it is a loss | even if it loses | in any case"
    " | win or lose | at the latest | or so",
    "as_we_go": "as we go | as it goes | as price rises | from there | behind it | as it rises | on the way up",
}
"""Said often: what is true of every strategy anyway, and fixed ways to say when to leave."""
EDITING = {
    "removing": "get rid of | take out | take off | turn off | no more | drop | remove | delete"
    " | without | lose | forget | cancel | scrap | ditch | kill | leave out | skip",
    "requiring": "also require | require | add a filter | add a condition | add the condition"
    " | add filter | add condition | and only if | only if | but only if | only when | but only when"
    " | add a rule | it must also be | make sure | add that",
    "vague:size:less": "less aggressive | safer | more careful | more conservative | less risky"
    " | calmer | more cautious | tone it down | play it safer | less risk | a bit safer"
    " | take less risk | reduce the risk | smaller | make it smaller | smaller size"
    " | smaller position | smaller positions",
    "vague:size:more": "more aggressive | riskier | less conservative | bolder | more risk"
    " | take more risk | bigger | larger | bigger size | larger size | bigger position"
    " | bigger positions",
    "vague:runners:more": "let winners run more | let winners run | let the winners run"
    " | let profits run | let my winners run | let it run | let them run more | let it run more"
    " | ride the winners",
    "vague:stop:less": "tighter stop | a tighter stop | closer stop",
    "vague:stop:more": "wider stop | a wider stop | looser stop",
    "vague:target:less": "take profits sooner | take profit sooner | take profit earlier | take profits earlier",
    "window_word": "time window | time filter | hours | session filter | schedule | weekday filter | weekend filter",
    "time_exit_word": "time exit | time stop | time limit",
}
TERMS = ACTING | JOINING | COMPARING | VALUES | PROTECTING | SIZING | TIMING | STANDING | EDITING

Phrases = dict[str, list[tuple[str, ...]]]


def _phrases(text: str) -> Phrases:
    """The phrases of a term by first word, longest first."""
    found: Phrases = {}
    for phrase in text.split(" | "):
        words = tuple(phrase.split())
        found.setdefault(words[0], []).append(words)
    for alternatives in found.values():
        alternatives.sort(key=len, reverse=True)
    return found


PHRASES: dict[str, Phrases] = {
    term: _phrases(text)
    for term, text in (
        TERMS
        | {f"coin:{name}": text for name, text in COINS.items()}
        | {f"day:{name}": text for name, text in WEEKDAYS.items()}
        | {f"zone:{name}": text for name, text in ZONES.items()}
    ).items()
}
KNOWN_WORDS = (
    frozenset(
        word
        for phrases in PHRASES.values()
        for alternatives in phrases.values()
        for words in alternatives
        for word in words
    )
    | FILLERS
    | ARTICLES
)
