"""The words of the phrasebook: every term with the phrases that say it, longest phrase first when matched."""

from strategy_dsl.phrasebook.names import ARTICLES, COINS, FILLERS, WEEKDAYS, ZONES
from strategy_dsl.phrasebook.setting_words import EDITING, PLANNING, PROTECTING, SIZING, STANDING, TIMING
from strategy_dsl.phrasebook.trading_words import ACTING, COMPARING, INDICATORS, JOINING, VALUES

TERMS = ACTING | JOINING | COMPARING | VALUES | INDICATORS
TERMS |= PROTECTING | SIZING | TIMING | STANDING | PLANNING | EDITING

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
STARTS: dict[str, frozenset[str]] = {
    word: frozenset(term for term, phrases in PHRASES.items() if word in phrases)
    for word in {word for phrases in PHRASES.values() for word in phrases}
}
"""The terms that a word may begin: most words begin none, which settles most questions at once."""
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
