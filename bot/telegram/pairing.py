"""Who becomes the owner: the one who knows the code that the terminal shows."""

from dataclasses import dataclass


@dataclass
class Pairing:
    """The one-time code by which the first person becomes the owner."""

    code: str
    tries_left: int = 5

    def matches(self, text: str) -> bool:
        """Whether `/start CODE` carries the code; each wrong try counts."""
        given = text.removeprefix("/start").strip()
        if not given or self.tries_left <= 0:
            return False
        if given == self.code:
            self.tries_left = 0
            return True
        self.tries_left -= 1
        return False
