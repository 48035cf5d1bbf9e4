"""The notifications of an account, recorded instead of sent (RL-19 to RL-29)."""

from typing import Literal

import msgspec

from lke_emulator.billing.notifications import CLOUD_CHANNELS, Coming, Notice
from lke_emulator.control.table import Body, ControlCall, route

PATH = "/accounts/{uin}/notifications"


class NoticeQuery(Body):
    sender: Literal["", "console", "cloud"] = ""
    package: str = ""
    """The id of a package."""


class Notices(msgspec.Struct, frozen=True, kw_only=True):
    notifications: list[Notice]
    """Oldest first."""


class ComingNotices(msgspec.Struct, frozen=True, kw_only=True):
    notifications: list[Coming]
    """By package, in the order of deduction: what depends on use, the next first, then what depends on the day."""


class Channels(Body):
    channels: tuple[Literal["in-site", "sms", "email"], ...]
    """The ones that the cloud's own notifications take."""


@route("GET", PATH)
def list_notifications(call: ControlCall, query: NoticeQuery) -> Notices:
    """Everything that the account was told, oldest first."""
    told = call.account.billing.notices(call.now)
    wanted = [one for one in told if query.sender in ("", one.sender) and query.package in ("", one.package)]
    return Notices(notifications=wanted)


@route("GET", f"{PATH}/coming")
def coming_notifications(call: ControlCall) -> ComingNotices:
    """What the account will be told next, and at which moment or at how much use."""
    return ComingNotices(notifications=call.account.billing.coming(call.now))


@route("GET", f"{PATH}/channels")
def get_channels(call: ControlCall) -> Channels:
    """The channels that the cloud's own notifications take."""
    return Channels(channels=call.account.billing.channels)  # type: ignore[arg-type]


@route("PUT", f"{PATH}/channels")
def choose_channels(call: ControlCall, body: Channels) -> Channels:
    """Choose the channels of the cloud's Message Center."""
    call.account.billing.choose_channels(body.channels)
    return Channels(channels=tuple(channel for channel in CLOUD_CHANNELS if channel in body.channels))
