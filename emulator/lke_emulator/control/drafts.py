"""Talking to an app's draft, as its developers do in the cloud's own console; no public endpoint opens one."""

from typing import Annotated

import msgspec
from msgspec import Meta

from lke_emulator.control.apps import APPS, app_named
from lke_emulator.control.table import Body, ControlCall, EventStream, route
from lke_emulator.dialogue.surface import SSE, Dialogue
from lke_emulator.exchange.answer import Answer, Begin, Parts
from lke_emulator.exchange.raw import Raw

DEBUGGING = 10
"""Type of such a conversation (documented)."""
VISITOR = "developer"


class DraftQuestion(Body):
    content: str
    session_id: Annotated[str, Meta(description="The conversation's: 2 to 64 letters, digits, - and _.")]
    visitor_biz_id: str = VISITOR


class DraftDialogue(Dialogue):
    channel = DEBUGGING


@route("POST", APPS + "/{id}/talk")
def talk_to_draft(call: ControlCall, body: DraftQuestion) -> EventStream:
    """One question to the draft of an app: the events of `/v1/qbot/chat/sse`, metered and in the journal as a dialogue's."""
    asked = {**msgspec.structs.asdict(body), "bot_app_key": app_named(call).key, "stream": "enable"}
    raw = Raw("POST", SSE, "", {"host": call.headers.get("host", "")}, msgspec.json.encode(asked))
    return EventStream(frames(DraftDialogue(raw, call.running).parts()))


def frames(parts: Parts) -> Parts:
    """Without the head, which is control's."""
    try:
        for part in parts:
            if isinstance(part, Answer):
                yield part.body
            elif not isinstance(part, Begin):
                yield part
    finally:
        parts.close()
