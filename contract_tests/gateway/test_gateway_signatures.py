"""Refusals of a signature and of the credentials behind it, with the cloud's literal text."""

import time

import pytest
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Control, Target
from contract_tests.gateway.refusals import USAGE, Refusal, told
from contract_tests.gateway.wire import FORM, form, send, signed_headers, v1_params


def test_an_unknown_secret_id_is_not_found(target: Target, refusal: Refusal) -> None:
    error = refusal(target.client(LkeClient, secret_id="AKIDnobody").call_json, USAGE, {})
    assert told(error) == (
        "AuthFailure.SecretIdNotFound",
        "The SecretId is not found, please ensure that your SecretId is correct.",
    )
    assert error.get_request_id()


def test_an_unknown_secret_id_is_told_in_chinese_on_request(target: Target, refusal: Refusal) -> None:
    error = refusal(target.client(LkeClient, secret_id="AKIDnobody", language="zh-CN").call_json, USAGE, {})
    assert error.get_message() == "SecretId不存在，请输入正确的密钥。"


@pytest.mark.parametrize("sign", ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"])
def test_a_wrong_secret_key_fails_the_signature(target: Target, refusal: Refusal, sign: str) -> None:
    error = refusal(target.client(LkeClient, secret_key="wrong", signMethod=sign).call_json, USAGE, {})
    assert told(error) == (
        "AuthFailure.SignatureFailure",
        "The provided credentials could not be validated. Please check your signature is correct.",
    )


@pytest.mark.parametrize("token", ["anything"])
def test_a_token_with_permanent_keys_is_wrong(target: Target, refusal: Refusal, token: str) -> None:
    error = refusal(target.client(LkeClient, token=token).call_json, USAGE, {})
    assert told(error) == (
        "AuthFailure.TokenFailure",
        "Token verification failed, please check if your Token is correct",
    )


@pytest.mark.parametrize("token", [None, "another"])
def test_temporary_keys_need_their_own_token(
    emulator: Control, target: Target, refusal: Refusal, token: str | None
) -> None:
    emulator.load(
        "accounts:\n"
        '  - uin: "1"\n'
        "    credentials:\n"
        "      - {secret_id: AKIDlocal, secret_key: local-secret-key, token: right}\n"
    )
    assert refusal(target.client(LkeClient, token=token).call_json, USAGE, {}).get_code() == "AuthFailure.TokenFailure"


def test_an_expired_temporary_key_is_refused(emulator: Control, target: Target, refusal: Refusal) -> None:
    emulator.load(
        "accounts:\n"
        '  - uin: "1"\n'
        "    credentials:\n"
        "      - {secret_id: AKIDlocal, secret_key: local-secret-key, token: right, expires: 2020-01-01}\n"
    )
    client = target.client(LkeClient, token="right")
    assert refusal(client.call_json, USAGE, {}).get_code() == "AuthFailure.TokenFailure"


@pytest.mark.parametrize("offset", [-330, 330], ids=["late", "early"])
@pytest.mark.assumes("signatures", "error_texts")
def test_a_clock_that_is_more_than_five_minutes_off_is_expired(target: Target, offset: int) -> None:
    timestamp = int(time.time()) + offset
    heard = send(target, body=b"{}", headers=signed_headers(target, timestamp=timestamp))
    assert heard.code == "AuthFailure.SignatureExpire"
    assert heard.message.startswith("Signature expired. Please use local time and enable NTP service")
    assert abs(int(heard.message.rstrip(".").split()[-1]) - time.time()) < 60


@pytest.mark.parametrize("offset", [-270, 270])
def test_a_clock_less_than_five_minutes_off_is_accepted(target: Target, offset: int) -> None:
    assert send(target, body=b"{}", headers=signed_headers(target, timestamp=int(time.time()) + offset)).code == ""


def test_a_parameter_mode_clock_is_judged_too(target: Target) -> None:
    params = v1_params(target, Timestamp=str(int(time.time()) - 400))
    assert send(target, body=form(params), headers=FORM).code == "AuthFailure.SignatureExpire"


@pytest.mark.parametrize(
    ("authorization", "part"),
    [
        ("SKIP", "Algorithm"),
        ("TC3-HMAC-SHA256 Credential=x", "Credential"),
        (
            "TC3-HMAC-SHA256 Credential=a/2020-01-01/lke/tc3_request, SignedHeaders=host, Signature=" + "0" * 64,
            "SignedHeaders",
        ),
        (
            "TC3-HMAC-SHA256 Credential=a/2020-01-01/lke/tc3_request, SignedHeaders=content-type;host, Signature="
            + "0" * 64,
            "Date",
        ),
    ],
)
def test_a_malformed_authorization_is_invalid(target: Target, authorization: str, part: str) -> None:
    heard = send(target, body=b"{}", headers=signed_headers(target, Authorization=authorization))
    assert (heard.code, heard.message) == (
        "AuthFailure.InvalidAuthorization",
        "The request `Authorization` header does not conform to tencentcloud standards:"
        f" `{part}` in Credential not valid.",
    )


def test_a_request_signed_for_no_action_skips_nothing(lke: LkeClient, refusal: Refusal) -> None:
    error = refusal(lambda: lke.call_json(USAGE, {}, options={"SkipSign": True}))
    assert error.get_code() == "AuthFailure.InvalidAuthorization"


def test_the_scope_must_name_the_product_of_a_cloud_host(target: Target, emulator: Control) -> None:
    headers = signed_headers(target, service="cvm", Host="lke.tencentcloudapi.com")
    heard = send(target, body=b"{}", headers=headers)
    assert heard.code == "AuthFailure.InvalidAuthorization"
    assert "`Service` in Credential not valid." in heard.message


def test_a_wrong_content_hash_is_named(target: Target) -> None:
    heard = send(target, body=b"{}", headers=signed_headers(target, X_TC_Content_SHA256="0" * 64))
    assert (heard.code, heard.message) == (
        "InvalidParameterValue",
        "The value specified in `X-TC-Content-SHA256` is not correct.",
    )
