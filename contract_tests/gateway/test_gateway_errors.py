"""Every code the gateway can raise beside those of signatures, with the cloud's literal text."""

import json
from typing import Any

import pytest
from tencentcloud.common.abstract_client import AbstractClient
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Control, Target
from contract_tests.gateway.refusals import USAGE, Refusal, told
from contract_tests.gateway.wire import FORM, form, send, signed_headers, v1_params


@pytest.mark.parametrize("name", ["X-TC-Action", "X-TC-Version", "X-TC-Timestamp"])
def test_a_missing_common_header_is_named_before_the_signature_is_read(target: Target, name: str) -> None:
    headers = {**signed_headers(target), "Authorization": "AWS4-HMAC-SHA256 Credential=x"}
    del headers[name]
    heard = send(target, body=b"{}", headers=headers)
    assert (heard.code, heard.message) == (
        "MissingParameter",
        f"The request header is missing a required common parameter `{name}`.",
    )


@pytest.mark.parametrize("name", ["Timestamp", "Action", "Version", "Nonce", "SecretId", "Signature"])
def test_a_missing_common_parameter_is_named(target: Target, name: str) -> None:
    params = v1_params(target)
    del params[name]
    heard = send(target, body=form(params), headers=FORM)
    assert (heard.code, heard.message) == (
        "MissingParameter",
        f"The request is missing a required parameter `{name}`.",
    )


@pytest.mark.parametrize(
    ("method", "path", "headers", "body"),
    [
        ("GET", "/", {}, b""),
        ("GET", "/?test=1", {}, b""),
        ("GET", "/?a=1&test=1%2C2", {}, b""),
        ("GET", "/", {"Content-Type": "text/xml"}, b""),
        ("POST", "/", FORM, b"test=1"),
        ("POST", "/", {"Content-Type": "application/x-www-form-urlencode"}, b"test=1"),
    ],
)
@pytest.mark.assumes("missing_order")
def test_a_bare_request_misses_its_timestamp_first(
    target: Target, method: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    heard = send(target, method, path, body, headers)
    assert (heard.status, heard.code) == (200, "MissingParameter")
    assert heard.message == "The request is missing a required parameter `Timestamp`."


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"test":1}', "Url key and value should be splited by `=`."),
        (b"=1", "The request has a parameter key which is empty string."),
        (b"A=1&A=2", "Parameter `A` input repeated."),
    ],
)
def test_a_body_that_is_no_form_is_refused_for_its_syntax(target: Target, body: bytes, text: str) -> None:
    heard = send(target, body=body, headers=FORM)
    assert (heard.code, heard.message) == ("InvalidParameter", text)


@pytest.mark.parametrize("name", ["Nonce", "Timestamp"])
def test_a_common_number_must_be_one(target: Target, name: str) -> None:
    heard = send(target, body=form(v1_params(target, **{name: "soon"})), headers=FORM)
    assert (heard.code, heard.message) == ("InvalidParameter", f"Parameter `{name}` type error.")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff", b'{"a":}', b"[" * 100_000])
def test_a_body_that_is_not_json_is_refused(target: Target, body: bytes) -> None:
    heard = send(target, body=body, headers=signed_headers(target, body=body))
    assert (heard.code, heard.message) == (
        "InvalidParameter",
        "The request content not valid json format for specified content-type=application/json.",
    )


def test_an_unknown_action_is_named_with_its_service_and_version(lke: LkeClient, refusal: Refusal) -> None:
    assert told(refusal(lke.call_json, "DescribeNothing", {})) == (
        "InvalidAction",
        "The request action=`DescribeNothing` is invalid or not found in service=`lke` and version=`2023-11-30`.",
    )


@pytest.mark.assumes("error_texts")
def test_an_unknown_version_is_named(target: Target) -> None:
    heard = send(target, body=b"{}", headers=signed_headers(target, version="2019-07-22"))
    assert (heard.code, heard.message) == (
        "NoSuchVersion",
        "The specified api version=`2019-07-22` does not exist in service=`lke`.",
    )


class CvmClient(AbstractClient):  # type: ignore[misc]
    _apiVersion = "2017-03-12"
    _endpoint = "cvm.tencentcloudapi.com"
    _service = "cvm"


def test_another_product_does_not_exist_here(emulator: Control, target: Target, refusal: Refusal) -> None:
    assert refusal(target.client(CvmClient).call_json, "DescribeInstances", {}).get_code() == "NoSuchProduct"
    client = target.client(CvmClient, endpoint="cvm.tencentcloudapi.com", proxy=emulator.url)
    assert refusal(client.call_json, "DescribeInstances", {}).get_code() == "NoSuchProduct"


def test_a_missing_region_is_a_missing_parameter(target: Target, refusal: Refusal) -> None:
    assert told(refusal(target.client(LkeClient, region="").call_json, USAGE, {})) == (
        "MissingParameter",
        "The request is missing a required parameter `Region`.",
    )


@pytest.mark.assumes("regions")
def test_an_unsupported_region_is_refused(target: Target, refusal: Refusal) -> None:
    assert told(refusal(target.client(LkeClient, region="eu-frankfurt").call_json, USAGE, {})) == (
        "UnsupportedRegion",
        "The action not support this region.",
    )


def test_what_is_no_region_is_an_invalid_value(target: Target, refusal: Refusal) -> None:
    assert told(refusal(target.client(LkeClient, region="the moon").call_json, USAGE, {})) == (
        "InvalidParameterValue",
        "A value specified in `X-TC-Region` is not valid, is unsupported, or cannot be used.",
    )


def test_an_unknown_language_is_an_invalid_value(target: Target) -> None:
    heard = send(target, body=b"{}", headers=signed_headers(target, X_TC_Language="fr-FR"))
    assert (heard.code, heard.message) == (
        "InvalidParameterValue",
        "A value specified in `X-TC-Language` is not valid, is unsupported, or cannot be used.",
    )


@pytest.mark.parametrize(
    ("params", "code", "text"),
    [
        (
            {"ModelName": 1},
            "InvalidParameter",
            "The value type of parameter `ModelName` is not valid, input type should be `string`",
        ),
        (
            {"AppBizIds": ["a", 2]},
            "InvalidParameter",
            "The value type of parameter `AppBizIds.1` is not valid, input type should be `string`",
        ),
        (
            {"StatStartTime": "1"},
            "InvalidParameter",
            "The value type of parameter `StatStartTime` is not valid, input type should be `int64`",
        ),
        ({"$schema": 1}, "UnknownParameter", "The parameter `$schema` is not recognized."),
    ],
)
@pytest.mark.assumes("extra_members", "error_texts")
def test_a_wrong_parameter_is_named(
    lke: LkeClient, refusal: Refusal, params: dict[str, Any], code: str, text: str
) -> None:
    assert told(refusal(lke.call_json, USAGE, params)) == (code, text)


def test_a_missing_parameter_is_named(lke: LkeClient, refusal: Refusal) -> None:
    assert told(refusal(lke.call_json, "ListUsageCallDetail", {"PageNumber": 1, "PageSize": 10})) == (
        "MissingParameter",
        "The request is missing a required parameter `ModelName`.",
    )


def test_a_missing_parameter_is_named_in_chinese_on_request(target: Target, refusal: Refusal) -> None:
    client = target.client(LkeClient, language="zh-CN")
    error = refusal(client.call_json, "ListUsageCallDetail", {"PageNumber": 1, "PageSize": 10})
    assert error.get_message() == "请求缺少必传参数 `ModelName` 。"


def test_a_number_out_of_range_is_an_invalid_value(lke: LkeClient, refusal: Refusal) -> None:
    error = refusal(lke.call_json, "ListUsageCallDetail", {"ModelName": "m", "PageNumber": -1, "PageSize": 10})
    assert error.get_code() == "InvalidParameterValue"
    assert "`PageNumber`" in error.get_message()


def test_an_array_must_be_counted_from_zero_without_gaps(target: Target) -> None:
    heard = send(target, body=form(v1_params(target, **{"UinAccount.1": "x"})), headers=FORM)
    assert (heard.code, heard.message) == (
        "InvalidParameter",
        "Parameter `UinAccount` invalid array format, array index must be continuous and starts with 0.",
    )


def test_a_name_cannot_be_a_value_and_a_parent(target: Target) -> None:
    heard = send(target, body=form(v1_params(target, **{"A": "1", "A.B": "x"})), headers=FORM)
    assert (heard.code, heard.message) == ("InvalidParameter", "Parameter `A.B` format invalid.")


def test_an_action_that_takes_json_refuses_multipart(lke: LkeClient, refusal: Refusal) -> None:
    error = refusal(lambda: lke.call_json(USAGE, {}, options={"IsMultipart": True}))
    assert told(error) == ("UnsupportedProtocol", "this action does not support Content-Type=`multipart/form-data`")


def test_a_form_cannot_be_signed_with_tc3(target: Target) -> None:
    headers = signed_headers(target, body=b"A=1", content_type=FORM["Content-Type"])
    heard = send(target, body=b"A=1", headers=headers)
    assert (heard.code, heard.message) == (
        "UnsupportedProtocol",
        "this action does not support Content-Type=`application/x-www-form-urlencoded`",
    )


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
@pytest.mark.assumes("other_method")
def test_other_methods_are_not_supported(target: Target, method: str) -> None:
    heard = send(target, method, body=b"" if method == "HEAD" else b"{}", headers=signed_headers(target))
    assert heard.status == 200
    if method != "HEAD":
        assert heard.code == "UnsupportedProtocol"


def test_calls_over_the_limit_of_a_second_are_counted(emulator: Control, lke: LkeClient, refusal: Refusal) -> None:
    """Counted by the account's frozen clock exactly 20 pass, and the next is refused with its ordinal, every time."""
    emulator.load("documented-examples")
    emulator.assume(limit_clock="account")
    for _ in range(20):
        lke.call_json(USAGE, {})
    for times in (21, 22):
        assert told(refusal(lke.call_json, USAGE, {})) == (
            "RequestLimitExceeded",
            f"Your current request times equals to `{times}` in a second, which exceeds the frequency limit `20`"
            " for a second. Please reduce the frequency of calls.",
        )
    lke.call_json("DescribeKnowledgeUsage", {})
    emulator.world.accounts[emulator.world.first_credential.account].clock.advance(1)
    lke.call_json(USAGE, {})


def test_a_limit_can_be_switched_off(emulator: Control, lke: LkeClient) -> None:
    emulator.load("documented-examples", rate_limit=0)
    for _ in range(25):
        assert lke.call_json(USAGE, {})["Response"]["RequestId"]


def test_an_action_without_a_handler_is_refused_when_strict(emulator: Control, target: Target) -> None:
    emulator.load("default", strict=True)
    body = b'{"Type":1,"WorkspaceId":"w"}'
    headers = signed_headers(target, "CreateWorkspaceCredential", body, service="adp", version="2026-05-20")
    assert send(target, body=body, headers=headers).code == "UnsupportedOperation"


@pytest.mark.parametrize(
    ("method", "size", "headers", "code"),
    [
        pytest.param("GET", 33 << 10, {}, "RequestSizeLimitExceeded", marks=pytest.mark.assumes("get_oversize")),
        ("POST", (1 << 20) + 1, FORM, "AuthFailure.SignatureFailure"),
        pytest.param(
            *("POST", (10 << 20) + 1, {"Authorization": "TC3"}, "RequestSizeLimitExceeded"),
            marks=pytest.mark.assumes("post_oversize"),
        ),
    ],
    ids=["GET over 32 KB", "v1 over 1 MB", "TC3 over 10 MB"],
)
def test_a_request_over_its_size_limit_is_refused(
    target: Target, method: str, size: int, headers: dict[str, str], code: str
) -> None:
    big = "A=" + "x" * size
    heard = send(
        target, method, "/?" + big if method == "GET" else "/", b"" if method == "GET" else big.encode(), headers
    )
    assert (heard.status, heard.code) == (200, code)
    if headers is FORM:
        assert heard.message.endswith(
            "exceeding request size limit, please use new signature method `TC3-HMAC-SHA256`."
        )


def test_a_failure_inside_is_an_internal_error_without_its_traceback(
    emulator: Control, lke: LkeClient, refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lke_emulator.products import HANDLERS

    def broken(call: object) -> dict[str, Any]:
        raise ZeroDivisionError("the reason")

    monkeypatch.setitem(HANDLERS, "lke.DescribeTokenUsage", broken)
    error = refusal(lke.call_json, USAGE, {})
    assert error.get_code() == "InternalError"
    assert "ZeroDivisionError" not in json.dumps(error.get_message())


@pytest.mark.parametrize("order", ["lookup-first", "signature-first"])
def test_which_of_two_faults_is_told_is_a_setting(
    emulator: Control, target: Target, refusal: Refusal, order: str
) -> None:
    emulator.load(
        f"assumptions: {{check_order: {order}}}\n"
        "accounts:\n"
        '  - {uin: "1", credentials: [{secret_id: AKIDlocal, secret_key: local-secret-key}]}\n'
    )
    error = refusal(target.client(LkeClient, secret_key="wrong").call_json, "DescribeNothing", {})
    assert (
        error.get_code() == {"lookup-first": "InvalidAction", "signature-first": "AuthFailure.SignatureFailure"}[order]
    )
