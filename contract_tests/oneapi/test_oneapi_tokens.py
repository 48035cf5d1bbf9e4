"""The keys of an account, which the gateway family calls tokens."""

import pytest
from openai import AuthenticationError

from contract_tests.conftest import Control
from contract_tests.oneapi.console_gateway import BEGIN, UNIT, Gateway


def test_a_token_is_changed_as_a_whole(gateway: Gateway) -> None:
    """GW-7."""
    token = gateway.create("one", models="glm-4")
    change = {"id": token["id"], "name": "two", "group": "b", "expired_time": BEGIN + 60, "unlimited_quota": True}
    changed = gateway.call(
        "PUT", "/api/token/", json=change | {"model_limits_enabled": True, "model_limits": "gpt-4o,glm-4"}
    )
    assert (changed["name"], changed["group"], changed["expired_time"]) == ("two", "b", BEGIN + 60)
    assert (changed["model_limits"], changed["unlimited_quota"]) == ("gpt-4o,glm-4", True)
    assert gateway.chat(token, "gpt-4o")
    gateway.admin.post("/clock/advance", by=60)
    assert gateway.get(f"/api/token/{token['id']}")["status"] == 3
    refusal = gateway.refused("PUT", "/api/token/?status_only=1", json={"id": token["id"], "status": 1})
    assert "expiry" in refusal


def test_a_token_is_exhausted_by_its_quota(gateway: Gateway) -> None:
    token = gateway.create("one", remain_quota=1)
    gateway.chat(token)
    shown = gateway.get(f"/api/token/{token['id']}")
    assert (shown["status"], shown["remain_quota"], shown["unlimited_quota"]) == (4, 0, False)
    with pytest.raises(AuthenticationError):
        gateway.chat(token)
    gateway.call("PUT", "/api/token/", json={"id": token["id"], "name": "one", "remain_quota": UNIT})
    assert gateway.chat(token)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"name": ""}', "1 to 50 characters"),
        (b'{"name": "' + b"x" * 51 + b'"}', "1 to 50 characters"),
        (b'{"name": "x", "remain_quota": -1}', "not below 0"),
        (b'{"name": 7}', "name"),
        (b"{", "not as it should be"),
        (b"", "not as it should be"),
    ],
)
def test_a_token_that_cannot_be_is_refused(gateway: Gateway, body: bytes, said: str) -> None:
    assert said in gateway.refused("POST", "/api/token/", content=body)


def test_an_account_has_ten_tokens(gateway: Gateway) -> None:
    for place in range(9):
        gateway.create(str(place))
    assert "at most 10" in gateway.refused("POST", "/api/token/", json={"name": "eleventh"})


def test_tokens_come_in_pages(gateway: Gateway, emulator: Control) -> None:
    for place in range(4):
        gateway.create(f"key {place}")
    pages = [gateway.get("/api/token/", p=p, page_size=2) for p in (1, 2, 3, 4)]
    assert [page["total"] for page in pages] == [5] * 4
    assert [token["name"] for page in pages for token in page["items"]] == [
        "key 3",
        "key 2",
        "key 1",
        "key 0",
        "default",
    ]
    assert [token["name"] for token in gateway.get("/api/token/search", keyword="%1")["items"]] == ["key 1"]
    emulator.assume(gateway_lists="one-api")
    assert [token["name"] for token in gateway.get("/api/token/", p=1, page_size=2)] == ["key 1", "key 0"]
