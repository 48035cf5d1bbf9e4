"""The collector on a good day and on every bad one, with nothing but the plugin's fixture."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from examples.collector.collector import Collector

DAY = date(2026, 11, 29)
NOON = "2026-11-29 12:00"
MODELS = ["hunyuan", "deepseek-v3.2"]


@pytest.fixture
def naps() -> list[float]:
    """What the collector would have waited, in seconds."""
    return []


@pytest.fixture
def collector(lke: Any, naps: list[float]) -> Iterator[Collector]:
    lke.clock.freeze(NOON)
    with closing(sqlite3.connect(":memory:")) as book:
        yield Collector(lke.client("lke", reqTimeout=2), book, naps.append)


def test_a_normal_day_is_collected_once(lke: Any, collector: Collector) -> None:
    lke.usage.add(model="hunyuan", calls=3, input_tokens=300, output_tokens=30)
    lke.usage.add(model="deepseek-v3.2", calls=1, input_tokens=70)
    assert collector.collect([DAY], MODELS) == 2
    assert collector.total() == 400
    assert collector.collect([DAY], MODELS) == 0
    lke.calls.expect(operation="lke.DescribeTokenUsage", times=2)


def test_an_empty_account_has_rows_of_zero(collector: Collector) -> None:
    assert collector.collect([DAY], MODELS) == 2
    assert collector.total() == 0


def test_an_internal_error_twice_and_then_success(lke: Any, collector: Collector, naps: list[float]) -> None:
    fault = lke.faults.add(operation="lke.DescribeTokenUsage", first=2, error="InternalError")
    lke.usage.add(model="hunyuan", calls=1, input_tokens=5)
    collector.collect([DAY], ["hunyuan"])
    assert collector.total() == 5
    assert (fault.hits, fault.remaining, len(naps)) == (2, 0, 2)
    assert naps[1] > naps[0]


def test_the_rate_limit_is_waited_out(lke: Any, collector: Collector, naps: list[float]) -> None:
    lke.faults.add(first=1, error="RequestLimitExceeded")
    assert collector.collect([DAY], ["hunyuan"]) == 1
    assert len(naps) == 1


def test_a_skewed_clock_is_not_tried_again(lke: Any, collector: Collector, naps: list[float]) -> None:
    lke.faults.add(error="AuthFailure.SignatureExpire")
    with pytest.raises(TencentCloudSDKException, match="expired"):
        collector.collect([DAY], MODELS)
    assert naps == []


@pytest.mark.parametrize("fault", [{"reset": True}, {"truncate": 20}, {"malformed": True}, {"latency": 2.5}])
def test_a_broken_answer_is_asked_for_again(lke: Any, collector: Collector, fault: dict[str, Any]) -> None:
    lke.usage.add(model="hunyuan", calls=1, input_tokens=5)
    rule = lke.faults.add(first=1, **fault)
    collector.collect([DAY], ["hunyuan"])
    assert collector.total() == 5
    assert rule.hits == 1


def test_a_day_that_fails_leaves_no_half_of_itself(lke: Any, collector: Collector) -> None:
    lke.faults.add(params={"ModelName": "deepseek-v3.2"}, error="FailedOperation")
    with pytest.raises(TencentCloudSDKException):
        collector.collect([DAY], MODELS)
    assert collector.book.execute("SELECT count(*) FROM usage").fetchone() == (0,)


def test_what_is_used_after_midnight_is_of_the_next_day(lke: Any, collector: Collector) -> None:
    lke.clock.freeze("2026-11-29 23:59:50")
    lke.usage.add(model="hunyuan", calls=1, input_tokens=5)
    lke.clock.advance("20s")
    lke.usage.add(model="hunyuan", calls=1, input_tokens=7)
    collector.collect([DAY, date(2026, 11, 30)], ["hunyuan"])
    assert collector.book.execute("SELECT day, input FROM usage").fetchall() == [("2026-11-29", 5), ("2026-11-30", 7)]


def test_a_package_that_is_used_up_and_postpaid_that_is_switched_on(lke: Any, collector: Collector) -> None:
    for package in lke.packages.list():
        lke.packages.expire(package["id"])
    lke.packages.grant("tokens", 10)
    lke.usage.add(model="hunyuan", calls=1, input_tokens=10)
    with pytest.raises(Exception, match="not enough quota"):
        ask(lke)
    lke.top_up(10)
    lke.postpaid("ChatCompletions", True)
    ask(lke)
    assert collector.collect([DAY], ["hunyuan"]) == 1


def ask(lke: Any) -> None:
    lke.openai().chat.completions.create(model="deepseek-v3.2", messages=[{"role": "user", "content": "Hello"}])


@pytest.mark.parametrize("tokens", [11, 22])
def test_tests_with_different_data_run_side_by_side(lke: Any, collector: Collector, tokens: int) -> None:
    lke.usage.add(model="hunyuan", calls=1, input_tokens=tokens)
    collector.collect([DAY], ["hunyuan"])
    assert collector.total() == tokens
