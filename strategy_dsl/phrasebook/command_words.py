"""Whole texts that are a command: the words that say each, without the polite words around them."""

COMMANDS = {
    "pause": "pause | pause it | pause everything | pause all | pause trading | pause strategy"
    " | hold fire | hold off | pause bot | take a break | stop buying | hold your fire | freeze"
    " | freeze it",
    "resume": "resume | resume it | continue | unpause | start again | carry on | resume trading"
    " | resume everything | turn it back on | restart | start trading again | go on"
    " | start it again | switch it back on | unfreeze",
    "stop": "stop | stop it | stop trading | stop bot | shut it down | shut down | turn it off"
    " | switch it off | stop now | stop this | stop strategy | stop running",
    "panic": "panic | flatten | flatten everything | flatten all | kill | kill it | kill switch"
    " | emergency | stop everything | emergency stop | close everything | sell everything"
    " | close all positions | get me out | get out of everything | liquidate everything | abort"
    " | close all | close all my positions | exit everything | stop all | flatten it all"
    " | close positions | sell it all | close every position | get us out | dump everything",
    "status": "status | whats open | what is open | show status | open positions | whats running"
    " | what is running | whats active | how many positions are open | what positions are open"
    " | what do i have open | what is active | what do i hold | what am i holding"
    " | whats going on | what is going on | whats happening | show me whats open"
    " | how many positions do i have | positions | show positions | my positions"
    " | show my positions | list positions | show me my positions | show open positions",
    "balance": "balance | show balance | my balance | show my balance | account balance"
    " | show me my balance",
    "trades": "trades | show trades | show my trades | list trades | my trades | trade history"
    " | show trade history | list my trades | last trades | recent trades | show last trades"
    " | show me my trades",
    "profit": "profit | profits | pnl | p & l | show pnl | show profit | show my profit | my pnl"
    " | my profit | show my pnl",
    "daily": "daily | daily report | daily summary | todays summary | today summary | daily pnl"
    " | report for today",
    "weekly": "weekly | weekly report | weekly summary | this weeks summary | weekly pnl"
    " | report for this week",
    "monthly": "monthly | monthly report | monthly summary | this months summary | monthly pnl"
    " | report for this month",
    "performance": "performance report | show stats | stats | statistics | show statistics | performance stats"
    " | show performance report",
    "chart": "chart | show chart | show me chart | draw chart | plot it | show me a chart | plot"
    " | send chart | send me a chart",
    "alerts": "alerts | list alerts | show alerts | my alerts | list my alerts | show my alerts",
    "scan": "scan | scan market | scan markets | run a scan | scan it",
    "export": "export | export trades | export my trades | download trades | download my trades"
    " | export csv | csv | export to csv | export everything | export it | export history",
    "cost": "cost | costs | show cost | show costs | model cost | ai cost | token cost",
    "live": "go live | live | trade live | switch to live | start live trading | go live with it"
    " | make it live | run it live | use real money",
    "paper": "start paper | run it | start it | run it on paper | start paper trading | go | paper"
    " | start on paper",
    "backtest": "backtest | backtest it | run a backtest | test it | run backtest | backtest this"
    " | test this | back test it",
    "rules": "rules | show rules | show strategy | show me rules | show me strategy | show my strategy"
    " | show my rules | what are rules",
    "limits": "limits | show limits | risk limits | my limits | show my limits | show risk limits",
    "versions": "versions | show versions | version history | list versions | show history | history",
    "undo": "undo | undo that | undo it | revert | revert that | go back | take that back | put it back"
    " | take it back | undo last change | revert last change | roll back | rollback"
    " | roll it back | change it back | go back to previous version | go back to last version"
    " | put back old version | restore previous version | restore old version | as it was"
    " | as it was before | make it as it was | like it was before | back to how it was"
    " | make it like it was | back to previous version | previous version"
    " | put it back how it was | undo my last change | put it back as it was"
    " | change it back to how it was | i liked it better before",
    "help": "help | help me | menu | commands | show commands | show help | what can i say"
    " | list commands",
    "cancel": "no wait | cancel | cancel that | never mind | nevermind | wait | wait no | forget it"
    " | scrap that | hold on | not that | no dont | dont do it | stop that | forget that"
    " | no stop | wait a second | cancel it | dont | hang on | actually no | no no | wait a sec"
    " | hold on a sec | hold on a second | wait a minute | hang on a sec | hold on a minute"
    " | one sec | one second | no forget it | no cancel that | actually nevermind | stop wait"
    " | actually never mind | hang on a second | just a second | give me a second",
    "list": "list | list strategies | strategies | my strategies | show strategies | show my strategies"
    " | list my strategies | what strategies do i have | show all strategies"
    " | show me my strategies",
}  # fmt: skip
POLITE_WORDS = frozenset(
    [
        "please",
        "pls",
        "plz",
        "now",
        "the",
        "bot",
        "hey",
        "sayso",
        "all",
        "just",
        "right",
        "immediately",
        "ok",
        "okay",
        "hi",
        "today",
        "thanks",
    ]
)
LEADS = ["can you", "could you", "would you", "will you", "i want to", "i want you to", "id like to", "lets", "let us"]
EARLIER = (
    "yesterday",
    "last week",
    "this morning",
    "an hour ago",
    "last night",
    "before the change",
    "before my change",
    "day one",
    "day 1",
    "first day",
    "at start",
    "in beginning",
    "at beginning",
    "originally",
    "at first",
    "first version",
    "original version",
    "original",
    "original rules",
    "first rules",
    "beginning",
    "start",
)
FIRST = frozenset(EARLIER[EARLIER.index("day one") :])
"""The words for the first version of all."""


def command_of(said: str) -> str | None:
    """The command that the whole text is, or None: a command word inside a longer text is none."""
    for form in _forms(said):
        for name, phrases in PHRASES.items():
            if form in phrases:
                return name
    return None


def _forms(said: str) -> list[str]:
    """The text as it stands, without its polite words, and without a polite opening."""
    found = [said]
    for lead in LEADS:
        if said.startswith(lead + " "):
            found.append(said.removeprefix(lead + " "))
    return found + [" ".join(word for word in one.split() if word not in POLITE_WORDS) for one in found]


AROUND = frozenset(
    ["please", "the", "make", "change", "set", "put", "on", "how", "way", "like", "exactly", "just", "now", "again"]
)
"""Words around an earlier version that add nothing."""
BACK = (
    "was",
    "it was",
    "it it was",
    "back to it was",
    "it back to it was",
    "it back",
    "back",
    "go back to it was",
    "take it back to",
    "return to",
    "revert to",
    "revert it to",
    "reset to",
    "reset it to",
    "it as it was at",
    "back to it was at",
    "as it was",
    "it as it was",
    "it back to",
    "go back to",
    "back to",
    "like it was",
    "it like it was",
    "it back to how it was",
    "back to how it was",
    "restore",
    "how it was",
    "it how it was",
)
"""What stands before the words for an earlier version."""


def earlier_version(said: str) -> str | None:
    """`as it was yesterday`, `go back to version 2`: which version, in the person's words."""
    stripped = " ".join(word for word in said.split() if word not in AROUND)
    for words in EARLIER:
        if stripped.endswith(words):
            head = stripped.removesuffix(words).strip()
            if head in BACK:
                return "version 1" if words in FIRST else words
    listed = stripped.split()
    if len(listed) <= 5 and len(listed) >= 2 and listed[-2] == "version" and listed[-1].isdigit():
        head = " ".join(listed[:-2])
        return f"version {listed[-1]}" if head in ("", "go back to", "back to", "use", "restore", "revert to") else None
    return None


PHRASES = {name: frozenset(text.split(" | ")) for name, text in COMMANDS.items()}
PERIODS = {
    "today": "daily",
    "this week": "weekly",
    "this month": "monthly",
    "last week": "weekly",
    "last month": "monthly",
}


def period_report(said: str) -> str | None:
    """`how did we do this week`: the report of a day, a week or a month."""
    asks = (
        "how did we do",
        "how did i do",
        "how did it do",
        "how are we doing",
        "how am i doing",
        "how is it doing",
        "how have we done",
        "how have i done",
        "hows it doing",
        "how much did we make",
        "how much did i make",
    )
    for words, name in PERIODS.items():
        if said.endswith(f" {words}") and said.removesuffix(f" {words}") in asks:
            return name
    return None
