"""Questions, small talk and command words: recognised so that no strategy is ever made of them."""

from strategy_dsl.phrasebook.command_words import command_of
from strategy_dsl.phrasebook.forecast_words import forecasts
from strategy_dsl.phrasebook.foreign_words import FOREIGN, GREETING_ABROAD
from strategy_dsl.phrasebook.lexicon import Lexed
from strategy_dsl.phrasebook.names import FILLERS, word_set
from strategy_dsl.phrasebook.operation_words import ALL
from strategy_dsl.phrasebook.operations import operation

YES = (
    "yes | y | yep | yeah | ok | okay | do it | go | go ahead | confirm | sure | yes please | approved | approve"
    " | yup | sounds good | yes do it | lets go | correct | right | fine | i agree | agreed | ok do it | yes go"
)
NO = "no | nope | nah | n | no thanks | no thank you | rather not | not now"
SMALLTALK = word_set(
    "hello hi hey thanks thank good morning evening night afternoon great nice cool awesome lol haha bot buddy"
    " friend mate bye cheers welcome wow well done love you're youre the best job work gm gn yo sup there you so"
    " much a lot very perfect amazing brilliant hiya howdy dude ok sorry its all from see later day have"
)
QUESTION_WORDS = word_set(
    "what whats why how hows where wheres who whos which explain define describe should is are am was were does"
    " did has do whatll whyd whose"
)
POLITE = word_set("can could would will may might")
OFF_TOPIC = word_set(
    "poem joke song story recipe weather tax taxes taxed legal lawyer horoscope translate essay movie football"
    " politics president lottery girlfriend boyfriend homework haiku rap lyrics dinner restaurant"
)
TRADING = word_set(
    "breakout breakouts trend strategy strategies trade trades trading signal signals profit loss scalp hedge"
    " swing momentum exit entry entries coin coins market markets candle candles order orders position positions"
    " buy sell long short pattern patterns bounce dip dips stop stops target targets rsi macd ema sma ma average"
    " bollinger band bands volume price high low support resistance leverage risk size bot trail trailing grid"
    " dca hodl hold crypto instead aggressive tighter wider rule rules backtest portfolio account alert alarm"
    " notify reversal reversion scale same opposite invest earn accumulate profits losses copy volatility session"
    " weekend weekends hour hours day days confirmation winners losers divergence"
)
INTENTS: tuple[tuple[str, str], ...] = (
    (
        "what_if",
        "what if | would have | would happen | what happens if | had been | if the stop was | if i had | if we had",
    ),
    (
        "why_not",
        "why hasnt | why didnt | why not | why no | why havent | why isnt | why arent | why wasnt | why dont"
        " | why doesnt | hasnt traded | not traded | no trades | why nothing | nothing happened | why wont"
        " | why has it not | why did nothing | why is nothing | why are there no | not trading | not buying | not buy"
        " | not sell",
    ),
    (
        "why",
        "why | explain the last | reason | how come | what made | explain that trade | explain the trade | what caused",
    ),
    ("fees", "fee | fees | commission | commissions | cost of trading | paid in fees | slippage | cost | costs"),
    (
        "performance",
        "how many trades | trades did | report | drawdown | pnl | p&l | performance | performing | win rate | winrate"
        " | how much have i made | how much did | made | profitable | return | returns | sharpe | am i up"
        " | up or down | how did | results | best trade | worst trade | how am i doing | doing | equity curve"
        " | how much have | how much money | profit | lost | losing | winning | biggest | wins",
    ),
    (
        "status",
        "did you | when did | when will | get hit | hit | what happened | positions | position | open | running"
        " | status | alive | are you up | last message | working | online | awake | pending | connected"
        " | are you there | you there | still there | stuck | frozen | balance | exposure | holding | waiting for"
        " | next trade | what are you doing | active | paused | message | messages | down",
    ),
    ("price", "price of | current price | trading at | how much is"),
    (
        "smalltalk",
        "who are you | your name | human | hows it going | how are you | bored | idiot | stupid | real person",
    ),
    (
        "off_topic",
        "crash | which coin | should i buy | make me rich | rich | next week | next month | tomorrow | next year"
        " | will btc | will bitcoin | where will | price prediction | end of the year | going to go | predict"
        " | prediction | going up | going down | moon | news | your opinion on | who won",
    ),
)
CONCEPTS = (
    "rsi | macd | ema | sma | atr | bollinger | stop loss | trailing stop | take profit | drawdown | sharpe"
    " | leverage | slippage | backtest | backtesting | paper trading | limit order | market order"
    " | moving average | stochastic | martingale | grid | dca | spread | funding | liquidation | volatility | adx"
    " | fee | fees | risk | candle | candlestick | short | long | cooldown | timeframe | overfitting | win rate"
    " | expectancy | divergence | vwap | ichimoku | supertrend | volume | support | resistance | breakout"
    " | equity | r multiple | golden cross"
)


def bare(words: Lexed) -> str:
    """The words of a text without punctuation."""
    return " ".join(token.text for token in words.tokens if token.kind != "sign" and token.kind != "other")


def command(words: Lexed) -> str | None:
    """The command that the whole text is, or None."""
    said = bare(words)
    name = command_of(said)
    # to stop all of them is to pause them; to stop is to end one
    return operation(said) if name is None or (name == "stop" and ALL & set(said.split())) else name


ACTING = frozenset(["panic", "close", "stop", "pause", "resume", "paper", "skip", "undo"])
"""Commands that move money or change what runs: with a question mark they are only explained."""
EXPLAINED = {
    "panic": "Panic sells everything at once and buys nothing until you say resume.",
    "close": "Close BTC sells that position whole, at once.",
    "stop": "Stop ends the strategy and sells what it holds.",
    "pause": "Pause buys nothing new until you say resume; stops and exits go on.",
    "resume": "Resume goes on after a pause, a panic or a halt.",
    "paper": "Paper runs the strategy with play money.",
    "skip": "Skip jumps to the next thing that happens.",
    "undo": "Undo takes back the last change of the rules.",
}
NOT_TRADED = ("no trades", "no new trades", "no more trades", "no buys", "no trading", "no new buys")


def asked(words: Lexed, name: str) -> str | None:
    """What is said of a command that is only asked about: `why_not`, an explanation, or None where it is meant."""
    said = bare(words)
    marked = any(token.text == "?" for token in words.tokens)
    if name == "pause" and said.startswith(NOT_TRADED) and (marked or said.endswith(" yet")):
        return "why_not"
    polite = said.startswith(PLEASE) and name in ("pause", "undo", "skip")
    if not marked or polite or name not in ACTING:
        return None
    return f"{EXPLAINED[name]} I did nothing yet: say it without the question mark if you mean it."


PLEASE = ("can you ", "could you ", "would you ", "will you ", "please ")
LED = ("pause", "resume", "delete", "rename", "unpause", "restart")
MACHINES = word_set("server computer laptop pc phone app process service docker container router internet")
OWN_PARTS = word_set(
    "after loss losses losing drawdown condition filter rule stop target trailing size exit cooldown limit window"
    " when if once"
)


def led(words: Lexed) -> str | None:
    """A command word with a name behind it: `delete the one with the EMA`, `pause the ETH one`."""
    listed = bare(words).split()
    numbered = any(token.kind in ("number", "span") and token.unit != "word" for token in words.tokens)
    if not listed or listed[0] not in LED or numbered or set(listed) & OWN_PARTS:
        return None
    if listed[0] == "restart" and set(listed) & MACHINES:
        return None
    return {"unpause": "resume", "restart": "resume"}.get(listed[0], listed[0])


def answer(words: Lexed) -> str | None:
    """The intent of a question or of small talk, or None where the text may be a wish."""
    said = bare(words)
    listed = said.split()
    if foreign(words):
        return "other_language"
    if not listed:
        return "smalltalk"
    if said in YES.split(" | ") or said in NO.split(" | "):
        return "confirm_without_question"
    if set(listed) & OFF_TOPIC:
        return "off_topic"
    if forecasts(words):
        return "off_topic"
    if comments(words):
        return "smalltalk"
    if believes(words):
        return intent(said, "off_topic") if asks(words) else "off_topic"
    if set(listed) <= SMALLTALK and set(listed) - FILLERS | GREETED & set(listed):
        return "smalltalk"
    return intent(said) if asks(words) else None


def asks(words: Lexed) -> bool:
    """Whether the text is a question; "can you buy …" may be a wish and is left to the reader of wishes."""
    first = next((token.text for token in words.tokens if token.kind == "word" and token.text not in GREETING), "")
    if first in POLITE:
        # "can you buy …" may be a wish; "will my stop …", "would it …" are none
        behind = bare(words).split()[1:2]
        return bool(behind) and behind[0] in ("it", "this", "that", "my", "the", "these")
    marked = any(token.text == "?" for token in words.tokens)
    if first == "when":
        return marked or (len(words.tokens) > 1 and words.tokens[1].text in AUXILIARY)
    if first == "do":
        second = words.tokens[1].text if len(words.tokens) > 1 else ""
        return second in ("you", "i", "we", "they") or marked
    return first in QUESTION_WORDS or marked or bare(words).startswith(("tell me about", "show me how"))


WONDERING = word_set("what whats why how hows is are was were does did do who when where which explain define")
PROPOSING = ("what if", "how about", "what about", "why not", "why dont", "why wouldnt")


def wonders(words: Lexed) -> bool:
    """Whether the text is one question that wants to know something, and nothing behind it."""
    said = bare(words)
    ends = [place for place, token in enumerate(words.tokens) if token.text in (".", ";", "!", "?", "\n", ":")]
    whole = all(place == len(words.tokens) - 1 for place in ends)
    first = said.split()[0] if said else ""
    if first == "when" and not set(said.split()[1:2]) & AUXILIARY:
        return False
    return whole and first in WONDERING and not said.startswith(PROPOSING)


JUDGING = word_set(
    "good bad nice great terrible awful stupid horrible cool lovely poor lousy crazy insane fantastic excellent"
    " sad ugly beautiful sweet weird strange funny scary painful ouch damn wow clean solid super impressive"
    " disappointing lame"
)
JUDGED = word_set(
    "trade trades call move job entry exit work one week day month market bot that this was is were it what been"
    " not so such pretty really one start result results hurt hurts timing catch fill there wasnt isnt win loss"
)


def comments(words: Lexed) -> bool:
    """Whether the text only says how something was: `that was a bad trade`, `nice entry!`."""
    listed = bare(words).split()
    if WISHING & set(listed):
        return False
    plain = all(word in JUDGING | JUDGED | SMALLTALK | FILLERS for word in listed)
    return plain and bool(JUDGING & set(listed)) and len(listed) <= 9


WISHING = word_set("make create build want need give try use buy sell long short get set please find do")
BELIEVING = (
    "i think", "i feel", "i believe", "i bet", "i guess", "i reckon", "i expect", "i hope", "i hear", "i heard",
    "imo", "feels like", "looks like", "seems like", "people say", "everyone says", "everybody says", "they say",
    "rumor has it", "apparently", "my friend says", "twitter says", "i have a feeling", "ive a feeling", "i am sure",
    "im sure", "i know", "i wonder", "wonder if", "analysts say", "the news says", "im worried", "i am worried",
    "my gut", "im afraid", "i wish", "pretty sure", "im pretty sure", "i doubt",
)  # fmt: skip
WANTING = word_set("buy long enter trade get short stop strategy sell alert")


def believes(words: Lexed) -> bool:
    """Whether the text only says what a market will do or what somebody feels, and asks for nothing."""
    said = bare(words)
    return said.startswith(BELIEVING) and not WANTING & set(said.split())


SUBJECTS = word_set(
    "i im ive my your youre that thats this the it its he she they we weve our crypto market markets everything"
    " nothing nobody everyone people life today yesterday just"
)
STATING = word_set(
    "is was were are hates hate loves hurt hurts looks lost made won earned up down am im went got had been seems"
    " feels makes made crashed pumping sucks isnt wasnt cost ruined saved thats its keeps has"
)
ASKED_FOR = word_set(
    "buy sell short long enter exit strategy make create want need should alert stop target profit entry when if"
    " rule rules size condition use set trailing take only trade bot"
)


def states(words: Lexed) -> bool:
    """Whether the text tells how something is and asks for nothing: `the market is crazy today`, `I lost 500 today`."""
    listed = bare(words).split()
    told = bool(listed) and listed[0] in SUBJECTS and bool(STATING & set(listed[:5]))
    return told and not ASKED_FOR & set(listed) - ({"trade", "bot"} if STATED & set(listed) else set())


STATED = word_set("was were hurt hurts lost sucks stupid hates ruined")
AUXILIARY = word_set("did do does will is was are were have has can should would am")
FOR_A_COIN = word_set("make put money flip get grow gains stack ape into throw")
"""Words that with a coin are a wish to trade it, however vague."""
GREETED = word_set("hello hi hey thanks thank dear happy")
GREETING = word_set("hi hello hey so and but ok okay well please bot um hmm yo")


def intent(said: str, otherwise: str = "concept") -> str:
    """What a question is about."""
    padded = f" {said} "
    concept = _concept(padded)
    own = bool(MINE & set(said.split()))
    if concept and not own and said.startswith(NOTIONAL):
        return f"concept:{concept}"
    for name, phrases in (*INTENTS[:3], *ASIDE):
        if _any(padded, phrases):
            return name
    for name, phrases in OWN_THINGS if own and said.startswith(ASKING_WHAT) else ():
        if _any(padded, phrases):
            return name
    for name, phrases in INTENTS[3:]:
        if _any(padded, phrases):
            return name
    late = next((name for name, phrases in OPINIONS if _any(padded, phrases)), otherwise)
    return f"concept:{concept}" if concept else late


ASKING_WHAT = ("what", "where", "which", "show", "how much", "how many", "tell", "remind")
NOTIONAL = ("what is", "whats a", "whats an", "what are", "explain", "define", "what does")
MINE = word_set("my our your i we mine set current")
ASIDE = (
    (
        "howto",
        "how do i | how can i | how to | how do we | how does this work | how does it work | where do i | where can i",
    ),
    (
        "safety",
        "safe | scam | trust | hacked | secure | security | accurate | reliable | legit | internet goes down"
        " | you crash"
        " | power cut | lose more than | steal | private | privacy",
    ),
    (
        "abilities",
        "do you support | support stocks | which coins do you | what coins do you | what exchanges | which exchanges"
        " | are supported | which markets do you | what markets do you | which coins can | what coins can",
    ),
    (
        "smalltalk",
        "who made you | who built you | who created you | how old are you | are you real | are you a bot"
        " | are you human"
        " | are you a robot | where are you from",
    ),
)
"""What people ask beside the figures, told apart before them."""
OPINIONS = (
    (
        "abilities",
        "stocks | forex | exchange | exchanges | on weekends | 24 7 | use ai | futures | options | real money"
        " | two strategies | several strategies | multiple strategies | can you short | trade gold | do you work"
        " | can you trade",
    ),
    (
        "advice",
        "should i | should we | good buy | worth buying | good time | too tight | too wide | too risky | too big"
        " | too small | a good stop"
        " | a good target | worth it | good idea | bad idea | recommend | better to | be better | better with"
        " | which is better | whats better | what is better | which one is better | whats best | what is best"
        " | the best"
        " | what do you think",
    ),
)
"""Asked of the bot itself or of its opinion, where no notion is named."""
OWN_THINGS = (
    ("list", "strategies | bots"),
    ("limits", "limits | my limit | risk limit"),
    ("trades", "last trade | last trades | trade history | recent trades | my trades"),
    (
        "rules",
        "rules | stop | stop loss | take profit | target | tp | sl | timeframe | size | entry | exit | conditions"
        " | settings | strategy | set at | set to",
    ),
    ("balance", "balance | money | cash | account"),
)
"""What is asked of one's own strategy and account: the command that shows it."""


def _any(padded: str, phrases: str) -> bool:
    return any(f" {phrase} " in padded for phrase in phrases.split(" | "))


def _concept(padded: str) -> str | None:
    found = [phrase for phrase in CONCEPTS.split(" | ") if f" {phrase} " in padded]
    return max(found, key=len) if found else None


def foreign(words: Lexed) -> bool:
    """Whether the text is not English."""
    listed = [token.text for token in words.tokens if token.kind == "word"]
    if any(token.kind == "other" and token.text.isalpha() and ord(token.text[0]) > 0x2FF for token in words.tokens):
        return True
    strange = sum(word in FOREIGN for word in listed)
    odd = any(token.kind == "other" and (token.text in "¿¡" or ord(token.text[0]) > 0x2FF) for token in words.tokens)
    letters = any(any(ord(each) > 0xBF for each in word) for word in listed)
    return (
        strange >= 2
        or bool(GREETING_ABROAD & set(listed))
        or (odd and _letters(words))
        or (strange == 1 and letters and len(listed) > 2)
    )


def _letters(words: Lexed) -> bool:
    return any((token.kind == "other" and token.text.isalpha()) or token.text in "¿¡" for token in words.tokens)
