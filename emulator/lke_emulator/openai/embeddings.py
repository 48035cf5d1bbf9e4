"""POST /v1/embeddings."""

from array import array
from base64 import b64encode
from sys import byteorder
from typing import Any

from lke_emulator.exchange.answer import Answer
from lke_emulator.models import tokens
from lke_emulator.openai.admission import Admission
from lke_emulator.openai.call import OpenaiCall
from lke_emulator.openai.errors import OpenaiError
from lke_emulator.openai.models import check_model
from lke_emulator.openai.requests import EmbeddingRequest, read_request


def embeddings(call: OpenaiCall) -> Answer:
    from lke_emulator.models.embedding import DIMENSIONS, vector

    request = read_request(call.params, EmbeddingRequest)
    check_model(call, request.model, "embedding")
    texts, count = read_input(request, call)
    with Admission(call, "GetEmbedding", request.model) as admission:
        admission.input = count
        dimensions = request.dimensions or DIMENSIONS
        shown = packed if request.encoding_format == "base64" else list
        rows: list[dict[str, Any]] = [
            {"object": "embedding", "index": place, "embedding": shown(vector(text, dimensions))}
            for place, text in enumerate(texts)
        ]
        usage = {"prompt_tokens": count, "total_tokens": count}
        admission.settle()
        return call.answer({"object": "list", "data": rows, "model": request.model, "usage": usage})


def read_input(request: EmbeddingRequest, call: OpenaiCall) -> tuple[list[str], int]:
    """The texts and their tokens. A text given as token numbers is as many tokens, and its vector is of the numbers."""
    given = request.input
    rates = call.assumptions.tokens_per_1000_characters
    if isinstance(given, str):
        given = [given]
    numbers = [item for item in given if isinstance(item, int)]
    if numbers:
        if len(numbers) < len(given):
            raise OpenaiError("invalid", "input", why="A list is of texts or of token numbers, not of both")
        given = [numbers]
    if not all(given):
        raise OpenaiError("invalid", "input", why="An input is empty")
    texts = [item if isinstance(item, str) else " ".join(map(str, item)) for item in given if not isinstance(item, int)]
    count = sum(
        tokens.estimate(item, rates) if isinstance(item, str) else len(item)
        for item in given
        if not isinstance(item, int)
    )
    return texts, count


def packed(found: "array[float]") -> str:
    """Little-endian 32-bit floats in base64, as OpenAI's client asks for by default."""
    if byteorder == "big":
        found = array("f", found)
        found.byteswap()
    return b64encode(found.tobytes()).decode()
