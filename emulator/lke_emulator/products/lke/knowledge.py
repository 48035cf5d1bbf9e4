"""The capacity of the knowledge base and what the apps use of it, in characters, written as strings (documented)."""

from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.account.records import App
from lke_emulator.products import action
from lke_emulator.products.lke.usage import page_asked

UNUSED = "未使用"
"""The first row of the documented pie: what no app uses."""
DEFAULT, SHARED = 0, 1
"""KnowledgeType (documented)."""


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
    knowledge = call.account.knowledge
    capacity = capacity_of(call)
    unused = max(0, capacity - sum(knowledge.used.values()))
    whole = whole_of(call)
    rows = [{"AppName": UNUSED, "UsedCharSize": str(unused), "Proportion": share(unused, whole)}]
    rows += [
        {
            "AppName": app.name,
            "UsedCharSize": str(used),
            "Proportion": share(used, whole),
            "KnowledgeType": knowledge_type(app),
        }
        for app, used in users(call)
    ]
    return {"AvailableCharSize": str(capacity), "List": rows}


@action("lke.ListAppKnowledgeDetail")
def list_app_knowledge_detail(call: Call) -> dict[str, Any]:
    offset, size = page_asked(call)
    whole = whole_of(call)
    rows = []
    room = capacity_of(call)
    for app, used in users(call):
        kept = min(used, room)
        room -= kept
        rows.append(
            {
                "AppName": app.name,
                "UsedCharSize": str(used),
                "Proportion": share(used, whole),
                "ExceedCharSize": str(used - kept),
                "IsSharedKnowledge": knowledge_type(app) == SHARED,
                "KnowledgeType": knowledge_type(app),
            }
        )
    return {"Total": len(rows), "List": rows[offset : offset + size]}


def users(call: Call) -> list[tuple[App, int]]:
    """The apps that the request asks for and what they use, the largest first."""
    asked, space = call.params.get("AppBizIds"), call.params.get("SpaceId")
    account = call.account
    found = [
        (account.apps[biz_id], used)
        for biz_id, used in account.knowledge.used.items()
        if (not asked or biz_id in asked) and (not space or account.apps[biz_id].space == space)
    ]
    return sorted(found, key=lambda row: (-row[1], row[0].biz_id))


def capacity_of(call: Call) -> int:
    """What the scenario gives and what packages add at this moment."""
    return call.account.billing.resources.capacity(call.now).total


def whole_of(call: Call) -> int:
    """What proportions refer to: the capacity, or all that is used where that is more."""
    return max(capacity_of(call), sum(call.account.knowledge.used.values()))


def share(used: int, whole: int) -> float:
    return used / whole if whole else 0.0


def knowledge_type(app: App) -> int:
    return SHARED if app.type == "shared_knowledge" else DEFAULT
