"""Embeddings through the official client."""

from math import isclose
from typing import Any

import pytest

from contract_tests.openai.conftest import Endpoint, refused

MODEL = "text-embedding-3-small"


def vectors(client: Any, *texts: str, **settings: Any) -> list[list[float]]:
    return [row.embedding for row in client.embeddings.create(model=MODEL, input=list(texts), **settings).data]


def test_the_manuals_example_is_answered(client: Any) -> None:
    """GW-27."""
    answer = client.embeddings.create(model=MODEL, input=["Hello world"])
    assert [row.index for row in answer.data] == [0]
    assert answer.usage.prompt_tokens == answer.usage.total_tokens > 0


def test_texts_keep_their_order(client: Any) -> None:
    first, second = vectors(client, "one", "two")
    assert vectors(client, "two", "one") == [second, first]
    assert first != second


@pytest.mark.parametrize("dimensions", [1, 64, 1536])
def test_a_vector_has_the_dimensions_asked_for(client: Any, dimensions: int) -> None:
    (vector,) = vectors(client, "Hello world", dimensions=dimensions)
    assert len(vector) == dimensions
    assert isclose(sum(part * part for part in vector), 1, abs_tol=1e-5)


def test_floats_and_base64_are_the_same_vector(client: Any) -> None:
    (plain,) = vectors(client, "Hello world", encoding_format="float")
    (packed,) = vectors(client, "Hello world")
    assert plain == packed
    assert len(plain) == 1024


def test_token_numbers_are_embedded_too(client: Any) -> None:
    answer = client.embeddings.create(model=MODEL, input=[[1, 2, 3], [1, 2, 4]])
    assert answer.usage.prompt_tokens == 6
    assert answer.data[0].embedding != answer.data[1].embedding
    alone = client.embeddings.create(model=MODEL, input=[1, 2, 3])
    assert alone.data[0].embedding == answer.data[0].embedding


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"input": []}, "input"),
        ({"input": ""}, "input"),
        ({"input": ["a", ""]}, "input"),
        ({"input": ["a", 1]}, "input"),
        ({"input": {"a": 1}}, "input"),
        ({"dimensions": 0}, "dimensions"),
    ],
    ids=str,
)
def test_a_wrong_input_is_named(client: Any, change: dict[str, Any], param: str) -> None:
    error = refused(client.embeddings.create, **{"model": MODEL, "input": "x", **change})
    assert (error.status_code, error.param) == (400, param)


def test_an_embedding_is_metered(endpoint: Endpoint, client: Any) -> None:
    answer = client.embeddings.create(model=MODEL, input=["Hello world", "知识引擎"])
    used = endpoint.used(api="GetEmbedding", model=MODEL)
    assert (used.calls, used.input, used.output) == (1, answer.usage.total_tokens, 0)


@pytest.mark.anyio
async def test_the_async_client_gets_the_same_vector(aclient: Any, client: Any) -> None:
    answer = await aclient.embeddings.create(model=MODEL, input="Hello world")
    assert [answer.data[0].embedding] == vectors(client, "Hello world")
