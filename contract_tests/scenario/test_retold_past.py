"""What an account has behind it, retold as a scenario and loaded: the statistics of the past are the same, and series go on."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.usage.random_usage import DAY, NOON, amounts, ledger_makers
from lke_emulator.account.account import Account
from lke_emulator.account.records import Model, Space, SubAccount
from lke_emulator.dialogues.msg_record import UNRATED
from lke_emulator.scenario.load import load, world_of_text
from lke_emulator.scenario.retold import SECTIONS, retold
from lke_emulator.scenario.told import HOW
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.line import Line

CREDENTIALS = [{"secret_id": "AKIDretold", "secret_key": "k"}]
EVERYTHING = Filter()


def again(account: Account, now: float, seed: int = 7) -> Account:
    text = yaml.load(retold(account, tuple(SECTIONS), now), yaml.CSafeLoader)
    whole = {"seed": seed, "accounts": [{"uin": account.uin, "credentials": CREDENTIALS, **text}]}
    return world_of_text(
        yaml.dump(whole, Dumper=yaml.CSafeDumper, allow_unicode=True), "retold.yaml", now=now
    ).accounts[account.uin]


def past(account: Account, now: float) -> Mapping[Line, Any]:
    """What every line came to by days; an app is called as it is called now."""
    found: dict[Line, dict[int, Any]] = {}
    for series in account.ledger.select(EVERYTHING):
        line = msgspec.structs.replace(series.line, app_name="")
        chosen = type(account.ledger)(account.zone, [series])
        days = found.setdefault(line, {})
        for one in chosen.graph(EVERYTHING, 0, int(now) + 1, DAY):
            days[one.start] = tuple(map(sum, zip(one.amounts, days.get(one.start, (0,) * 7), strict=True)))
    return {line: days for line, days in found.items() if days}


def packages(account: Account, now: float) -> list[tuple[Any, ...]]:
    rows = account.billing.resources.list(now, statuses=())
    return [(one.kind, one.source, one.total, one.used, one.status, one.start, one.expires) for one in rows]


def money(account: Account, now: float) -> int:
    wallet = account.billing.wallet(now)
    return wallet.balance - wallet.pending


def answers(account: Account, now: float) -> list[tuple[Any, ...]]:
    """By conversations: what was asked and answered, how, and how it was rated."""
    return sorted(
        (
            one.app,
            one.id,
            one.visitor,
            one.channel,
            int(each.time),
            each.is_from_self,
            each.content,
            each.method,
            each.score,
        )
        for one in account.conversations.select()
        for each in one.records
    )


@pytest.mark.parametrize(
    "name", ["default", "support-bot", "running-dry", "burst", "documented-examples", "three-modes"]
)
def test_a_shipped_account_retold_has_the_same_past(name: str) -> None:
    now = NOON + 40_000.0
    for account in load(name, now=now).accounts.values():
        at = account.clock.now()
        told = again(account, at)
        assert past(told, at) == past(account, at)
        assert packages(told, at) == packages(account, at)
        assert money(told, at) == money(account, at)
        assert answers(told, at) == answers(account, at)
        assert told.messages == account.messages
        later = int(at) + 9 * DAY
        assert told.ledger.totals(EVERYTHING, 0, later) == account.ledger.totals(EVERYTHING, 0, later)


turns = st.fixed_dictionaries(
    {
        "question": st.text("ab?\n: #", min_size=1, max_size=9),
        "answer": st.text("xyz-\t", max_size=9),
        "how": st.sampled_from([name for name, how in HOW.items() if how.method not in UNRATED]),
        "rating": st.sampled_from(["", "liked", "disliked"]),
    },
    optional={"after": st.sampled_from(["1s", "2h"]), "reasons": st.just(["brief"])},
)
conversations = st.fixed_dictionaries(
    {
        "at": st.sampled_from(["-3d", "-50h", "2025-09-20 10:00"]),
        "channel": st.sampled_from(["visitor", "evaluation", "api", "test", "share"]),
        "turns": st.lists(turns, min_size=1, max_size=3),
    },
    optional={"visitor": st.text("uv", min_size=1, max_size=3)},
)
packages_given = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["tokens", "searches"]),
        "total": st.integers(1, 400),
        "start": st.sampled_from(["-9d", "-1d", "+1d"]),
    },
    optional={"source": st.just("trial"), "expires": st.sampled_from(["+2d", "+40d"])},
)


@given(
    said=st.lists(conversations, max_size=4),
    given=st.lists(packages_given, max_size=3),
    postpaid=st.sampled_from([[], "all"]),
    balance=st.sampled_from([-3, 0, 12.345678]),
)
@settings(max_examples=25, deadline=None)
def test_what_was_said_and_what_is_left_is_told(said: Any, given: Any, postpaid: Any, balance: float) -> None:
    section = {
        "uin": "100000000001",
        "credentials": CREDENTIALS,
        "models": [{"name": "cs-normal"}],
        "apps": [{"name": "desk", "created": "2025-09-01", "conversations": said}],
        "billing": {"packages": given, "postpaid": postpaid, "balance": balance},
    }
    text = yaml.dump({"accounts": [section]}, Dumper=yaml.CSafeDumper, allow_unicode=True)
    account = world_of_text(text, "given.yaml", now=NOON).accounts["100000000001"]
    told = again(account, NOON)
    assert answers(told, NOON) == answers(account, NOON)
    assert packages(told, NOON) == packages(account, NOON)
    assert money(told, NOON) == money(account, NOON)
    assert past(told, NOON) == past(account, NOON)
    (app,) = [one.biz_id for one in account.apps]
    assert len(told.unsatisfied.of(app)) == len(account.unsatisfied.of(app))


known_models = st.sampled_from([(), ("cs-normal",), ("cs-normal", "cs-normal-70b")])


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    """Usage of every kind, by whom and of what the account lists, and of what it does not."""
    ledger = draw(ledger_makers())()
    account = Account("100000000001", seed=draw(st.sampled_from([0, 1, 2, 2**64 - 1])), zone=ledger.zone)
    account.clock.freeze(NOON + draw(st.integers(0, 4 * DAY)))
    account.models.update({name: Model(name, name, 0, 5) for name in draw(known_models)})
    account.spaces.update({"lab": Space("lab", "lab")})
    account.sub_accounts.update({"100000000011": SubAccount("100000000011", "anna")})
    for series in ledger.select(EVERYTHING):
        if not series.line.key:
            account.ledger.add(series)
    for line in (Line(sub_account="100000000001", model="x", api="ChatCompletions", key="9"), Line(sub_biz_type="Odd")):
        for row in draw(st.lists(amounts, max_size=5)):
            account.ledger.record(line, int(account.clock.now()), input=row.input, rag=row.rag, visitor="somebody")
    return account


@given(account=accounts())
@settings(max_examples=25, deadline=None)
def test_what_any_account_used_is_told(account: Account) -> None:
    now = account.clock.now()
    assert past(again(account, now), now) == past(account, now)


def test_what_is_billed_goes_on_where_it_was_told() -> None:
    """Also where the call was made in the second in which the account is told, and where its file is loaded later."""
    account = Account("100000000001")
    account.clock.freeze(NOON)
    account.billing.open(postpaid=["ChatCompletions"], balance=5_000_000)
    account.billing.resources.declare("tokens", 1000, "trial", NOON - 5)
    line = Line(sub_account="100000000001", model="deepseek-r1", api="ChatCompletions")
    account.billing.record(line, NOON, input=400)
    account.billing.record(line, NOON, input=90_000)
    told = again(account, NOON)
    for later in (NOON, NOON + 9000):
        assert packages(told, later) == packages(account, later)
        assert money(told, later) == money(account, later)
    assert money(account, NOON) < 5_000_000


def test_real_calls_are_folded_by_the_hour_where_there_are_many() -> None:
    account = Account("100000000001")
    account.clock.freeze(NOON)
    line = Line(sub_account="100000000001", model="cs-normal", api="ChatCompletions")
    for second in range(0, 30_000, 5):
        account.ledger.record(line, NOON - 30_000 + second, input=second % 7, output=1)
    text = retold(account, ("usage",), NOON)
    (entry,) = yaml.load(text, yaml.CSafeLoader)["usage"]
    assert text.splitlines()[0] == "# 6000 real calls are folded by the hour."
    assert len(entry["points"]) == 9
    hours = [one.ledger.graph(EVERYTHING, 0, NOON + 1, 3600) for one in (account, again(account, NOON))]
    assert hours[0] == hours[1]
