"""Shapes to try things on, and random values that fit them."""

from typing import Any

import pytest
from hypothesis import strategies as st

from lke_emulator.protocol.errors import ApiError
from lke_emulator.protocol.shapes import check
from lke_emulator.protocol.spec import Action, Definition, Member, Service, Shape, spec

SERVICE = Service(
    Definition(
        "lke",
        "2023-11-30",
        "test",
        {},
        {
            "Ask": {
                "Name": "string!",
                "Limit": "uint64",
                "Offset": "int64",
                "Rate": "float",
                "Deep": "bool",
                "Filters": "[Filter]",
                "Page": "Page",
                "Ids": "[string]",
                "Old": "string~",
            },
            "Filter": {"Name": "string!", "Values": "[int64]!"},
            "Page": {"Size": "int64!", "Inner": "Page"},
            "Reply": {
                "Text": "string",
                "Count": "uint64?",
                "Share": "float",
                "Done": "bool",
                "Ids": "[string]",
                "Page": "Page",
                "Next": "Reply?",
                "Rows": "[Row]",
                "RequestId": "string",
            },
            "Row": {"X": "string?", "Y": "float?"},
            "Endless": {"Self": "Endless", "Name": "string"},
            "Empty": {},
        },
    )
)
ASK, REPLY = SERVICE.shapes["Ask"], SERVICE.shapes["Reply"]
ACTIONS = sorted(spec().by_key.values(), key=lambda action: action.key)


def action(key: str) -> Action:
    return spec().by_key[key]


def holds(written: Any, shown: Any) -> bool:
    """Whether everything shown stands in what was written, which may have more members."""
    if isinstance(shown, dict):
        return all(name in written and holds(written[name], value) for name, value in shown.items())
    if isinstance(shown, list):
        return len(written) == len(shown) and all(map(holds, written, shown))
    return bool(written == shown)


# Requests, by literals


def refused(params: dict[str, Any], shape: Shape = ASK) -> ApiError:
    with pytest.raises(ApiError) as raised:
        check(shape, params)
    return raised.value


# Requests, by properties


SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(max_size=6),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "uint64": st.integers(0, 2**64 - 1),
    "float": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53),
    "bool": st.booleans(),
}


@st.composite
def objects(draw: st.DrawFn, shape: Shape, asked: bool, depth: int = 0) -> dict[str, Any]:
    """A valid object: every required member (in a request) and a handful of the others."""
    required = [member for member in shape.members.values() if member.needed and asked]
    others = [member for member in shape.members.values() if member not in required]
    if depth > 3:
        others = [member for member in others if member.scalar]
    chosen = draw(st.lists(st.sampled_from(others), max_size=5, unique=True)) if others else []
    return {member.name: draw(values(member, shape, asked, depth)) for member in (*required, *chosen)}


def values(member: Member, shape: Shape, asked: bool, depth: int) -> st.SearchStrategy[Any]:
    one = SCALARS[member.type] if member.scalar else objects(shape.of(member), asked, depth + 1)
    several = st.lists(one, max_size=2) if member.many else one
    return st.none() | several if member.nullable and not asked else several


requests = st.sampled_from(ACTIONS).flatmap(
    lambda one: st.tuples(st.just(one.request), objects(one.request, asked=True))
)
