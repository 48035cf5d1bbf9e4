"""What the endpoint with API keys is assumed to do, as it can be seen from outside."""

import json
from typing import Any

import pytest

from contract_tests.cloud.posting import post
from contract_tests.conftest import KeyTarget


@pytest.mark.assumes("gateway_error_type")
def test_a_wrong_key_is_refused_as_a_one_api_error(openai_target: KeyTarget) -> None:
    body: Any = {"model": "deepseek-v3.2", "messages": [{"role": "user", "content": "Hi"}]}
    heard = post(f"{openai_target.url}/chat/completions", body, {"Authorization": "Bearer sk-of-nobody"})
    assert heard.status == 401
    assert json.loads(heard.body)["error"]["type"] == "one_api_error"


@pytest.mark.assumes("api_key_length")
def test_a_key_has_48_letters_and_digits(openai_target: KeyTarget) -> None:
    assert len(openai_target.opened().removeprefix("sk-")) == 48
