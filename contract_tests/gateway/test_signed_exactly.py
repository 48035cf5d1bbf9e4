"""Where a signature is exact, and where it forgives."""

from base64 import b64encode
from typing import Any

import pytest

from contract_tests.conftest import Target
from contract_tests.gateway.wire import FORM, form, send, signed_headers, v1_params
from lke_emulator.protocol import signature


@pytest.mark.parametrize("sent", ["application/json ", " \tapplication/json\t "])
def test_header_values_are_signed_without_the_blanks_around_them(target: Target, sent: str) -> None:
    """Documented: both ends of a header's value are stripped."""
    assert send(target, body=b"{}", headers=signed_headers(target) | {"Content-Type": sent}).code == ""


def test_blanks_stay_out_of_the_canonical_headers() -> None:
    headers = {"content-type": " application/json\t", "x-tc-action": "\tDescribe App "}
    block = signature.header_block(("content-type", "host", "x-tc-action"), headers, " lke.tencentcloudapi.com ", False)
    assert block == "content-type:application/json\nhost:lke.tencentcloudapi.com\nx-tc-action:Describe App\n"


@pytest.mark.parametrize("method", ["hmacsha256", "HMACSHA256", "HmacSha256", " HmacSHA256", "HmacSHA1"])
@pytest.mark.parametrize(("algorithm", "verdict"), [("sha1", True), ("sha256", False)])
def test_only_the_exact_name_of_the_method_means_sha256(method: str, algorithm: Any, verdict: bool) -> None:
    """Documented: HmacSHA1 in every other case."""
    host, secret = "lke.tencentcloudapi.com", "a secret"
    params = {"Action": "ListApp", "SignatureMethod": method}
    params["Signature"] = signature_of(params, host, secret, algorithm)
    assert signature.v1_verified("GET", host, "lke", params, secret) is verdict


def signature_of(params: dict[str, str], host: str, secret: str, algorithm: Any) -> str:
    return b64encode(signature.v1_signature(secret, signature.v1_source("GET", host, params), algorithm)).decode()


@pytest.mark.parametrize("method", ["hmacsha256", "HMACSHA256"])
@pytest.mark.assumes("unknown_signature_method")
def test_a_method_that_is_spelt_otherwise_is_hmacsha1(target: Target, method: str) -> None:
    assert send(target, body=form(v1_params(target, SignatureMethod=method)), headers=FORM).code == ""
