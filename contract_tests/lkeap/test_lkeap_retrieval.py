"""GetEmbedding, RunRerank, QueryRewrite and GetCharacterUsage through the official SDK."""

from collections.abc import Callable
from math import sqrt
from typing import Any

import pytest

from contract_tests.conftest import Control, Target
from contract_tests.lkeap.conftest import account_of, assume, call, used

V1 = "lke-text-embedding-v1"
INTERNATIONAL = "adp-text-embedding-0.5b"
QUESTION = {"Role": "user", "Content": "你家在哪里"}
ANSWER = {"Role": "assistant", "Content": "我家在国内"}
DIALOGUE = [QUESTION, ANSWER, {"Role": "user", "Content": "国内哪里"}]


def embed(client: Any, *texts: str, **params: Any) -> list[list[float]]:
    data = call(client, "GetEmbedding", **{"Model": V1, "Inputs": texts, **params}).Data
    return [each.Embedding for each in data]


def nearness(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


# GetEmbedding


@pytest.mark.needs("packages")
def test_each_input_gets_a_vector_of_unit_length(lkeap: Any) -> None:
    vectors = embed(lkeap, "hello", "world", "知识引擎")
    assert len(vectors) == 3
    assert all(sqrt(nearness(vector, vector)) == pytest.approx(1, abs=1e-4) for vector in vectors)


@pytest.mark.needs("packages")
def test_equal_texts_have_equal_vectors_and_kindred_texts_near_ones(lkeap: Any) -> None:
    price, again, similar, other = embed(
        lkeap, *["the price of the model"] * 2, "the price of a model", "green bananas"
    )
    assert price == again
    assert nearness(price, similar) > nearness(price, other)


@pytest.mark.needs("packages")
def test_an_instruction_counts_only_for_queries_of_the_first_model(lkeap: Any) -> None:
    (plain,) = embed(lkeap, "price")
    (document,) = embed(lkeap, "price", TextType="document", Instruction="question:")
    (second,) = embed(lkeap, "price", TextType="query", Instruction="question:", Model="lke-text-embedding-v2")
    (query,) = embed(lkeap, "price", TextType="query", Instruction="question:")
    assert plain == document == second
    assert query != plain


@pytest.mark.parametrize(
    "params",
    [
        {"Inputs": []},
        {"Inputs": ["a"] * 8},
        {"Inputs": ["a" * 2001]},
        {"Inputs": [""]},
        {"Inputs": ["a" * 501], "Model": INTERNATIONAL},
        {"Model": "no-such-model"},
        {"TextType": "poem"},
    ],
)
@pytest.mark.assumes("retrieval_refusal")
def test_inputs_outside_the_limits_are_refused(lkeap: Any, refusal: Callable[..., Any], params: dict[str, Any]) -> None:
    whole = {"Model": V1, "Inputs": ["a"], **params}
    assert refusal(lambda: call(lkeap, "GetEmbedding", **whole)).code == "FailedOperation"


@pytest.mark.needs("packages")
def test_inputs_at_the_limits_are_served(lkeap: Any) -> None:
    assert len(embed(lkeap, *["知" * 2000] * 7)) == 7
    assert len(embed(lkeap, "a" * 500, Model=INTERNATIONAL)) == 1


def test_embedding_is_metered_by_the_tokens_it_tells(lkeap: Any, emulator: Control) -> None:
    account = account_of(emulator)
    before = used(account, "GetEmbedding")
    tokens = call(lkeap, "GetEmbedding", Model=V1, Inputs=["hello", "知识引擎"]).Usage.TotalTokens
    after = used(account, "GetEmbedding")
    assert (after.calls - before.calls, after.total - before.total) == (1, tokens)
    assert tokens > 0


# RunRerank


@pytest.mark.needs("packages")
def test_scores_come_in_the_order_of_the_documents(lkeap: Any) -> None:
    documents = ["green bananas", "the price of the model", "a price"]
    answer = call(lkeap, "RunRerank", Query="price of the model", Docs=documents)
    fruit, best, some = answer.ScoreList
    assert best > some > fruit
    assert call(lkeap, "RunRerank", Query="price of the model", Docs=documents[::-1]).ScoreList == [some, best, fruit]
    assert answer.Usage.TotalTokens > 0


def test_scores_can_be_logarithmic_odds_as_in_the_documented_example(lkeap: Any, emulator: Control) -> None:
    assume(emulator, rerank_scores="logit")
    same, none = call(lkeap, "RunRerank", Query="price", Docs=["price", "other"]).ScoreList
    assert same > 1
    assert none < -1


@pytest.mark.parametrize(
    "params",
    [
        {"Docs": []},
        {"Docs": ["a"] * 61},
        {"Docs": ["a" * 1000] * 2, "Query": "b"},
        {"Query": ""},
        {"Model": "no-such-model"},
    ],
)
@pytest.mark.assumes("retrieval_refusal")
def test_documents_outside_the_limits_are_refused(
    lkeap: Any, refusal: Callable[..., Any], params: dict[str, Any]
) -> None:
    whole = {"Query": "a", "Docs": ["b"], **params}
    assert refusal(lambda: call(lkeap, "RunRerank", **whole)).code == "FailedOperation"


@pytest.mark.needs("packages")
@pytest.mark.assumes("international_regions")
def test_the_international_edition_reranks_twenty_documents(target: Target, refusal: Callable[..., Any]) -> None:
    from tencentcloud.lkeap.v20240522.lkeap_client import LkeapClient

    abroad = target.client(LkeapClient, region="ap-jakarta")
    assert len(call(abroad, "RunRerank", Query="a", Docs=["b"] * 20).ScoreList) == 20
    assert refusal(lambda: call(abroad, "RunRerank", Query="a", Docs=["b"] * 21)).code == "FailedOperation"


def test_the_code_of_a_limit_is_an_assumption(lkeap: Any, emulator: Control, refusal: Callable[..., Any]) -> None:
    assume(emulator, retrieval_refusal="InvalidParameter")
    assert refusal(lambda: call(lkeap, "RunRerank", Query="", Docs=["b"])).code == "InvalidParameter"


# QueryRewrite


@pytest.mark.needs("packages")
def test_the_documented_dialogue_is_rewritten_as_documented(lkeap: Any) -> None:
    answer = call(lkeap, "QueryRewrite", Messages=DIALOGUE)
    assert answer.Content == "你家在国内哪里？"
    assert answer.Usage.TotalTokens == answer.Usage.InputTokens + answer.Usage.OutputTokens


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [ANSWER],
        [QUESTION, QUESTION],
        [QUESTION, ANSWER] * 4 + [QUESTION],
        [{"Role": "user", "Content": ""}],
        [{"Role": "user", "Content": "长" * 3601}],
        [{"Role": "system", "Content": "x"}, QUESTION],
    ],
)
@pytest.mark.assumes("retrieval_refusal")
def test_dialogues_outside_the_limits_are_refused(
    lkeap: Any, refusal: Callable[..., Any], messages: list[dict[str, str]]
) -> None:
    assert refusal(lambda: call(lkeap, "QueryRewrite", Messages=messages)).code == "FailedOperation"


@pytest.mark.needs("packages")
def test_a_dialogue_of_four_rounds_is_rewritten(lkeap: Any) -> None:
    assert call(lkeap, "QueryRewrite", Messages=[QUESTION, ANSWER] * 3 + [QUESTION]).Content


def test_rewriting_is_metered_by_the_tokens_it_tells(lkeap: Any, emulator: Control) -> None:
    account = account_of(emulator)
    before = used(account, "QueryRewrite")
    told = call(lkeap, "QueryRewrite", Messages=DIALOGUE).Usage
    after = used(account, "QueryRewrite")
    assert (after.input - before.input, after.output - before.output) == (told.InputTokens, told.OutputTokens)


# GetCharacterUsage


@pytest.mark.needs("packages")
def test_the_characters_are_those_of_the_knowledge_base(lkeap: Any, lke: Any) -> None:
    from tencentcloud.lke.v20231130 import models

    answer = call(lkeap, "GetCharacterUsage")
    knowledge = lke.DescribeKnowledgeUsage(models.DescribeKnowledgeUsageRequest())
    assert (str(answer.Used), str(answer.Total)) == (knowledge.UsedCharSize, knowledge.AvailableCharSize)
    assert 0 < answer.Used <= answer.Total
