"""How many calls may come in a second or a minute, and of whom they are counted together (protocol: rate limits)."""

import pytest

from lke_emulator.account.key_limits import Limit, Throttle, Throttled
from lke_emulator.account.rate_limits import Limits
from lke_emulator.protocol.errors import ApiError

NOW = 1_758_945_600


def refuses(limits: Limits, action: str = "lke.ListApp", region: str = "", caller: str = "1", now: float = NOW) -> bool:
    try:
        limits.admit(action, region, caller, 2, now)
    except ApiError as error:
        return error.code == "RequestLimitExceeded"
    return False


def used_up() -> Limits:
    limits = Limits()
    assert [refuses(limits) for _ in range(4)] == [False, False, True, True]
    return limits


def test_another_action_region_or_caller_is_counted_by_itself() -> None:
    limits = used_up()
    assert not refuses(limits, action="lke.DescribeApp")
    assert not refuses(limits, region="ap-jakarta")
    assert not refuses(limits, caller="2")
    assert refuses(limits)


@pytest.mark.parametrize("moment", [NOW + 1, NOW + 86_400, NOW - 1, NOW - 86_400])
def test_another_second_counts_anew_also_one_that_lies_back(moment: int) -> None:
    limits = used_up()
    assert not refuses(limits, now=moment)
    assert not refuses(limits, now=moment + 0.9)
    assert refuses(limits, now=moment + 0.99)


def test_no_limit_is_no_limit() -> None:
    limits = Limits()
    for _ in range(100):
        limits.admit("lke.ListApp", "", "1", 0, NOW)


# API keys


def throttled(throttle: Throttle, limit: Limit, now: float = NOW) -> str:
    try:
        throttle.enter("1", "m", limit, now)
    except Throttled as refused:
        return refused.kind
    return ""


def test_a_minute_serves_no_more_requests_once_its_tokens_are_used_up_exactly() -> None:
    for used, kind in ((9, ""), (10, "tokens"), (11, "tokens")):
        throttle, limit = Throttle(), Limit(tokens_per_minute=10)
        assert throttled(throttle, limit) == ""
        throttle.leave("1", "m", used, NOW)
        assert throttled(throttle, limit) == kind


def test_exactly_so_many_requests_a_minute_are_served() -> None:
    throttle, limit = Throttle(), Limit(requests_per_minute=2)
    assert [throttled(throttle, limit) for _ in range(3)] == ["", "", "requests"]


def test_exactly_so_many_calls_are_in_flight() -> None:
    throttle, limit = Throttle(), Limit(concurrency=2)
    assert [throttled(throttle, limit) for _ in range(3)] == ["", "", "concurrency"]
    throttle.leave("1", "m", 0, NOW)
    assert throttled(throttle, limit) == ""


@pytest.mark.parametrize("moment", [NOW + 60, NOW - 60, NOW - 86_400])
def test_another_minute_counts_anew_also_one_that_lies_back(moment: int) -> None:
    throttle, limit = Throttle(), Limit(requests_per_minute=1)
    assert [throttled(throttle, limit) for _ in range(2)] == ["", "requests"]
    assert [throttled(throttle, limit, moment) for _ in range(2)] == ["", "requests"]
