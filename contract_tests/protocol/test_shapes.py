"""What a shape accepts, how it words a refusal, and the form in which a reply leaves."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.conformity import faults
from contract_tests.products import published
from lke_emulator.protocol import shapes
from lke_emulator.protocol.errors import ApiError
from lke_emulator.protocol.shapes import WrongReply, check, encode, problems, read
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


# The published examples


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


def holds(written: Any, shown: Any) -> bool:
    """Whether everything shown stands in what was written, which may have more members."""
    if isinstance(shown, dict):
        return all(name in written and holds(written[name], value) for name, value in shown.items())
    if isinstance(shown, list):
        return len(written) == len(shown) and all(map(holds, written, shown))
    return bool(written == shown)


def test_the_lists_of_streamed_examples_are_exact() -> None:
    """An exception that no example needs any more is to be deleted."""
    for product, name, number in published.STREAMED | published.UNWRAPPED:
        example = json.loads(published.read(product, "examples.json"))["actions"][name][number]
        assert not example["output"].lstrip().startswith('{"Response"')
        if (product, name, number) in published.STREAMED:
            assert example["output"].startswith("data:")
        else:
            assert "Response" not in json.loads(example["output"])


# Requests, by literals


def refused(params: dict[str, Any], shape: Shape = ASK) -> ApiError:
    with pytest.raises(ApiError) as raised:
        check(shape, params)
    return raised.value


@pytest.mark.parametrize(
    ("params", "code", "message"),
    [
        ({}, "MissingParameter", "The request is missing a required parameter `Name`."),
        ({"Name": None}, "MissingParameter", "The request is missing a required parameter `Name`."),
        ({"Name": "a", "$schema": 1}, "UnknownParameter", "The parameter `$schema` is not recognized."),
        ({"Name": "a", "Zz": None}, "UnknownParameter", "The parameter `Zz` is not recognized."),
        (
            {"Name": 1},
            "InvalidParameter",
            "The value type of parameter `Name` is not valid, input type should be `string`",
        ),
        (
            {"Name": "a", "Ids": ["a", 2]},
            "InvalidParameter",
            "The value type of parameter `Ids.1` is not valid, input type should be `string`",
        ),
        (
            {"Name": "a", "Ids": "b"},
            "InvalidParameter",
            "The value type of parameter `Ids` is not valid, input type should be `array`",
        ),
        (
            {"Name": "a", "Page": []},
            "InvalidParameter",
            "The value type of parameter `Page` is not valid, input type should be `object`",
        ),
        (
            {"Name": "a", "Filters": [None]},
            "InvalidParameter",
            "The value type of parameter `Filters.0` is not valid, input type should be `object`",
        ),
        (
            {"Name": "a", "Filters": [{"Values": [1]}]},
            "MissingParameter",
            "The request is missing a required parameter `Filters.0.Name`.",
        ),
        (
            {"Name": "a", "Page": {"Size": 1, "Inner": {"Size": 2, "Inner": {}}}},
            "MissingParameter",
            "The request is missing a required parameter `Page.Inner.Inner.Size`.",
        ),
        (
            {"Name": "a", "Filters": [{"Name": "b", "Values": [1], "Op": "="}]},
            "UnknownParameter",
            "The parameter `Filters.0.Op` is not recognized.",
        ),
        (
            {"Name": "a", "Limit": -1},
            "InvalidParameterValue",
            "The value `-1` specified in the parameter `Limit` is not valid",
        ),
        (
            {"Name": "a", "Limit": 2**64},
            "InvalidParameterValue",
            "The value `18446744073709551616` specified in the parameter `Limit` is not valid",
        ),
        (
            {"Name": "a", "Offset": -(2**63) - 1},
            "InvalidParameterValue",
            "The value `-9223372036854775809` specified in the parameter `Offset` is not valid",
        ),
    ],
)
def test_what_is_wrong_is_told_in_the_cloud_s_words(params: dict[str, Any], code: str, message: str) -> None:
    error = refused(params)
    assert (error.code, error.message("en-US")) == (code, message)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"Limit": True}, "uint64"),
        ({"Limit": 3.0}, "uint64"),
        ({"Limit": "3"}, "uint64"),
        ({"Offset": False}, "int64"),
        ({"Offset": 1e30}, "int64"),
        ({"Rate": "1"}, "float"),
        ({"Rate": True}, "float"),
        ({"Deep": 1}, "bool"),
        ({"Deep": "true"}, "bool"),
        ({"Ids": {"0": "a"}}, "array"),
        ({"Page": "{}"}, "object"),
    ],
)
def test_a_json_value_of_another_type_is_never_converted(value: dict[str, Any], kind: str) -> None:
    error = refused({"Name": "a", **value})
    assert error.code == "InvalidParameter"
    assert f"`{kind}`" in error.message("en-US")


@pytest.mark.parametrize(
    "params",
    [
        {"Limit": 0},
        {"Limit": 2**63},
        {"Limit": 2**64 - 1},
        {"Offset": -(2**63)},
        {"Offset": 2**63 - 1},
        {"Rate": 1},
        {"Rate": 0.5},
        {"Rate": 10**30},
        {"Ids": []},
        {"Old": "deprecated, still accepted"},
        {"Filters": [{"Name": "", "Values": []}]},
    ],
)
def test_values_to_the_very_edge_are_accepted(params: dict[str, Any]) -> None:
    """Beside a null too, which takes the long way."""
    assert check(ASK, {"Name": "a", **params}) == {"Name": "a", **params}
    assert check(ASK, {"Name": "a", "Deep": None, **params}) == {"Name": "a", **params}


def test_a_number_that_no_float_can_hold_is_an_invalid_value() -> None:
    assert refused({"Name": "a", "Rate": 10**400}).code == "InvalidParameterValue"


def test_null_counts_as_absent_at_any_depth() -> None:
    params = {"Name": "a", "Limit": None, "Page": {"Size": 1, "Inner": None}, "Filters": [{"Name": "b", "Values": [1]}]}
    before = json.dumps(params)
    assert check(ASK, params) == {
        "Name": "a",
        "Page": {"Size": 1},
        "Filters": [{"Name": "b", "Values": [1]}],
    }
    assert json.dumps(params) == before


def test_the_order_in_which_several_problems_are_told() -> None:
    """Types, then unknown names, then missing ones, then values (inferred); the later ones are for the journal."""
    params = {"Limit": -1, "Zz": 1, "Page": {"Size": "1"}, "Ids": 3}
    assert [(found.path, found.reason) for found in problems(ASK, params)] == [
        ("Ids", "parameter-type"),
        ("Page.Size", "parameter-type"),
        ("Zz", "unknown"),
        ("Name", "missing"),
        ("Limit", "parameter-value"),
    ]
    error = refused(params)
    assert error.code == "InvalidParameter"
    assert error.detail == {
        "others": [
            "The value type of parameter `Page.Size` is not valid, input type should be `int64`",
            "The parameter `Zz` is not recognized.",
            "The request is missing a required parameter `Name`.",
            "The value `-1` specified in the parameter `Limit` is not valid",
        ]
    }


def test_one_problem_leaves_nothing_more_to_say() -> None:
    assert refused({}).detail is None


def test_the_chinese_texts() -> None:
    assert refused({"Name": 1}).message("zh-CN") == "参数 `Name` 取值类型错误。参数类型应为 `string`"
    assert refused({}).message("zh-CN") == "请求缺少必传参数 `Name` 。"


def test_an_action_without_parameters_takes_none() -> None:
    empty = SERVICE.shapes["Empty"]
    assert check(empty, {}) == {}
    assert refused({"A": 1}, empty).code == "UnknownParameter"


@pytest.mark.parametrize("last", [{"Size": 1}, {"Size": 1, "Inner": None}, {"Size": "1"}])
def test_endless_nesting_is_refused_and_not_an_accident(last: dict[str, Any]) -> None:
    page: dict[str, Any] = last
    for _ in range(100_000):
        page = {"Size": 1, "Inner": page}
    assert refused({"Name": "a", "Page": page}).code == "InvalidParameter"


def test_the_lke_usage_request_of_the_documents() -> None:
    request = action("lke.DescribeTokenUsage").request
    assert check(request, {"StartTime": "1726070400", "EndTime": "1726156799", "ModelName": "cs-normal"})
    assert refused({"StartTime": 1726070400}, request).code == "InvalidParameter"


# Requests, by properties

SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(max_size=6),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "uint64": st.integers(0, 2**64 - 1),
    "float": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53),
    "bool": st.booleans(),
}
WRONG: dict[str, st.SearchStrategy[Any]] = {
    "string": st.sampled_from([0, 1.5, True, [], {}]),
    "int64": st.sampled_from(["1", 1.0, True, [], {}]),
    "uint64": st.sampled_from(["1", 1.0, False, [], {}]),
    "float": st.sampled_from(["1.5", True, [], {}]),
    "bool": st.sampled_from([1, 0, "true", [], {}]),
    "object": st.sampled_from(["{}", 1, True, []]),
    "array": st.sampled_from(["[]", 1, False, {}]),
}


@st.composite
def objects(draw: st.DrawFn, shape: Shape, asked: bool, depth: int = 0) -> dict[str, Any]:
    """A valid object: every required member (in a request) and a handful of the others."""
    required = [member for member in shape.members.values() if member.required and asked]
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
replies = st.sampled_from(ACTIONS).flatmap(
    lambda one: st.tuples(st.just(one.response), objects(one.response, asked=False))
)


def test_every_request_shape_compiles_and_takes_what_it_must() -> None:
    """An empty request lacks exactly the required members of its shape."""
    for one in ACTIONS:
        found = problems(one.request, {})
        required = [member.name for member in one.request.members.values() if member.required]
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
        if inner.members[name].required
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


# Query and form


def flat(value: Any) -> Any:
    """A valid request as a query carries it: every scalar a string, as Python's SDK writes them."""
    if isinstance(value, dict):
        return {name: flat(inner) for name, inner in value.items()}
    return [flat(item) for item in value] if isinstance(value, list) else str(value)


@settings(max_examples=100, deadline=None)
@given(requests)
def test_a_request_in_strings_is_read_as_it_was_meant(request_: tuple[Shape, dict[str, Any]]) -> None:
    shape, params = request_
    strings = flat(params)
    before = json.dumps(strings)
    assert read(shape, strings) == params
    assert json.dumps(strings) == before


@pytest.mark.parametrize(
    ("text", "value"), [("True", True), ("true", True), ("1", True), ("False", False), ("0", False)]
)
def test_the_spellings_of_a_boolean(text: str, value: bool) -> None:
    assert read(ASK, {"Deep": text}) == {"Deep": value}


@pytest.mark.parametrize(("text", "value"), [("0.5", 0.5), ("-3", -3), ("1e-07", 1e-7), ("1.5E+3", 1500)])
def test_the_spellings_of_a_float(text: str, value: float) -> None:
    assert read(ASK, {"Rate": text}) == {"Rate": value}


@pytest.mark.parametrize(
    ("tree", "path", "code"),
    [
        ({"Limit": "ten"}, "Limit", "InvalidParameter"),
        ({"Limit": "1.0"}, "Limit", "InvalidParameter"),
        ({"Limit": ""}, "Limit", "InvalidParameter"),
        ({"Limit": "٣"}, "Limit", "InvalidParameter"),
        ({"Limit": "1_0"}, "Limit", "InvalidParameter"),
        ({"Limit": "9" * 5000}, "Limit", "InvalidParameter"),
        ({"Limit": "-1"}, "Limit", "InvalidParameterValue"),
        ({"Limit": "18446744073709551616"}, "Limit", "InvalidParameterValue"),
        ({"Rate": "nan"}, "Rate", "InvalidParameter"),
        ({"Rate": "inf"}, "Rate", "InvalidParameter"),
        ({"Rate": "1e999"}, "Rate", "InvalidParameter"),
        ({"Deep": "yes"}, "Deep", "InvalidParameter"),
        ({"Ids": "a"}, "Ids", "InvalidParameter"),
        ({"Page": "a"}, "Page", "InvalidParameter"),
        ({"Page": ["a"]}, "Page", "InvalidParameter"),
        ({"Filters": [{"Name": "a", "Values": ["x"]}]}, "Filters.0.Values.0", "InvalidParameter"),
        ({"Name": {"Sub": "x"}}, "Name", "InvalidParameter"),
        ({"Zz": {"A": "1"}}, "Zz", "UnknownParameter"),
    ],
)
def test_what_cannot_be_read_is_refused_by_check(tree: dict[str, Any], path: str, code: str) -> None:
    error = refused(read(ASK, {"Name": "a", **tree}))
    assert error.code == code
    assert f"`{path}`" in error.message("en-US")


# Replies


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
