"""Other words for the same thing, put into the words that the readers know: `x-over` as `crosses above`.

A pattern is read token by token: a word; several with `/`; `word?` may be missing; `[a/b]` is kept for the `[]` of the
new words, and so are `N` (a plain number), `P` (a percentage), `W` (any word), `U` (a word
that the book does not know), `S` (a span such as `4h`), `M` (money),
`K` (a clock time), `Q` (a coin). `^` stands for the beginning of a clause,
`$` for its end, `!a/b` forbids what stands before, `@a/b` asks
for one of the words anywhere in the text (`@-a/b` for none, `@1a/b` for one and no more, `@2a/b` for two),
`=N` is the same number again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from strategy_dsl.phrasebook.cursor import Cursor
from strategy_dsl.phrasebook.lexicon import Lexed
from strategy_dsl.phrasebook.rewording_rows import ROWS
from strategy_dsl.phrasebook.tokens import Token
from strategy_dsl.phrasebook.vocabulary import KNOWN_WORDS

EDGES = frozenset({".", ",", ";", ":", "!", "?", "\n", "->", "(", ")", "=", "-", "*", "&", "+", "|"})
KINDS = {"N": "number", "P": "number", "W": "word", "U": "word", "S": "span", "M": "number", "K": "clock", "Q": "coin"}
SIGNS_OF = {"word": ("W", "U"), "number": ("P", "N", "M"), "span": ("S",), "clock": ("K",), "coin": ("Q",)}
Kept = tuple[str, Token]
"""What a pattern keeps of the text: its sign in the pattern, and the token."""
MOST_PASSES = 3


@dataclass(frozen=True)
class Row:
    """One way of saying a thing, as parts to match, and the words that stand for it."""

    parts: tuple[str, ...]
    words: tuple[str, ...]


def _rows() -> dict[str, list[Row]]:
    """The rows by the words that they may begin with; those that begin with a kind stand under it."""
    found: dict[str, list[Row]] = {}
    for said, meant in ROWS:
        for phrase in said.split(" | "):
            row = Row(tuple(phrase.split()), tuple(meant.split()))
            for word in _first_words(row.parts):
                found.setdefault(word, []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: -len(row.parts))
    return found


def _first_words(parts: tuple[str, ...]) -> list[str]:
    part, rest = parts[0], parts[1:]
    if part == "^" or part[0] in "!@":
        return _first_words(rest)
    words = part.strip("[]?").split("/") if len(part.strip("?")) > 1 else [part.strip("?")]
    return words + (_first_words(rest) if part.endswith("?") and len(part) > 1 else [])


BY_WORD = _rows()


def reworded(words: Lexed) -> Lexed:
    """The tokens with every phrase of the table in the book's own words, each over the place where it was said."""
    tokens = words.tokens
    for _ in range(MOST_PASSES):
        told = _once(tokens)
        if told == tokens:
            break
        tokens = told
    return replace(words, tokens=tokens)


def _once(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    found: list[Token] = []
    at, side = 0, _side(tokens)
    while at < len(tokens):
        match = next(
            (done for row in _candidates(tokens[at]) if (done := _matched(tokens, at, row, side)) is not None), None
        )
        if match is None or match[1] <= at:
            found.append(tokens[at])
            at += 1
            continue
        found += match[0]
        at = match[1]
    return tuple(found)


def _side(tokens: Sequence[Token]) -> str:
    """What `entry` means: buying where no short is spoken of, shorting where only shorts are, open where both are."""
    said = {name for at in range(len(tokens)) for name in ("buy", "short") if Cursor(tokens, at).phrase(name)}
    if said == {"short"}:
        return "short"
    return "" if "short" in said else "buy"


def _candidates(token: Token) -> list[Row]:
    kinds = SIGNS_OF.get(token.kind, ())
    return BY_WORD.get(token.text, []) + [row for kind in kinds for row in BY_WORD.get(kind, [])]


def _matched(tokens: Sequence[Token], at: int, row: Row, side: str) -> tuple[list[Token], int] | None:
    """The new tokens and the place behind the old ones."""
    kept: list[Kept] = []
    end = _read(tokens, at, row.parts, kept)
    if end is None or end == at or ("ENTER" in row.words and not side):
        return None
    first, last = tokens[at], tokens[end - 1]
    new: list[Token] = []
    for said in row.words:
        word = side if said == "ENTER" else said
        if word in ("[]", *KINDS):
            place = next(at for at, (symbol, _) in enumerate(kept) if symbol == word)
            new.append(kept.pop(place)[1])
        elif word.isdigit():
            new.append(_number(word, first, last))
        else:
            new.append(Token("word" if word[0].isalpha() else "sign", word, first.start, last.end))
    return new, end


def _number(word: str, first: Token, last: Token) -> Token:
    return Token("number", word, first.start, last.end, Decimal(word))


def _read(tokens: Sequence[Token], at: int, parts: tuple[str, ...], kept: list[Kept]) -> int | None:
    if not parts:
        return at
    part, rest = parts[0], parts[1:]
    if part == "^":
        return _read(tokens, at, rest, kept) if at == 0 or tokens[at - 1].text in EDGES else None
    if part == "$":
        return at if at == len(tokens) or tokens[at].text in EDGES else None
    if part.startswith("!") and len(part) > 1:
        before = tokens[at - 1] if at else None
        forbidden = before is not None and (
            before.text in part[1:].split("/") or (part == "!N" and before.kind == "number")
        )
        return None if forbidden else _read(tokens, at, rest, kept)
    if part.startswith("@"):
        spoken = sum(token.text in part.lstrip("@-12").split("/") for token in tokens)
        wanted = spoken == int(part[1]) if part[1] in "12" else bool(spoken) != part.startswith("@-")
        return _read(tokens, at, rest, kept) if wanted else None
    if part == "=N":
        same = at < len(tokens) and bool(kept) and tokens[at].kind == "number" and tokens[at].value == kept[-1][1].value
        return _read(tokens, at + 1, rest, kept) if same else None
    optional = part.endswith("?") and len(part) > 1
    if at < len(tokens) and _fits(tokens[at], part.rstrip("?") if optional else part):
        count = len(kept)
        if part[0] == "[" or part in KINDS:
            kept.append(("[]" if part[0] == "[" else part, tokens[at]))
        end = _read(tokens, at + 1, rest, kept)
        if end is not None:
            return end
        del kept[count:]
    return _read(tokens, at, rest, kept) if optional else None


def _fits(token: Token, part: str) -> bool:
    if part in KINDS:
        percent = token.unit == "percent"
        plain = part in ("W", "S", "K", "Q") or (
            percent and (token.value or 0) >= 0 if part == "P" else token.unit in ("", "word")
        )
        plain = token.unit == "usd" if part == "M" else plain
        plain = token.text not in KNOWN_WORDS if part == "U" else plain
        return token.kind == KINDS[part] and plain
    return token.text in part.strip("[]").split("/") or token.text == part
