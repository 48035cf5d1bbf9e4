"""What the cloud published: the definitions and the examples in the pinned `tccli` package, read as files."""

import json
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

PRODUCTS = {"lke": "v20231130", "lkeap": "v20240522", "adp": "v20260520"}
STREAMED = {("lkeap", "ChatCompletions", 0), ("lkeap", "ChatCompletions", 1)}
"""Examples that ask for `Stream: true`: their output is the frames of a stream, one `data:` line each, and no JSON.

The first ends with `data:[DONE]`; the second is cut off before its end.
"""
UNWRAPPED = {("lkeap", "ReconstructDocumentSSE", 0), ("lkeap", "ReconstructDocumentSSE", 1)}
"""One frame of a stream, shown without `data:`: a JSON object that has no `Response` around it."""

BEYOND_THE_SHAPE = {("lkeap", "ChatCompletions"): {"Object", "Usage.InputTokens", "Usage.OutputTokens"}}
"""Members of examples that their response shape does not have: streamed frames show an `Object`, and the parts of their
usage are called Input and Output where the shape says Prompt and Completion."""


class Example(NamedTuple):
    product: str
    action: str
    number: int
    params: dict[str, Any]
    outputs: list[dict[str, Any]]
    """The members of the reply; of a stream, those of each frame."""

    def __str__(self) -> str:
        return f"{self.product}.{self.action}[{self.number}]"


def read(product: str, name: str) -> bytes:
    """A data file of the package, which is found but never imported: its dependencies are not installed."""
    found = find_spec("tccli")
    if found is None or found.origin is None:
        pytest.fail(
            "the tccli package that pyproject.toml pins is not installed; `make test` installs it and runs the suite"
        )
    return (Path(found.origin).parent / "services" / product / PRODUCTS[product] / name).read_bytes()


def examples() -> Iterator[Example]:
    for product in PRODUCTS:
        for action, several in json.loads(read(product, "examples.json"))["actions"].items():
            for number, example in enumerate(several):
                params = json.loads(body(example["input"]))
                outputs = list(replies((product, action, number), example["output"]))
                yield Example(product, action, number, params, outputs)


def body(request: str) -> str:
    """What follows the head of a request; the line between may hold blanks (the example of lke.GetTaskStatus)."""
    head, _, rest = re.sub(r"\n[ \t]+\n", "\n\n", request).partition("\n\n")
    assert head.startswith("POST / HTTP/1.1"), request
    return rest


def replies(place: tuple[str, str, int], output: str) -> Iterator[dict[str, Any]]:
    if place in STREAMED:
        frames = [line.removeprefix("data:") for line in output.splitlines() if line]
        yield from (json.loads(frame) for frame in frames if frame != "[DONE]")
    elif place in UNWRAPPED:
        yield json.loads(output)
    else:
        reply = json.loads(output)
        assert list(reply) == ["Response"]
        yield reply["Response"]
