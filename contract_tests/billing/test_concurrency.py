"""How many calls of a model may run at once (RL-30, RL-32)."""

import pytest

from contract_tests.billing.billing_account import (
    HOUR,
    NOON,
    account,
    now,
)
from lke_emulator.account.records import Model
from lke_emulator.billing.billing import Unserved


def test_calls_beyond_the_dedicated_concurrency_are_refused_and_told() -> None:
    it = account()
    it.models["cs-normal"] = Model("cs-normal", "cs-normal", 1, 5)
    it.billing.resources.buy("concurrency", 1, now(it), models=["cs-normal"], period="month")
    concurrency = it.concurrency
    assert concurrency.quota("cs-normal", now(it)) == 2
    concurrency.enter("cs-normal", NOON)
    concurrency.enter("cs-normal", NOON)
    for _ in range(3):
        with pytest.raises(Unserved) as unserved:
            concurrency.enter("cs-normal", NOON + 400)
        assert unserved.value.reason == "concurrency"
    concurrency.leave("cs-normal", NOON + 500)
    concurrency.enter("cs-normal", NOON + 500)
    concurrency.leave("cs-normal", NOON + 700)
    concurrency.leave("cs-normal", NOON + 1300)
    assert concurrency.peak("cs-normal", NOON, NOON + 1000) == 2
    assert concurrency.peak("cs-normal", NOON + 701, NOON + 702) == 1
    assert concurrency.peak("cs-normal", NOON + 1301, NOON + 2000) == 0
    assert concurrency.refusals("cs-normal", NOON, NOON + 400) == 0
    assert concurrency.refusals("cs-normal", NOON, NOON + 401) == 3
    assert concurrency.buckets("cs-normal", NOON - HOUR, NOON + HOUR, 300) == [
        (NOON, 2, 0),
        (NOON + 300, 2, 3),
        (NOON + 600, 2, 0),
        (NOON + 900, 1, 0),
        (NOON + 1200, 1, 0),
    ]
    assert concurrency.in_flight("cs-normal") == 0


def test_dedicated_concurrency_ends_with_its_package() -> None:
    it = account(shared_concurrency=1)
    package = it.billing.resources.buy("concurrency", 3, now(it), models=["cs-normal"], period="month")
    assert it.concurrency.quota("cs-normal", package.expires - 1) == 3
    assert it.concurrency.quota("cs-normal", package.expires) == 1
    assert it.concurrency.quota("hunyuan", package.expires) == 1


def test_shared_concurrency_has_no_limit_unless_one_is_assumed() -> None:
    it = account()
    for _ in range(100):
        it.concurrency.enter("deepseek-v3.2", NOON)
    assert it.concurrency.quota("deepseek-v3.2", NOON) is None
    assert it.concurrency.peak("deepseek-v3.2", NOON, NOON + 1) == 100
