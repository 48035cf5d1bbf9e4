"""What must be called, declared and verified."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lke_emulator.testing.account import Lke
from lke_emulator.testing.expectations import Expectations


def usage(lke: Lke, model: str = "hunyuan") -> None:
    lke.client("lke").call_json("DescribeTokenUsage", {"ModelName": model})


def test_calls_that_were_declared_are_verified(lke: Lke) -> None:
    usage(lke, "before")
    with lke.calls.expecting(only=True) as expected:
        expected.call("lke.DescribeTokenUsage", times=2, params={"ModelName": "hunyuan"})
        expected.call("ListModel")
        usage(lke)
        lke.client("lke").call_json("ListModel", {"AppType": "knowledge_qa"})
        usage(lke)


def test_a_call_that_did_not_come_is_explained_by_the_nearest(lke: Lke) -> None:
    with pytest.raises(AssertionError) as caught, lke.calls.expecting() as expected:  # noqa: PT012
        expected.call("lke.DescribeTokenUsage", params={"ModelName": "other"}, code="ok")
        usage(lke)
    said = str(caught.value)
    assert "expected a call with operation='lke.DescribeTokenUsage'" in said
    assert "there were 0" in said
    assert "ModelName is 'hunyuan', not 'other'" in said
    assert said.count("DescribeTokenUsage {") == 2  # as the nearest, and in the list


def test_the_block_s_own_failure_is_told_rather(lke: Lke) -> None:
    with pytest.raises(ZeroDivisionError), lke.calls.expecting() as expected:  # noqa: PT012
        expected.call("lke.DescribeTokenUsage")
        raise ZeroDivisionError


def call(operation: str, **members: Any) -> dict[str, Any]:
    told = {
        "Action": operation,
        "Params": {},
        "Code": "",
        "Message": "",
        "Verdict": "ok",
        "Fault": "",
        "RequestId": "1",
    }
    return told | members


def verified(calls: list[dict[str, Any]], *expected: Any, **how: bool) -> str:
    """What is wrong; nothing if all is met."""
    expectations = Expectations(how.get("in_order", False), how.get("only", False))
    for operation, times in expected:
        expectations.call(operation, times=times)
    try:
        expectations.verify(calls)
    except AssertionError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("operations", "expected", "how", "said"),
    [
        ("aab", [("a", 2), ("b", 1)], {}, ""),
        ("aab", [("a", 1), ("b", 1)], {}, "expected 1 call with operation='lke.a'; there were 2"),
        ("", [("a", 0)], {}, ""),
        ("a", [("a", 0)], {}, "expected 0 calls"),
        ("aaa", [("a", range(1, 4))], {}, ""),
        ("aaaa", [("a", range(1, 4))], {}, "expected 1 to 3 calls"),
        ("ab", [("a", None)], {"only": True}, "nobody expected lke.b"),
        ("ab", [("a", None), ("b", None)], {"in_order": True}, ""),
        ("ba", [("a", None), ("b", None)], {"in_order": True}, "before a call with operation='lke.b'; it came after"),
        ("aba", [("a", 1), ("b", 1), ("a", 1)], {"in_order": True}, ""),
        ("aab", [("a", 1), ("b", 1), ("a", 1)], {"in_order": True}, "it came after"),
    ],
)
def test_times_order_and_others_are_held(
    operations: str, expected: list[tuple[str, Any]], how: dict[str, bool], said: str
) -> None:
    found = verified(
        [call(f"lke.{one}") for one in operations], *((f"lke.{one}", times) for one, times in expected), **how
    )
    assert bool(found) == bool(said)
    assert said in found


def test_what_a_call_does_not_have_cannot_be_expected() -> None:
    with pytest.raises(TypeError, match="a call has no modle"):
        Expectations(False, False).call("*", modle="x")


@given(st.text("abc", max_size=8))
def test_as_many_as_came_are_met(operations: str) -> None:
    calls = [call(one) for one in operations]
    assert verified(calls, *((one, operations.count(one)) for one in sorted(set(operations))), only=True) == ""
    assert verified(calls, *((one, 1) for one in operations), in_order=True, only=True) == ""
