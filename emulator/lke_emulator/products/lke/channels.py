"""The channels of an app, which adp makes."""

from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.knowledge.belongings import Belonging
from lke_emulator.products import action
from lke_emulator.products.lke.apps import found_app
from lke_emulator.products.lke.paging import paged

RUNNING = 2
"""ChannelStatus (documented)."""
PER_PAGE = 10


@action("lke.ListChannel")
def list_channel(call: Call) -> dict[str, Any]:
    """The newest first (inferred)."""
    app, params = found_app(call), call.params
    types, statuses = params.get("ChannelType") or (), params.get("ChannelStatus") or ()
    rows = [
        channel_row(each, call)
        for each in reversed(call.account.belongings.of("channel", app.biz_id))
        if (not types or each.members.get("ChannelType") in types) and (not statuses or RUNNING in statuses)
    ]
    return {"Total": len(rows), "ListChannel": paged(call, rows, default=PER_PAGE)}


def channel_row(channel: Belonging, call: Call) -> dict[str, Any]:
    return {
        "ChannelType": max(0, channel.members.get("ChannelType", 0)),
        "ChannelStatus": RUNNING,
        "ChannelName": channel.members.get("ChannelName", ""),
        "ChannelId": channel.id,
        "Comment": channel.members.get("Description", ""),
        "UpdateTime": str(int(channel.updated)),
        "CreateTime": str(int(channel.created)),
        "UpdatedUser": call.account.name_of(channel.editor),
    }
