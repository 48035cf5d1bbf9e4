"""SearchKnowledge: what knowledge bases know about a question."""

from collections.abc import Iterator
from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.knowledge.refusals import invalid, missing
from lke_emulator.knowledge.rejected import Rejected
from lke_emulator.knowledge.retrieval import QaHit, SegmentHit
from lke_emulator.products import action, prepares
from lke_emulator.products.adp.bases import Kb, found_kb
from lke_emulator.products.lke.bases import prepared_base

DOCUMENTS_AND_QA, REJECTED = 1, 2
"""KnowledgeType of the request (documented)."""
QA, SEGMENT = 1, 2
"""KnowledgeType of a result (documented)."""
PRODUCTION = 2
"""Domain (documented)."""
RETRIEVAL = 1
"""ResultType (documented)."""
SIMILARITY = 2
"""RecallType of what is found by its meaning (documented by example)."""
RECALLED = 10
"""Results where RecallCount does not say."""


@prepares("adp.SearchKnowledge")
def prepare_search(call: Call) -> Iterator[None]:
    released = (call.params.get("Context") or {}).get("Domain", 0) == PRODUCTION
    for wanted in call.params["AdvancedConfig"].get("KbRetrievalList") or ():
        yield from prepared_base(call, wanted.get("KbId", ""), released=released)


@action("adp.SearchKnowledge")
def search_knowledge(call: Call) -> dict[str, Any]:
    """The best first, of all bases together."""
    config, question = call.params["AdvancedConfig"], call.params["Input"].get("Question", "")
    if not question.strip():
        raise missing("Input.Question")
    kind = config.get("KnowledgeType", 0) or DOCUMENTS_AND_QA
    if kind not in (DOCUMENTS_AND_QA, REJECTED):
        raise invalid("AdvancedConfig.KnowledgeType", f"must be 1 or 2, not {kind}")
    released = (call.params.get("Context") or {}).get("Domain", 0) == PRODUCTION
    rows: list[dict[str, Any]] = []
    for wanted in config.get("KbRetrievalList") or ():
        kb = found_kb(call, wanted.get("KbId", ""))
        found = call.account.retrieval.ask_base(kb.id, question, call.now, released=released)
        if kind == REJECTED:
            rows += [rejected_result(kb, found.rejected)] if found.rejected else []
            continue
        if (wanted.get("QaRetrievalConfig") or {}).get("Enabled", True):
            rows += [qa_result(kb, hit) for hit in found.qas]
        if (wanted.get("DocRetrievalConfig") or {}).get("Enabled", True):
            rows += [segment_result(kb, hit) for hit in found.segments]
    rows.sort(key=lambda row: (-row["Confidence"], row["SnippetProfile"]["KnowledgeId"]))
    return {"KnowledgeList": rows[: config.get("RecallCount", 0) or RECALLED], "TokenUsageList": []}


def result(kb: Kb, kind: int, confidence: float, **profile: str) -> dict[str, Any]:
    return {
        "Confidence": confidence,
        "KnowledgeType": kind,
        "RecallTypeList": [SIMILARITY],
        "ResultType": RETRIEVAL,
        "ResultPayload": {"GraphData": "", "ImageUrlList": [], "SheetInfo": ""},
        "SimilarQuestionExtra": {"Content": "", "SimilarQuestionId": "0"},
        "SnippetProfile": {"KbId": kb.id, **profile},
        "SourceInfo": {"IsShared": kb.shared is not None, "KbName": kb.of.name},
    }


def rejected_result(kb: Kb, rejected: Rejected) -> dict[str, Any]:
    return result(kb, QA, 1, KnowledgeId=rejected.id, Question=rejected.question)


def qa_result(kb: Kb, hit: QaHit) -> dict[str, Any]:
    qa = hit.qa
    return result(kb, QA, hit.confidence, KnowledgeId=qa.id, Question=qa.question, Content=qa.answer, DocId=qa.document)


def segment_result(kb: Kb, hit: SegmentHit) -> dict[str, Any]:
    document, segment = hit.document, hit.segment
    return result(
        kb,
        SEGMENT,
        hit.confidence,
        KnowledgeId=segment.id,
        Content=segment.text,
        Title=document.shown_name,
        DocId=document.id,
        DocName=document.shown_name,
    )
