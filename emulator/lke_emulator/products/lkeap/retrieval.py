"""GetEmbedding, RunRerank, QueryRewrite and GetCharacterUsage."""

from collections.abc import Sequence
from math import log
from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.models.tokens import estimate
from lke_emulator.products import action
from lke_emulator.products.lkeap import service
from lke_emulator.products.lkeap.codes import lkeap_error

# Characters of one input (documented).
EMBEDDING_MODELS = {"lke-text-embedding-v1": 2000, "lke-text-embedding-v2": 2000, "adp-text-embedding-0.5b": 500}
INPUTS = 7
TEXT_TYPES = ("query", "document")

RERANK_MODEL = "lke-reranker-base"
RERANK_DOCS = {"mainland": 60, "international": 20}
RERANK_CHARACTERS = 2000

REWRITE_MODEL = "lke-query-rewrite-base"
ROUNDS = 4
REWRITE_CHARACTERS = 3600
ODDS = 1e-4
"""Keeps the logarithmic odds of 0 and 1 finite: about -9.2 and 9.2."""


def insist(call: Call, fits: bool, detail: str) -> None:
    if not fits:
        raise lkeap_error(call.assumptions.retrieval_refusal, detail)


def tokens(call: Call, texts: Sequence[str]) -> int:
    return sum(estimate(text, call.assumptions.tokens_per_1000_characters) for text in texts)


@action("lkeap.GetEmbedding")
def get_embedding(call: Call) -> dict[str, Any]:
    """A vector for each input. Instruction counts only for queries of the first model (documented)."""
    from lke_emulator.models.embedding import vector

    model, inputs = call.params["Model"], call.params["Inputs"]
    kind = call.params.get("TextType", "document")
    insist(call, model in EMBEDDING_MODELS, f"Model: {', '.join(EMBEDDING_MODELS)}")
    insist(call, 0 < len(inputs) <= INPUTS, f"Inputs: {len(inputs)} texts, from 1 to {INPUTS}")
    most = EMBEDDING_MODELS[model]
    for index, text in enumerate(inputs):
        insist(call, 0 < len(text) <= most, f"Inputs.{index}: {len(text)} characters, from 1 to {most}")
    insist(call, kind in TEXT_TYPES, f"TextType: {' or '.join(TEXT_TYPES)}")
    service.admit(call, "GetEmbedding", model)
    if kind == "query" and model == "lke-text-embedding-v1":
        inputs = [call.params.get("Instruction", "") + text for text in inputs]
    used = tokens(call, inputs)
    service.meter(call, "GetEmbedding", model, input=used)
    return {"Data": [{"Embedding": list(vector(text))} for text in inputs], "Usage": {"TotalTokens": used}}


@action("lkeap.RunRerank")
def run_rerank(call: Call) -> dict[str, Any]:
    """One score a document, in their order."""
    from lke_emulator.models.rerank import scores

    query, docs = call.params["Query"], call.params["Docs"]
    model = call.params.get("Model", RERANK_MODEL)
    most = RERANK_DOCS[edition(call)]
    insist(call, model == RERANK_MODEL, f"Model: {RERANK_MODEL}")
    insist(call, bool(query), "Query: is empty")
    insist(call, 0 < len(docs) <= most, f"Docs: {len(docs)} documents, from 1 to {most}")
    length = len(query) + sum(map(len, docs))
    insist(call, length <= RERANK_CHARACTERS, f"Query and Docs: {length} characters, at most {RERANK_CHARACTERS}")
    service.admit(call, "RunRerank", model)
    used = tokens(call, [query, *docs])
    service.meter(call, "RunRerank", model, input=used)
    scale = logit if call.assumptions.rerank_scores == "logit" else float
    return {
        "ScoreList": [round(scale(score), 6) for score in scores(query, docs)],
        "Usage": {"TotalTokens": used},
    }


def logit(score: float) -> float:
    return log((score + ODDS) / (1 - score + ODDS))


def edition(call: Call) -> str:
    return "international" if call.region in call.assumptions.international_regions else "mainland"


@action("lkeap.QueryRewrite")
def query_rewrite(call: Call) -> dict[str, Any]:
    """The last question of the dialogue, made to stand alone."""
    messages = call.params["Messages"]
    model = call.params.get("Model", REWRITE_MODEL)
    insist(call, model == REWRITE_MODEL, f"Model: {REWRITE_MODEL}")
    insist(call, bool(messages), "Messages: is empty")
    for index, message in enumerate(messages):
        role = "assistant" if index % 2 else "user"
        insist(call, message.get("Role") == role, f"Messages.{index}.Role: user and assistant in turns, user first")
        insist(call, bool(message.get("Content")), f"Messages.{index}.Content: is empty")
    rounds = messages[::2]
    insist(call, len(rounds) <= ROUNDS, f"Messages: {len(rounds)} rounds, at most {ROUNDS}")
    texts = [message["Content"] for message in messages]
    length = sum(map(len, texts))
    insist(call, length <= REWRITE_CHARACTERS, f"Messages: {length} characters, at most {REWRITE_CHARACTERS}")
    service.admit(call, "QueryRewrite", model)
    from lke_emulator.models.rewrite import rewrite

    content = rewrite([message["Content"] for message in rounds])
    asked, answered = tokens(call, texts), tokens(call, [content])
    service.meter(call, "QueryRewrite", model, input=asked, output=answered)
    usage = {"InputTokens": asked, "OutputTokens": answered, "TotalTokens": asked + answered}
    return {"Content": content, "Usage": usage}


@action("lkeap.GetCharacterUsage")
def get_character_usage(call: Call) -> dict[str, Any]:
    """Characters of the knowledge base: used by all apps, and its capacity."""
    capacity = call.account.billing.resources.capacity(call.now)
    return {"Used": sum(call.account.knowledge.used.values()), "Total": capacity.total}
