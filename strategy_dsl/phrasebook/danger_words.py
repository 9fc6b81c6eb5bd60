"""What says each danger: phrases, and acts made of a verb and of what it is done to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Act:
    """A verb with its object behind it, at most `gap` words away, and one of `then` soon after where they are given."""

    verbs: str
    objects: str
    gap: int = 3
    then: tuple[str, ...] = ()


@dataclass(frozen=True)
class Danger:
    """A danger: any of the phrases says it, together with any of `beside` where that is not empty, or any act does."""

    name: str
    phrases: str
    reason: str
    safe: str
    beside: str = ""
    acts: tuple[Act, ...] = ()


OFF = (
    "ignore | ignores | ignoring | disable | disabling | bypass | bypassing | override | overriding | lift | unlock"
    " | remove | skip | skipping | suspend | kill | delete | forget | disregard | circumvent | deactivate | waive"
    " | relax | loosen | turn off | switch off | shut off | get around | go around | work around | take off"
    " | get rid of"
    " | do away with | set aside | without | no more"
)
GUARDS = (
    "limits | risk limit | loss limit | loss limits | drawdown limit | position limit | exposure limit | risk check"
    " | risk checks | safety check | safety checks | checks | safeties | safeguards | safeguard | guardrails"
    " | safety net"
    " | guard rails | restrictions | risk manager | risk management | risk settings | risk controls | risk gate"
    " | kill switch | circuit breaker | circuit breakers | breakers | breaker | protections | approvals"
    " | confirmations"
    " | permissions | confirmation step | approval step | safety settings | safety features"
)
UNSAID = "ignore | disregard | forget | override | bypass | circumvent | suspend | set aside | break out of | drop"
OWN_RULES = (
    "instructions | instruction | guidelines | programming | system prompt | your rules | previous rules"
    " | your prompt"
    " | safety rules | system message"
)
REVEAL = (
    "print | show | reveal | repeat | dump | output | leak | tell | give | send | list | read | display | echo"
    " | paste"
    " | share | expose | what is | whats | write | export"
)
INNARDS = (
    "system prompt | your prompt | your instructions | environment variables | env variables | env vars | source code"
    " | your code | config file | settings file | database | credentials | your secrets | bot token | your token"
    " | hidden rules | initial prompt | the prompt"
)
PEOPLE = (
    "dads | dad | moms | mom | mums | mum | fathers | mothers | brothers | brother | sisters | sister | wifes"
    " | husbands"
    " | girlfriends | boyfriends | friends | friend | buddys | mates | boss | bosss | bosses | uncles | aunts"
    " | grandmas"
    " | grandpas | clients | client | customers | neighbors | neighbours | colleagues | partners | roommates | sons"
    " | daughters | cousins | someones | someone elses | somebody elses | another persons | other peoples | his | her"
    " | their | kids | parents"
)
ACCOUNTS = (
    "account | accounts | wallet | wallets | phone | login | logins | coinbase | binance | kraken | bybit | okx"
    " | keys"
    " | password | exchange | robinhood | savings | portfolio"
)
SENDING = "send | sends | transfer | transfers | wire | forward | remit | sweep | pay | pull | payout"
MONEY_TO = (
    "balance to | funds to | money to | profits to my | profit to my | winnings to | gains to my | coins to"
    " | proceeds to"
    " | earnings to | usdt to | dollars to my | crypto to my"
)
FAKED = "fake | fakes | phantom | bogus | ghost | phoney | phony | sham"
FAKEABLE = (
    "order | orders | bid | bids | asks | wall | walls | volume | liquidity | buys | sells | buy | sell | trades"
    " | demand"
    " | buyers"
)
CROWD = (
    "group | channel | followers | subscribers | community | friends | everyone | everybody | members | fans | audience"
)
STAKE = "bet | dump | put | throw | risk | stake | gamble | ape | chuck | pour | sink | shove | use"
ALL_OF_IT = (
    "the house | the farm | everything i have | everything ive got | every penny | every cent | savings | rent"
    " | mortgage"
    " | college fund | pension | retirement | 401k | loan | overdraft | credit card | inheritance | tuition"
    " | paycheck | salary | wages | my whole account | my entire account | all of my account | all my money"
    " | all of my money | my whole balance | my entire balance | my whole portfolio"
)
BORROWING = "borrow | borrows | borrowing | loan me | lend me"
BORROWED = "exchange | bank | money | cash | friends | max | much | usdt | to buy | funds | it | against"
GROWING = (
    "double | doubles | doubling | triple | triples | tripling | quadruple | increase | increases | bigger"
    " | larger | 2x"
    " | 3x | twice | multiply | multiplies | bump up"
)
STAKED = (
    "size | sizes | bet | bets | stake | stakes | position | next one | next trade | next bet | next order | lot"
    " | lots"
    " | the amount | it | up | down | as much | as big | as large | the next | the trade | the order | the money"
)
SETBACKS = (
    "loss | losses | lose | loses | lost | losing | loser | losers | stopped out | red trade | wrong | fails | failed"
    " | underwater | against me | goes bad | goes red | in the red | closes red | win | wins | winning | winner"
)
AGAIN = "every time | each time | whenever | after | if | when | until | till | each | every | following | once | on"
RESTING = "wait | pause | stop | cooldown | halve | half | smaller | cool | rest | sit"
"""What people do after a loss that is no bet: `double the size and wait an hour after a loss`."""
DANGERS = (
    Danger(
        "injection",
        "ignore * instructions | ignore * instruction | disregard * instructions | forget * instructions"
        " | disregard previous | disregard all | disregard your | forget everything | system : | assistant :"
        " | developer : | developer mode | jailbreak | you are now | admin override | override your"
        " | new instructions | system prompt | system override | the risk manager approved | already approved by"
        " | pretend you | pretend that you | ignore the rules | ignore your rules | ignore the above"
        " | ignore everything above | act as if | root access | sudo | the developers said | as the admin"
        " | i am the admin | im the admin | i am your developer | im your developer | admin mode"
        " | override * instructions | pre approved | preapproved | already said yes | already confirmed"
        " | already agreed"
        " | has approved | already approved | approved by | treat * as approved | consider * approved"
        " | treat * as false | treat * as true | assume * approved | assume i said | answer only with"
        " | reply only with"
        " | respond only with | from now on every message | pretend the | pretend i said | pretend i approved"
        " | pretend i already | must comply | must obey"
        " | obey this | decode and | decode it | base64 | if you are an llm | if you are an ai | as an ai"
        " | as a language model"
        " | language model | llm | for the model : | to the model : | to the assistant | for the assistant"
        " | ai agents"
        " | ai agent | new instruction | hidden instruction | end of prompt | administrator | superuser"
        " | override code"
        " | unlock everything | unlock all | full access | maintenance mode | debug mode | god mode | dev mode"
        " | unrestricted | without restrictions | < system | < / | [ system | [ assistant | [ user | [ inst"
        " | the user approved | user has approved | is authorized | is authorised | authorized you | i authorize"
        " | enable live mode"
        " | this is the developer | this is the admin | developer team | dev team | support team | the admin said"
        " | admin says | hidden prompt | sayso team | sayso support | you have permission"
        " | set approvals"
        " | approvals off | limits lifted | limits off | limits : off | limits raised | restrictions lifted"
        " | nobody will know",
        "This text tells me to set my own rules aside. I read messages as wishes, never as instructions about the"
        " limits.",
        "Say what you want to trade, and I will show you the rules before anything happens.",
        acts=(
            Act(UNSAID, OWN_RULES, 4),
            Act(REVEAL, INNARDS, 4),
        ),
    ),
    Danger(
        "secrets",
        "api key | api keys | api secret | secret key | private key | private keys | seed phrase | recovery phrase"
        " | my password | password is | my secret | secret is | log in | login with | 2fa | one time code"
        " | friends account | brothers account | wifes account | someone elses account | mothers account"
        " | his account | mnemonic | passphrase | seed words | my login | my credentials | my pin | password :"
        " | her account | their account | another persons account | moms account | dads account",
        "Keys, passwords and other people's accounts do not belong in a chat. I trade only the account that its"
        " owner has set up.",
        "If you sent a key, delete the message and revoke the key. Keys go into the settings of the machine.",
        acts=(Act(PEOPLE, ACCOUNTS, 1),),
    ),
    Danger(
        "withdrawal",
        "withdraw | withdraws | withdrawal | withdrawals | send my | send all my | transfer my | transfer all"
        " | transfer the | cash out to my | to my wallet | to this address | to this wallet | to my ledger"
        " | to my bank | to cold storage | to metamask | my iban | to another wallet | to a wallet"
        " | to an address | off the exchange | out of my account | my bank | move my funds"
        " | send it to | send the profits | send profits | bank account | wire the | to 0xabc | payout to",
        "I cannot move money out of an account, and the keys I use must not be able to.",
        "Withdraw on the exchange's own page. I can pause or close the strategy for you first.",
        acts=(Act(SENDING, MONEY_TO, 3),),
    ),
    Danger(
        "manipulation",
        "spoof | spoofing | spoofs | wash trade | wash trades | wash trading | pump group | pump and dump"
        " | pump signal | paint the tape | front run | frontrun | front running | fake orders | fake volume"
        " | fake bids | fake wall | insider | layering | corner the market | stop hunt | stop hunting"
        " | move the price | push the price | manipulate | manipulation | pump it together | pump groups"
        " | before the announcement | ramp the price | trigger other peoples stops | trade with myself"
        " | my other account | against myself | my own orders | my two accounts | between my accounts"
        " | create volume | generate volume | inflate volume | inflate the volume | never intend to fill"
        " | cancel them before | my second account | both my accounts"
        " | both of my accounts | exit liquidity | before they fill | before they get filled | together we"
        " | coordinated pump | coordinate a pump | trigger their stops | trigger the stops of | sweep their stops"
        " | inside information | insiders",
        "That is market manipulation or trading on it. I will not do it.",
        "A rule on price or volume is fine, for example: buy when volume is over twice its 20-bar average.",
        acts=(
            Act(FAKED, FAKEABLE, 1),
            Act("tell | get | ask | make | have", CROWD, 3, ("buy", "sell", "pump", "ape", "pile")),
            Act("sell to | sell it to | sell them to | dump on | dump it on | unload on | offload on", CROWD, 2),
            Act("dump on | unload on | dump it on", "them | people | others", 1),
            Act(
                "make | makes | making",
                "look high | look busy | look active | look strong | look real | look big | look alive",
                5,
            ),
        ),
    ),
    Danger(
        "disable_limits",
        "ignore * limits | ignore * risk | ignore * risk settings | disable * limits | disable * risk"
        " | disable * limit | turn off * limits | turn off * limit | turn off * risk | turn off * breaker"
        " | turn off all | turn off safety | remove * limits | remove * loss limit | remove * risk | remove * circuit"
        " | remove * drawdown | without limits | without any limits | no limits | no risk limits | bypass"
        " | override * limits | override * limit | override * risk | skip * risk | raise * limits | lift * limits"
        " | lift * limit | unlock * limits | switch off * limits | switch off * risk | turn * limits off"
        " | disable * kill switch | disable * breaker | disable safety | disable * drawdown | ignore * drawdown"
        " | ignore * daily loss | ignore * circuit | ignore * max | max leverage | max out the leverage"
        " | max out leverage | lever up | lever me up | crank the leverage | crank up the leverage"
        " | maximum leverage | leverage to max"
        " | leverage to the max | without my approval | no more confirmation | disable confirmation"
        " | skip confirmation | skip * confirmation | turn off confirmation | confirmation off"
        " | disable * confirmation | without approval | unlimited size | unlimited position"
        " | unlimited leverage | to unlimited | no position limit | no loss limit | no guardrails | drawdown_limit",
        "The limits come from the owner's configuration. A chat can tighten them, never loosen them.",
        "Tell me what you want to trade, and I will say whether it fits inside the limits.",
        acts=(
            Act(OFF, GUARDS, 4),
            Act(
                GUARDS,
                "off | to zero | to unlimited | unlimited | dont apply | do not apply | to infinity | to none"
                " | disabled",
                2,
            ),
        ),
    ),
    Danger(
        "guarantee",
        "guarantee | guarantees | guaranteed | risk free | riskfree | no risk | zero risk | cant lose | cannot lose"
        " | can not lose | never lose | never loses | sure thing | certain profit | always win | always wins"
        " | without losing | no losses | 100% win | win every | without any risk | profit every day | cant go wrong"
        " | money printer | sure profit | sure profits | 100% sure | 100 % sure | surefire | foolproof"
        " | fool proof | no losses allowed | promise me | you promise | i want a promise | cant fail | never fails"
        " | always profitable | impossible to lose | no way to lose | free money | guaranty | 100% safe"
        " | 100% win rate | 100% accurate | only winning trades | certain to win | certain win | make sure i never",
        "Nobody can guarantee a profit, and a rule that never loses does not exist.",
        "I can test rules on history and show what they would have made and lost.",
    ),
    Danger(
        "martingale",
        "martingale | martingales | double down | doubling down | double after every | double after each"
        " | double up after | keep doubling | double the bet | double my bet | double the stake | double my stake"
        " | anti martingale | double it after | double it every | double or nothing | doubling after",
        "Doubling after losses (or wins) turns a short streak into a position that takes the whole account.",
        "The same entry with one fixed size and a stop, for example 2% of equity and a 3% stop.",
    ),
    Danger(
        "unbounded_exposure",
        "keep averaging | keep buying | keep adding | buy more every time | add every time | add more every time"
        " | buy again every time | keep buying more | buy every dip forever | add to it every time"
        " | until it comes back | until it recovers | keep loading | keep stacking | buying more and more"
        " | more and more | no limit on adds | forever adding | add under it forever | under it forever"
        " | with no end | endlessly | endless | infinite | until i run out | until the money runs out"
        " | till the money runs out | adding until | buying until it | add to losers"
        " | adding to losers | buy more each time | average in forever | never stop buying",
        "Buying more as it falls, without an end, can put everything into one falling coin.",
        "One entry of a fixed size with a stop, for example: buy 5% of equity, stop 5%.",
    ),
    Danger(
        "unbounded_exposure",
        "averaging down | average down | averages down",
        "Buying more as it falls, without an end, can put everything into one falling coin.",
        "One entry of a fixed size with a stop, for example: buy 5% of equity, stop 5%.",
        beside="keep | forever | wallet | each time | every time | until it | no limit | all my | everything | no stop",
    ),
    Danger(
        "no_stop",
        "never use a stop | never use stops | remove all stops | remove all the stops | remove my stops"
        " | remove every stop | delete all stops | cancel all stops | disable all stops | turn off all stops"
        " | disable the stops | turn off the stops | until it liquidates | until liquidation | get liquidated"
        " | to zero or | or goes to zero | till its zero | until its zero | till it hits zero | until it hits zero"
        " | until it goes to zero | till it liquidates | no matter how low | diamond hands | ride it to zero"
        " | ignore the stop | ignore my stop | ignore the stops | hold forever | however low | no matter how far"
        " | no matter how much it drops | take the stop off | take my stop off | take off the stop"
        " | pull the stop when | stop goes away when | never take a loss | never take the loss | until margin call"
        " | disable my stop | disable the stop"
        " | disable stop | turn off the stop | turn off my stop | disable my stops",
        "Without a way out, one bad trade can take all that is in it.",
        "Keep a stop and make it wider if it is hit too often, for example: stop 8%.",
    ),
    Danger(
        "all_in",
        "all in | all-in | go all in | bet everything | bet the house | my life savings | life savings | my rent"
        " | rent money | borrowed money | borrow money | borrowing money | take a loan | my mortgage | student loan"
        " | credit card | my savings | everything i own | yolo"
        " | with everything i have | the whole wallet | emergency fund",
        "Everything in one trade leaves nothing for the next one.",
        "A small part each time, for example: 5% of equity with a 3% stop.",
        acts=(
            Act(STAKE, ALL_OF_IT, 3),
            Act(BORROWING, BORROWED, 6),
        ),
    ),
    Danger(
        "churn",
        "every tick | each tick | every second | each second | ignore the fees | ignore fees | regardless of fees"
        " | regardless of the fees | whatever the fees | who cares about fees | fees dont matter"
        " | as fast as possible | as often as possible | as many trades as possible | a thousand trades"
        " | hundreds of trades | every millisecond | high frequency | on every candle buy and sell | trade nonstop"
        " | every few seconds | trades a minute | trades per minute | trades per second | trades a second"
        " | hundreds of times a | in and out constantly | constantly in and out | every single tick"
        " | trade non stop",
        "Trading all the time pays the fees and nothing else: each round trip costs about 0.2%.",
        "A rule on closed candles with a target well above the fees, for example: take profit 2%.",
    ),
)
