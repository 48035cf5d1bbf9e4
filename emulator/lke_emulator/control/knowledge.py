"""The capacity of an account's knowledge base, and what is isolated because it does not fit (RL-14 to RL-17)."""

import msgspec

from lke_emulator.billing.capacity import Capacity
from lke_emulator.control.table import ControlCall, route

PATH = "/accounts/{uin}/knowledge"


class KnowledgeState(msgspec.Struct, frozen=True, kw_only=True):
    """In characters."""

    total: int
    used: int
    isolated: int
    available: int


def knowledge_state(capacity: Capacity) -> KnowledgeState:
    return KnowledgeState(
        total=capacity.total, used=capacity.used, isolated=capacity.isolated, available=capacity.available
    )


@route("GET", PATH)
def get_knowledge(call: ControlCall) -> KnowledgeState:
    """What it holds and what is isolated."""
    return knowledge_state(call.account.billing.resources.capacity(call.now))


@route("POST", f"{PATH}/restore")
def restore_knowledge(call: ControlCall) -> KnowledgeState:
    """Make isolated knowledge searchable again. Refused where the capacity does not hold it."""
    return knowledge_state(call.account.billing.resources.restore_knowledge(call.now))
