"""What an account is told about its packages, once for each threshold (RL-19 to RL-29)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.billing.billing_account import DAY, HOUR, NOON, account, chat, now
from lke_emulator.account.account import Account
from lke_emulator.primitives.refused import Refused
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.line import Line
from lke_emulator.usage.series import literal


def told(it: Account) -> list[tuple[str, str, int]]:
    return [(one.sender, one.event, one.threshold) for one in it.billing.notices(now(it))]


def test_the_console_tells_above_ninety_per_cent_and_the_cloud_at_ten() -> None:
    it = account()
    it.billing.resources.grant("tokens", 1000, now(it))
    chat(it, input=899)
    assert told(it) == []
    chat(it, input=1)
    assert told(it) == [("cloud", "remaining", 10)]
    chat(it, input=1)
    assert told(it)[1:] == [("console", "nearly-exhausted", 90)]
    chat(it, input=48)
    assert told(it)[2:] == []
    chat(it, input=1)
    assert told(it)[2:] == [("cloud", "remaining", 5)]
    chat(it, input=39)
    assert told(it)[3:] == []
    chat(it, input=1)
    assert told(it)[3:] == [("cloud", "remaining", 1)]
    chat(it, input=9)
    assert told(it)[4:] == []
    chat(it, input=1)
    assert told(it)[4:] == [("console", "exhausted", 100)]
    chat(it, input=1000)
    assert len(told(it)) == 5


def test_a_call_that_passes_several_thresholds_tells_each() -> None:
    it = account()
    it.billing.resources.grant("tokens", 1000, now(it))
    chat(it, input=5000)
    events = ["remaining 10", "nearly-exhausted 90", "remaining 5", "remaining 1", "exhausted 100"]
    assert [f"{event} {threshold}" for _, event, threshold in told(it)] == events


def test_days_before_expiry_both_tell_in_their_own_steps() -> None:
    it = account()
    package = it.billing.resources.buy("tokens", 1000, now(it))
    it.clock.set(package.expires - 30 * DAY - 1)
    assert told(it) == []
    it.clock.set(package.expires)
    notices = it.billing.notices(now(it))
    assert [((package.expires - one.time) / DAY, one.sender, one.event, one.threshold) for one in notices] == [
        (30, "console", "expiring", 30),
        (7, "cloud", "expiring", 7),
        (7, "console", "expiring", 7),
        (5, "cloud", "expiring", 5),
        (3, "cloud", "expiring", 3),
        (1, "cloud", "expiring", 1),
        (1, "console", "expiring", 1),
        (0, "console", "expired", 0),
    ]


@pytest.mark.parametrize("kind", ["concurrency", "knowledge"])
def test_prepaid_resources_are_told_of_by_the_day_alone(kind: str) -> None:
    it = account()
    package = it.billing.resources.buy(kind, 5, now(it), period="month")  # type: ignore[arg-type]
    it.clock.set(package.expires + DAY)
    assert [(sender, threshold) for sender, event, threshold in told(it) if event == "expiring"] == [
        ("cloud", 7),
        ("console", 7),
        ("cloud", 5),
        ("cloud", 3),
        ("cloud", 1),
        ("console", 1),
    ]  # a package of September has fewer than 30 days when it is bought
    assert told(it)[-1] == ("console", "expired", 0)


def test_a_renewal_puts_the_days_off_and_they_are_told_again() -> None:
    it = account()
    package = it.billing.resources.buy("knowledge", 5, now(it), period="month")
    it.clock.set(package.expires - 6 * DAY)
    assert told(it) == [("cloud", "expiring", 7), ("console", "expiring", 7)]
    it.billing.resources.renew(package.id, now(it))
    it.clock.advance(20 * DAY)
    assert told(it)[2:] == [("console", "expiring", 30)]
    it.clock.set(package.expires - 7 * DAY)
    assert told(it)[3:] == [("cloud", "expiring", 7), ("console", "expiring", 7)]


def test_days_before_the_package_was_had_are_not_told() -> None:
    it = account()
    it.billing.resources.grant("tokens", 10, now(it), days=4)
    it.clock.advance(4 * DAY)
    assert [threshold for _, _, threshold in told(it)] == [3, 1, 1, 0]


def test_nor_are_they_where_an_older_package_takes_billing_further_back() -> None:
    it = account()
    it.billing.resources.declare("pages", 10, "purchased", NOON - 60 * DAY, expires=NOON + 60 * DAY)
    it.billing.resources.declare("tokens", 10, "purchased", NOON - DAY, expires=NOON + 4 * DAY)
    assert told(it) == []
    it.clock.advance(4 * DAY)
    assert [threshold for _, _, threshold in told(it)] == [3, 1, 1, 0]


def test_usage_of_the_scenario_is_told_at_its_second_however_late_somebody_looks() -> None:
    it = account()
    line = Line(api="ChatCompletions", model="hunyuan")
    it.ledger.add(literal(line, [(NOON + hour * HOUR + 7, Amounts(1, 100)) for hour in range(1, 10)]))
    it.billing.resources.grant("tokens", 500, now(it))
    it.clock.advance(10 * DAY)
    moments = [(one.time - NOON, one.event, one.threshold) for one in it.billing.notices(now(it))]
    assert moments == [
        (5 * HOUR + 7, "remaining", 10),
        (5 * HOUR + 7, "nearly-exhausted", 90),
        (5 * HOUR + 7, "remaining", 5),
        (5 * HOUR + 7, "remaining", 1),
        (5 * HOUR + 7, "exhausted", 100),
    ]


def test_the_channels_are_the_consoles_and_those_chosen_in_the_message_center() -> None:
    it = account()
    it.billing.resources.grant("tokens", 100, now(it))
    chat(it, input=90)
    chat(it, input=1)
    cloud, console = it.billing.notices(now(it))
    assert (cloud.channels, console.channels) == (("in-site", "sms", "email"), ("notification-center", "banner"))
    it.billing.choose_channels(["email"])
    chat(it, input=4)
    assert it.billing.notices(now(it))[-1].channels == ("email",)
    it.billing.choose_channels([])
    chat(it, input=4)
    assert len(it.billing.notices(now(it))) == 3
    with pytest.raises(Refused, match="fax"):
        it.billing.choose_channels(["fax"])


def test_a_notice_names_the_package() -> None:
    it = account()
    it.billing.resources.grant("tokens", 100, now(it), name="Welcome gift")
    chat(it, input=100)
    assert "Welcome gift" in it.billing.notices(now(it))[0].text


def test_that_the_cloud_tells_of_purchases_alone_can_be_assumed() -> None:
    it = account(cloud_notices="purchased")
    it.billing.resources.grant("tokens", 10, now(it))
    it.billing.resources.buy("tokens", 10, now(it))
    chat(it, input=20)
    assert [one.package for one in it.billing.notices(now(it)) if one.sender == "cloud"] == ["2", "2", "2"]


@settings(max_examples=50, deadline=None)
@given(total=st.integers(1, 500), calls=st.lists(st.integers(0, 90), max_size=12))
def test_a_threshold_is_told_as_soon_as_it_holds_and_never_again(total: int, calls: list[int]) -> None:
    it = account()
    it.billing.resources.grant("tokens", total, now(it))
    used = 0
    for tokens in calls:
        chat(it, input=tokens)
        used = min(total, used + tokens)
        expected = {("cloud", "remaining", p) for p in (10, 5, 1) if (total - used) * 100 <= total * p}
        expected |= {("console", "nearly-exhausted", 90)} if used * 100 > total * 90 else set()
        expected |= {("console", "exhausted", 100)} if used == total else set()
        assert sorted(told(it)) == sorted(expected)


# knowledge capacity


def full(it: Account) -> list[tuple[int, str, int, str]]:
    notices = it.billing.notices(now(it))
    return [(one.time - NOON, one.event, one.threshold, one.package) for one in notices if "knowledge" in one.text]


def test_a_knowledge_base_that_is_96_per_cent_full_is_told_as_nearly_exhausted() -> None:
    it = account()
    it.knowledge.declare(100, {"1801": 60, "1802": 36})
    it.clock.advance(HOUR)
    assert full(it) == [(0, "nearly-exhausted", 90, "")]


@pytest.mark.parametrize(
    ("stored", "thresholds"), [(0, []), (89, []), (90, []), (91, [90]), (99, [90]), (100, [90, 100]), (150, [90, 100])]
)
def test_capacity_is_told_above_ninety_per_cent_and_at_all(stored: int, thresholds: list[int]) -> None:
    it = account()
    it.knowledge.declare(0, {"1801": stored})
    it.billing.resources.buy("knowledge", 100, now(it), period="month")
    assert [threshold for _, _, threshold, _ in full(it)] == thresholds
    it.clock.advance(DAY)
    assert [threshold for _, _, threshold, _ in full(it)] == thresholds


def test_capacity_is_told_again_when_it_was_no_longer_so_full() -> None:
    it = account()
    it.knowledge.declare(100, {"1801": 95})
    resources = it.billing.resources
    assert [threshold for _, _, threshold, _ in full(it)] == [90]
    package = resources.buy("knowledge", 100, now(it), period="month")
    it.clock.set(package.expires)
    it.knowledge.declare(100, {"1801": 100})
    resources.isolate_excess(now(it))
    months = package.expires - NOON
    assert full(it)[1:] == [(months, "nearly-exhausted", 90, ""), (months, "exhausted", 100, "")]
    resources.isolate_excess(now(it))
    assert len(full(it)) == 3
