"""A place in the tokens that moves forward only when a reader understood something."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from strategy_dsl.phrasebook.tokens import END, Token
from strategy_dsl.phrasebook.vocabulary import PHRASES, STARTS

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Cursor:
    """The tokens of a text and how far they are read."""

    tokens: Sequence[Token]
    at: int = 0

    def peek(self, ahead: int = 0) -> Token:
        """The token that many places on, or END."""
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else END

    def take(self, kind: str) -> Token | None:
        """The next token if it is of this kind."""
        token = self.peek()
        if token.kind != kind:
            return None
        self.at += 1
        return token

    def sign(self, text: str) -> bool:
        """Whether the next token is this sign; it is passed."""
        if self.peek().kind == "sign" and self.peek().text == text:
            self.at += 1
            return True
        return False

    def says(self, *terms: str) -> str | None:
        """The first of the terms whose longest phrase stands here; it is passed."""
        begun = STARTS.get(self.tokens[self.at].text) if self.at < len(self.tokens) else None
        if begun is None:
            return None
        for term in terms:
            if term in begun and (length := self.phrase(term)):
                self.at += length
                return term
        return None

    def phrase(self, term: str) -> int:
        """How many tokens the longest phrase of the term takes here, 0 for none."""
        if self.at >= len(self.tokens):
            return 0
        found = PHRASES[term].get(self.tokens[self.at].text)
        if found is None:
            return 0
        for words in found:
            ahead = self.tokens[self.at : self.at + len(words)]
            if len(ahead) == len(words) and all(token.text == word for token, word in zip(ahead, words, strict=True)):
                return len(words)
        return 0

    def holds(self, words: frozenset[str]) -> bool:
        """Whether one of the words stands anywhere from here on or before: a quick no for readers of rare things."""
        return any(token.text in words for token in self.tokens)

    def skip(self, words: frozenset[str]) -> None:
        """Pass all tokens with these texts."""
        while self.at < len(self.tokens) and self.tokens[self.at].text in words:
            self.at += 1

    def ended(self) -> bool:
        """Whether all tokens are read."""
        return self.at >= len(self.tokens)


def reader(
    read: Callable[Concatenate[Cursor, P], T | None],
) -> Callable[Concatenate[Cursor, P], T | None]:
    """Put the cursor back where it was when the reader understood nothing."""

    @wraps(read)
    def restoring(cursor: Cursor, /, *args: P.args, **kwargs: P.kwargs) -> T | None:
        start = cursor.at
        found = read(cursor, *args, **kwargs)
        if found is None:
            cursor.at = start
        return found

    return restoring
