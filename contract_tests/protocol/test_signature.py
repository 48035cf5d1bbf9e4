"""The signature functions against vectors that others published, and against every variation of the official SDKs."""

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lke_emulator.protocol import signature

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "signatures.json").read_text()
)
TC3 = pytest.mark.parametrize("vector", VECTORS["tc3"], ids=lambda vector: str(vector["name"]))
SIGNER = signature.Signer(signature.signing_key("a secret key", "2026-11-23", "lke"))


def parsed(header: str) -> signature.Authorization:
    authorization = signature.parse_authorization(header)
    assert authorization is not None
    return authorization


@TC3
def test_a_published_tc3_signature_is_computed(vector: dict[str, Any]) -> None:
    payload_hash = sha256(vector["body"].encode()).hexdigest()
    headers = {name: value.format(payload_hash=payload_hash) for name, value in vector["headers"].items()}
    names = sorted(headers)
    block = signature.header_block(names, headers, headers["host"], False)
    canonical = signature.canonical_request(vector["method"], vector["query"], block, ";".join(names), payload_hash)
    text = signature.string_to_sign(vector["timestamp"], vector["date"], vector["service"], canonical)
    key = signature.signing_key(vector["secret_key"], vector["date"], vector["service"])
    assert signature.Signer(key).sign(text) == vector["signature"]
    assert payload_hash == vector.get("payload_hash", payload_hash)
    assert sha256(canonical.encode()).hexdigest() == vector.get(
        "canonical_hash", sha256(canonical.encode()).hexdigest()
    )
    assert key.hex() == vector.get("signing_key", key.hex())


@TC3
def test_a_published_tc3_request_is_verified(vector: dict[str, Any]) -> None:
    payload_hash = sha256(vector["body"].encode()).hexdigest()
    headers = {name: value.format(payload_hash=payload_hash) for name, value in vector["headers"].items()}
    signed = signature.Signed(
        vector["method"], vector["query"], headers, headers["host"], vector["timestamp"], payload_hash
    )
    scope = f"{vector['secret_id']}/{vector['date']}/{vector['service']}/tc3_request"
    header = f"TC3-HMAC-SHA256 Credential={scope}, SignedHeaders={';'.join(sorted(headers))}, Signature={vector['signature']}"
    authorization = parsed(header)
    for secret_key, verdict in ((vector["secret_key"], True), ("another", False)):
        key = signature.signing_key(secret_key, vector["date"], vector["service"])
        assert signature.tc3_verified(signed, authorization, signature.Signer(key)) is verdict


@pytest.mark.parametrize("vector", VECTORS["v1"], ids=lambda vector: str(vector["name"]))
def test_a_published_v1_signature_is_computed(vector: dict[str, Any]) -> None:
    digest = signature.v1_signature(vector["secret_key"], vector["source"], vector["algorithm"])
    assert b64encode(digest).decode() == vector["signature"]


def test_v1_covers_raw_values_sorted_by_name() -> None:
    source = VECTORS["v1"][0]["source"]
    params = dict(pair.split("=", 1) for pair in reversed(source.partition("?")[2].split("&")))
    assert signature.v1_source("GET", "cvm.tencentcloudapi.com", {**params, "Signature": "anything"}) == source


def signed_by(host: str, content_type: str, lower: bool, extra: dict[str, str]) -> tuple[dict[str, str], str]:
    """The headers a client sends and its Authorization, signing `host` whatever the wire says."""
    headers = {"content-type": content_type, **extra}
    names = sorted([*headers, "host"])
    block = signature.header_block(names, headers, host, lower)
    canonical = signature.canonical_request("POST", "", block, ";".join(names), sha256(b"{}").hexdigest())
    text = signature.string_to_sign("1795000000", "2026-11-23", "lke", canonical)
    return headers, (
        f"TC3-HMAC-SHA256 Credential=AKID/2026-11-23/lke/tc3_request, SignedHeaders={';'.join(names)},"
        f" Signature={SIGNER.sign(text)}"
    )


VARIATIONS = {
    "host as sent": ("127.0.0.1:5530", "application/json", False, {}),
    "host without its port, as Node": ("127.0.0.1", "application/json", False, {}),
    "host with a scheme, as tccli": ("http://127.0.0.1:5530", "application/json", False, {}),
    "the real host behind a proxy": ("lke.tencentcloudapi.com", "application/json", False, {}),
    "the real international host": ("lke.intl.tencentcloudapi.com", "application/json", False, {}),
    "values lower-cased, as the documents say": (
        "127.0.0.1:5530",
        "application/json; charset=UTF-8",
        True,
        {"x-tc-action": "DescribeTokenUsage"},
    ),
    "values raw, as the SDKs": ("127.0.0.1:5530", "multipart/form-data; boundary=aBcD", False, {}),
}


@pytest.mark.parametrize("variation", VARIATIONS.values(), ids=VARIATIONS.keys())
def test_a_variation_of_an_official_client_is_verified(variation: tuple[str, str, bool, dict[str, str]]) -> None:
    headers, header = signed_by(*variation)
    signed = signature.Signed("POST", "", headers, "127.0.0.1:5530", "1795000000", sha256(b"{}").hexdigest())
    assert signature.tc3_verified(signed, parsed(header), SIGNER)


def test_a_host_that_nobody_could_have_meant_is_refused() -> None:
    headers, header = signed_by("evil.example", "application/json", False, {})
    signed = signature.Signed("POST", "", headers, "127.0.0.1:5530", "1795000000", sha256(b"{}").hexdigest())
    assert not signature.tc3_verified(signed, parsed(header), SIGNER)


@pytest.mark.parametrize("blanks", ["  ", "\t"], ids=["two blanks, as .NET", "a tab"])
def test_white_space_after_the_algorithm_is_free(blanks: str) -> None:
    _, header = signed_by("127.0.0.1", "application/json", False, {})
    assert parsed(header.replace(" ", blanks, 1)).secret_id == "AKID"


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("SKIP", "Algorithm"),
        ("AWS4-HMAC-SHA256 Credential=a/b/c/d", "Algorithm"),
        ("", "Algorithm"),
        ("TC3-HMAC-SHA256 Credential=AKID", "Credential"),
        (
            "TC3-HMAC-SHA256 Credential=AKID/2026-11-23/lke/aws4_request, SignedHeaders=host, Signature=aa",
            "tc3_request",
        ),
        ("TC3-HMAC-SHA256 Credential=AKID/2026-11-23/lke/tc3_request, Signature=aa", "SignedHeaders"),
        ("TC3-HMAC-SHA256 Credential=AKID/2026-11-23/lke/tc3_request, SignedHeaders=host, Signature=XYZ", "Signature"),
    ],
)
def test_a_malformed_authorization_says_which_part(header: str, part: str) -> None:
    assert signature.parse_authorization(header) is None
    error = signature.malformation(header)
    assert error.code == "AuthFailure.InvalidAuthorization"
    assert f"`{part}` in Credential not valid." in error.message("en-US")


@given(st.text(max_size=300))
def test_any_authorization_is_parsed_or_refused_in_the_clouds_words(header: str) -> None:
    authorization = signature.parse_authorization(header)
    if authorization is None:
        assert signature.malformation(header).code == "AuthFailure.InvalidAuthorization"
    else:
        assert len(authorization.signature) == 64


PARAMS = {"Action": "DescribeTokenUsage", "AppBizIds.0": "a b&c=中", "Nonce": "1", "SecretId": "AKID"}


@pytest.mark.parametrize(
    ("method", "algorithm"), [("HmacSHA1", "sha1"), ("HmacSHA256", "sha256"), ("HmacMD5", "sha1"), (None, "sha1")]
)
def test_v1_uses_sha256_only_when_it_is_named_exactly(method: str | None, algorithm: str) -> None:
    params = {**PARAMS, **({"SignatureMethod": method} if method else {})}
    digest = signature.v1_signature("key", signature.v1_source("POST", "h:1", params), algorithm)
    params["Signature"] = b64encode(digest).decode()
    assert signature.v1_verified("POST", "h:1", "lke", params, "key")
    assert not signature.v1_verified("GET", "h:1", "lke", params, "key")


def test_v1_forgives_what_official_sdks_do() -> None:
    params = {**PARAMS, "Space_Id": "x"}
    source = signature.v1_source("POST", "h", params, dotted=True)
    encoded = b64encode(signature.v1_signature("key", source, "sha1")).decode()
    assert signature.v1_verified("POST", "h:1", "lke", {**params, "Signature": encoded + "\n"}, "key")


@pytest.mark.parametrize("sent", ["", "%%%", "AAAA", quote("EliP9YW3pW28FpsEdkXt/+WcGeI="), "é"])
def test_v1_refuses_what_is_no_signature(sent: str) -> None:
    assert not signature.v1_verified("POST", "h", "lke", {**PARAMS, "Signature": sent}, "key")


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=5), min_size=1, max_size=6), st.data())
def test_v1_covers_every_parameter(params: dict[str, str], data: st.DataObject) -> None:
    params.pop("Signature", None)
    params.setdefault("A", "1")
    encoded = b64encode(signature.v1_signature("key", signature.v1_source("GET", "h", params), "sha1")).decode()
    assert signature.v1_verified("GET", "h", "lke", {**params, "Signature": encoded}, "key")
    name = data.draw(st.sampled_from(sorted(params)))
    changed = {**params, name: params[name] + "x", "Signature": encoded}
    assert not signature.v1_verified("GET", "h", "lke", changed, "key")
