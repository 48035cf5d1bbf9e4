"""POST /v1/images/generations: small real PNGs, in the reply or as addresses under /files.

Each picture is metered as one call without tokens.
"""

from base64 import b64encode
from typing import Any

from lke_emulator.exchange.answer import Answer
from lke_emulator.models.picture import png
from lke_emulator.openai.admission import Admission
from lke_emulator.openai.call import OpenaiCall
from lke_emulator.openai.errors import OpenaiError
from lke_emulator.openai.models import check_model
from lke_emulator.openai.requests import ImageRequest, read_request
from lke_emulator.primitives.seeds import digest

SIZE = 1024
SMALLEST, LARGEST = 16, 2048
"""Pixels a side."""
URL_SECONDS = 3600
"""How long an address is good for, as OpenAI says of its own."""


def images(call: OpenaiCall) -> Answer:
    request = read_request(call.params, ImageRequest)
    check_model(call, request.model, "image")
    width, height = read_size(request.size)
    with Admission(call, "ImageGeneration", request.model) as admission:
        admission.input, admission.calls = 0, request.n or 1
        subjects = [f"{call.account.seed}/{request.prompt}/{place}" for place in range(admission.calls)]
        data = [shown(call, request, subject, width, height) for subject in subjects]
        admission.settle()
        return call.answer({"created": int(call.now), "data": data})


def read_size(size: str | None) -> tuple[int, int]:
    if size is None or size == "auto":
        return SIZE, SIZE
    width, height = map(int, size.split("x"))
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
        raise OpenaiError("invalid", "size", why=f"A side has {SMALLEST} to {LARGEST} pixels")
    return width, height


def shown(call: OpenaiCall, request: ImageRequest, subject: str, width: int, height: int) -> dict[str, Any]:
    picture = png(subject, width, height)
    entry = {"revised_prompt": request.prompt}
    if request.response_format == "b64_json":
        return entry | {"b64_json": b64encode(picture).decode()}
    name = f"{digest('picture', subject, width, height, size=16).hex()}.png"
    call.account.files.put(name, picture, call.now, URL_SECONDS)
    return entry | {"url": call.base_url + call.account.files.link(name, call.now, URL_SECONDS)}
