"""The list of models."""

from typing import Any

from openai import NotFoundError

from contract_tests.openai.conftest import HELLO, Endpoint, refused

MANUAL = {
    "deepseek-chat", "qwen-plus", "deepseek-reasoner", "claude-sonnet", "kimi-k2", "doubao-pro", "glm-4", "qwen-max", "gpt-4o"
}  # fmt: skip
DOCUMENTED = {"deepseek-r1", "deepseek-r1-0528", "deepseek-v3", "deepseek-v3.1-terminus"}


def test_the_models_of_the_manual_and_of_the_documents_exist(client: Any) -> None:
    """GW-11; 1255/70381."""
    assert {model.id for model in client.models.list()} >= MANUAL | DOCUMENTED


def test_a_declared_model_exists_too(client: Any) -> None:
    assert "declared-here" in {model.id for model in client.models.list()}
    assert client.chat.completions.create(model="declared-here", messages=HELLO)
    assert client.embeddings.create(model="declared-here", input="Hello")


def test_one_model_can_be_asked_for(client: Any) -> None:
    assert client.models.retrieve("deepseek-chat").id == "deepseek-chat"
    assert isinstance(refused(client.models.retrieve, model="gpt-99"), NotFoundError)


def test_all_paths_work_without_v1(endpoint: Endpoint) -> None:
    """GW-31."""
    client = endpoint.client(path="")
    assert client.models.list().data
    assert client.models.retrieve("gpt-4o").id == "gpt-4o"
    assert client.embeddings.create(model="text-embedding-3-small", input=["Hello world"]).data
    assert client.images.generate(model="dall-e-3", prompt="Chinese landscape painting, digital art").data
