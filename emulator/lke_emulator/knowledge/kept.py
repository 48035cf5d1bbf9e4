"""Members that are kept by the cloud's names, of which a type says no more than that they are an object."""

from typing import Any

from lke_emulator.protocol.errors import refusal
from lke_emulator.protocol.shapes import WrongReply, conform, problems
from lke_emulator.protocol.spec import spec


def check_kept(shape: str, members: dict[str, Any], place: str) -> None:
    """Whether they could have been given as `lke.AppConfig`, and can be told again; required ones may be absent.

    ValueError(place: what is wrong).
    """
    one = spec().shape(shape)
    wrong = next((problem for problem in problems(one, members) if problem.reason != "missing"), None)
    if wrong:
        raise ValueError(f"{place}.{wrong.path}: {refusal(wrong.reason, **wrong.facts).message('en-US')}")
    try:
        conform(one, members, place)
    except WrongReply as error:
        raise ValueError(str(error)) from None
