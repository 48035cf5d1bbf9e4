"""The form in which a reply leaves."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.conformity import faults
from contract_tests.protocol.random_shapes import ACTIONS, REPLY, SERVICE, action, holds, objects
from lke_emulator.protocol import shapes
from lke_emulator.protocol.shapes import WrongReply, encode
from lke_emulator.protocol.spec import Shape

replies = st.sampled_from(ACTIONS).flatmap(
    lambda one: st.tuples(st.just(one.response), objects(one.response, asked=False))
)


def test_members_leave_in_the_order_of_the_spec_with_typed_zeros() -> None:
    assert encode(REPLY, {"RequestId": "r", "Text": "hello"}) == (
        b'{"Text":"hello","Count":0,"Share":0,"Done":false,"Ids":[],"Page":{"Size":0,"Inner":null},'
        b'"Next":null,"Rows":[],"RequestId":"r"}'
    )


def test_an_object_that_holds_itself_for_ever_ends_in_null() -> None:
    assert encode(SERVICE.shapes["Endless"], {}) == b'{"Self":{"Self":null,"Name":""},"Name":""}'


def test_the_zeros_of_one_reply_are_not_those_of_another() -> None:
    first = encode(REPLY, {"Text": "a"})
    encode(REPLY, {"Text": "b", "Page": {"Size": 9}, "Ids": ["x"]})
    assert encode(REPLY, {"Text": "a"}) == first


@pytest.mark.parametrize(
    ("value", "written"),
    [(3178475.0, b"3178475"), (2.0, b"2"), (-0.0, b"0"), (7, b"7"), (2.5, b"2.5"), (1e300, b"1e300")],
)
def test_whole_numbers_in_float_members_have_no_fraction(value: float, written: bytes) -> None:
    assert b'"Share":' + written + b"," in encode(REPLY, {"Share": value})
    assert encode(SERVICE.shapes["Row"], {"X": "a", "Y": value}) == b'{"X":"a","Y":' + written + b"}"


def test_an_int_is_written_as_a_string_where_the_spec_says_string() -> None:
    assert b'"Text":"1729000000"' in encode(REPLY, {"Text": 1729000000})
    assert b'"Ids":["1","b"]' in encode(REPLY, {"Ids": [1, "b"]})


def test_a_nullable_member_may_be_null_and_a_large_uint64_is_exact() -> None:
    assert b'"Count":null' in encode(REPLY, {"Count": None})
    assert b'"Count":18446744073709551615' in encode(REPLY, {"Count": 2**64 - 1})


@pytest.mark.parametrize(
    ("result", "path"),
    [
        ({"Txt": "a"}, "Reply.Txt"),
        ({"Text": None}, "Reply.Text"),
        ({"Text": True}, "Reply.Text"),
        ({"Text": 1.5}, "Reply.Text"),
        ({"Text": ["a"]}, "Reply.Text"),
        ({"Count": -1}, "Reply.Count"),
        ({"Count": 2**64}, "Reply.Count"),
        ({"Count": 1.0}, "Reply.Count"),
        ({"Count": "1"}, "Reply.Count"),
        ({"Done": 1}, "Reply.Done"),
        ({"Share": "1"}, "Reply.Share"),
        ({"Share": float("nan")}, "Reply.Share"),
        ({"Share": float("inf")}, "Reply.Share"),
        ({"Share": None}, "Reply.Share"),
        ({"Ids": None}, "Reply.Ids"),
        ({"Ids": "a"}, "Reply.Ids"),
        ({"Ids": ["a", None]}, "Reply.Ids.1"),
        ({"Page": None}, "Reply.Page"),
        ({"Rows": [{"X": "a"}, {"Z": 1}]}, "Reply.Rows.1.Z"),
        ({"Rows": [{"X": "a"}, 3]}, "Reply.Rows.1"),
        ({"Next": {"Next": {"Text": False}}}, "Reply.Next.Next.Text"),
    ],
)
def test_a_handler_that_misses_the_shape_is_told_where(result: dict[str, Any], path: str) -> None:
    with pytest.raises(WrongReply) as raised:
        encode(REPLY, result)
    assert str(raised.value).startswith(path + ":")


@settings(max_examples=100, deadline=None)
@given(replies)
def test_a_valid_result_leaves_in_the_form_of_its_shape(reply: tuple[Shape, dict[str, Any]]) -> None:
    shape, result = reply
    written = json.loads(encode(shape, result))
    assert list(faults(shape, written)) == []
    assert holds(written, result)


@settings(max_examples=60, deadline=None)
@given(replies)
def test_the_quick_way_and_the_walk_write_the_same(reply: tuple[Shape, dict[str, Any]]) -> None:
    shape, result = reply
    assert encode(shape, result) == msgspec.json.encode(shapes.conform(shape, result, shape.name))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_name_that_the_shape_does_not_have_never_leaves(data: st.DataObject) -> None:
    shape, result = data.draw(replies)
    result["Zz"] = data.draw(st.sampled_from([None, "", 0, []]))
    with pytest.raises(WrongReply, match=rf"{shape.name}\.Zz"):
        encode(shape, result)


def test_the_documented_graph_keeps_its_figures_and_order() -> None:
    response = action("lke.DescribeTokenUsageGraph").response
    rows = [{"X": "202411190930", "Y": 14896.0}, {"X": "202411190915", "Y": 694}]
    assert encode(response, {"RequestId": "r", "Total": rows}) == (
        b'{"Total":[{"X":"202411190930","Y":14896},{"X":"202411190915","Y":694}],"Input":[],"Output":[],"RequestId":"r"}'
    )
