"""What knowledge is in: an app's own base, which has the app's id, or a shared one; and who and what it is for."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.knowledge.refusals import invalid, no_such
from lke_emulator.knowledge.validity import ALL, BY_CONDITION, DRAFT, EVERYWHERE, SCOPES, LabelRef, Validity
from lke_emulator.products.lke.paging import seconds


def found_base(call: Call, name: str = "BotBizId") -> str:
    """The id of the app or shared knowledge base that a request names; a refusal where there is none."""
    id: str = call.params.get(name, "")
    if id in call.account.apps or id in call.account.shared:
        return id
    raise no_such("app or knowledge base", id)


def default_scope(call: Call, base: str) -> int:
    """Of what is new: test calls alone in an app, everywhere in a shared base (documented)."""
    return EVERYWHERE if base in call.account.shared else DRAFT


def validity(call: Call, base: str, before: Validity | None = None) -> Validity:
    """What a request says about it; what it leaves out stays as it was, or is as documented."""
    params = call.params
    was = before or Validity(scope=default_scope(call, base))
    scope = params.get("EnableScope", 0) or was.scope
    if scope not in SCOPES:
        raise invalid("EnableScope", f"must be from 1 to 4, not {scope}")
    attr_range, labels = attributes(call, base, was)
    starts = seconds("ExpireStart", params["ExpireStart"]) if "ExpireStart" in params else was.starts
    ends = seconds("ExpireEnd", params["ExpireEnd"]) if "ExpireEnd" in params else was.ends
    if 0 < ends < starts:
        raise invalid("ExpireEnd", f"must not be before ExpireStart, as {ends} is")
    return Validity(scope, attr_range, labels, starts, ends)


def attributes(call: Call, base: str, was: Validity) -> tuple[int, tuple[LabelRef, ...]]:
    """AttrRange and AttrLabels of a request."""
    params = call.params
    labels = was.labels
    if "AttrLabels" in params:
        labels = tuple(
            LabelRef(each.get("AttributeBizId", ""), tuple(each.get("LabelBizIds", ())), each.get("Source", 1) or 1)
            for each in params["AttrLabels"]
        )
        call.account.labels.check(base, labels)
    usual = BY_CONDITION if labels else ALL
    attr_range = params.get("AttrRange", 0) or (usual if "AttrLabels" in params else was.attr_range)
    if attr_range not in (ALL, BY_CONDITION):
        raise invalid("AttrRange", f"must be 1 or 2, not {attr_range}")
    return attr_range, labels if attr_range == BY_CONDITION else ()


def attr_labels(call: Call, base: str, refs: Iterable[LabelRef]) -> list[dict[str, Any]]:
    """AttrLabel rows; what is deleted is left out."""
    known: Mapping[str, Any] = call.account.labels.of(base)
    rows = []
    for ref in refs:
        attribute = known.get(ref.attribute)
        if attribute is not None:
            labels = [{"LabelBizId": each.id, "LabelName": each.name} for each in attribute.named(ref.labels)]
            rows.append(
                {
                    "Source": ref.source,
                    "AttrBizId": attribute.id,
                    "AttrKey": attribute.key,
                    "AttrName": attribute.name,
                    "Labels": labels,
                }
            )
    return rows


def category_path(call: Call, base: str, kind: Any, category: str) -> tuple[list[str], list[str]]:
    """CateBizIdPath and CateNamePath: from the top down to the category."""
    steps = call.account.categories.path(base, kind, category)
    return [step.id for step in steps], [step.name for step in steps]


def settle(call: Call) -> None:
    """Let what has expired by now isolate what it must, before something is added."""
    call.account.billing.settle(call.now)


def fit(call: Call) -> None:
    """Isolate what was just added beyond the capacity."""
    call.account.billing.resources.isolate_excess(call.now)


def prepared_base(call: Call, id: str, *, released: bool = False) -> Iterator[None]:
    """What is found in a base, made ready step by step."""
    if id in call.account.apps or id in call.account.shared:
        yield from call.account.retrieval.prepare_base(id, call.now, released=released)


def prepared_source(call: Call, base: str, qa: str) -> Iterator[None]:
    """Where the segment is that a Q&A was generated from."""
    found = call.account.qas.get(base, qa)
    if found is not None and found.segment:
        yield from prepared_base(call, base)
