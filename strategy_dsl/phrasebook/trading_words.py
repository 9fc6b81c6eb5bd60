"""The words of acting, joining and comparing, and of the things compared."""

ACTING = {
    "buy": "buy | buys | buying | go long | goes long | going long | go in long | long | longs"
    " | enter | enters | enter long | get in | purchase | open a long | open long"
    " | take a long | get long | be long | enter a long | long entry | buy it"
    " | open a long position | take a long position | buy in | enter a position",
    "sell": "sell | sells | selling | exit | exits | get out | gets out | out | leave | dump"
    " | dump it | dump everything | sell everything | close the trade | close the position"
    " | close it | close position | close out | close everything | close all"
    " | close my position | sell it | sell all | sell the position | exit the trade"
    " | exit the position | get me out | close the long | close longs | exit long | sell out"
    " | close trade | close long | sell the lot | cash out | close | close all of it"
    " | get out of it | sell them | get out of the trade | sell my position | exit it"
    " | take me out | leave the trade",
    "short": "short | shorts | shorting | go short | goes short | going short | sell short"
    " | sells short | selling short | enter short | enter a short | open a short | open short"
    " | open shorts | take a short | take shorts | get short | be short | short it"
    " | short entry | short sell | open a short position | short position",
    "cover": "cover | covers | cover it | buy to cover | cover the short | cover shorts"
    " | close the short | close short | close shorts | close my short | exit short"
    " | exit shorts | exit the short | close the shorts | cover my short"
    " | get out of the short",
    "hold": "hold | holding | hold it | stay in | stay long | be in | hold long",
    "alert": "alert me | alert | notify me | tell me | ping me | message me | let me know"
    " | send me a message | send me an alert | warn me | text me | send an alert",
    "half": "half | half off | half of it off | a half | half of it | half of the trade"
    " | half the position | half off | half of the position | half the bag",
    "rest": "the rest | rest | remainder | the remainder | the other half | other half | rest of it"
    " | the rest of it",
}  # fmt: skip
JOINING = {
    "when": "when | if | as soon as | in the event | once | whenever | every time | any time"
    " | anytime | each time | in case | the moment",
    "while": "while | as long as | provided | provided that | so long as | only while",
    "until": "until | till | til",
    "and": "and | & | plus | + | and also | and if | and when | and while | as well as | while"
    " | with | as long as | provided | provided that | and with | and the | when also",
    "or": "or | or if | or when | or once",
}  # fmt: skip
COMPARING = {
    "above": "above | over | > | greater than | higher than | more than | bigger than | exceeds"
    " | larger than | north of",
    "below": "below | under | < | less than | lower than | smaller than | beneath | underneath"
    " | south of | bellow",
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
    "has_been": "has been | have been | been | has stayed | has remained | has held",
    "up_move": "rises | rise | rising | climbs | climb | climbing | jumps | jump | pops | pop | gains"
    " | gain | increases | goes up | go up | moves up | move up | rallies | rally | pumps"
    " | pump | bounces | recovers | crosses up | cross up | crossing up | pushes up"
    " | ticks up | shoots up | turns up | breaks up | reclaims | reclaim",
    "down_move": "drops | drop | dropping | falls | fall | falling | dips | dip | dipping | sinks | sink"
    " | declines | decline | goes down | go down | moves down | move down | loses | lose"
    " | crashes | crash | slides | slips | slip | tanks | decreases | crosses down"
    " | cross down | crossing down | breaks down | turns down | comes down | dumps | crossunder",
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
    " | dipped under | was under | went below | went under | been under | fell under"
    " | traded below",
    "was_above": "was above | has been above | been above | rose above | went above | was over | been over"
    " | climbed above | traded above",
    "bullish_engulfing": "bullish engulfing | engulfing bullish | bullish engulf",
    "bearish_engulfing": "bearish engulfing | engulfing bearish | bearish engulf",
    "inside_bar": "inside bar | inside candle | inside day",
    "rising": "slope up | slopes up | slope is up | sloping up | is turning up | turning up | turns up"
    " | curls up | hooks up | is rising | rising | is going up | is climbing | is sloping up"
    " | is trending up | slopes up | points up | is pointing up",
    "falling": "slope down | slope is down | sloping down | is turning down | turning down | turns down"
    " | curls down | hooks down | is falling | falling | is going down | is sloping down"
    " | is trending down | slopes down | points down | is pointing down",
    "positive": "positive",
    "negative": "negative",
    "not_word": "not | do not | does not | did not | has not | have not",
    "deviations": "standard deviations | standard deviation | std dev | std devs | stdev | stdevs | deviations"
    " | deviation | sigma | sigmas | std",
    "both": "both",
    "times": "times | x",
    "twice": "twice | double | two times",
}  # fmt: skip
VALUES = {
    "price": "price | prices | its price | spot price | market price",
    "close": "close | closing price | the close | candle close",
    "closes": "closes | close | candle closes | candle close | price closes",
    "high": "high | highs",
    "low": "low | lows",
    "open": "open",
    "highest": "highest | widest",
    "lowest": "lowest | narrowest | smallest",
    "volume": "volume | vol | trading volume",
    "average": "average | avg | mean",
    "usual": "average | usual | normal | typical | mean | avg | average volume",
    "ma": "ma | moving average | moving avg | mas | moving averages | averages",
    "sma": "sma | simple moving average | simple ma | smas",
    "ema": "ema | exponential moving average | exponential ma | emas",
    "wma": "wma | weighted moving average | weighted ma",
    "hma": "hma | hull moving average | hull ma | hull",
    "dema": "dema",
    "tema": "tema",
    "kama": "kama | kaufman average | kaufman adaptive average | kaufmans adaptive moving average",
    "vwma": "vwma | volume weighted moving average | volume weighted ma",
    "zlema": "zlema | zero lag ema | zero lag moving average",
    "rsi": "rsi | relative strength index",
    "mfi": "mfi | money flow index",
    "cci": "cci | commodity channel index",
    "adx": "adx",
    "williams": "williams r | williams % r | williams %r",
    "stochastic": "stochastic | stoch | stochastics",
    "macd": "macd",
    "histogram": "histogram | hist",
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
}  # fmt: skip
INDICATORS = {
    "zscore": "zscore | z score | z scores",
    "stoch_rsi": "stoch rsi | stochastic rsi | stochrsi | stoch rsi k | stochrsi k",
    "stoch_rsi_d": "stoch rsi d | stochrsi d",
    "fisher_rsi": "fisher rsi | fisher | inverse fisher | inverse fisher rsi | fisher transform",
    "roc": "roc | rate of change",
    "awesome": "awesome oscillator | ao",
    "cmf": "cmf | chaikin money flow | chaikin moneyflow",
    "tsi": "tsi | true strength index",
    "cmo": "cmo | chande momentum oscillator | chande momentum",
    "ultimate": "ultimate oscillator | uo | ultosc",
    "choppiness": "choppiness | choppiness index | chop | chop index",
    "ibs": "ibs | internal bar strength",
    "aroon_up": "aroon up",
    "aroon_down": "aroon down",
    "aroon": "aroon oscillator | aroon",
    "vortex_plus": "vi + | + vi | vortex plus | vi plus",
    "vortex_minus": "vi - | - vi | vortex minus | vi minus",
    "force_index": "force index",
    "chaikin": "chaikin oscillator",
    "wick_low": "lower wick | lower shadow | lower tail | bottom wick",
    "wick_high": "upper wick | upper shadow | upper tail | top wick",
    "candle_body": "body | candle body | body of the candle | bodies",
    "obv": "obv | on balance volume",
    "psar": "sar | psar | parabolic sar | parabolic",
    "supertrend": "supertrend | super trend | supertrend line",
    "tenkan": "tenkan | tenkan sen | conversion line",
    "kijun": "kijun | kijun sen | base line",
    "ichimoku": "ichimoku",
    "cloud": "cloud | ichimoku cloud | kumo",
    "vwap": "vwap | daily vwap | the vwap",
    "week_vwap": "weekly vwap",
    "band_width": "bollinger bandwidth | bollinger width | bandwidth | band width | bollinger band width"
    " | bb width",
    "day_open": "todays open | the days open | daily open | day open | the daily open",
    "week_high": "last weeks high | previous weeks high | prior weeks high | last week high",
    "week_low": "last weeks low | previous weeks low | prior weeks low | last week low",
    "swing_high": "swing high | last swing high | previous swing high | recent swing high",
    "swing_low": "swing low | last swing low | previous swing low | recent swing low",
    "keltner": "keltner | keltner channel | keltner band",
    "opening_range": "opening range",
    "reverting": "mean reversion | reversion | bounce | mean revert | bounces | mean reverting",
    "k_line": "k | k line",
    "d_line": "d | d line",
    "volume_spikes": "volume spikes | volume jumps | volume surges | volume spike | a volume spike"
    " | volume explodes",
    "flip": "flips | flip | flips back | turns | turn | goes | changes | switches | changes color to"
    " | turned | flipped",
    "heikin_ashi": "heikin ashi | heikinashi | heiken ashi | ha candle | ha candles",
    "gap": "gaps | gap | gapped | gapping",
    "candle_prints": "prints | print | forms | appears | shows up | closes | is printed | completes",
    "higher_word": "higher",
    "lower_word": "lower",
    "plus_di": "+ di | di plus | plus di | di +",
    "minus_di": "- di | di minus | minus di | di -",
    "trend_filter": "trend | direction | bias | trend filter | trend direction | filter | the trend | the direction"
    " | trend bias | long term trend | the bias | the trend direction | overall trend | trend confirmation",
    "entry_role": "entry | entries | the entry | trigger | the trigger | signal | signals | timing | entry signal"
    " | entry trigger | to enter | triggers | entry signals",
    "only_with_trend": "only | side only",
    "right_side": "on the right side | only on the right side | only trade on the right side"
    " | only take trades on the right side | only take trades in the direction | only trade in the direction"
    " | only trade with the trend | in the direction | trade in the direction | only in the direction"
    " | trade on the right side | trades on the right side | only trade the right side"
    " | only take entries in the direction"
    " | only enter in the direction | only enter on the right side",
    "the_one": "one | side | edge",
    "beats_zero": "beats zero | beats cash | beats 0 | has gained | made money | is up | above zero",
    "outside": "outside | out of | beyond | outside of",
    "that_way": "trade that way | go that way | in that direction | trade in that direction | go with it"
    " | trade with it | go in that direction",
    "mother_bar": "mother bar | mother bars | mother candle | mother candles | outer bar | outer bars",
    "one_tick": "one tick | a tick | 1 tick | a pip | one pip | a few ticks | a hair | slightly | a bit | just"
    " | a little",
    "beyond": "beyond | past | behind | just below | just under | just above | right below | right under",
    "signal_candle": "candle | candles | bar | bars"
    " | signal candle | signal bar | entry candle | entry bar | that candle"
    " | that bar | trigger candle | setup candle | hammer | hammers | engulfing candle | breakout candle"
    " | signal candles | entry candles | signal bars",
    "signal_pattern": "pattern | patterns | formation | setup",
    "stepped_back": "pulls back to | pull back to | pullback to | a pullback to | retraces to | dips to | retests"
    " | comes back down to | falls back to | pulls back into | returns to | retest of | pullback into | a retest of"
    " | pulling back to | pullback on | pulls back on",
    "bounced": "bounces off | bounce off | bouncing off | bounces from | rejects from | bounce from | bounces on",
    "quick": "fast | faster | quick | short | shorter | short term | fast moving",
    "slow": "slow | slower | long | longer | long term | slow moving",
    "candle_before": "previous candle | previous candles | previous bar | previous bars | prior candle | prior candles"
    " | prior bar | prior bars | last candle | last candles | last bar | last bars | candle before | bar before"
    " | preceding candle | preceding bar | one before | candle before it | previous one | candle prior | prev candle"
    " | prev candles | prev bar",
    "return": "back at | back to | back | returns to | returns | return to | gets back to"
    " | comes back to | goes back to | reverts to | reaches",
    "candle_range": "candle range | range of the candle | candles range",
}  # fmt: skip
"""The words of the values that have a row of their own in the table of indicators."""
