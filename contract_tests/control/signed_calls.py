"""Signed calls of the accounts that control opened."""

from typing import Any

from tencentcloud.common.abstract_client import AbstractClient
from tencentcloud.lkeap.v20240522.lkeap_client import LkeapClient

from contract_tests.conftest import Target

HOUR, DAY = 3600, 86400
BEGIN = 1742452818
"""2025-03-20 14:40:18 at UTC+8."""
PAID = ["ChatCompletions", "GetEmbedding", "ImageGeneration"]
ALICE = "200000000001"


def signed(target: Target, credential: dict[str, str], kind: type[AbstractClient] = LkeapClient) -> Any:
    return target.client(kind, secret_id=credential["secret_id"], secret_key=credential["secret_key"])


def embed(client: Any) -> Any:
    return client.call_json("GetEmbedding", {"Model": "lke-text-embedding-v1", "Inputs": ["Hello"]})["Response"]
