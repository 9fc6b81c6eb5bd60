"""From text to the tokens that the readers know: coins and pairs named, near misses of names mended."""

from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from strategy_dsl.phrasebook.cursor import Cursor
from strategy_dsl.phrasebook.named_prices import without_level_words
from strategy_dsl.phrasebook.names import CAPITAL_COINS, COINS, word_set
from strategy_dsl.phrasebook.tokens import QUOTES, Token, tokens_of
from strategy_dsl.phrasebook.vocabulary import KNOWN_WORDS, TERMS

DOLLARS = frozenset({"USD", "BUSD", "FDUSD"})
_MENDED_TERMS = ("bollinger", "stochastic", "average", "volume", "macd", "trail", "weekends", "cross", "down_move")
_NAMES = sorted(
    {word for text in COINS.values() for word in text.split(" | ") if len(word) > 4 and " " not in word}
    | {word for term in _MENDED_TERMS for word in TERMS[term].replace("|", " ").split() if len(word) > 5}
    | {word for text in TERMS.values() for word in text.split() if len(word) > 7}
    | word_set(
        "candle candles bullish bearish middle crosses crossing trailing stoploss profit target previous weekly hourly"
        " golden hammer bounce breaks closes closing higher lower period histogram crossover breakout"
    )
)


@dataclass(frozen=True)
class Lexed:
    """The tokens of a text and what was mended in it, as sentences."""

    tokens: tuple[Token, ...]
    mended: tuple[str, ...]


def lexed(text: str) -> Lexed:
    """The tokens of a text with coins, pairs and mended names."""
    mended: list[str] = []
    spelled = [_spelled(token, mended) for token in tokens_of(text)]
    named = [_named(_mend(token, mended), text) for token in spelled]
    return Lexed(tuple(without_level_words(_coins(_bought(named)))), tuple(mended))


def parted(words: Lexed) -> Lexed:
    """With `isn't` as `is not`, which a question ("why hasn't it traded?") is not read for."""
    if not any(token.text in CONTRACTED for token in words.tokens):
        return words
    return replace(words, tokens=tuple(token for whole in words.tokens for token in _parted(whole)))


def _parted(token: Token) -> tuple[Token, ...]:
    """`isn't` as `is not`."""
    verb = token.text.removesuffix("nt")
    if token.kind != "word" or token.text not in CONTRACTED:
        return (token,)
    return replace(token, text=verb), replace(token, text="not")


def _spelled(token: Token, mended: list[str]) -> Token:
    """Short words that people write in their own way, and short trading words with one slip."""
    if token.kind != "word" or token.text in KNOWN_WORDS | PLAIN_WORDS | CONTRACTED:
        return token
    word = SHORTHAND.get(token.text) or _slip(token.text)
    if word is None:
        return token
    mended.append(f"`{token.text}` read as `{word}`")
    return replace(token, text=word)


def _slip(text: str) -> str | None:
    """The one short trading word that is a letter away: dropped, doubled, swapped, or, from five letters, another."""
    if not 4 <= len(text) <= 6 or text in NO_SLIPS:
        return None
    near = [word for word in SHORT_WORDS if word[0] == text[0] and DamerauLevenshtein.distance(word, text) == 1]
    slips = [word for word in near if len(text) > 4 or len(word) != len(text) or sorted(word) == sorted(text)]
    return slips[0] if len(slips) == 1 else None


CONTRACTED = word_set("isnt arent wasnt werent doesnt didnt hasnt havent")
SHORTHAND = {
    "wen": "when", "whn": "when", "whne": "when", "abv": "above", "blw": "below", "sel": "sell", "byu": "buy",
    "buuy": "buy", "dwn": "down", "grn": "green", "cndle": "candle", "candel": "candle", "midle": "middle",
    "undr": "under", "ovr": "over", "crs": "cross", "pls": "please", "bby": "buy", "buyy": "buy", "stp": "stop",
    "tgt": "target", "avrg": "average", "prc": "price", "rsl": "rsi", "shrt": "short", "lng": "long",
}  # fmt: skip
"""Written so by people in a hurry."""
SHORT_WORDS = word_set(
    "green above below under cross crosses short close closes price candle candles volume profit target stops trail"
    " daily weekly hourly entry percent"
    " chart crossing drops falls rises breaks sell stop long when hour week moving order"
)
NO_SLIPS = word_set(
    "greed agree greek greens"
    " stock stocks shop shops stoop slop step steps cell bell tell well loan lone along prize prime pride priced trial"
    " trials close closed closer clone closest those whose chose chart charm order older border enter every shore"
    " shirt shot shots sort sport start whale whales wheel then than lose loss hours house weeks weak sells orders"
    " class gross grass across crash crashed cream drop fails walls calls bell rise risen price prices pricey candy"
    " target targets stopped sells longs selling tally daisy dairy entity empty wider lower blow belong"
)
"""Words of their own, a letter away from a trading word."""


def _bought(tokens: list[Token]) -> list[Token]:
    """`buy link when …`: a coin that is an English word too, where only a coin can stand."""
    found = list(tokens)
    for place in range(1, len(tokens)):
        before, token = tokens[place - 1 : place + 1]
        after = tokens[place + 1] if place + 1 < len(tokens) else BREAK
        acted = before.text in ("buy", "long", "trade") and after.text in BEHIND_COINS
        alone = before.text in ALONE and after.text in ALONE
        if token.text in SMALL_COINS and (acted or alone):
            found[place] = replace(token, kind="coin", text=token.text.upper())
    return found


BREAK = Token("sign", ";", -1, -1)
ALONE = frozenset({".", ",", ";", "\n", ":"})
SMALL_COINS = word_set("link dot atom uni apt arb fil")
PLAIN_WORDS = word_set(
    "increase decrease reduce change replace remove switch second fourth condition previous version yesterday before"
    " instead threshold length percent percentage minimum between within unless except another either neither nothing"
    " anything something because though without during almost around support really little longer shorter higher"
    " morning evening afternoon tonight tomorrow sending"
)
"""English words that are no slip of the pen, although a name of this book is close to them."""
BEHIND_COINS = word_set("when if once on with and at below above under over , . : every whenever only as")


def _mend(token: Token, mended: list[str]) -> Token:
    """A long unknown word one slip away from a known name becomes that name, and says so."""
    if token.kind != "word" or len(token.text) < 6 or token.text in KNOWN_WORDS | PLAIN_WORDS:
        return token
    allowed = 1 if len(token.text) < 9 else 2
    found = process.extractOne(token.text, _NAMES, scorer=DamerauLevenshtein.distance, score_cutoff=allowed)
    if found is None or found[0][0] != token.text[0]:
        return token
    mended.append(f"`{token.text}` read as `{found[0]}`")
    return replace(token, text=found[0])


COIN_NAMES = frozenset(name for names in COINS.values() for name in names.split(" | "))


def _named(token: Token, text: str) -> Token:
    """A pair or a coin in capitals as a market."""
    written = text[token.start : token.end]
    if token.kind == "pair":
        base, _, quote = token.text.upper().replace("-", "/").partition("/")
        return replace(token, text=f"{base}/{_quote(quote)}")
    if token.kind != "word":
        return token
    if written[-2:].lower() in ("'s", "’s") and token.text[:-1] in COIN_NAMES:
        # `BTC's RSI` is the RSI of BTC
        return replace(token, text=token.text[:-1])
    if written in CAPITAL_COINS:
        return replace(token, kind="coin", text=written)
    glued = _glued(token.text, written)
    return replace(token, kind="pair", text=glued) if glued else token


def _quote(quote: str) -> str:
    return "USDT" if quote in DOLLARS else quote


def _glued(text: str, written: str) -> str | None:
    """`BTCUSDT` as `BTC/USDT`."""
    for quote in QUOTES:
        base = text.removesuffix(quote)
        known = base.upper() in COINS or base.upper() in CAPITAL_COINS
        if base != text and len(base) >= 2 and (known or (written.isupper() and len(base) <= 6)):
            return f"{base.upper()}/{_quote(quote.upper())}"
    return None


def _coins(tokens: list[Token]) -> list[Token]:
    """Join the words of coin names into coin tokens."""
    cursor, found = Cursor(tokens), []
    while not cursor.ended():
        start = cursor.at
        name = next((coin for coin in COINS if cursor.says(f"coin:{coin}")), None)
        if name is None:
            found.append(tokens[start])
            cursor.at = start + 1
            continue
        first, last = tokens[start], tokens[cursor.at - 1]
        found.append(Token("coin", name, first.start, last.end))
    return found
