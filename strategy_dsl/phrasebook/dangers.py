"""Texts that must never become rules as they stand: each with the reason and the nearest safe form."""

from dataclasses import dataclass

from strategy_dsl.phrasebook.cursor import Cursor
from strategy_dsl.phrasebook.lexicon import Lexed
from strategy_dsl.phrasebook.names import word_set
from strategy_dsl.phrasebook.tokens import Token

REFUSED_LEVERAGE = 20


@dataclass(frozen=True)
class Danger:
    """A danger: any of the phrases says it, together with any of `beside` where that is not empty."""

    name: str
    phrases: str
    reason: str
    safe: str
    beside: str = ""


def danger(words: Lexed) -> Danger | None:
    """The first danger in the text, or None."""
    said = f" {' '.join(token.text for token in words.tokens)} "
    for harmless in ("no leverage", "without leverage", "no margin", "zero leverage"):
        said = said.replace(f" {harmless} ", " ")
    for row in DANGERS:
        if _says(said, row.phrases) and (not row.beside or _says(said, row.beside)):
            return row
    if _reckless_leverage(words.tokens, said):
        return LEVERAGE
    if _doubling(words.tokens):
        return DOUBLING
    return CONTRADICTION if _contradicts(words, said) else None


def _says(said: str, phrases: str) -> bool:
    """Whether one of the phrases is said; `*` in it stands for up to three words."""
    return any(
        _stands(said.split(), phrase.split()) if "*" in phrase else f" {phrase} " in said
        for phrase in phrases.split(" | ")
    )


def _stands(words: list[str], pattern: list[str]) -> bool:
    gap = pattern.index("*")
    head, tail = pattern[:gap], pattern[gap + 1 :]
    for place in range(len(words)):
        if words[place : place + len(head)] == head:
            after = place + len(head)
            if any(words[at : at + len(tail)] == tail for at in range(after, after + 4)):
                return True
    return False


def leverage_of(tokens: tuple[Token, ...]) -> int:
    """The largest leverage that the text names, 0 for none; `20x the average volume` is none."""
    largest = 0
    for place, token in enumerate(tokens):
        near = {one.text for one in tokens[max(0, place - 3) : place + 4]}
        if token.kind != "number" or token.value is None or near & {"volume", "average", "atr", "vol"}:
            continue
        if token.unit not in ("", "x", "word"):
            continue
        near = {one.text for one in tokens[max(0, place - 2) : place + 3]}
        beside = near & {"leverage", "leveraged", "lev", "margin"}
        direct = token.unit == "x" and near & DIRECT
        if beside or direct or (token.unit == "x" and token.value >= REFUSED_LEVERAGE):
            largest = max(largest, int(token.value))
    return largest


DIRECT = word_set("long short position futures perp isolated cross on with at use go")


def _reckless_leverage(tokens: tuple[Token, ...], said: str) -> bool:
    size = leverage_of(tokens)
    if size >= REFUSED_LEVERAGE:
        return True
    return (size > 1 or " leverage " in said) and _says(said, RECKLESS)


def _doubling(tokens: tuple[Token, ...]) -> bool:
    """Sizes that double step by step: `2x, 4x, 8x`."""
    steps = {token.value for token in tokens if token.unit == "x" and token.value}
    return any(size * 2 in steps and size * 4 in steps for size in steps)


def _contradicts(words: Lexed, said: str) -> bool:
    """A long's stop above its entry, or its target below it."""
    if " short " in said:
        return False
    for place in range(len(words.tokens)):
        c = Cursor(words.tokens, place)
        clause = c.says("stop", "target")
        c.skip(frozenset({"at", "of", "is", "to", "should", "be", ":", "="}))
        token = c.take("number") if clause else None
        side = c.says("above", "below") if token is not None and token.unit == "percent" else None
        c.skip(frozenset({"my", "the", "our", "its"}))
        wrong = (clause, side) in (("stop", "above"), ("target", "below"))
        if wrong and c.peek().text in ("entry", "buy", "it", "purchase", "entries"):
            return True
    return False


DOUBLING = Danger(
    "martingale",
    "",
    "A size that doubles from step to step is a martingale: the last step is larger than all before it.",
    "One entry with a fixed size and a stop, for example 2% of equity and a 3% stop.",
)
CONTRADICTION = Danger(
    "contradiction",
    "",
    "For a long, a stop above the entry or a target below it would close the trade at once.",
    "Put the stop below the entry and the target above it: stop 3%, take profit 5%.",
)
RECKLESS = (
    "no stop | no stops | no stop loss | without a stop | without stop | all in | everything | max leverage"
    " | maximum leverage | whatever leverage | double the leverage | drop the stop | remove the stop | no sl"
    " | highest leverage | as much leverage | any leverage | life savings | hold until | until i wake up"
    " | without stops | full leverage"
)
LEVERAGE = Danger(
    "leverage",
    "",
    "High leverage can wipe out the account on a move that happens every week, and nothing here trades with"
    " borrowed money.",
    "The same idea at 1x with a stop, for example: buy BTC when RSI drops below 30, stop 3%.",
)
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
        " | override * instructions",
        "This text tells me to set my own rules aside. I read messages as wishes, never as instructions about the"
        " limits.",
        "Say what you want to trade, and I will show you the rules before anything happens.",
    ),
    Danger(
        "secrets",
        "api key | api keys | api secret | secret key | private key | private keys | seed phrase | recovery phrase"
        " | my password | password is | my secret | secret is | log in | login with | 2fa | one time code"
        " | friends account | brothers account | wifes account | someone elses account | mothers account"
        " | his account | her account | their account | another persons account | moms account | dads account",
        "Keys, passwords and other people's accounts do not belong in a chat. I trade only the account that its"
        " owner has set up.",
        "If you sent a key, delete the message and revoke the key. Keys go into the settings of the machine.",
    ),
    Danger(
        "withdrawal",
        "withdraw | withdraws | withdrawal | withdrawals | send my | send all my | transfer my | transfer all"
        " | transfer the | cash out to my | to my wallet | to this address | to this wallet | move my funds"
        " | send it to | send the profits | send profits | bank account | wire the | to 0xabc | payout to",
        "I cannot move money out of an account, and the keys I use must not be able to.",
        "Withdraw on the exchange's own page. I can pause or close the strategy for you first.",
    ),
    Danger(
        "manipulation",
        "spoof | spoofing | spoofs | wash trade | wash trades | wash trading | pump group | pump and dump"
        " | pump signal | paint the tape | front run | frontrun | front running | fake orders | fake volume"
        " | fake bids | fake wall | insider | layering | corner the market | stop hunt | stop hunting"
        " | move the price | push the price | manipulate | manipulation | pump it together | pump groups"
        " | before the announcement | ramp the price | trigger other peoples stops | trade with myself"
        " | my other account",
        "That is market manipulation or trading on it. I will not do it.",
        "A rule on price or volume is fine, for example: buy when volume is over twice its 20-bar average.",
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
        " | ignore * daily loss | ignore * circuit | ignore * max | max leverage | maximum leverage | leverage to max"
        " | leverage to the max | without my approval | without approval",
        "The limits come from the owner's configuration. A chat can tighten them, never loosen them.",
        "Tell me what you want to trade, and I will say whether it fits inside the limits.",
    ),
    Danger(
        "guarantee",
        "guarantee | guarantees | guaranteed | risk free | riskfree | no risk | zero risk | cant lose | cannot lose"
        " | can not lose | never lose | never loses | sure thing | certain profit | always win | always wins"
        " | without losing | no losses | 100% win | win every | without any risk | profit every day | cant go wrong"
        " | money printer | make sure i never",
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
        "martingale",
        "double | doubles | doubling | triple | 2x | twice",
        "A size that grows after each loss or win turns a short streak into a position that takes the whole account.",
        "The same entry with one fixed size and a stop, for example 2% of equity and a 3% stop.",
        beside="after every loss | after each loss | after a loss | after losing | every loss | each loss | after every"
        " win | after each win | when it loses | when i lose | every time i lose | every time it loses | if it loses"
        " | if i lose | until i win | until it wins | on every loss | after a losing | until i get back | every win"
        " | until ive made | after every losing | previous loss | last loss",
    ),
    Danger(
        "unbounded_exposure",
        "keep averaging | keep buying | keep adding | buy more every time | add every time | add more every time"
        " | buy again every time | keep buying more | buy every dip forever | add to it every time"
        " | until it comes back | until it recovers | adding until | buying until it | add to losers"
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
        " | to zero or | or goes to zero | till it liquidates | no matter how low | diamond hands | ride it to zero"
        " | ignore the stop | ignore my stop | ignore the stops | hold forever | disable my stop | disable the stop"
        " | disable stop | turn off the stop | turn off my stop | disable my stops",
        "Without a way out, one bad trade can take all that is in it.",
        "Keep a stop and make it wider if it is hit too often, for example: stop 8%.",
    ),
    Danger(
        "all_in",
        "all in | all-in | go all in | bet everything | bet the house | my life savings | life savings | my rent"
        " | rent money | borrowed money | borrow money | borrowing money | take a loan | my mortgage | student loan"
        " | credit card | my savings | everything i own | yolo | the whole wallet | emergency fund",
        "Everything in one trade leaves nothing for the next one.",
        "A small part each time, for example: 5% of equity with a 3% stop.",
    ),
    Danger(
        "churn",
        "every tick | each tick | every second | each second | ignore the fees | ignore fees | fees dont matter"
        " | as fast as possible | as often as possible | as many trades as possible | a thousand trades"
        " | hundreds of trades | every millisecond | high frequency | on every candle buy and sell | trade nonstop"
        " | trade non stop",
        "Trading all the time pays the fees and nothing else: each round trip costs about 0.2%.",
        "A rule on closed candles with a target well above the fees, for example: take profit 2%.",
    ),
)
