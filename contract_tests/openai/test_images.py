"""Images through the official client."""

from base64 import b64decode
from struct import unpack
from typing import Any
from zlib import crc32, decompress

import httpx
import pytest

from contract_tests.openai.conftest import Endpoint, refused

PROMPT = "Chinese landscape painting, digital art"


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and the decompressed rows, of a PNG whose chunks all have the right checksum."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks = {}
    place = 8
    while place < len(png):
        (size,) = unpack(">I", png[place : place + 4])
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + size]
        assert unpack(">I", png[place + 8 + size : place + 12 + size]) == (crc32(kind + data),)
        chunks[kind] = data
        place += 12 + size
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    width, height, depth, colour = unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, colour) == (8, 3)
    rows = decompress(chunks[b"IDAT"])
    assert len(rows) == height * (width + 1)
    return width, height, rows


def test_the_manuals_example_gives_an_address_that_is_served(client: Any) -> None:
    """GW-28."""
    answer = client.images.generate(model="dall-e-3", prompt=PROMPT)
    picture = httpx.get(answer.data[0].url)
    assert picture.headers["content-type"] == "image/png"
    assert pixels(picture.content)[:2] == (1024, 1024)


def test_an_address_ends_after_an_hour(endpoint: Endpoint, client: Any) -> None:
    url = client.images.generate(model="dall-e-3", prompt=PROMPT).data[0].url
    endpoint.account.clock.advance(3599)
    assert httpx.get(url).status_code == 200
    endpoint.account.clock.advance(1)
    assert httpx.get(url).status_code == 403


@pytest.mark.parametrize("size", ["16x16", "256x256", "1792x1024", "1024x1792"])
def test_a_picture_has_the_size_asked_for(client: Any, size: Any) -> None:
    answer = client.images.generate(model="dall-e-3", prompt=PROMPT, size=size, response_format="b64_json")
    width, height, _ = pixels(b64decode(answer.data[0].b64_json))
    assert f"{width}x{height}" == size


def test_the_same_prompt_gives_the_same_picture(client: Any) -> None:
    def picture(prompt: str) -> Any:
        answer = client.images.generate(model="dall-e-3", prompt=prompt, size="256x256", response_format="b64_json")
        return answer.data[0].b64_json

    assert picture(PROMPT) == picture(PROMPT)
    assert picture(PROMPT) != picture("A harbour at night")


def test_every_picture_of_a_call_is_one_metered_call(endpoint: Endpoint, client: Any) -> None:
    answer = client.images.generate(model="dall-e-3", prompt=PROMPT, n=3, size="256x256", response_format="b64_json")
    assert len({picture.b64_json for picture in answer.data}) == 3
    assert endpoint.used(api="ImageGeneration", model="dall-e-3").calls == 3


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"size": "15x15"}, "size"),
        ({"size": "big"}, "size"),
        ({"size": "4096x16"}, "size"),
        ({"n": 11}, "n"),
        ({"prompt": ""}, "prompt"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(client: Any, change: dict[str, Any], param: str) -> None:
    error = refused(client.images.generate, **{"model": "dall-e-3", "prompt": PROMPT, **change})
    assert (error.status_code, error.param) == (400, param)
