"""The gateway as official clients meet it: what is accepted, and the form of every answer."""

import json
import re
import socket
import urllib.request
from typing import Any

import pytest
from tencentcloud.common.abstract_client import AbstractClient
from tencentcloud.lke.v20231130 import models
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Control, Target
from contract_tests.gateway.wire import FORM, form, send, signed_headers, v1_params

DAY = {"StatStartTime": 1758988800, "StatEndTime": 1759075199}
UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def usage(client: AbstractClient, **params: Any) -> dict[str, Any]:
    reply: dict[str, Any] = client.call_json("DescribeTokenUsage", {**DAY, **params})["Response"]
    return reply


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("sign", ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"])
def test_every_signature_method_opens_every_http_method(target: Target, sign: str, method: str) -> None:
    client = target.client(LkeClient, signMethod=sign, reqMethod=method)
    assert usage(client, UinAccount=["x y%27!(*)~&=é+", "中文"], ModelName="a b")["TotalTokenUsage"] == 0


def test_the_typed_client_reads_the_answer(lke: LkeClient) -> None:
    request = models.DescribeTokenUsageRequest()
    request.from_json_string(json.dumps({"ModelName": "nobody", **DAY}))
    reply = lke.DescribeTokenUsage(request)
    assert (reply.TotalTokenUsage, reply.ApiCallStats) == (0, 0)
    assert UUID4.fullmatch(reply.RequestId)


def test_the_payload_may_be_left_unsigned(target: Target) -> None:
    assert usage(target.client(LkeClient, unsignedPayload=True))["RequestId"]


def test_an_endpoint_may_carry_its_scheme_as_tccli_needs(emulator: Control, target: Target) -> None:
    assert usage(target.client(LkeClient, endpoint=emulator.url))["RequestId"]


def test_a_client_may_use_the_emulator_as_its_http_proxy(emulator: Control, target: Target) -> None:
    client = target.client(LkeClient, endpoint="lke.intl.tencentcloudapi.com", proxy=emulator.url)
    assert usage(client)["RequestId"]


def test_a_gateway_in_front_may_hide_the_signed_host(target: Target) -> None:
    client = target.client(LkeClient, endpoint="lke.tencentcloudapi.com", apigw_endpoint=target.endpoint)
    assert usage(client)["RequestId"]


def test_a_query_that_is_empty_changes_nothing(target: Target) -> None:
    assert send(target, path="/?", body=b"{}", headers=signed_headers(target)).code == ""


@pytest.mark.parametrize("service", ["127", "localhost:5530", "lke"])
def test_sdks_that_cut_the_endpoint_are_understood(emulator: Control, target: Target, service: str) -> None:
    assert send(target, body=b"{}", headers=signed_headers(target, service=service)).code == ""


def test_temporary_credentials_come_with_their_token(emulator: Control, target: Target) -> None:
    emulator.load(TEMPORARY)
    client = target.client(LkeClient, secret_id="AKIDtemp", secret_key="temporary", token="the-token")
    assert usage(client)["RequestId"]


TEMPORARY = """
accounts:
  - uin: "100000000001"
    credentials:
      - {secret_id: AKIDlocal, secret_key: local-secret-key}
      - {secret_id: AKIDtemp, secret_key: temporary, token: the-token}
"""


def test_every_answer_has_the_headers_of_the_cloud(target: Target) -> None:
    for headers in (signed_headers(target), {}):
        heard = send(target, body=b"{}", headers=headers)
        assert heard.status == 200
        assert heard.headers["content-type"] == "application/json"
        assert UUID4.fullmatch(heard.response["RequestId"])


def test_no_two_requests_have_the_same_id(target: Target) -> None:
    ids = {send(target, body=b"{}", headers=signed_headers(target)).response["RequestId"] for _ in range(20)}
    assert len(ids) == 20


def test_a_deterministic_scenario_repeats_its_request_ids(emulator: Control, lke: LkeClient) -> None:
    seen = []
    for _ in range(2):
        emulator.load("documented-examples")
        seen.append([usage(lke)["RequestId"] for _ in range(3)])
    assert seen[0] == seen[1]
    assert len(set(seen[0])) == 3


def test_whole_numbers_of_float_members_have_no_fraction(target: Target) -> None:
    body = send(target, body=b"{}", headers=signed_headers(target)).body
    assert re.search(rb'"TotalTokenUsage":\d+[,}]', body)


def test_deprecated_members_are_still_accepted(lke: LkeClient) -> None:
    assert lke.call_json("DescribeTokenUsage", {"StartTime": "1758988800", "EndTime": "1759075199"})["Response"]


def test_a_form_carries_flattened_arrays(target: Target) -> None:
    params = v1_params(target, **{"UinAccount.0": "1", "UinAccount.1": "2", "StatStartTime": "1"})
    assert send(target, body=form(params), headers=FORM).code == ""


def test_an_action_without_a_handler_answers_its_shape_and_says_so(target: Target, emulator: Control) -> None:
    body = b'{"Type":1,"WorkspaceId":"w"}'
    headers = signed_headers(target, "CreateWorkspaceCredential", body, service="adp", version="2026-05-20")
    heard = send(target, body=body, headers=headers)
    assert heard.headers["x-emulator-source"] == "generated"
    assert set(heard.response) == {"StorageType", "WorkspaceId", "RequestId"}


def test_without_credentials_anyone_may_call_when_auth_is_off(target: Target, emulator: Control) -> None:
    emulator.load("default", auth="off")
    headers = {"X-TC-Action": "DescribeTokenUsage", "X-TC-Version": "2023-11-30", "X-TC-Region": "ap-guangzhou"}
    heard = send(target, body=b"{}", headers={**headers, "Content-Type": "application/json"})
    assert heard.response["TotalTokenUsage"] > 0
    body = form({"Action": "DescribeTokenUsage", "Version": "2023-11-30", "Region": "ap-guangzhou"})
    assert send(target, body=body, headers=FORM).response["TotalTokenUsage"] > 0
    assert usage(target.client(LkeClient, secret_id="anyone", secret_key="anything"))["RequestId"]


@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1:8080", "http://[::1]:5173"])
def test_a_page_on_a_loopback_origin_may_read_answers(target: Target, emulator: Control, origin: str) -> None:
    heard = send(target, body=b"{}", headers=signed_headers(target, Origin=origin))
    assert heard.headers["access-control-allow-origin"] == origin
    asked = {"Origin": origin, "Access-Control-Request-Headers": "authorization,x-tc-action"}
    preflight = send(target, "OPTIONS", headers=asked)
    assert (preflight.status, preflight.body) == (200, b"")
    assert preflight.headers["access-control-allow-headers"] == "authorization,x-tc-action"


def test_other_pages_may_not_read_answers_unless_they_are_named(target: Target, emulator: Control) -> None:
    headers = signed_headers(target, Origin="https://example.com")
    assert "access-control-allow-origin" not in send(target, body=b"{}", headers=headers).headers
    emulator.load("default", cors_origins=("https://example.com",))
    heard = send(target, body=b"{}", headers=headers)
    assert heard.headers["access-control-allow-origin"] == "https://example.com"


def test_other_paths_are_not_the_gateway(target: Target, emulator: Control) -> None:
    assert send(target, path="/api", body=b"{}", headers=signed_headers(target)).status == 404


def test_health_is_public_and_says_what_runs(target: Target, emulator: Control) -> None:
    for path in ("/health", "/_emulator/health"):
        heard = json.loads(send(target, "GET", path).body)
        assert heard["status"] == "ok"
        assert heard["scenario"] == "default"


def test_every_action_is_listed_with_how_it_is_answered(target: Target, emulator: Control) -> None:
    rows = json.loads(send(target, "GET", "/_emulator/actions").body)["actions"]
    answers = {(row["product"], row["action"]): row for row in rows}
    assert answers["lke", "DescribeTokenUsage"] == {
        "action": "DescribeTokenUsage",
        "product": "lke",
        "version": "2023-11-30",
        "answer": "stateful",
        "limit": 20,
    }
    assert answers["lke", "GetWsToken"]["limit"] == 100
    assert len([row for row in rows if row["product"] == "lke"]) == 106


def journal(target: Target, query: str = "") -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = json.loads(send(target, "GET", f"/_emulator/journal{query}").body)["calls"]
    return calls


def test_the_journal_tells_every_call_newest_first(target: Target, emulator: Control, lke: LkeClient) -> None:
    first = usage(lke, ModelName="one")["RequestId"]
    second = usage(lke, ModelName="two")["RequestId"]
    send(target, body=b"{}", headers=signed_headers(target, "Nothing"))
    calls = journal(target)
    assert [call["RequestId"] for call in calls[1:3]] == [second, first]
    assert calls[1]["Params"] == {**DAY, "ModelName": "two"}
    assert calls[1]["Action"] == "lke.DescribeTokenUsage"
    assert (calls[0]["Verdict"], calls[0]["Code"]) == ("error", "InvalidAction")
    assert [call["RequestId"] for call in journal(target, "?code=ok&limit=1")] == [second]
    assert [call["Code"] for call in journal(target, "?code=InvalidAction")] == ["InvalidAction"]
    assert len(journal(target, "?action=DescribeTokenUsage&caller=100000000001")) == 2
    assert journal(target, "?since=99999999999") == []


def test_a_refused_signature_shows_both_sides_in_the_journal_alone(target: Target, emulator: Control) -> None:
    headers = signed_headers(target, body=b'{"ModelName":"x"}')
    heard = send(target, body=b'{"ModelName":"y"}', headers=headers)
    assert heard.code == "AuthFailure.SignatureFailure"
    assert b"tc3_request" not in heard.body
    call = journal(target)[0]
    for side in ("client", "server"):
        assert call["Detail"][side]["CanonicalRequest"].startswith("POST\n/\n\ncontent-type:application/json")
        assert call["Detail"][side]["StringToSign"].startswith("TC3-HMAC-SHA256\n")
    written = json.dumps(call)
    assert "local-secret-key" not in written
    assert headers["Authorization"].rpartition("=")[2] not in written


def test_the_journal_keeps_no_secret_of_parameter_mode(target: Target, emulator: Control) -> None:
    params = v1_params(target, Token="a-wrong-token")
    assert send(target, body=form(params), headers=FORM).code == "AuthFailure.TokenFailure"
    written = json.dumps(journal(target)[0])
    for secret in (params["Signature"], params["SecretId"], "a-wrong-token"):
        assert secret not in written


def test_the_journal_keeps_no_secret_of_a_body_that_could_not_be_read(target: Target, emulator: Control) -> None:
    broken = b'{"SecretKey": "do-not-show"'
    assert send(target, body=broken, headers=signed_headers(target, body=broken)).code == "InvalidParameter"
    assert send(target, body=b"Signature=do-not-show&x", headers=FORM).code == "InvalidParameter"
    assert send(target, body=b'{"SecretKey": "do-not-show"}', headers=signed_headers(target)).code
    assert "do-not-show" not in json.dumps(journal(target))


def test_control_is_closed_to_other_hosts_and_names(target: Target, emulator: Control) -> None:
    assert send(target, "GET", "/_emulator/journal", headers={"Host": "rebound.example"}).status == 403
    assert send(target, "GET", "/_emulator/health", headers={"Host": "rebound.example"}).status == 200
    assert send(target, "GET", "/_emulator/nothing").status == 404


def test_a_stalled_upload_over_the_limit_is_answered_without_being_read(target: Target, emulator: Control) -> None:
    """Content-Length alone is enough: the answer is there before a byte of the body is."""
    with socket.create_connection(("127.0.0.1", int(target.endpoint.rpartition(":")[2])), timeout=20) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nAuthorization: x\r\nContent-Length: 99999999\r\n\r\n")
        assert b"RequestSizeLimitExceeded" in client.recv(65536)


def test_a_deleted_browser_tab_leaves_the_server_well(target: Target, emulator: Control) -> None:
    with socket.create_connection(("127.0.0.1", int(target.endpoint.rpartition(":")[2])), timeout=20) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    with urllib.request.urlopen(f"{emulator.url}/health") as answer:
        assert answer.status == 200
