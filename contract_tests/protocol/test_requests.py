"""What a shape accepts in a request, as JSON, query or form, and how it words a refusal."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from contract_tests.protocol.random_shapes import ASK, SERVICE, action, refused, requests
from lke_emulator.protocol.shapes import check, problems, read_params
from lke_emulator.protocol.spec import Shape


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
    assert read_params(shape, strings) == params
    assert json.dumps(strings) == before


@pytest.mark.parametrize(
    ("text", "value"), [("True", True), ("true", True), ("1", True), ("False", False), ("0", False)]
)
def test_the_spellings_of_a_boolean(text: str, value: bool) -> None:
    assert read_params(ASK, {"Deep": text}) == {"Deep": value}


@pytest.mark.parametrize(("text", "value"), [("0.5", 0.5), ("-3", -3), ("1e-07", 1e-7), ("1.5E+3", 1500)])
def test_the_spellings_of_a_float(text: str, value: float) -> None:
    assert read_params(ASK, {"Rate": text}) == {"Rate": value}


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
    error = refused(read_params(ASK, {"Name": "a", **tree}))
    assert error.code == code
    assert f"`{path}`" in error.message("en-US")
