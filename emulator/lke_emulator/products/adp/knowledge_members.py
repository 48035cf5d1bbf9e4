"""What documents and Q&A have in common in adp's members: scope, labels, validity, category, and results of many at once."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from lke_emulator.account.call import Call
from lke_emulator.knowledge.categories import Kind
from lke_emulator.knowledge.refusals import invalid
from lke_emulator.knowledge.validity import ALL, BY_CONDITION, SCOPES, LabelRef, Validity
from lke_emulator.products.lke.bases import category_path
from lke_emulator.products.lke.paging import seconds
from lke_emulator.protocol.errors import ApiError

HIDDEN, FOUND = 1, 2
"""ExpireBehavior (documented)."""


def domain(given: Mapping[str, Any], was: Validity) -> Validity:
    scope = given.get("EffectiveDomain", 0) or was.scope
    if scope not in SCOPES:
        raise invalid("EffectiveDomain", f"must be from 1 to 4, not {scope}")
    return replace(was, scope=scope)


def expiration(given: Mapping[str, Any], was: Validity) -> Validity:
    period = (given.get("ExpirationPolicy") or {}).get("EffectivePeriod") or {}
    starts = seconds("ExpirationPolicy.EffectivePeriod.StartTime", period.get("StartTime", ""))
    ends = seconds("ExpirationPolicy.EffectivePeriod.EndTime", period.get("EndTime", ""))
    if 0 < ends < starts:
        raise invalid("ExpirationPolicy.EffectivePeriod.EndTime", f"must not be before StartTime, as {ends} is")
    behaviour = (given.get("ExpirationPolicy") or {}).get("ExpireBehavior", 0)
    if behaviour not in (0, HIDDEN, FOUND):
        raise invalid("ExpirationPolicy.ExpireBehavior", f"must be 1 or 2, not {behaviour}")
    return replace(was, starts=starts, ends=ends, outlives=behaviour == FOUND)


def labelled(call: Call, base: str, given: Iterable[Mapping[str, Any]], was: Validity) -> Validity:
    labels = tuple(LabelRef(each.get("LabelId", ""), tuple(each.get("LabelTermIdList") or ())) for each in given)
    call.account.labels.check(base, labels)
    return replace(was, attr_range=BY_CONDITION if labels else ALL, labels=labels)


def specified(call: Call, base: str, given: Mapping[str, Any], was: Validity) -> Validity:
    """What a specification says of scope, labels and time; what it leaves out stays as it was."""
    good = domain(given, was)
    if given.get("ExpirationPolicy") is not None:
        good = expiration(given, good)
    if "LabelRefList" in given:
        good = labelled(call, base, given["LabelRefList"] or (), good)
    return good


def scope(call: Call, base: str, validity: Validity) -> dict[str, Any]:
    """KnowledgeScope; labels that are deleted are left out."""
    known = call.account.labels.of(base)
    rows = []
    for ref in validity.labels:
        attribute = known.get(ref.attribute)
        if attribute is not None:
            terms = attribute.named(ref.labels)
            rows.append(
                {
                    "LabelId": attribute.id,
                    "LabelName": attribute.name,
                    "LabelTermIdList": [term.id for term in terms],
                    "LabelTermList": [term.name for term in terms],
                }
            )
    return {"EffectiveDomain": validity.scope, "LabelRefList": rows}


def policy(validity: Validity) -> dict[str, Any] | None:
    if not (validity.starts or validity.ends):
        return None
    period = {"StartTime": str(validity.starts), "EndTime": str(validity.ends)}
    return {"EffectivePeriod": period, "ExpireBehavior": FOUND if validity.outlives else HIDDEN}


def path(call: Call, base: str, kind: Kind, category: str) -> dict[str, Any]:
    ids, names = category_path(call, base, kind, category)
    return {"CategoryId": category, "CategoryIdPath": ids[:-1], "CategoryNamePath": names[:-1]}


def each(ids: Iterable[Any], act: Callable[[Any], str]) -> list[dict[str, Any]]:
    """An OperationResult for each; what is refused of one does not keep the others (inferred from the answer's form)."""
    rows = []
    for id in ids:
        try:
            rows.append({"Id": act(id), "Reason": "", "Succeeded": True})
        except ApiError as error:
            named = id if isinstance(id, str) else ""
            rows.append({"Id": named, "Reason": error.message("en-US"), "Succeeded": False})
    return rows


def in_scope(words: Iterable[str], scopes: Iterable[int], known: Mapping[int, Callable[[], Iterable[str]]]) -> bool:
    """Whether any of the words is in what the scopes of a query look at."""
    wanted = [word.casefold() for word in words if word]
    texts = [text.casefold() for scope in scopes if scope in known for text in known[scope]()]
    return not wanted or any(word in text for word in wanted for text in texts)
