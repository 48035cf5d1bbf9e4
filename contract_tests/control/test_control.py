"""Control as HTTP: the clock, what is read strictly, its document, and who may."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from openai import APIStatusError

from contract_tests.conftest import Control
from contract_tests.control.admin import PREFIX, Admin
from contract_tests.control.json_schema import wrong
from contract_tests.control.signed_calls import BEGIN, DAY
from lke_emulator.protocol import shapes
from lke_emulator.protocol.spec import spec

# the clock


def test_the_clock_of_an_account_is_frozen_set_advanced_and_let_go(account: Admin) -> None:
    assert account.get("/clock") == {"now": BEGIN, "text": "2025-03-20 14:40:18+08:00", "frozen": True}
    assert account.post("/clock/advance", by="2d")["now"] == BEGIN + 2 * DAY
    assert account.post("/clock/advance", by=-0.5)["now"] == BEGIN + 2 * DAY - 0.5
    assert account.post("/clock/set", at="2025-09-28 14:30")["text"] == "2025-09-28 14:30:00+08:00"
    running = account.post("/clock/follow")
    assert running["frozen"] is False
    assert account.post("/clock/freeze")["now"] >= running["now"]
    assert account.post("/clock/freeze", at="-1h")["frozen"] is True


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/clock/set", {}, "missing required field `at`"),
        ("/clock/set", {"at": "soon"}, "at: `soon` is no moment; write 2025-09-28"),
        ("/clock/set", {"at": -1}, "1970"),
        ("/clock/set", {"at": [1]}, "at: Expected"),
        ("/clock/advance", {"by": "2 days"}, "by: `2 days` is no duration; write 90s"),
        ("/clock/advance", {"by": 1e15}, "8999"),
        ("/clock/freeze", {"on": True}, "unknown field `on`; members are at"),
        ("/keys", {"label": 7}, "label: Expected `str`, got `int`"),
        ("/keys", {"models": [1]}, "models[0]"),
        ("/packages/buy", {"kind": "token", "total": 1}, "kind: Invalid enum value 'token'"),
        ("/packages/buy", {"kind": "tokens", "total": 0}, "total"),
        ("/packages/buy", {"kind": "tokens", "total": 1, "apis": ["Nothing"]}, ""),
    ],
)
def test_a_body_is_read_strictly(account: Admin, path: str, body: dict[str, Any], said: str) -> None:
    status = 409 if body.get("apis") or said == "8999" else 400
    assert said in account.refused(status, "POST", path, **body)["error"]


# what is HTTP of it


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b"\xff", b"[" * 5000])
def test_what_is_no_json_object_is_refused(account: Admin, body: bytes) -> None:
    answer = account.http.post(f"{PREFIX}{account.base}/keys", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_body_without_end_is_refused(account: Admin) -> None:
    answer = account.http.post(f"{PREFIX}{account.base}/keys", content=b" " * (1 << 20) + b"{}")
    assert answer.status_code == 400


@pytest.mark.parametrize("query", ["?stauts=all", "?status=all&status=expired", "?status=none"])
def test_a_query_is_read_strictly(account: Admin, query: str) -> None:
    assert account.refused(400, "GET", f"/packages{query}")["error"]
    assert account.refused(400, "GET", "/clock?x=1")["error"]


def test_an_unknown_path_says_what_there_is(admin: Admin) -> None:
    for path in ("/nothing", "", "/", "/accounts/1/2/3"):
        problem = admin.refused(404, "GET", path)
        assert "/accounts/{uin}/keys/{id}/enable" in problem["error"]
        assert "/_emulator/openapi.json" in problem["error"]


def test_a_wrong_method_says_the_right_ones(account: Admin) -> None:
    answer = account.http.put(f"{PREFIX}{account.base}/keys")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "POST"}


def test_the_document_describes_every_route(admin: Admin) -> None:
    document = admin.document
    assert document["openapi"].startswith("3.1")
    operations = [
        (method, path, operation) for path, row in document["paths"].items() for method, operation in row.items()
    ]
    ids = [operation["operationId"] for _, _, operation in operations]
    assert len(ids) == len(set(ids))
    for method, path, operation in operations:
        assert operation["summary"]
        named = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
        assert named == [step[1:-1] for step in path.split("/") if step.startswith("{")]
        # An account that is not there is told as such: the route exists.
        with admin.http.stream(method, re.sub(r"\{\w+\}", "1", path)) as answer:
            assert answer.status_code != 405
            assert answer.is_success or "no control route" not in answer.read().decode()
    for reference in set(find_refs(document)):
        assert reference.rpartition("/")[2] in document["components"]["schemas"]


def find_refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        for inner in value.values():
            yield from find_refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from find_refs(inner)


def test_the_document_says_what_each_member_means(admin: Admin) -> None:
    members = admin.document["components"]["schemas"]["NewSecret"]["properties"]
    assert "once" in members["secret"]["description"]


def test_ready_tells_which_accounts_there_are(admin: Admin) -> None:
    account = admin.account()
    assert admin.get("/ready")["accounts"][-1] == account.uin
    account.close()


# who may


def test_control_is_closed_to_other_pages_and_names(admin: Admin) -> None:
    """DNS rebinding, and plain POSTs of any web page."""
    for headers in ({"Host": "rebound.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        answer = admin.http.post(f"{PREFIX}/accounts", headers=headers)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
    own = admin.http.get(f"{PREFIX}/accounts", headers={"Origin": admin.url})
    assert own.status_code == 200
    assert "access-control-allow-origin" not in own.headers


def test_a_token_opens_control_to_other_machines(admin: Admin, emulator: Control) -> None:
    emulator.load("default", control_token="a-token")
    for headers in ({}, {"Authorization": "Bearer another"}):
        answer = admin.http.get(f"{PREFIX}/accounts", headers=headers)
        assert answer.status_code == 403
        assert "a-token" not in answer.text
    headers = {"Authorization": "Bearer a-token", "Host": "emulator.example"}
    assert admin.http.get(f"{PREFIX}/accounts", headers=headers).status_code == 200
    for path in ("/health", f"{PREFIX}/health", f"{PREFIX}/ready"):
        assert admin.http.get(path).status_code == 200


def test_no_secret_reaches_the_journal_or_a_list(account: Admin, admin: Admin) -> None:
    account.chat()
    shown = json.dumps([admin.get("/journal"), admin.get("/accounts"), account.get(), account.get("/keys")])
    for secret in (account.secret, account.token, account.opened["credentials"][0]["secret_key"]):
        assert secret not in shown


def test_one_switch_turns_off_one_api(account: Admin) -> None:
    """BA-14, BA-16."""
    account.put("/postpaid/ImageGeneration", on=False)
    with pytest.raises(APIStatusError) as caught:
        account.client().images.generate(model="dall-e-3", prompt="x")
    assert caught.value.code == "20031"
    assert account.chat("gpt-4o")


def test_a_whole_number_may_be_written_with_a_fraction(account: Admin) -> None:
    assert account.post("/packages/grant", kind="tokens", total=1000.0)["total"] == 1000
    said = account.refused(400, "POST", "/packages/grant", kind="tokens", total=1000.5)["error"]
    assert "total" in said
    assert account.refused(400, "POST", "/packages/grant", kind="tokens", total=1e300)["error"]


def test_a_path_of_its_own_is_not_one_of_an_id(account: Admin) -> None:
    for method in ("GET", "OPTIONS", "DELETE"):
        answer = account.http.request(method, f"{PREFIX}{account.base}/packages/buy")
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("product", ["lke", "lkeap", "adp", "lke.json"])
def test_the_actions_of_a_product_are_described(admin: Admin, product: str) -> None:
    document = admin.http.get(f"{PREFIX}/openapi/{product}").json()
    name = product.removesuffix(".json")
    actions = [row["action"] for row in admin.get("/actions")["actions"] if row["product"] == name]
    assert list(document["paths"]) == [f"/#{name}.{action}" for action in actions]
    for reference in set(find_refs(document)):
        assert reference.rpartition("/")[2] in document["components"]["schemas"]


def test_what_an_account_would_send_and_get_is_as_the_document_says(admin: Admin) -> None:
    document = admin.http.get(f"{PREFIX}/openapi/lke").json()
    schemas = document["components"]["schemas"]
    uin = admin.get("/accounts")["accounts"][0]["uin"]
    for path, operation in list(document["paths"].items())[::5]:
        action = spec().by_key[path.removeprefix("/#")]
        asked = operation["post"]["requestBody"]["content"]["application/json"]["schema"]
        example = admin.http.get(f"{PREFIX}/accounts/{uin}/examples/{action.key}").json()["request"]
        assert not list(wrong(example, asked, schemas, path))
        replied = operation["post"]["responses"]["200"]["content"]["application/json"]["schema"]
        reply = {"Response": json.loads(shapes.encode(action.response, {}))}
        assert not list(wrong(reply, replied, schemas, path))


def test_a_product_that_is_not_there_is_said_so(admin: Admin) -> None:
    assert "there are adp, lke, lkeap" in admin.refused(404, "GET", "/openapi/cvm")["error"]


def test_a_query_takes_a_moment_with_a_fraction(account: Admin) -> None:
    assert account.get(f"/bills?start={BEGIN}.5") == account.get(f"/bills?start={BEGIN}")
