"""Anything may come in; what goes out is HTTP 200 with a well-formed envelope, never a 500 and never a traceback."""

import json
import re
import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_tests.conftest import Control, Target
from contract_tests.gateway.wire import FORM, Heard, form, send, signed_headers, v1_params
from lke_emulator.protocol.spec import spec

SOCKETS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

TOKEN = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-"), min_size=1, max_size=20)
VALUE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=60).map(
    str.strip
)
KNOWN_HEADERS = st.sampled_from(
    [
        *("Authorization", "Content-Type", "Host", "Origin", "X-TC-Action", "X-TC-Version", "X-TC-Region"),
        *("X-TC-Timestamp", "X-TC-Token", "X-TC-Language", "X-TC-Content-SHA256"),
    ]
)
HEADERS = st.dictionaries(st.one_of(KNOWN_HEADERS, TOKEN), VALUE, max_size=8).map(
    lambda headers: {
        name: value
        for name, value in headers.items()
        if name.lower() not in ("content-length", "transfer-encoding", "connection", "upgrade", "expect", "host")
    }
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
ACTIONS = st.sampled_from(sorted(spec().by_key))


def well_formed(heard: Heard) -> dict[str, Any]:
    """The Response of an answer that keeps the envelope's rules."""
    assert heard.status == 200
    assert heard.headers["content-type"] == "application/json"
    whole = json.loads(heard.body)
    assert list(whole) == ["Response"]
    response: dict[str, Any] = whole["Response"]
    assert UUID4.fullmatch(response["RequestId"])
    if "Error" in response:
        assert set(response) == {"Error", "RequestId"}
        assert re.fullmatch(r"[A-Z][A-Za-z]+(\.[A-Za-z]+)?", response["Error"]["Code"])
        assert response["Error"]["Code"] != "InternalError"
        assert "Traceback" not in response["Error"]["Message"]
    return response


@SOCKETS
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    query=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#"), max_size=80),
    headers=HEADERS,
    body=st.binary(max_size=200),
)
def test_any_request_gets_an_envelope(
    emulator: Control, target: Target, method: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    well_formed(
        send(
            target,
            method,
            f"/?{query}" if query else "/",
            body,
            {k: v.encode("latin-1").decode("latin-1") for k, v in headers.items()},
        )
    )


@SOCKETS
@given(body=st.one_of(st.binary(max_size=300), JSON.map(lambda value: json.dumps(value).encode())), key=ACTIONS)
def test_any_body_that_is_rightly_signed_gets_an_envelope(
    emulator: Control, target: Target, body: bytes, key: str
) -> None:
    action = spec().by_key[key]
    headers = signed_headers(target, action.name, body, service=action.product, version=action.version)
    well_formed(send(target, body=body, headers=headers))


@SOCKETS
@given(params=st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=12), max_size=6))
def test_any_parameters_that_are_rightly_signed_get_an_envelope(
    emulator: Control, target: Target, params: dict[str, str]
) -> None:
    well_formed(send(target, body=form(v1_params(target, **params)), headers=FORM))


@SOCKETS
@given(data=st.binary(min_size=1, max_size=400))
def test_any_bytes_on_the_socket_leave_the_server_well(emulator: Control, target: Target, data: bytes) -> None:
    with socket.create_connection(("127.0.0.1", int(target.endpoint.rpartition(":")[2])), timeout=20) as client:
        client.sendall(data + b"\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        heard = b""
        while chunk := client.recv(65536):
            heard += chunk
    assert heard == b"" or re.match(rb"HTTP/1\.[01] [234]\d\d ", heard)
    well_formed(send(target, body=b"{}", headers=signed_headers(target)))


BODY = b'{"ModelName": "cs-normal-70b", "StatStartTime": 1758988800}'


@SOCKETS
@given(data=st.data())
def test_any_single_mutation_of_a_signed_request_is_refused(
    emulator: Control, target: Target, data: st.DataObject
) -> None:
    headers = signed_headers(target, body=BODY)
    part = data.draw(st.sampled_from(["body", *sorted(headers)]))
    text = BODY.decode() if part == "body" else headers[part]
    at = data.draw(st.integers(0, len(text) - 1).filter(lambda index: not text[index].isspace()))
    other = data.draw(
        st.sampled_from("abcxyzABCXYZ0189-_/=;.").filter(lambda character: character.lower() != text[at].lower())
    )
    changed = text[:at] + other + text[at + 1 :]
    body = changed.encode() if part == "body" else BODY
    heard = send(target, body=body, headers=headers if part == "body" else {**headers, part: changed})
    assert "Error" in well_formed(heard), f"{part}: {changed}"


@SOCKETS
@given(data=st.data())
def test_any_single_mutation_of_signed_parameters_is_refused(
    emulator: Control, target: Target, data: st.DataObject
) -> None:
    params = v1_params(target, ModelName="cs-normal-70b", StatStartTime="1758988800")
    part = data.draw(st.sampled_from(sorted(params)))
    at = data.draw(st.integers(0, len(params[part]) - 1))
    # The last characters of base64 hold bits that the padding discards.
    if part == "Signature":
        at = min(at, len(params[part]) - 3)
    other = data.draw(st.sampled_from("abcxyzABCXYZ0189").filter(lambda character: character != params[part][at]))
    changed = {**params, part: params[part][:at] + other + params[part][at + 1 :]}
    assert "Error" in well_formed(send(target, body=form(changed), headers=FORM)), part


@pytest.mark.parametrize("product", sorted({action.product for action in spec().by_key.values()}))
def test_every_action_answers_its_empty_request_in_an_envelope(emulator: Control, target: Target, product: str) -> None:
    for action in spec().by_key.values():
        if action.product == product:
            headers = signed_headers(target, action.name, b"{}", service=product, version=action.version)
            well_formed(send(target, body=b"{}", headers=headers))
