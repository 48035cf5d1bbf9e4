"""The form's model: it tells the same mistakes as the server, and never changes a request in place."""

from collections.abc import Iterator
from typing import Any

import msgspec
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from contract_tests.explorer.modules import one, several
from lke_emulator.control.catalogue import shape_of
from lke_emulator.protocol import shapes
from lke_emulator.protocol.spec import spec
from lke_emulator.testing.strategies import broken_requests, requests

EVERY = spec().by_key
REASONS = {"parameter-type": "type", "unknown": "unknown", "missing": "missing", "parameter-value": "value"}


def told(action: str) -> Any:
    return msgspec.to_builtins(shape_of(EVERY[action]))


CREATE_QA = told("lke.CreateQA")


@settings(max_examples=8, deadline=None, phases=[Phase.generate])
@given(st.data())
def test_the_form_finds_the_mistakes_that_the_server_finds(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(sorted(EVERY)), min_size=5, max_size=10))
    asked = [(name, data.draw(broken_requests(name)).params) for name in names]
    asked += [(name, data.draw(requests(name))) for name in names]
    found = several("shape.js", [["problems", told(name), params] for name, params in asked])
    for (name, params), here in zip(asked, found, strict=True):
        there = {(problem.path, REASONS[problem.reason]) for problem in shapes.problems(EVERY[name].request, params)}
        assert {(".".join(map(str, problem["path"])), problem["reason"]) for problem in here} == there


def test_a_member_is_put_into_a_request_and_taken_out_again() -> None:
    request = {"AttrLabels": [{"Source": 1, "LabelBizIds": ["1", "2"]}]}
    path = ["AttrLabels", 0, "LabelBizIds"]
    assert several(
        "form.js",
        [
            ["put", request, [*path, 1], "3"],
            ["put", request, [*path, 0]],
            ["put", request, ["AttrLabels", 0, "Source"]],
            ["put", request, ["DocBizId"], "7"],
            ["put", {}, ["AttrLabels", 0, "Source"], 1],
            ["at", request, [*path, 1]],
            ["at", request, ["Nothing", 0, "here"]],
        ],
    ) == [
        {"AttrLabels": [{"Source": 1, "LabelBizIds": ["1", "3"]}]},
        {"AttrLabels": [{"Source": 1, "LabelBizIds": ["2"]}]},
        {"AttrLabels": [{"LabelBizIds": ["1", "2"]}]},
        {**request, "DocBizId": "7"},
        {"AttrLabels": {"0": {"Source": 1}}},
        "2",
        None,
    ]


def test_what_is_typed_is_read_by_its_type() -> None:
    typed = [
        ("string", " 1 "),
        ("int64", "19"),
        ("uint64", "18446744073709551615"),
        ("float", "0.5"),
        ("bool", "true"),
        ("int64", "1.5"),
        ("bool", "yes"),
        ("int64", ""),
    ]
    assert several("form.js", [["readScalar", type, text] for type, text in typed]) == [
        " 1 ",
        19,
        2**64 - 1,
        0.5,
        True,
        "1.5",
        "yes",
        None,
    ]


def test_what_is_added_to_a_request_has_what_it_needs() -> None:
    actions = {name: told(name) for name in EVERY}
    members = [(name, member) for name, action in actions.items() for member in action["shapes"][action["request"]]]
    blanks = several("form.js", [["blank", f"${name}", member] for name, member in members], **actions)
    given = [(name, {member["name"]: blank}) for (name, member), blank in zip(members, blanks, strict=True)]
    found = several("shape.js", [["problems", f"${name}", request] for name, request in given], **actions)
    for (_, member), problems in zip(members, found, strict=True):
        assert not [one for one in problems if one["path"][0] == member["name"]], member
    attr_range = next(member for member in CREATE_QA["shapes"]["CreateQARequest"] if member["name"] == "AttrRange")
    assert one("form.js", "blank", CREATE_QA, attr_range) == 1


def members_in_order(action: Any, shape: str, value: Any) -> Iterator[bool]:
    order = [member["name"] for member in action["shapes"][shape]]
    yield [name for name in order if name in value] == list(value)
    for member in action["shapes"][shape]:
        inner = value.get(member["name"])
        if member["type"] in action["shapes"] and inner:
            for item in inner if isinstance(inner, list) else [inner]:
                yield from members_in_order(action, member["type"], item)


def test_members_stand_in_the_order_of_their_shape() -> None:
    request = {"AttrRange": 2, "BotBizId": "1", "AttrLabels": [{"LabelBizIds": ["2"], "Source": 1}]}
    ordered = one("form.js", "inOrder", CREATE_QA, "CreateQARequest", request)
    assert ordered == request
    assert all(members_in_order(CREATE_QA, "CreateQARequest", ordered))
