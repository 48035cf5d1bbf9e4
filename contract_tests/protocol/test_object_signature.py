"""The signature of object storage against vectors that were computed independently, and against everything changed in them."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lke_emulator.primitives.crc64 import DEGREE, ONE, ONES, STEP, TERMS, Crc64, crc64, crc64_of_both, table, times_x
from lke_emulator.protocol.object_signature import ObjectSignature, fields_of, parse, signature_of, verified

SECRET = "SECRETKEYEXAMPLE000000000000000"
TIME = "1700000000;1700003600"
BUCKET = "qbot-1250000000.cos.ap-guangzhou.myqcloud.com"
PATH = "/corp/137/170/doc/a b-测试.md"
HEADERS = {
    "content-length": "5",
    "content-type": "text/markdown; charset=utf-8",
    "host": BUCKET,
    "x-cos-security-token": "TOKENEXAMPLE",
}
SIGNATURE = "1eda166249449804b8affa98da794cee93467a8a"
AUTHORIZATION = (
    f"q-sign-algorithm=sha1&q-ak=AKIDEXAMPLE0000000000000000000000001&q-sign-time={TIME}&q-key-time={TIME}"
    f"&q-header-list=content-length;content-type;host;x-cos-security-token&q-url-param-list=&q-signature={SIGNATURE}"
)
LISTING = [("prefix", "corp/137/"), ("max-keys", "2"), ("encoding-type", "url"), ("uploads", "")]


def signed(authorization: str = AUTHORIZATION) -> ObjectSignature:
    found = parse(fields_of(authorization))
    assert found is not None
    return found


def test_the_vector_of_an_upload_verifies() -> None:
    assert verified(SECRET, signed(), "PUT", PATH, [], HEADERS)


def test_the_vector_of_a_listing_has_its_signature() -> None:
    listing = signed()._replace(headers=("host",), params=("encoding-type", "max-keys", "prefix", "uploads"))
    computed = signature_of(SECRET, listing, "GET", "/", LISTING, HEADERS.items())
    assert computed == "06a3edae14f31854dc38c845ca578035b0ee49ca"


def test_the_host_may_be_signed_without_its_port() -> None:
    assert verified(SECRET, signed(), "PUT", PATH, [], {**HEADERS, "host": f"{BUCKET}:5530"})


@pytest.mark.parametrize("name", HEADERS)
def test_a_signed_header_that_is_another_one_does_not_verify(name: str) -> None:
    assert not verified(SECRET, signed(), "PUT", PATH, [], {**HEADERS, name: "other"})


def test_another_method_path_or_secret_does_not_verify() -> None:
    assert not verified(SECRET, signed(), "GET", PATH, [], HEADERS)
    assert not verified(SECRET, signed(), "PUT", "/corp/137/170/doc/b.md", [], HEADERS)
    assert not verified("other", signed(), "PUT", PATH, [], HEADERS)


def test_what_was_not_signed_may_be_added() -> None:
    assert verified(SECRET, signed(), "PUT", PATH, [("x", "y")], {**HEADERS, "user-agent": "me"})


@given(st.text())
def test_an_authorization_of_anything_is_parsed_or_not(text: str) -> None:
    assert parse(fields_of(text)) is None


@pytest.mark.parametrize("time", ["", "1700000000", "a;b", "-1;2", "1;" + "9" * 30])
def test_a_time_of_another_form_is_none(time: str) -> None:
    assert parse({**fields_of(AUTHORIZATION), "q-sign-time": time}) is None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", 0),
        (b"a", 3675645893302102789),
        (b"hello", 11177612005948864433),
        (b"123456789", 11051210869376104954),
    ],
)
def test_checksums_are_those_of_the_sdks(data: bytes, expected: int) -> None:
    assert crc64(data) == expected


LONG = bytes(range(251)) * (3 * STEP // 251)


@given(st.lists(st.integers(0, len(LONG)), max_size=6))
@settings(max_examples=20, deadline=None)
def test_a_checksum_of_pieces_is_that_of_the_whole(ends: list[int]) -> None:
    pieces, both = Crc64(), 0
    for start, stop in pairwise([0, *sorted(ends), len(LONG)]):
        pieces.update(LONG[start:stop])
        both = crc64_of_both(both, crc64(LONG[start:stop]), stop - start)
    assert pieces.value == both == crc64(LONG) == plain(LONG)


def plain(data: bytes) -> int:
    """Byte by byte."""
    crc = ONES
    for byte in data:
        crc = crc >> 8 ^ table()[(crc ^ byte) & 255]
    return crc ^ ONES


def test_what_data_is_divided_by_first_is_a_multiple_of_the_polynomial() -> None:
    rest, power = ONE, ONE
    for place in range(1, DEGREE + 1):
        power = times_x(power)
        if place in (*TERMS, DEGREE):
            rest ^= power
    assert rest == 0
