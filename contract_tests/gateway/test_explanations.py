"""Why a call was refused, as /_emulator/explain tells it: what the cloud's own words leave out."""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from http.client import HTTPConnection
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.conftest import Control, KeyTarget, Target
from contract_tests.gateway.wire import FORM, Heard, form, send, signed_headers, v1_params
from lke_emulator.protocol.attempts import expected, found_attempt
from lke_emulator.protocol.signature import Authorization, Signed

BODY = b'{"ModelName": "cs-normal-70b", "UinAccount": []}'


def control(target: Target, path: str, method: str = "GET") -> Any:
    connection = HTTPConnection(target.endpoint, timeout=10)
    connection.request(method, f"/_emulator{path}")
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def explained(target: Target, heard: Heard) -> dict[str, Any]:
    answer = json.loads(heard.body)["Response"]
    assert "Error" in answer, answer
    explanation: dict[str, Any] = control(target, f"/explain/{answer['RequestId']}")
    assert (explanation["code"], explanation["message"]) == (answer["Error"]["Code"], answer["Error"]["Message"])
    return explanation


def call(target: Target, action: str = "DescribeTokenUsage", body: bytes = BODY, **signed: Any) -> dict[str, Any]:
    headers = signed_headers(target, action, body, **signed)
    return explained(target, send(target, body=body, headers=headers))


def said(explanation: Mapping[str, Any]) -> str:
    return "; ".join(cause["text"] for cause in explanation["causes"])


# names


def test_an_unknown_action_names_the_closest(target: Target, emulator: Control) -> None:
    told = call(target, "describeTokenUsages")
    assert told["near_misses"][0]["nearest"][0] == "DescribeTokenUsage"
    assert told["causes"][0]["kind"] == "name"


def test_an_action_of_another_product_is_known_as_such(target: Target, emulator: Control) -> None:
    assert "lkeap.GetEmbedding" in said(call(target, "GetEmbedding"))


def test_an_unknown_version_names_the_known_one(target: Target, emulator: Control) -> None:
    assert call(target, version="2023-11-31")["near_misses"][0]["nearest"] == ["2023-11-30"]


@pytest.mark.parametrize(
    ("action", "params", "path", "nearest"),
    [
        ("DescribeTokenUsage", {"modelName": "x"}, "modelName", "ModelName"),
        ("ListQA", {"BotBizId": "1", "PageNumber": 1, "PageSize": 1, "SourceID": 2}, "SourceID", "Source"),
        (
            "DescribeConcurrencyUsage",
            {"ModelName": "m", "StatStartTime": 1, "StatEndTime": 2, "ModelNames": 2},
            "ModelNames",
            "ModelName",
        ),
        (
            "CreateQA",
            {"BotBizId": "1", "Question": "q", "Answer": "a", "AttrLabels": [{"AttributeBizID": "x"}]},
            "AttributeBizID",
            "AttributeBizId",
        ),
    ],
)
def test_an_unknown_parameter_names_the_closest(
    target: Target, emulator: Control, action: str, params: dict[str, Any], path: str, nearest: str
) -> None:
    [miss] = call(target, action, json.dumps(params).encode())["near_misses"]
    assert (miss["name"], miss["nearest"][0]) == (path, nearest)


def test_a_missing_parameter_names_what_came_in_its_place(target: Target, emulator: Control) -> None:
    emulator.assume(extra_members="ignore")
    told = call(target, "ListUsageCallDetail", b'{"modelName": "m", "PageNumber": 1, "PageSize": 10}')
    assert told["near_misses"][0]["name"] == "ModelName"
    assert told["near_misses"][0]["nearest"] == ["modelName"]


def test_an_unknown_secret_id_lists_the_known_ones(target: Target, emulator: Control) -> None:
    told = call(replace(target, secret_id="AKIDloca"))
    assert told["secret_ids"][0] == "AKIDlocal"
    assert "AKIDlocal" in told["causes"][0]["advice"]


def test_a_clock_that_is_off_says_by_how_much(target: Target, emulator: Control) -> None:
    told = call(target, timestamp=int(time.time()) - 8 * 3600)
    assert "s behind the real one" in said(told)
    assert "time zone" in told["causes"][0]["advice"]
    assert "milliseconds" in call(target, timestamp=int(time.time() * 1000), date="2026-11-28")["causes"][0]["advice"]


def test_a_local_date_in_the_scope_is_known_as_such(target: Target, emulator: Control) -> None:
    told = call(target, date="2001-01-01")
    assert "UTC date" in told["causes"][0]["advice"]


# signatures


def resigned(how: Callable[[Target], Target]) -> Callable[[Target], Heard]:
    return lambda target: send(target, body=BODY, headers=signed_headers(how(target), body=BODY))


def sent(body: bytes = BODY, content_type: str = "application/json") -> Callable[[Target], Heard]:
    """What left the client as BODY, and came as something else."""
    return lambda target: send(
        target, body=body, headers=signed_headers(target, body=BODY) | {"Content-Type": content_type}
    )


def of_another_name(target: Target, name: str) -> Target:
    return replace(target, url=f"http://{name}:{target.endpoint.rpartition(':')[2]}")


def other_service(target: Target) -> Heard:
    headers = signed_headers(target, body=BODY, service="lkeap")
    headers["Authorization"] = headers["Authorization"].replace("/lkeap/", "/lke/")
    return send(target, body=BODY, headers=headers)


def other_timestamp(target: Target) -> Heard:
    now = int(time.time())
    return send(
        target, body=BODY, headers=signed_headers(target, body=BODY, timestamp=now) | {"X-TC-Timestamp": str(now + 3)}
    )


def host_and_body(target: Target) -> Heard:
    named = of_another_name(target, "localhost")
    return send(
        target,
        body=json.dumps(json.loads(BODY), separators=(",", ":")).encode(),
        headers=signed_headers(named, body=BODY),
    )


MISTAKES: list[tuple[str, Callable[[Target], Heard], list[str], str]] = [
    ("a host of another name", resigned(lambda target: of_another_name(target, "localhost")), ["host"], "localhost"),
    (
        "the cloud's host",
        resigned(lambda target: replace(target, url="https://adp.tencentcloudapi.com")),
        ["host"],
        "adp.",
    ),
    ("another port", resigned(lambda target: replace(target, url="http://127.0.0.1:443")), ["host"], ":443"),
    ("no host", resigned(lambda target: replace(target, url="http://")), ["host"], "``"),
    ("a charset", sent(content_type="application/json; charset=utf-8"), ["content-type"], "charset=utf-8"),
    (
        "a body without blanks",
        sent(json.dumps(json.loads(BODY), separators=(",", ":")).encode()),
        ["body"],
        "with blanks",
    ),
    ("a body that is indented", sent(json.dumps(json.loads(BODY), indent=1).encode()), ["body"], "with blanks"),
    ("a body with a line feed", sent(BODY + b"\n"), ["body"], "white space"),
    (
        "the key from a file",
        resigned(lambda target: replace(target, secret_key=target.secret_key + "\n")),
        ["secret"],
        "file",
    ),
    (
        "the key in quotes",
        resigned(lambda target: replace(target, secret_key=f'"{target.secret_key}"')),
        ["secret"],
        "quotes",
    ),
    ("no key", resigned(lambda target: replace(target, secret_key="")), ["secret"], "not set"),
    ("a wrong key", resigned(lambda target: replace(target, secret_key="wrong")), ["secret"], "another one"),
    ("another service", other_service, ["service"], "`lkeap`"),
    ("another timestamp", other_timestamp, ["clock"], "3 s before"),
    ("a host and a body", host_and_body, ["host", "body"], "localhost"),
]


@pytest.mark.parametrize(
    ("mistake", "kinds", "phrase"), [one[1:] for one in MISTAKES], ids=[one[0] for one in MISTAKES]
)
def test_a_refused_signature_says_what_was_signed_instead(
    target: Target, emulator: Control, mistake: Callable[[Target], Heard], kinds: list[str], phrase: str
) -> None:
    told = explained(target, mistake(target))
    assert told["code"] == "AuthFailure.SignatureFailure"
    assert sorted(cause["kind"] for cause in told["causes"]) == sorted(kinds)
    assert phrase in said(told)
    comparison = told["signature"]
    assert comparison["is_certain"] is ("another one" not in phrase)
    if comparison["difference"]:
        at = comparison["difference"]
        side = at["text"].replace(" ", "_")
        for who in ("client", "server"):
            assert comparison[who][side].split("\n")[at["line"] - 1] == at[who]
    assert target.secret_key not in json.dumps(told)


def test_the_key_of_another_pair_is_known_as_such(target: Target, emulator: Control) -> None:
    other = control(target, "/accounts", "POST")["credentials"][0]
    told = call(replace(target, secret_key=other["secret_key"]))
    assert told["causes"][0]["kind"] == "other-secret"
    assert other["secret_id"] in said(told)
    assert other["secret_key"] not in json.dumps(told)


def v1_again(target: Target, sent_as: str = "POST", **changed: str) -> dict[str, Any]:
    params = v1_params(target) | changed
    if sent_as == "GET":
        return explained(target, send(target, "GET", "/?" + form(params).decode()))
    return explained(target, send(target, body=form(params), headers=FORM))


def test_a_refused_signature_of_parameter_mode_says_what_was_signed_instead(target: Target, emulator: Control) -> None:
    assert v1_again(target, "GET")["causes"][0]["kind"] == "method"
    params = v1_params(of_another_name(target, "localhost"))
    told = explained(target, send(target, body=form(params), headers=FORM))
    assert told["causes"][0]["kind"] == "host"
    assert told["signature"]["difference"]["client"].startswith("POSTlocalhost:")
    assert v1_again(target, ModelName="changed")["causes"][0]["kind"] == "secret"
    params = v1_params(replace(target, secret_key=target.secret_key + "\n"))
    assert explained(target, send(target, body=form(params), headers=FORM))["causes"][0]["kind"] == "secret"
    assert "SecretId=[redacted]" in told["signature"]["client"]["string_to_sign"]


@pytest.mark.parametrize("where", [r"\+", r"\w+\+"], ids=["first", "within"])
def test_a_blank_in_a_signature_of_parameter_mode_is_a_plus(target: Target, emulator: Control, where: str) -> None:
    tried = (v1_params(target, UinAccount=str(nonce)) for nonce in range(5000))
    params = next(params for params in tried if re.match(where, params["Signature"]))
    body = form(params).replace(b"%2B", b"+")
    told = explained(target, send(target, body=body, headers=FORM))
    assert "`+` in the signature" in said(told)


def test_a_fault_explains_what_it_struck(target: Target, emulator: Control) -> None:
    headers = signed_headers(target) | {"X-Emulator-Fault": "error=InternalError"}
    told = explained(target, send(target, body=b"{}", headers=headers))
    assert told["causes"][0]["kind"] == "fault"


# the rest


def test_a_model_that_is_not_there_is_named(target: Target, emulator: Control, openai_target: KeyTarget) -> None:
    asked = {"model": "deepseek-v9", "messages": [{"role": "user", "content": "Hello"}]}
    headers = {"Authorization": f"Bearer {openai_target.key}"}
    assert httpx.post(f"{openai_target.url}/chat/completions", json=asked, headers=headers).status_code == 404
    [line] = control(target, "/journal?explain=true&limit=1")["calls"]
    [miss] = line["Explanation"]["near_misses"]
    assert miss["name"] == "deepseek-v9"
    assert all(name.startswith("deepseek-v") for name in miss["nearest"])
    assert miss["nearest"]


def test_what_went_well_needs_no_cause(target: Target, emulator: Control) -> None:
    id = json.loads(send(target, body=b"{}", headers=signed_headers(target)).body)["Response"]["RequestId"]
    told = control(target, f"/explain/{id}")
    assert (told["verdict"], told["causes"], told["source"]) == ("ok", [], "stateful")


def test_a_call_that_the_journal_does_not_have_is_said_so(target: Target, emulator: Control) -> None:
    assert "no call of RequestId nothing" in control(target, "/explain/nothing")["error"]


def test_the_journal_explains_on_demand(target: Target, emulator: Control) -> None:
    call(target, "DescribeTokenUsages")
    [line] = control(target, "/journal?explain=true&limit=1")["calls"]
    assert line["Explanation"]["near_misses"][0]["nearest"][0] == "DescribeTokenUsage"
    assert "Explanation" not in control(target, "/journal?limit=1")["calls"][0]


@pytest.mark.parametrize("body", [b"{" * 5000, b"[" * 200_000, b"\xff" * 100_000, b'{"a":' + b"9" * 200_000 + b"}"])
def test_a_hostile_body_is_explained_within_a_second(target: Target, emulator: Control, body: bytes) -> None:
    headers = signed_headers(target, body=b"{}")
    refused = send(target, body=body, headers=headers)
    response = json.loads(refused.body)["Response"]
    assert response["Error"]["Code"] != "InternalError"
    worked = time.process_time()
    control(target, f"/explain/{response['RequestId']}")
    assert time.process_time() - worked < 1


@pytest.mark.parametrize("length", [10, 30_000])
def test_a_name_without_end_is_explained_within_a_second(target: Target, emulator: Control, length: int) -> None:
    worked = time.process_time()
    call(target, "D" * length)
    call(target, body=json.dumps({"ModelName" * length: 1}).encode())
    assert time.process_time() - worked < 1


@settings(max_examples=20)
@given(st.text(max_size=20), st.text(max_size=20), st.binary(max_size=40))
def test_a_signature_is_found_only_where_it_is_made_again(secret: str, host: str, body: bytes) -> None:
    signed = Signed("POST", "", {"content-type": "application/json"}, "127.0.0.1:1", "1700000000", "0" * 64)
    authorization = Authorization("id", "2023-11-14", "lke", "content-type;host", "f" * 64)
    assert found_attempt(signed, authorization, body, {"id": secret}) is None
    sent_signature = expected(signed, authorization, secret, "localhost").signature
    found = found_attempt(signed, authorization._replace(signature=sent_signature), body, {"id": secret})
    assert found is not None
    assert found.attempt.signature == sent_signature
