"""The verbs and objects of operations said in plain words, and the words around them that add nothing."""

from dataclasses import dataclass

from strategy_dsl.phrasebook.names import word_set

PARTS = word_set(
    "half halves part parts some most third thirds quarter quarters bit little few fraction chunk piece portion"
    " majority percent"
)
"""Words of a part: a position is closed whole or not at all, so that with one of them nothing is sold."""
DETERMINERS = PARTS | word_set(
    "a active all an any auto automated complete crypto current each entire every existing full last latest"
    " live me my now of open opened other our own past pending present previous recent remaining running that"
    " the these this those total waiting whole your"
)
ALL = word_set("all any each entire every everything whole")
OBJECTS = {
    "bot": (
        "bot | bots | strategy | strategies | trading | it | this | that | them | machine | program | robot"
        " | engine | system | trader | one | ones | algo | algos | trading bot | trading bots | sayso | yourself"
        " | you | trading strategy | trading strategies | trading it"
    ),
    "entering": "buying | entries | new entries | new trades | new buys | new positions | buys | trades",
    "named": "bot | bots | strategy | strategies | algo | algos | trading bot | trading strategy | program",
    "everything": "everything",
    "all of it": "it all | all of it | the lot | all of them | them all | all that | all this",
    "positions": (
        "position | positions | trade | trades | holding | holdings | coins | longs | shorts | bags | bag | stuff"
        " | positions now | exposure | deals | deal"
    ),
    "orders": ("order | orders | limit order | limit orders | buy orders | question | request | approval | requests"),
    "change": (
        "change | changes | edit | edits | thing | step | modification | update | tweak | adjustment | move"
        " | version | changes i made | change i made | thing i did | thing you did | what i did | what you did"
        " | what i just did | old one | old rules | old version | old settings | settings"
    ),
    "back": "rules | that | it | this | one",
    "trade": "one | trade | signal | entry | it | buy | order",
    "messages": (
        "notifications | alerts | messages | updates | notification | pings | noise | the sound | sounds | alert"
        " | push notifications | sound | all notifications"
    ),
    "data": (
        "data | trades | history | everything | trade history | records | results | it | to csv | trades to csv"
        " | trades as csv | trades to excel | data to csv | rules"
    ),
}
SHOWN = {
    "status": (
        "status | state | positions | position | holdings | situation | update | overview"
        " | progress | dashboard | state of things"
    ),
    "balance": (
        "balance | balances | account | account balance | funds | cash | equity | wallet | money | account value"
        " | portfolio | portfolio value | account size"
    ),
    "trades": (
        "trades | trade | trade history | history of trades | trading history | fills | executions | log"
        " | trade log | closed trades | trades list | list of trades | transactions"
    ),
    "profit": "profit | profits | pnl | p & l | gains | earnings | profit and loss | returns | winnings | losses",
    "performance": (
        "stats | statistics | performance | performance stats | performance report | results | win rate | winrate"
        " | track record | report card"
    ),
    "daily": (
        "daily report | daily summary | day | daily results | daily pnl | daily profit | todays summary"
        " | todays pnl | todays report | todays results | todays profit | todays trades | summary"
        " | summary of day | summary of today | report | recap | report of today | recap of day"
    ),
    "weekly": (
        "weekly report | weekly summary | week | weekly results | weekly pnl | this weeks summary"
        " | this weeks results | this weeks pnl | this weeks profit | weeks summary | weeks results"
        " | summary of week | recap of week | weekly profit"
    ),
    "monthly": (
        "monthly report | monthly summary | month | monthly results | monthly pnl | this months summary"
        " | this months results | this months pnl | months summary | months results | summary of month"
        " | monthly profit"
    ),
    "rules": (
        "rules | strategy | strategy rules | rules in force | conditions | setup | settings of strategy | code"
        " | trading rules | strategy settings"
    ),
    "list": "strategies | bots | list of strategies | list of bots | strategies list",
    "limits": "limits | risk limits | risk settings | limit settings | safety limits | hard limits",
    "versions": (
        "versions | version history | history of versions | history of changes | changes | change history"
        " | edit history"
    ),
    "chart": "chart | charts | graph | plot | price chart | picture | equity curve | candles",
    "alerts": "alerts | alarms | price alerts | alert list",
    "cost": "cost | costs | model costs | ai costs | token costs | model cost | bill",
    "help": "help | commands | menu | command list | list of commands | options | instructions | manual | how to",
    "backtest": "backtest | backtest results | backtest report | back test",
    "export": ("csv | csv file | export | spreadsheet | data export | excel file | csv of trades | export of trades"),
    "order": "orders | order list | order history",
    "health": "health | system health | heartbeat",
    "version": "version | version number | build",
}
SHOWING = (
    "show | show me | list | list out | display | give | give me | send | send me | view | see | check | get | get me"
    " | tell me | pull up | print | let me see | can i see | i want to see | open | bring up | read me | print out"
    " | look at | fetch | run me | id like to see | show us | i need | can i get | can i have | may i see"
    " | remind me of"
)
WHEN = (
    "for today | of today | today | this week | this month | so far | right now | of btc | for me | on screen | again"
    " | right away | at once | immediately | asap | quickly | for now | for the moment"
    " | until further notice | this instant | for the day | until i say so | until i say | till i say so"
    " | now | please | pls | plz | thanks | thank you | mate | bro | man | dude | ok | quick | fast | for good"
    " | at market | at market price | at the market | then | somewhere | a sec | a second | straight away | would you"
    " | will you | can you | could you | in there | there | on history | on past data | on historical data"
    " | on the last year | on old data | over the last year | of the last year | for the last year | on last year"
    " | for the last month | of the last month | over the last month | on the past year | for the past year"
    " | of the past year | before"
    " | i made | i just made | you made | you just made | we made"
)
TIMED = (
    "for a while | until i am back | until im back | until tomorrow | till tomorrow | until monday | till monday"
    " | for a bit | for an hour | for the weekend | until next week | till next week | over the weekend | tonight"
    " | yet | tomorrow | for the night | overnight | for the week | this weekend | for a day | until the weekend"
)
"""Times that something should begin or end at: nothing is sold or started for them, and a pause says it has no end."""
LEADS = (
    "please | pls | plz | can you | could you | would you | will you | i want to | i want you to | id like to"
    " | id like you to | i need you to | i need to | lets | let us | just | now | hey | hi | ok | okay | hey bot"
    " | bot | go ahead and | quickly | quick | immediately | can we | could we | kindly | hey sayso | sayso | right"
    " | so | and | then | i would like to | i would like you to | you should | you can | may i | asap | hello | yo"
    " | dude | mate | bro"
)


@dataclass(frozen=True)
class Operation:
    """A command, the verbs that say it (`turn … off` with its object between), and what it may be done to."""

    name: str
    verbs: str
    objects: tuple[str, ...]
    alone: bool = False
    wants_all: bool = False


OPERATIONS = (
    Operation(
        "panic",
        "close | sell | exit | dump | liquidate | flatten | get me out of | get us out of | kill | bail out of"
        " | get out of | cash out of | unwind | stop | abort | sell off | close out | close down",
        ("everything",),
    ),
    Operation(
        "panic",
        "close | sell | exit | dump | liquidate | flatten | get me out of | get us out of | bail out of | get out of"
        " | cash out of | unwind | sell off | close out | close down",
        ("all of it",),
    ),
    Operation(
        "close",
        "close | sell | exit | dump | liquidate | flatten | get me out of | kill | bail out of | get out of"
        " | cash out of | unwind | sell off | close out",
        ("positions",),
        wants_all=True,
    ),
    Operation(
        "panic",
        "abort | abort abort | emergency | emergency stop | panic | bail | bail out | mayday | sos | eject",
        (),
        alone=True,
    ),
    Operation(
        "cancel",
        "cancel | withdraw | take back | drop | delete | kill | stop | scrap | forget about | forget | call off",
        ("orders",),
    ),
    Operation(
        "pause",
        "pause | halt | suspend | freeze | hold | put … on hold | take a break from | stop buying | hold off"
        " | hold off on | put … to sleep | give … a break | give … a rest | stop opening | no more | quit buying"
        " | stop taking",
        ("bot", "everything", "all of it", "entering"),
    ),
    Operation(
        "pause",
        "take a break | stop buying | hold your fire | hold fire | sit tight | stand by | stop entering"
        " | dont buy anything | stop buying anything | buy nothing | no more buying | no more trades | dont trade"
        " | no trading | no more trading | no buying | dont open anything | dont open any new trades"
        " | no new trades | stop buying stuff | dont buy | dont buy anything else | dont take any trades"
        " | no trades",
        (),
        alone=True,
    ),
    Operation(
        "resume",
        "resume | unpause | continue | restart | reactivate | unfreeze | start … again | turn … back on"
        " | turn … on | switch … on | switch … back on | turn … on again | enable | wake … up | carry on with"
        " | carry on | keep going | go on with | re enable | reenable | start … back up | fire … up again"
        " | switch … on again | start up … again | un pause | let … run again | let … trade again",
        ("bot", "everything", "all of it"),
        alone=True,
    ),
    Operation(
        "stop",
        "stop | shut … down | shut down | turn … off | turn off | switch … off | switch off | disable | end"
        " | quit | deactivate | terminate | shut … off | kill | stop running | cease | put an end to | stop using"
        " | retire | shut it … down",
        ("bot",),
    ),
    Operation(
        "stop",
        "shut … down | turn … off | switch … off | shut down | turn off | switch off | disable | end | deactivate",
        ("everything",),
    ),
    Operation(
        "delete",
        "delete | remove | trash | discard | erase | get rid of | bin | throw away",
        ("named",),
    ),
    Operation(
        "undo",
        "undo | revert | roll back | rollback | take back | cancel | revert to | go back to | back to | return to"
        " | restore | undo what | bring back | put back | switch back to | change back to | roll … back"
        " | change … back | put … back",
        ("change", "back"),
    ),
    Operation(
        "undo",
        "delete | remove | drop | forget | scrap | reverse | ditch",
        ("change",),
    ),
    Operation(
        "skip",
        "skip | pass on",
        ("trade",),
    ),
    Operation(
        "paper",
        "switch to paper | go to paper | switch … to paper | switch … to paper trading | go paper"
        " | switch to paper trading | use paper"
        " | switch to paper mode | back to paper | go back to paper | trade on paper | use play money"
        " | paper mode | run … on paper | use fake money | switch to play money | go to paper trading"
        " | go to paper mode | switch back to paper | start paper trading | turn on paper trading"
        " | put … on paper | move … to paper | start … on paper | run … in paper mode | try … on paper"
        " | test … on paper | run … with play money | enable paper trading | activate paper trading"
        " | paper trade …",
        ("bot",),
        alone=True,
    ),
    Operation(
        "live",
        "go live | switch to live | switch … to live | switch … to live trading | trade live | use real money"
        " | go live with …"
        " | switch to live trading | switch to real money | live mode | make … live | take … live | run … live"
        " | turn on live trading | start live trading | go to live | go to live trading | go live with real money"
        " | switch to live mode | trade real money | trade with real money | run … with real money | put … live"
        " | enable live trading | activate live trading | start trading live | move … to live",
        ("bot",),
        alone=True,
    ),
    Operation(
        "backtest",
        "backtest | back test | run a backtest | run a backtest on … | test | run a backtest for …"
        " | do a backtest | do a backtest of … | run backtest | try … on history | run the backtest"
        " | check … on history | give me a backtest | run another backtest | simulate | run a simulation"
        " | redo the backtest | run it on history | run a test | run a back test | start a backtest"
        " | show me a backtest",
        ("bot",),
        alone=True,
    ),
    Operation(
        "notify",
        "mute | silence | stop sending me | turn off | switch off | stop | disable | no more | turn … off | quiet"
        " | be quiet | shut up | stop messaging me | stop texting me | less | fewer | unmute | turn on | mute all",
        ("messages",),
    ),
    Operation(
        "quiet",
        "do not disturb | dont disturb me | be quiet | quiet hours | quiet please | keep quiet | shut up",
        (),
        alone=True,
    ),
    Operation(
        "export",
        "export | download | export my | save | back up | backup",
        ("data",),
        alone=True,
    ),
    Operation(
        "help",
        "help | help me | help me out | i need help | what can i say | what can i do | what can i do here"
        " | what can i ask | what can i ask you | how do i use this | how does this work | how do i start"
        " | how do i get started | im lost | im stuck | i am lost | what now | what do i do | how do you work"
        " | what commands are there | which commands are there | what can i tell you | what are my options"
        " | i dont know what to do | what should i say",
        (),
        alone=True,
    ),
    Operation(
        "resume",
        "start trading again | back to work | lets go again | trade again | you can trade again"
        " | start buying again | buy again | you can go on | get going again | unpause everything",
        (),
        alone=True,
    ),
)
