"""The capacity of the knowledge base and what the apps use of it, in characters, written as strings (documented)."""

from typing import Any, NamedTuple

from lke_emulator.account.call import Call
from lke_emulator.products import action
from lke_emulator.products.lke.usage import page_asked

UNUSED = "未使用"
"""The first row of the documented pie: what no app uses."""
DEFAULT, SHARED = 0, 1
"""KnowledgeType (documented)."""


class Holder(NamedTuple):
    """An app or a shared knowledge base, and what it holds."""

    name: str
    used: int
    type: int


@action("lke.DescribeKnowledgeUsage")
def describe_knowledge_usage(call: Call) -> dict[str, Any]:
    capacity, used = capacity_of(call), sum(call.account.knowledge.used.values())
    return {
        "AvailableCharSize": str(capacity),
        "ExceedCharSize": str(max(0, used - capacity)),
        "UsedCharSize": str(used),
    }


@action("lke.DescribeKnowledgeUsagePieGraph")
def describe_knowledge_usage_pie_graph(call: Call) -> dict[str, Any]:
    """What is unused, then the apps, the largest first; without a filter the parts add up to the whole."""
    capacity = capacity_of(call)
    unused = max(0, capacity - sum(call.account.knowledge.used.values()))
    whole = whole_of(call)
    rows = [{"AppName": UNUSED, "UsedCharSize": str(unused), "Proportion": share(unused, whole)}]
    rows += [
        {
            "AppName": holder.name,
            "UsedCharSize": str(holder.used),
            "Proportion": share(holder.used, whole),
            "KnowledgeType": holder.type,
        }
        for holder in holders(call)
    ]
    return {"AvailableCharSize": str(capacity), "List": rows}


@action("lke.ListAppKnowledgeDetail")
def list_app_knowledge_detail(call: Call) -> dict[str, Any]:
    offset, size = page_asked(call)
    whole = whole_of(call)
    rows = []
    room = capacity_of(call)
    for holder in holders(call):
        kept = min(holder.used, room)
        room -= kept
        rows.append(
            {
                "AppName": holder.name,
                "UsedCharSize": str(holder.used),
                "Proportion": share(holder.used, whole),
                "ExceedCharSize": str(holder.used - kept),
                "IsSharedKnowledge": holder.type == SHARED,
                "KnowledgeType": holder.type,
            }
        )
    return {"Total": len(rows), "List": rows[offset : offset + size]}


def holders(call: Call) -> list[Holder]:
    """Those that the request asks for, the largest first."""
    asked, space = call.params.get("AppBizIds"), call.params.get("SpaceId")
    account = call.account
    shared = {base.id: base for base in account.shared}
    found = []
    for id, used in account.knowledge.used.items():
        app, base = account.apps.get(id), shared.get(id)
        holder = app or base
        if holder is not None and (not asked or id in asked) and (not space or holder.space == space):
            found.append((-used, id, Holder(holder.name, used, DEFAULT if app else SHARED)))
    return [row[2] for row in sorted(found)]


def capacity_of(call: Call) -> int:
    """What the scenario gives and what packages add at this moment."""
    return call.account.billing.resources.capacity(call.now).total


def whole_of(call: Call) -> int:
    """What proportions refer to: the capacity, or all that is used where that is more."""
    return max(capacity_of(call), sum(call.account.knowledge.used.values()))


def share(used: int, whole: int) -> float:
    return used / whole if whole else 0.0
