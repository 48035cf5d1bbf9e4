"""What holds for requests and replies of every shape: the published examples, and properties."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.conformity import faults
from contract_tests.products import published
from contract_tests.protocol.random_shapes import ACTIONS, action, holds, refused, requests
from lke_emulator.protocol.shapes import check, encode, problems
from lke_emulator.protocol.spec import Shape


@pytest.mark.parametrize("product", published.PRODUCTS)
def test_every_published_example_is_accepted(product: str) -> None:
    seen = set()
    for example in published.examples():
        if example.product == product:
            asked = action(f"{product}.{example.action}")
            seen.add(asked)
            assert problems(asked.request, example.params) == [], str(example)
            assert check(asked.request, example.params) == example.params
    assert seen == {one for one in ACTIONS if one.product == product}


def test_every_published_reply_leaves_as_it_is_shown() -> None:
    """Each value of each example output, frames of streams too, is in what `encode` writes, and that conforms."""
    beyond: dict[tuple[str, str], set[str]] = {}
    for example in published.examples():
        response = action(f"{example.product}.{example.action}").response
        for output in example.outputs:
            unknown = set(unknown_members(response, output))
            if unknown:
                beyond.setdefault((example.product, example.action), set()).update(unknown)
                output = without(output, unknown)
            written = json.loads(encode(response, output))
            assert list(faults(response, written)) == [], str(example)
            assert holds(written, output), str(example)
    assert beyond == published.BEYOND_THE_SHAPE


def unknown_members(shape: Shape, value: dict[str, Any], path: str = "") -> Iterator[str]:
    for name, inner in value.items():
        member = shape.members.get(name)
        if member is None:
            yield path + name
        elif not member.scalar and inner is not None:
            for item in inner if member.many else [inner]:
                yield from unknown_members(shape.of(member), item, f"{path}{name}.")


def without(value: Any, unknown: set[str], path: str = "") -> Any:
    if isinstance(value, list):
        return [without(item, unknown, path) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: without(inner, unknown, f"{path}{name}.") for name, inner in value.items() if path + name not in unknown
    }


def test_the_lists_of_streamed_examples_are_exact() -> None:
    """An exception that no example needs any more is to be deleted."""
    for product, name, number in published.STREAMED | published.UNWRAPPED:
        example = json.loads(published.read(product, "examples.json"))["actions"][name][number]
        assert not example["output"].lstrip().startswith('{"Response"')
        if (product, name, number) in published.STREAMED:
            assert example["output"].startswith("data:")
        else:
            assert "Response" not in json.loads(example["output"])


WRONG: dict[str, st.SearchStrategy[Any]] = {
    "string": st.sampled_from([0, 1.5, True, [], {}]),
    "int64": st.sampled_from(["1", 1.0, True, [], {}]),
    "uint64": st.sampled_from(["1", 1.0, False, [], {}]),
    "float": st.sampled_from(["1.5", True, [], {}]),
    "bool": st.sampled_from([1, 0, "true", [], {}]),
    "object": st.sampled_from(["{}", 1, True, []]),
    "array": st.sampled_from(["[]", 1, False, {}]),
}


def test_every_request_shape_compiles_and_takes_what_it_must() -> None:
    """An empty request lacks exactly the required members of its shape."""
    for one in ACTIONS:
        found = problems(one.request, {})
        required = [member.name for member in one.request.members.values() if member.needed]
        assert [(problem.path, problem.reason) for problem in found] == [(name, "missing") for name in required]
        if required:
            assert refused({}, one.request).code == "MissingParameter"
        else:
            assert check(one.request, {}) == {}


@settings(max_examples=100, deadline=None)
@given(requests)
def test_a_valid_request_is_accepted_as_it_is(request_: tuple[Shape, dict[str, Any]]) -> None:
    shape, params = request_
    assert problems(shape, params) == []
    assert check(shape, params) == params


def places(shape: Shape, value: dict[str, Any], path: str = "") -> list[tuple[Shape, dict[str, Any], str]]:
    """Every object in a valid request: its shape, itself, and its path with a final dot."""
    found = [(shape, value, path)]
    for name, inner in value.items():
        member = shape.members[name]
        if not member.scalar:
            items = enumerate(inner) if member.many else [(None, inner)]
            for index, item in items:
                place = f"{path}{name}." if index is None else f"{path}{name}.{index}."
                found += places(shape.of(member), item, place)
    return found


CODES = {"missing": "MissingParameter", "unknown": "UnknownParameter", "parameter-type": "InvalidParameter"}


def only_fault(shape: Shape, params: dict[str, Any], path: str, reason: str) -> None:
    assert [(problem.path, problem.reason) for problem in problems(shape, params)] == [(path, reason)]
    error = refused(params, shape)
    assert error.code == CODES[reason]
    assert f"`{path}`" in error.message("en-US")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_required_member_that_is_dropped_is_missed_by_its_path(data: st.DataObject) -> None:
    shape, params = data.draw(requests)
    spots = [
        (value, name, path)
        for inner, value, path in places(shape, params)
        for name in value
        if inner.members[name].needed
    ]
    if spots:
        value, name, path = data.draw(st.sampled_from(spots))
        if data.draw(st.booleans()):
            value[name] = None
        else:
            del value[name]
        only_fault(shape, params, path + name, "missing")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_an_unknown_member_is_refused_by_its_path(data: st.DataObject) -> None:
    shape, params = data.draw(requests)
    inner, value, path = data.draw(st.sampled_from(places(shape, params)))
    name = data.draw(st.sampled_from(["Zz", "name", "$schema", "X Y"]).filter(lambda name: name not in inner.members))
    value[name] = data.draw(st.sampled_from(["", 1, None, [], {}]))
    only_fault(shape, params, path + name, "unknown")


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_value_of_a_wrong_type_is_refused_by_its_path(data: st.DataObject) -> None:
    shape, params = data.draw(requests)
    spots = [(inner, value, path, name) for inner, value, path in places(shape, params) for name in value]
    if not spots:
        return
    inner, value, path, name = data.draw(st.sampled_from(spots))
    member = inner.members[name]
    kind = member.type if member.scalar else "object"
    if member.many and value[name] and data.draw(st.booleans()):
        value[name][0] = data.draw(WRONG[kind] | st.none())
        only_fault(shape, params, f"{path}{name}.0", "parameter-type")
    else:
        value[name] = data.draw(WRONG["array" if member.many else kind])
        only_fault(shape, params, path + name, "parameter-type")
