"""Secrets that people type into a chat by mistake: recognised before anything is stored."""

import re

PATTERNS = {
    "an API key": re.compile(r"\bsk-[A-Za-z0-9_-]{16,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a bot token": re.compile(r"\b\d{8,10}:[A-Za-z0-9_-]{30,}\b"),
    "a private key": re.compile(r"\b(?:0x)?[0-9a-fA-F]{64}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "an exchange key": re.compile(
        r"(?i)\b(?:api|secret|access|private)[ _-]?(?:key|secret|token)?\b[^A-Za-z0-9]{1,12}(?:is |= ?)?['\"]?"
        r"(?=[A-Za-z0-9+/=_-]*\d)(?=[A-Za-z0-9+/=_-]*[A-Za-z])[A-Za-z0-9+/=_-]{16,}"
    ),
    "a password": re.compile(r"(?i)\bpass(?:word|phrase|code)?\s*(?:is|=|:)\s*\S{4,}"),
}
LONG = re.compile(r"(?<![\w/.-])(?=\S*\d)(?=\S*[a-z])(?=\S*[A-Z])[A-Za-z0-9+/=_-]{32,}(?![\w/.-])")
"""What looks like nothing else: long, with digits and both kinds of letters."""
SEED_LENGTHS = frozenset({12, 15, 18, 21, 24})
SEED_CUE = re.compile(r"(?i)\b(?:seed|recovery|mnemonic)\b")
SEED_RUN = re.compile(r"(?<![a-z])(?:[a-z]{3,8}\s+){11,23}[a-z]{3,8}(?![a-z])")
"""Twelve words or more of the length that such phrases have, nothing between them."""


def secret_in(text: str) -> str | None:
    """What kind of secret a text holds, in words; None for none."""
    for name, pattern in PATTERNS.items():
        if pattern.search(text):
            return name
    if LONG.search(text):
        return "a key"
    plain = re.sub(r"[,;\d.)]+", " ", text).strip()
    whole = SEED_RUN.fullmatch(plain) and len(plain.split()) in SEED_LENGTHS and not _is_prose(plain)
    run = SEED_RUN.search(plain) if SEED_CUE.search(text) else None
    return "a recovery phrase" if whole or (run is not None and not _is_prose(run[0])) else None


def _is_prose(text: str) -> bool:
    """Whether a text has one of the little words of every sentence, none of which is in a recovery phrase's list."""
    return bool(LITTLE & set(text.split()))


LITTLE = frozenset(
    ["the", "and", "for", "when", "with", "not", "are", "was", "this", "have", "has", "but", "its", "per", "then",
     "drops", "rises", "sell", "stop", "below", "over", "trade", "price"]
)  # fmt: skip
