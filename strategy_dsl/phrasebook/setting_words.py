"""The words of what protects, sizes, times and plans a strategy, and of changes to it."""

PROTECTING = {
    "stop": "stop loss | stoploss | stop | stops | sl | hard stop | hard stop loss | protective stop"
    " | initial stop | fixed stop | my stop | the stop | stop losses | cut losses at | cut losses | cut at"
    " | cut it at | cut loss at"
    " | cut the loss at | cut my losses at | bail at | bail out at",
    "stop_move": "stop | stops | stop loss | the stop | my stop",
    "target": "take | take profit | take profits | takeprofit | tp | profit target | target | targets"
    " | price target | profit | take profit at | take the profit",
    "reward_risk": "reward risk | risk reward | rr | r r | reward to risk | risk to reward"
    " | risk reward ratio | reward risk ratio | reward to risk ratio | r : r | rr of"
    " | risk reward of | risk / reward | reward / risk | a risk reward of"
    " | risk reward ratio of | r / r",
    "trail": "trailing stop loss | trailing stop | trailing | trail | trail it | trail the stop"
    " | trail my stop | trail a stop | trail stop | trailing sl | stop trailing",
    "break_even": "break even | breakeven | entry | the entry | my entry price | the entry price | entry price"
    " | my entry",
    "in_profit": "in profit | in the green | up | profit | gain | of profit",
    "below_entry": "below entry | under entry | from entry | below my entry | under my entry"
    " | below the entry | under the entry | from my entry | from the entry"
    " | below the entry price | under the entry price | of entry | below entry price"
    " | under my buy | below my buy | below | loss | under my entry price",
    "above_entry": "above entry | over entry | above my entry | over my entry | above the entry | from entry"
    " | above the entry price | of profit | profit | gain | in profit | above entry price"
    " | above my buy",
    "after_stop": "stop out | stop | stop loss | stopped out | stop is hit | being stopped out"
    " | being stopped | getting stopped out | stop hit | stop loss hit | stop loss is hit"
    " | stop loss exit | im stopped out | i get stopped out | it gets stopped out"
    " | stopping out",
    "after_loss": "loss | losing trade | loser | losing one | losing exit",
    "after_exit": "trade | exit | sell | sale | selling | every trade | each trade | closing | exiting"
    " | sells | trade closes | closing a trade",
}  # fmt: skip
SIZING = {
    "budget": "budget | a budget of | budget of | start with | starting with | starting capital"
    " | begin with | i have | total budget | my budget is | a total of | starting balance"
    " | initial capital",
    "size": "size | position size | trade size | sizing | order size | position sizing | bet size",
    "risk": "risk | risking",
    "equity": "equity | account | balance | capital | portfolio | account balance | stack | wallet"
    " | bankroll | account equity | funds | money | cash | total equity | trading account"
    " | trading capital",
    "everything": "all the money | full balance | all my money | whole balance | full size"
    " | the full balance | whole account | entire balance | entire account"
    " | the whole balance | my whole balance | my whole account | everything i have"
    " | the whole account | full account | full position | all my cash | all my balance",
    "put": "put | use | invest | spend | allocate | put in | using | stake | invests | spending"
    " | uses | with | investing | in size of",
    "per_trade": "per trade | each | each time | a trade | each trade | per position | every time"
    " | every trade | per entry | per order | for each trade | at a time | on each trade"
    " | of size | on every trade | per buy | each buy",
}  # fmt: skip
TIMING = {
    "chart": "chart | charts | candle | candles | bar | bars | timeframe | time frame | candlestick"
    " | candlesticks | period | periods | tf | timeframes",
    "frame_noun": "chart | charts | candle | candles | bar | bars | timeframe | time frame | candlestick"
    " | candlesticks | tf | timeframes | time frames",
    "minute": "minute | minutes | min | mins",
    "hour": "hour | hours | hr | hrs",
    "day": "day | days",
    "week": "week | weeks",
    "hourly": "hourly",
    "daily": "daily",
    "weekly": "weekly",
    "per_day": "a day | per day | each day | every day | in a day | in one day | in any one day | daily"
    " | in any day | trades daily",
    "trades": "times | trade | trades | entries | buys | tries | new trades | new entries | attempts"
    " | orders | entry",
    "positions": "position | positions | open position | open positions | open trades | open trade"
    " | trades open | positions open | trade | trades | coin | coins",
    "at_once": "at a time | at once | at the same time | open at once | open at a time | simultaneously"
    " | at any time | at any one time | open",
    "max": "dont buy more than | do not buy more than | dont trade more than | never buy more than"
    " | max | maximum | at most | no more than | limit | limit it to | cap it at | cap at"
    " | up to | cap | max of | a max of | a maximum of | not more than | limited to"
    " | limit to | maximum of | only | limit to at most | never more than",
    "wait": "wait | cooldown | cool down | wait for | wait at least | cool off | cooling off"
    " | cooldown of | rest for | sit out | sit out for | pause for | pause | rest | stay out"
    " | stay out for | wait for at least | cool down for | cooldown for",
    "before_again": "before buying again | before the next trade | before another trade"
    " | before entering again | before re entering | before reentering | before trading again"
    " | before the next entry | before it buys again | between trades"
    " | before getting back in | before a new trade | before the next one"
    " | before you buy again | before buying back | before going again | before the next buy"
    " | before buying",
    "weekends": "weekends | the weekend | weekend | saturday and sunday | saturdays and sundays"
    " | sat and sun | saturday or sunday | saturdays or sundays | saturdays and sunday"
    " | sat sun",
    "weekdays": "weekdays | week days | business days | working days | weekdays only",
    "london_session": "london session | london hours | london market hours | european session",
    "us_session": "new york session | ny session | us session | us market hours | new york hours | us hours"
    " | wall street hours | new york market hours",
    "asia_session": "asian session | asia session | tokyo session | tokyo hours",
    "to_day": "to | through | till | until | thru | -",
    "trade_verb": "trade | trading | trades | enter | open | new trades | buy | take trades | take entries"
    " | entries | open trades | entering | enter trades | open positions | new entries"
    " | open anything | buys | buying | allow entries | take new trades | enter new trades"
    " | trade it | open new trades | open new positions | open new | new positions"
    " | any trades | any new trades | trades at all",
    "no": "no | dont | do not | never | not | skip | avoid",
    "only": "only",
    "already_in": "already in | im already in | already in a trade | already in a position | already long"
    " | im in a trade | im in already | im already in a trade | already holding"
    " | im already in a position | already have a position | in a trade already",
    "fire_again": "fire again | enter again | buy again | re enter | reenter | buy more | add to it | fire"
    " | open another | buy | add",
}  # fmt: skip
STANDING = {
    "next_candle": "next candle | next bar | on the next candle | at the next candle | the next candle"
    " | the next bar | at the next open | next open | the next open",
    "rest_runs": "let the rest run with | let the rest run | the rest with | rest with | let the rest ride"
    " | rest on | the rest on",
    "idle": "repeat forever | and repeat | repeat | forever | many trades a day | rinse and repeat"
    " | long only | no shorts | no shorting | never short | dont short | no leverage"
    " | without leverage | spot only | on paper | paper trade | paper trading | at market"
    " | market order | market orders | keep it simple | next open | at the next open"
    " | on the next open | enter next open | one position only | whichever comes first"
    " | whichever first | whichever is first | over and over | range bot | trend up means"
    " | dual momentum | relative momentum | dip buyer | dip buying | trend following | no tp | no take profit"
    " | no target | without tp"
    " | without take profit | no profit target | without a target | no targets",
    "profit_is": "profit reaches | profit hits | profit is | profit gets to | profit is at | profit goes over"
    " | profit of"
    " | gain reaches | gain is | gain hits | profit is over | profits reach | profit at",
    "loss_is": "loss reaches | loss hits | loss is | loss gets to | loss of | loss is at | losses reach"
    " | loss goes over"
    " | loss at | a loss of",
    "wait_for": "wait for | wait until | wait till | waiting for | wait for the | hold off until",
    "next_day": "next day | the next day | one day later | a day later | the day after | the following day"
    " | following day | tomorrow",
    "holding": "dont hold more than | dont hold longer than | dont hold it longer than | never hold longer than"
    " | never hold more than | dont hold for more than | hold no more than | hold it no longer than"
    " | exit if held for more than | sell if held for more than | close if held for more than"
    " | max hold | exit if held longer than | maximum hold | max holding time"
    " | maximum holding time | time stop | time exit | hold for max | hold max"
    " | hold for at most | hold at most | hold no longer than | max holding period"
    " | exit when held for | time limit",
    "anyway": "even if it is at a loss | even if its at a loss | even at a loss | even if at a loss"
    " | no matter what | whichever comes first | whichever first | whichever is first"
    " | whatever happens | regardless | even if it is a loss | even if it loses | in any case"
    " | win or lose | at the latest | or so",
    "check_monthly": "check monthly | checked monthly | check once a month | check every month | evaluate monthly"
    " | evaluated monthly | look monthly | decide monthly | month end | the month end | at month end"
    " | monthly check | check it monthly | decided monthly | look once a month | at the end of the month"
    " | at the end of each month | at the end of every month | on the last day of the month | checked at month end"
    " | check at month end | on month end | at months end | checked once a month",
    "month_end_close": "month end close | monthly close | months close | month end price | month close",
    "intraday": "intraday | day trade | day trading | no overnight | nothing overnight | dont hold overnight"
    " | no overnight positions | never overnight | no holding overnight | no overnights",
    "day_end": "end of day | end of the day | eod | days end | day end | end of each day | end of every day | midnight"
    " | end of the trading day | day is over | day ends | day closes | the day ends",
    "session_end": "end of session | end of the session | session end | session ends | session close | session closes"
    " | market close | bell | closing bell | session is over | the session ends | market closes | end of us session"
    " | end of the new york session | new york close | ny close",
    "flat_by": "flat by | be flat by | flat at | be flat at | flat before | be flat before | go flat at"
    " | everything closed by",
    "as_we_go": "as we go | as it goes | as price rises | from there | behind it | as it rises"
    " | on the way up",
}  # fmt: skip
"""Said often: what is true of every strategy anyway, and fixed ways to say when to leave."""
PLANNING = {
    "month": "month | months",
    "year": "year | years",
    "return_noun": "return | returns | momentum | performance | price change",
    "every_month": "every month | each month | monthly | once a month | per month | a month",
    "every_week": "weekly | once a week | per week | a week | each week",
    "every_two_weeks": "biweekly | every other week | fortnightly | every two weeks | every 2 weeks",
    "every_day": "a day | per day | once a day | daily at | every single day",
    "dca": "dca | dca into | dollar cost average | dollar cost averaging | dollar cost average into"
    " | accumulate",
    "at_once_now": "now | right now | immediately | straight away | right away | at market now | once now",
    "grid": "grid | grid bot | grid trading | grid strategy | grid trade | grids",
    "grid_step": "levels | level | steps | step | grids | grid | lines | orders | rungs | intervals",
    "each_step": "each | per level | a level | per grid | per step | a step | each level | each step"
    " | per order | per line",
    "rebalance": "rebalance | rebalanced | rebalancing | reset the weights | rebalance it",
    "drift": "drifts | drift | is off | moves | gets off | is out | off",
    "cash": "cash | usdt | usdc | stablecoins | stables | stablecoin | dollars",
    "adding": "add | buy another | buy more | average in | dca | add another | scale in"
    " | keep adding up to | then add",
    "safety_orders": "safety orders | dca orders | safety buys | averaging orders | extra buys | more buys"
    " | extra orders | rebuys | dca buys",
    "add_noun": "adds | orders | buys | safety orders | entries",
    "lower_side": "down | lower | drop | below entry | under entry | below | under | fall | dip | decline",
    "upper_side": "up | higher | rise | above entry | over entry | gain | in profit | profit",
    "halt_word": "stop trading | halt | stop the bot | stop it | stop everything | stop | quit"
    " | quit trading | halt trading | pause | pause trading | pause the bot"
    " | stop the strategy | no new trades | no more trades | sit out | stop buying"
    " | take a break",
    "day_over": "quit for the day | stop for the day | done for the day | stop trading for the day"
    " | stop trading for today | pause until tomorrow | no more trades that day"
    " | no more trades for the day | no more trades today | stop until tomorrow"
    " | call it a day | stop trading that day | stop trading until tomorrow",
    "for_the_day": "for the day | for today | until tomorrow | till tomorrow | that day",
    "close_and_stop": "close everything and stop | get out of everything and stop | close all and stop"
    " | sell everything and stop | flatten and stop | exit everything and stop",
    "after_word": "after | at | on | upon",
    "drawdown": "drawdown | draw down | max drawdown | maximum drawdown | dd",
    "off_high": "off its high | off the high | from its high | from the high | below its high"
    " | off its peak | from peak | below the high | under its high | off the peak"
    " | from its peak | from the peak",
    "loss_noun": "losses | losing trades | losers | stop outs | stopouts | stops | loss",
    "daily_loss": "daily loss | loss a day | loss per day | loss in a day | daily loss limit"
    " | loss for the day | loss each day | loss on the day | day loss | a day loss",
    "today": "today | on the day | in a day | that day | in one day | for the day",
    "limit_order": "limit order | limit orders | limit buy | buy limit | limit | limit entry | limit sell"
    " | a limit",
    "stop_order": "buy stop | stop order | stop entry | entry stop | buy stop order | stop buy | sell stop",
    "cancel_unfilled": "cancel if not filled | cancel it if not filled | cancel if it is not filled"
    " | cancel if unfilled | cancel the order | cancel if its not filled | cancel | good for"
    " | valid for | cancel when not filled",
    "both_sides": "both ways | both sides | both directions | either way | either direction"
    " | in both directions | mirrored | mirror short | mirror for shorts"
    " | mirrored for shorts | mirror it for shorts | the opposite for shorts"
    " | opposite for shorts | vice versa | reverse for shorts | the reverse for shorts"
    " | long and short | long or short | short the opposite | shorts mirrored"
    " | the mirror for shorts | long / short | longs and shorts | same for shorts reversed"
    " | shorts the other way around | and the reverse for shorts"
    " | mirror the rules for shorts | mirror this for shorts | opposite for short"
    " | mirror image for shorts | the mirror image for shorts | opposite rules for shorts",
    "top_word": "top | biggest | largest",
    "best_word": "best | top | strongest | stronger | better | best performing | strongest performing"
    " | top performing",
    "rank_word": "rank | compare | rank them | rank the coins | sort | compare the",
    "own_word": "hold | keep | own | buy | buy and hold | be in | only hold | rotate into | hold only",
    "by_volume": "by volume | by trading volume",
    "go_cash": "go to cash | go to stablecoins | move to cash | move to stablecoins | sit in cash"
    " | switch to cash | go to usdt | switch to stablecoins | be in cash | stay in cash"
    " | hold cash",
    "equal_parts": "equal weight | equally weighted | equal weights | equal money each | equal parts"
    " | equally | evenly | same money in each | the same money in each | equal size"
    " | weighted equally",
    "perpetual": "perp | perps | perpetual | perpetuals | futures | perpetual futures | perpetual swap"
    " | swap market",
    "leverage": "leverage | leveraged | lev | margin",
}  # fmt: skip
EDITING = {
    "removing": "get rid of | take out | take off | turn off | no more | drop | remove | delete | without"
    " | lose | forget about | forget | cancel | scrap | ditch | kill | leave out | skip",
    "requiring": "also require | require | add a filter | add a condition | add the condition | add filter"
    " | add condition | and only if | only if | but only if | only when | but only when"
    " | add a rule | it must also be | make sure | add that",
    "vague:size:less": "less aggressive | safer | more careful | more conservative | less risky | calmer"
    " | more cautious | tone it down | play it safer | less risk | a bit safer"
    " | take less risk | reduce the risk | smaller | make it smaller | smaller size"
    " | smaller position | smaller positions",
    "vague:size:more": "more aggressive | riskier | less conservative | bolder | more risk | take more risk"
    " | bigger | larger | bigger size | larger size | bigger position | bigger positions",
    "vague:runners:more": "let winners run more | let winners run | let the winners run | let profits run"
    " | let my winners run | let it run | let them run more | let it run more"
    " | ride the winners",
    "vague:stop:less": "tighter stop | a tighter stop | closer stop",
    "vague:stop:more": "wider stop | a wider stop | looser stop",
    "vague:target:less": "take profits sooner | take profit sooner | take profit earlier | take profits earlier",
    "window_word": "time window | time filter | hours | session filter | schedule | weekday filter"
    " | weekend filter",
    "time_exit_word": "time exit | time stop | time limit",
}  # fmt: skip
