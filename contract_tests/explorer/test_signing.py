"""Signatures as the browser computes them, against published vectors and the server; what a refused one was made of."""

import json
import time
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from contract_tests.conftest import Control, Target
from contract_tests.explorer.modules import one, several
from contract_tests.gateway.wire import signed_headers, v1_params
from contract_tests.protocol.test_signature import TC3, VECTORS
from lke_emulator.protocol import signature

CREDENTIAL = {"secret_id": "AKIDlocal", "secret_key": "local-secret-key", "token": None}
BODY = '{"ModelName": "cs-normal-70b", "AppBizIds": ["1", "\\u4e2d"]}'


@TC3
def test_a_published_tc3_signature_is_computed_step_by_step(vector: dict[str, Any]) -> None:
    payload = sha256(vector["body"].encode()).hexdigest()
    headers = {name: value.format(payload_hash=payload) for name, value in vector["headers"].items()}
    given = {
        name: vector[name] for name in ("method", "query", "body", "timestamp", "service", "secret_id", "secret_key")
    }
    given |= {
        "headers": headers,
        "signed": sorted(headers),
        "secretId": given["secret_id"],
        "secretKey": given["secret_key"],
    }
    steps = one("signature.js", "tc3", given)
    assert steps["signature"] == vector["signature"]
    assert steps["payload"] == vector.get("payload_hash", payload)
    assert steps["canonicalHash"] == vector.get("canonical_hash", steps["canonicalHash"])
    authorization = signature.parse_authorization(steps["authorization"])
    assert authorization is not None
    assert authorization.date == vector["date"]


@pytest.mark.parametrize("vector", VECTORS["v1"][:2], ids=lambda vector: str(vector["name"]))
def test_a_published_v1_signature_is_computed(vector: dict[str, Any]) -> None:
    method, _, rest = vector["source"].partition("cvm.")
    params = dict(pair.split("=", 1) for pair in reversed(rest.partition("?")[2].split("&")))
    if vector["algorithm"] == "sha256":
        params["SignatureMethod"] = "HmacSHA256"
    steps = one(
        "signature.js",
        "v1",
        {"method": method, "host": "cvm.tencentcloudapi.com", "params": params, "secretKey": vector["secret_key"]},
    )
    if vector["algorithm"] == "sha1":
        assert steps["source"] == vector["source"]
        assert steps["signature"] == vector["signature"]
    digest = signature.v1_signature(vector["secret_key"], steps["source"], vector["algorithm"])
    assert steps["signature"] == b64encode(digest).decode()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("algorithm", ["TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"])
def test_the_server_takes_what_the_page_signs(target: Target, emulator: Control, algorithm: str, method: str) -> None:
    params = {"Query": "a b&c='中'!(*)~+", "Docs": ["harbour", "mountain"], "Model": "lke-reranker-base"}
    asked = {
        "algorithm": algorithm,
        "method": method,
        "host": target.endpoint,
        "product": "lkeap",
        "version": "2024-05-22",
        "action": "RunRerank",
        "region": "ap-guangzhou",
        "params": params,
        "body": json.dumps(params),
        "credential": CREDENTIAL,
        "timestamp": str(int(time.time())),
        "nonce": "11886",
        "language": "zh-CN",
    }
    sent = one("signature.js", "signedRequest", asked)
    answer = httpx.request(method, target.url + sent["path"], headers=sent["headers"], content=sent["body"] or None)
    assert "ScoreList" in answer.json()["Response"], answer.text


def judge(pasted: Mapping[str, Any], now: float | None = None) -> Any:
    return one("difference.js", "judged", pasted, [CREDENTIAL], now or time.time())


def curl(target: Target, headers: Mapping[str, str], body: str) -> str:
    lines = [
        f"curl -X POST {target.url}/",
        *(f"-H '{name}: {value}'" for name, value in headers.items()),
        f"-d '{body}'",
    ]
    return " \\\n  ".join(lines)


def test_a_pasted_command_that_is_signed_well_is_found_right(target: Target) -> None:
    pasted = one("pasted.js", "paste", curl(target, signed_headers(target, body=BODY.encode()), BODY))
    assert (pasted["method"], pasted["host"], pasted["body"]) == ("POST", target.endpoint, BODY)
    assert judge(pasted)["verdict"] == "right"


SLIPS: dict[str, tuple[dict[str, Any], str]] = {
    "body": ({"body": json.dumps(json.loads(BODY), separators=(",", ":"), ensure_ascii=False).encode()}, "body"),
    "empty": ({"body": b""}, "empty"),
    "date": ({"date": "local"}, "date"),
    "service": ({"service": "lkeap"}, "service"),
    "type": ({"content_type": "application/json; charset=utf-8", "Content_Type": "application/json"}, "type"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_what_was_signed_otherwise_than_it_was_sent_is_found(target: Target, slip: str) -> None:
    """Each is refused by the cloud; the page says which it is and shows both texts."""
    now = 1795910400.0 - 3600  # 23:00 by UTC, when it is the next day in Guangzhou
    given, name = SLIPS[slip]
    made: dict[str, Any] = {"body": BODY.encode(), "timestamp": int(now), **given}
    if made.get("date") == "local":
        made["date"] = "2026-11-29"
    headers = signed_headers(target, **made)
    if slip == "service":
        headers["Authorization"] = headers["Authorization"].replace("/lkeap/", "/lke/")
    if slip == "date":
        headers["Authorization"] = headers["Authorization"].replace("2026-11-29", "2026-11-28")
    told = judge(one("pasted.js", "paste", curl(target, headers, BODY)), now)
    assert (told["verdict"], told["slips"]) == ("near", [name])
    place = one("difference.js", "firstDifference", told["ours"], told["theirs"])
    assert place["ours"] != place["theirs"]
    assert told["ours"].split("\n")[place["line"] - 1] == place["ours"]


def test_a_signature_from_nowhere_is_wrong_and_the_right_text_is_shown(target: Target) -> None:
    headers = signed_headers(target, body=BODY.encode())
    headers["Authorization"] = headers["Authorization"][:-64] + "0" * 64
    told = judge(one("pasted.js", "paste", curl(target, headers, BODY)))
    assert told["verdict"] == "wrong"
    assert told["ours"].startswith("POST\n/\n\ncontent-type:application/json\n")


def test_a_late_timestamp_and_a_stranger_are_told(target: Target) -> None:
    pasted = one("pasted.js", "paste", curl(target, signed_headers(target, timestamp=1795000000), "{}"))
    assert "late" in [note["note"] for note in judge(pasted)["notes"]]
    pasted["headers"]["authorization"] = pasted["headers"]["authorization"].replace("AKIDlocal", "AKIDother")
    assert judge(pasted)["verdict"] == "stranger"


@pytest.mark.parametrize(
    ("change", "verdict"), [({}, "right"), ({"Limit": "1"}, "wrong"), ({"SignatureMethod": "HmacSHA256"}, "wrong")]
)
def test_a_pasted_address_with_a_v1_signature_is_judged(target: Target, change: dict[str, str], verdict: str) -> None:
    params = {**v1_params(target, method="GET"), **change}
    pasted = one("pasted.js", "paste", f"{target.url}/?{urlencode(params)}")
    assert judge(pasted)["verdict"] == verdict


def test_a_v1_signature_over_encoded_values_is_found(target: Target) -> None:
    params = v1_params(target, method="GET", ModelName="a%20b")
    params["ModelName"] = "a b"
    told = judge(one("pasted.js", "paste", f"GET /?{urlencode(params)} HTTP/1.1\r\nHost: {target.endpoint}\r\n\r\n"))
    assert (told["verdict"], told["slips"]) == ("near", ["encoded"])


def test_a_request_is_read_as_it_goes_over_the_wire() -> None:
    text = 'POST / HTTP/1.1\r\nHost: h:1\r\nX-TC-Action: A\r\n\r\n{"a": 1}'
    assert one("pasted.js", "paste", text) == {
        "kind": "request",
        "method": "POST",
        "host": "h:1",
        "query": "",
        "headers": {"host": "h:1", "x-tc-action": "A"},
        "body": '{"a": 1}',
    }


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("POST\n/\n\nhost:h\n\nhost\nabc", "canonical"),
        ("TC3-HMAC-SHA256\n1\nd/lke/tc3_request\nab", "string"),
        ("GETh/?Action=A", "source"),
        ("hello", None),
        ("", None),
        ("curl", None),
    ],
)
def test_a_text_that_was_signed_is_told_from_a_request(text: str, kind: str | None) -> None:
    assert (one("pasted.js", "paste", text) or {"kind": None})["kind"] == kind


@pytest.mark.parametrize(
    "command",
    [
        "curl -sXPOST 'http://h:1/' -H'X-TC-Action: A' --data-raw '{\"a\": \"中\"}' --compressed",
        'curl.exe -s -S http://h:1/ ^\r\n  -H "X-TC-Action: A" ^\r\n  -d "{\\"a\\": \\"中\\"}"',
        '$ curl --location --request POST http://h:1/ --header=X-TC-Action:A --data-binary $\'{"a": "\\u4e2d"}\' -o out.txt',
    ],
)
def test_a_command_is_read_however_it_is_written(command: str) -> None:
    read = one("pasted.js", "paste", command)
    assert (read["method"], read["host"], read["body"]) == ("POST", "h:1", '{"a": "中"}')
    assert read["headers"]["x-tc-action"] == "A"


def test_a_command_may_send_its_data_in_the_address_or_as_json() -> None:
    read = one("pasted.js", "paste", "curl -sG http://h:1/ -d Action=A -d 'Query=a%20b'")
    assert (read["method"], read["query"], read["body"]) == ("GET", "Action=A&Query=a%20b", "")
    read = one("pasted.js", "paste", "curl --json '{}' http://h:1/")
    assert (read["method"], read["headers"]["content-type"], read["body"]) == ("POST", "application/json", "{}")


def test_words_are_split_as_a_shell_splits_them() -> None:
    text = "-H 'a: b' -d \"{\\\"x\\\": 1}\" --url http://h/ \\\n  'it'\\''s'"
    assert one("pasted.js", "shellWords", text) == ["-H", "a: b", "-d", '{"x": 1}', "--url", "http://h/", "it's"]


@pytest.mark.parametrize(
    "text", ["curl " + "'" * 9999, "GET " + "/?" * 20_000, "curl -H " * 5000, "POST / HTTP/1.1\n" + ":" * 50_000]
)
def test_no_text_takes_long_to_be_read(text: str) -> None:
    several("pasted.js", [["paste", text]])


def test_the_first_difference_has_a_line_and_a_column() -> None:
    ours, theirs = "POST\n/\n\nhost:127.0.0.1:5530\n", "POST\n/\n\nhost:127.0.0.1\n"
    assert one("difference.js", "firstDifference", ours, theirs) == {
        "line": 4,
        "column": 15,
        "ours": "host:127.0.0.1:5530",
        "theirs": "host:127.0.0.1",
    }
    assert one("difference.js", "firstDifference", ours, ours) is None
