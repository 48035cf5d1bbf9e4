"""Content moderation: a filter before the models, on unless somebody turns it off (BA-23 to BA-25)."""

from collections.abc import Sequence

import msgspec

RESPONSIBILITY = (
    "Moderation is off: from now on it is up to you that what you send and publish follows the platform's policies and the"
    " law, and that it is moderated where that is a duty."
)


class Moderation:
    """Blocks texts that have one of the words, in any case."""

    class State(msgspec.Struct, frozen=True):
        on: bool
        words: tuple[str, ...]

    def __init__(self, words: Sequence[str] = (), on: bool = True) -> None:
        self.words = tuple(words)
        self.on = on

    def saved(self) -> State:
        return self.State(self.on, self.words)

    def restored(self, state: State) -> None:
        self.on, self.words = state.on, state.words

    def blocks(self, text: str) -> str | None:
        """The word that makes the text be refused, as it was configured; None when it may pass."""
        if not self.on or not self.words:
            return None
        folded = text.casefold()
        return next((word for word in self.words if word.casefold() in folded), None)

    def enable(self) -> None:
        self.on = True

    def disable(self) -> str:
        """What the user is told on disabling (BA-25)."""
        self.on = False
        return RESPONSIBILITY
