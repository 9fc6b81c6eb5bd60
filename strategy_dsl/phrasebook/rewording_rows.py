"""The table of other words for the same thing: how people say it, and how the book does."""

CROSSINGS = (
    ("!N x over/above | xover | !N xo over | ticks/breaks/gets back over", "crosses above"),
    ("!N x under/below | xunder", "crosses below"),
    ("[crosses/cross/crossing/goes/moves/comes] up through/thru | [crosses/cross] up over/above", "[] above"),
    ("[crosses/cross/crossing/goes/moves/comes] down through/thru | [crosses/cross] down under/below", "[] below"),
    ("crosses/cross/crossing/turns/comes/goes/climbs/rises/hooks back? up? from below/under N", "crosses above N"),
    ("crosses/cross/crossing/turns/comes/goes/falls/drops/hooks back? down? from above/over N", "crosses below N"),
    ("goes/moves/comes/climbs/rises/gets from below/under N to above/over =N", "crosses above N"),
    ("goes/moves/comes/drops/falls/gets from above/over N to below/under =N", "crosses below N"),
    ("neg to pos", "negative to positive"),
    ("pos to neg", "positive to negative"),
    ("reclaim/reclaiming of | to reclaim", "reclaims"),
    ("loss of the [20/50/100/200]", "drops below the []"),
    ("gets/get/is/are broken to the upside/topside | breaks/break to the upside of", "breaks above"),
    ("gets/get/is/are broken to the downside", "breaks below"),
    ("comes/drops/falls/pulls back? down? and touches/tags/hits/taps | comes back? to touch/tag", "touches"),
    ("taps/kisses", "touches"),
    ("wicks into", "touches"),
)
COMPARISONS = (
    ("btwn | b / w", "between"),
    ("w / o", "without"),
    ("w /", "with"),
    ("to be [above/over/below/under/at/between/green/red/rising/falling]", "is []"),
    ("has/have/must/needs/need/should to? be [above/over/below/under/between/green/red]", "is []"),
    ("is/are/still still? trading/sitting/holding/staying [above/over/below/under]", "is []"),
    ("still [above/over/below/under/>/<]", "is []"),
    ("holds [above/over/below/under]", "is []"),
    ("or more than that", "or more"),
    ("in between", "between"),
    ("climbs/goes/gets/moves/comes up? higher than | climbs/goes above", "goes above"),
    ("goes/gets/moves/comes lower than", "goes below"),
)  # fmt: skip
TRENDS = (
    ("is/are? sloping/pointing/heading/trending/angled up/upward/upwards | slope up/positive | is/are? upward sloping"
     " | slope is up/positive | has/with a? positive/rising/upward slope", "is rising"),
    ("is/are? sloping/pointing/heading/trending/angled down/downward/downwards | slope down/negative"
     " | is/are? downward sloping | slope is down/negative | has/with a? negative/falling/downward slope", "is falling"),
)  # fmt: skip
ENTRIES = (
    ("^ im/we're/were/and? in $ | ^ i get/jump/hop/go in $ | ^ im/we/i in/enter long? $", "ENTER"),
    ("jump on it/in/board | jump in | hop in/on | get on board | pull the trigger | ape in | load up $ | go for it"
     " | get me in | put me in | take it $ | take the trade", "ENTER"),
    ("buy/buying at/on the close $ | buy/buys the close $ | buy/buys at market $ | buy at the market $", "buy"),
    ("i want out | i want to be out | i am out | ^ im out $ | we're out $ | get me out | bail out? $ | im gone"
     " | take me out", "exit"),
    ("and? back in [on/when/once/if/after]", "ENTER []"),
    ("!otherwise/else/be go/be/get flat $ | ^ flat $ | !otherwise/else/stay/out flatten $", "exit"),
    ("something/bot/strategy/one/script/system that/which [buys/longs/shorts/sells]", "[]"),
    ("gets/get/getting/be/is out with/at [P]", "take profit []"),
    ("^ entry/entries/enter/long : [buy/long/short/enter/go/sell/when/if]", "[]"),
    ("^ entry/entries/trigger : W", "ENTER when W"),
    ("^ entry/entries/trigger is/are/on/when/= W", "ENTER when W"),
    ("^ exit/exits : W", "exit when W"),
    ("^ entry/entries/trigger : N [ema/sma/ma/day/period/bar/candle]", "ENTER when N []"),
    ("^ filter/filters : W", "only when W"),
    ("^ condition/conditions : W", "when W"),
    ("start/starts/starting/begin/begins/opens/triggered/activated when/if/on W", "ENTER when W"),
    ("strategy . entry", "buy"),
    ("strategy . close", "sell"),
    ("ta . [W]", "[]"),
)  # fmt: skip
STOPS = (
    ("no stop loss? needed/required/necessary/at/used | dont need/use/want a? stop loss? | without any stop loss?"
     " | no stops", "no stop"),
    ("put/place/set the? my? take profit at/to?", "take profit at"),
    ("put/place/set the? my? stop loss? at/to?", "stop at"),
    ("[stop/sl/target/tp/profit] goes/sits/is/placed/belongs at/to", "[] at"),
    ("target/tp/goal is the", "target the"),
    ("rr N : N | N : N rr | rr = N : N", "risk reward N : N"),
    ("tp/target/targets/reward at/of/is? N : N rr?", "risk reward N : N"),
)  # fmt: skip
TIMES = (
    ("inside of? [an/the/N]", "within []"),
    ("per calendar? day", "a day"),
    ("no more than [N] of those/these/them/such trades? a/per day", "max [] trades a day"),
    ("only [N] of those/these/them a/per day", "max [] trades a day"),
    ("on the hour", "hourly"),
)
SAYINGS = (
    ("thats it/all", "ok"),
    ("thats the whole thing/strategy | nothing else/fancy | simple as that | end of story"
     " | and thats it/all | thats my rule/rules/system/plan/setup/edge | works for me", "ok"),
    ("^ my? rules/setup/plan/idea/method/system/strategy/settings :", "ok"),
    ("U style", "ok"),
    ("lol | lmao | haha | imo | imho | btw | tbh | fwiw | yolo | bro | mate | dude | guys | folks | please", "ok"),
)  # fmt: skip
ROWS: tuple[tuple[str, str], ...] = (
    *CROSSINGS, *COMPARISONS, *TRENDS, *ENTRIES, *STOPS, *TIMES, *SAYINGS,
)  # fmt: skip
