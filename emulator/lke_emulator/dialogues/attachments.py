"""Documents that came with a conversation: what docParse read, for the questions that name them."""

from typing import TypeVar

import msgspec

from lke_emulator.primitives.register import Register, by_key

R = TypeVar("R")


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    app: str
    conversation: str
    """Only its questions may name it (documented: the session is checked)."""
    name: str
    text: str


class Attachments:
    class State(msgspec.Struct, frozen=True):
        attachments: tuple[Attachment, ...]

    def __init__(self) -> None:
        self._attachments: dict[str, Attachment] = {}

    def saved(self) -> State:
        return self.State(tuple(self._attachments.values()))

    def restored(self, state: State) -> None:
        self._attachments = by_key((one.id, one) for one in state.attachments)

    def add(self, attachment: Attachment) -> None:
        self._attachments[attachment.id] = attachment

    def find(self, id: str, app: str, conversation: str) -> Attachment | None:
        found = self._attachments.get(id)
        return found if found is not None and (found.app, found.conversation) == (app, conversation) else None

    def forget(self, app: str) -> None:
        self._attachments = {id: one for id, one in self._attachments.items() if one.app != app}


class ByApp(Register[R]):
    """Records of apps by their AppBizId."""

    def forget(self, app: str) -> None:
        self.pop(app, None)
