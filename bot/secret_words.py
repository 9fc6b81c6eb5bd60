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
SEED_CUE = re.compile(r"(?i)\b(?:seed|recovery|mnemonic)\b[^:]*:?\s*(.*)$", re.S)


def secret_in(text: str) -> str | None:
    """What kind of secret a text holds, in words; None for none."""
    for name, pattern in PATTERNS.items():
        if pattern.search(text):
            return name
    if LONG.search(text):
        return "a key"
    cue = SEED_CUE.search(text)
    words = cue[1].split() if cue else text.split()
    alike = all(each.isalpha() and each.islower() and 3 <= len(each) <= 8 for each in words)
    if cue is not None and len(words) in SEED_LENGTHS and alike:
        return "a recovery phrase"
    return None
