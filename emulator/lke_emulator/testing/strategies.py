"""Requests for any action as hypothesis strategies, from the spec: such as the cloud accepts, and such as it refuses.

@given(requests("lke.CreateQA"))
def test_my_client_sends_whatever_is_in_it(params): ...

@given(broken_requests("lke.CreateQA"))
def test_my_client_tells_the_refusal(broken):
    # broken.params is refused with broken.code, which names broken.path
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from lke_emulator.protocol.spec import Action, Member, Shape, spec

SCALARS: dict[str, Callable[[], SearchStrategy[Any]]] = {
    # Half a surrogate pair is no text that JSON could carry.
    "string": lambda: st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    "int64": lambda: st.integers(-(2**63), 2**63 - 1),
    "uint64": lambda: st.integers(0, 2**64 - 1),
    "float": lambda: st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53),
    "bool": st.booleans,
}
OTHER_TYPES: dict[str, SearchStrategy[Any]] = {
    "string": st.integers() | st.booleans(),
    "int64": st.text(max_size=5) | st.booleans(),
    "uint64": st.text(max_size=5) | st.booleans(),
    "float": st.text(max_size=5) | st.booleans(),
    "bool": st.text(max_size=5) | st.integers(2),
}
LIST_SIZE, DEPTH = 3, 3


class BrokenRequest(NamedTuple):
    """Exactly one thing is wrong with it."""

    params: dict[str, Any]
    code: str
    """MissingParameter, UnknownParameter or InvalidParameter."""
    path: str
    """The member that is wrong: `Filters.0.Name`."""


def find(action: str) -> Action:
    """LookupError for an action that there is not."""
    found = spec().by_key.get(action)
    if found is None:
        raise LookupError(f"there is no action {action}; write it as lke.DescribeTokenUsage")
    return found


def requests(action: str) -> SearchStrategy[dict[str, Any]]:
    """Parameters that fit the request's shape: every required member, any of the others."""
    return objects(find(action).request, DEPTH)


def objects(shape: Shape, depth: int) -> SearchStrategy[dict[str, Any]]:
    """What is nested deeper than `depth` is left out where it may be."""
    members = shape.members.items()
    required = {name: value_of(member, shape, depth) for name, member in members if member.required}
    optional = {
        name: value_of(member, shape, depth)
        for name, member in members
        if not member.required and (member.scalar or depth > 0)
    }
    return st.fixed_dictionaries(required, optional=optional)


def value_of(member: Member, shape: Shape, depth: int) -> SearchStrategy[Any]:
    if member.scalar:
        one = SCALARS[member.type]()
    else:
        inner = shape.of(member)
        one = st.deferred(lambda: objects(inner, depth - 1))
    return st.lists(one, max_size=LIST_SIZE) if member.many else one


@st.composite
def broken_requests(draw: st.DrawFn, action: str) -> BrokenRequest:
    """A request that fits but for one thing at its top: a member missing, unknown, or of another type."""
    shape = find(action).request
    params = draw(objects(shape, DEPTH))
    required = [name for name, member in shape.members.items() if member.required]
    typed = list(shape.members)
    ways = ["unknown", *(["missing"] if required else []), *(["type"] if typed else [])]
    way = draw(st.sampled_from(ways))
    if way == "missing":
        name = draw(st.sampled_from(required))
        return BrokenRequest({key: value for key, value in params.items() if key != name}, "MissingParameter", name)
    if way == "unknown":
        name = draw(st.from_regex(r"[A-Z][a-z]{2,8}", fullmatch=True).filter(lambda name: name not in shape.members))
        return BrokenRequest(params | {name: draw(SCALARS["string"]())}, "UnknownParameter", name)
    name = draw(st.sampled_from(typed))
    member = shape.members[name]
    if member.many or not member.scalar:
        return BrokenRequest(params | {name: draw(st.integers())}, "InvalidParameter", name)
    return BrokenRequest(params | {name: draw(OTHER_TYPES[member.type])}, "InvalidParameter", name)
