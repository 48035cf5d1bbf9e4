"""Content Moderation Settings (BA-23 to BA-25)."""

import msgspec
from msgspec import UNSET, UnsetType

from lke_emulator.control.table import Body, ControlCall, route

PATH = "/accounts/{uin}/moderation"


class ModerationState(msgspec.Struct, frozen=True, kw_only=True):
    on: bool
    words: tuple[str, ...]
    notice: str = ""
    """What is told to those who turn it off."""


class ModerationChange(Body):
    """What is left out stays as it is."""

    on: bool | UnsetType = UNSET
    words: tuple[str, ...] | UnsetType = UNSET
    """Texts with one of these are refused, whatever their case."""


@route("GET", PATH)
def get_moderation(call: ControlCall) -> ModerationState:
    """Whether the filter is on, and what it looks for."""
    state = call.account.moderation
    return ModerationState(on=state.on, words=state.words)


@route("PATCH", PATH)
def change_moderation(call: ControlCall, body: ModerationChange) -> ModerationState:
    """Turn the filter on or off, or choose its words. Whoever turns it off is told of the responsibility."""
    state = call.account.moderation
    notice = ""
    if body.words is not UNSET:
        state.words = tuple(word for word in body.words if word)
    if body.on is True:
        state.enable()
    elif body.on is False:
        notice = state.disable()
    return ModerationState(on=state.on, words=state.words, notice=notice)
