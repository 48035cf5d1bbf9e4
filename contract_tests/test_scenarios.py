"""Scenarios: how a file is read, what it says when it is wrong, and what the shipped ones promise."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.conftest import ROOT, Control, Target
from emulator.world.account import Account
from emulator.world.document import Place, ScenarioError, read
from emulator.world.filter import Filter
from emulator.world.scenario import build_world, load, shipped, typed
from emulator.world.scenario_schema import schema
from emulator.world.world import World

SHIPPED = ("burst", "default", "documented-examples", "empty", "many-tenants", "quiet-weekend")
NOON = 1759032000
"""2025-09-28 12:00 at +08:00, a Sunday."""
MIDNIGHT = NOON - 12 * 3600
DAY = 86400
EVERYTHING = Filter()
STARTER = ROOT / "emulator" / "starter.yaml"

ACCOUNT = """accounts:
  - uin: 1
    credentials: [{secret_id: a, secret_key: b}]
"""
COMPANY = """seed: 5
accounts:
  - uin: 100000000001
    credentials: [{secret_id: a, secret_key: b}]
    sub_accounts: [{name: anna}, {name: bob}]
    spaces: [{id: default_space}, {id: lab}]
    apps:
      - {name: shop, space: default_space}
      - {name: desk, space: lab}
    models: [{name: cs-normal}, {name: hunyuan}]
    usage:
"""


def world_of(text: str, now: float = NOON, seed: int | None = None) -> World:
    at = read(text, "test.yaml")
    return build_world(typed(at), at, "test.yaml", seed, now)


def account_of(text: str, now: float = NOON) -> Account:
    return next(iter(world_of(text, now).accounts.values()))


def company(*usage: str) -> Account:
    """The company with these entries of usage, each on one line."""
    return account_of(COMPANY + "".join(f"      - {entry}\n" for entry in usage))


def mistake(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        world_of(text)
    return str(caught.value)


# What is read


def test_values_mean_the_same_in_every_yaml_version() -> None:
    text = "[yes, on, 012, 0x1f, 1_000, 12:30:00, 2025-09-28, .nan, .5, 1e999, ~, 1e3, -0.5, true, '7']"
    assert read(text, "t").value == [
        *("yes", "on", "012", "0x1f", "1_000", "12:30:00", "2025-09-28", ".nan", ".5", "1e999"),
        *(None, 1000.0, -0.5, True, "7"),
    ]


def test_a_number_may_stand_where_a_name_is_meant() -> None:
    account = account_of(
        "accounts:\n  - uin: 100000000001\n    credentials: [{secret_id: 007, secret_key: 1.50}]\n"
        "    apps: [{biz_id: 1812732010083385344, name: 42}]\n    knowledge: {capacity: 9, used: {42: 3}}\n"
    )
    assert account.uin == "100000000001"
    assert [(app.biz_id, app.name) for app in account.apps.values()] == [("1812732010083385344", "42")]
    assert account.knowledge.used == {"1812732010083385344": 3}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2025-09-28", MIDNIGHT),
        ("2025-09-28 14:30", MIDNIGHT + 52200),
        ("2025-09-28T14:30:05+00:00", MIDNIGHT + 52205 + 8 * 3600),
        ("1759032000", NOON),
        ("now", NOON + 61),
        ("-3h", NOON + 61 - 3 * 3600),
        ("+90s", NOON + 151),
        ("today", MIDNIGHT),
        ("-90d", MIDNIGHT - 90 * DAY),
        ("-2w", MIDNIGHT - 14 * DAY),
        ("-1d 23:59:59", MIDNIGHT - 1),
    ],
)
def test_a_moment_is_a_date_or_relative_and_a_day_begins_at_midnight(text: str, seconds: int) -> None:
    usage = f"      - {{kind: points, points: [{{at: '{text}', calls: 1}}]}}\n"
    account = account_of(COMPANY + usage, now=NOON + 61)
    assert account.ledger.totals(EVERYTHING, seconds, seconds + 1).calls == 1


def test_days_begin_in_the_zone_of_the_account() -> None:
    text = ACCOUNT + "    time_zone: '-05:30'\n    usage: [{kind: points, points: [{at: 2025-09-28, calls: 1}]}]\n"
    there = MIDNIGHT + int(13.5 * 3600)
    assert account_of(text).ledger.totals(EVERYTHING, there, there + 1).calls == 1


def test_a_clock_follows_starts_or_stands_still() -> None:
    def clock(line: str) -> tuple[bool, float]:
        account = account_of(ACCOUNT + f"    clock: {line}\n")
        return account.clock.frozen, account.clock.now()

    assert clock("{frozen_at: 2025-09-28}") == (True, MIDNIGHT)
    frozen, now = clock("{started_at: 2025-09-28}")
    assert not frozen
    assert MIDNIGHT <= now < MIDNIGHT + 60
    frozen, now = clock("real")
    assert not frozen
    assert NOON <= now < NOON + 60


def test_an_anchor_stands_for_what_it_marks() -> None:
    account = company("{kind: points, points: &p [{at: now, calls: 2}]}", "{kind: points, app: shop, points: *p}")
    assert account.ledger.totals(EVERYTHING, NOON, NOON + 1).calls == 4


# What is built


def test_credentials_belong_to_the_root_or_to_a_sub_account() -> None:
    world = world_of(
        "accounts:\n  - uin: 1\n    sub_accounts: [{uin: 2, name: anna}]\n    credentials:\n"
        "      - {secret_id: root, secret_key: k}\n      - {secret_id: sub, secret_key: k, sub_account: anna}\n"
        "      - {secret_id: temporary, secret_key: k, sub_account: 2, token: t, expires: +2h}\n"
    )
    assert {each.secret_id: (each.account, each.uin, each.token) for each in world.credentials.values()} == {
        "root": ("1", "1", None),
        "sub": ("1", "2", None),
        "temporary": ("1", "2", "t"),
    }
    assert world.credentials["temporary"].expires_at == NOON + 7200


def test_limits_are_the_documented_ones_until_a_scenario_says_otherwise() -> None:
    def limits(lines: str) -> list[int]:
        account = account_of(ACCOUNT + lines)
        return [account.limit_of(f"lke.{name}") for name in ("DescribeTokenUsage", "GetWsToken")]

    assert limits("") == [20, 100]
    assert limits("    rate_limit: 0\n") == [0, 0]
    assert limits("    rate_limits: {lke.DescribeTokenUsage: 5}\n") == [5, 100]
    assert limits("    rate_limit: 7\n    rate_limits: {lke.GetWsToken: 9}\n") == [7, 9]


def test_exact_totals_are_shared_to_the_last_token() -> None:
    account = company(
        "{kind: total, app: {shop: 3, desk: 1}, model: [cs-normal, hunyuan], sub_account: all, since: -7d, until: today,"
        " amounts: {calls: 1001, input_tokens: 100003, output_tokens: 7, pages: 13}, rhythm: office}"
    )
    used = account.ledger.totals(EVERYTHING, MIDNIGHT - 7 * DAY, MIDNIGHT)
    assert used[:4] == (1001, 100003, 7, 13)
    assert account.ledger.totals(EVERYTHING, 0, NOON) == used
    apps = {app.name: app.biz_id for app in account.apps.values()}
    calls = {app: account.ledger.totals(Filter(apps=(id,)), 0, NOON).calls for app, id in apps.items()}
    assert sum(calls.values()) == 1001
    assert calls["shop"] == pytest.approx(750, abs=4)


@given(st.lists(st.integers(0, 5), min_size=2, max_size=2).filter(any), st.integers(1, 5000), st.integers(0, 10**6))
def test_whatever_the_weights_the_parts_are_the_whole(weights: list[int], calls: int, tokens: int) -> None:
    account = company(
        f"{{kind: total, app: {{shop: {weights[0]}, desk: {weights[1]}}}, model: all, since: -1d, until: today,"
        f" amounts: {{calls: {calls}, input_tokens: {tokens}}}}}"
    )
    assert account.ledger.totals(EVERYTHING, 0, NOON)[:2] == (calls, tokens)


def test_a_burst_multiplies_and_a_gap_silences() -> None:
    account = company(
        "{kind: steady, since: -2d, period: 1h, calls: 60, per_call: {input_tokens: 10},"
        " bursts: [{since: -1d 10:00, until: -1d 11:00, factor: 5}], gaps: [{since: -1d 11:00, until: -1d 13:00}]}"
    )
    start = MIDNIGHT - DAY
    hours = [account.ledger.totals(EVERYTHING, start + hour * 3600, start + (hour + 1) * 3600).calls for hour in range(9, 14)]
    assert hours == [60, 300, 0, 0, 60]


def test_a_repeating_shape_repeats_exactly() -> None:
    account = company(
        "{kind: repeating, since: -1d, until: today, period: 10m,"
        " slots: [{calls: 2, input_tokens: 300, output_tokens: 40}, {calls: 0}]}"
    )
    assert account.ledger.totals(EVERYTHING, 0, NOON)[:3] == (288, 43200, 5760)


def test_generated_usage_comes_near_its_average_and_keeps_its_rhythm() -> None:
    account = company(
        "{kind: generated, app: all, model: {cs-normal: 1}, since: -10w, calls_a_day: 1000,"
        " per_call: {input_tokens: 600, output_tokens: 90}, rhythm: office}"
    )
    weeks = [account.ledger.totals(EVERYTHING, MIDNIGHT - (7 * w + 7) * DAY, MIDNIGHT - 7 * w * DAY) for w in range(10)]
    assert sum(week.calls for week in weeks) == pytest.approx(70_000, rel=0.1)
    assert sum(week.input for week in weeks) == pytest.approx(42_000_000, rel=0.1)
    days = [account.ledger.totals(EVERYTHING, MIDNIGHT - d * DAY, MIDNIGHT - (d - 1) * DAY).calls for d in range(1, 71)]
    saturdays, thursdays = sum(days[0::7]), sum(days[2::7])  # the day before this Sunday is a Saturday
    assert saturdays < thursdays / 2


def test_a_group_is_numbered_and_its_name_stands_for_all_of_it() -> None:
    account = account_of(
        ACCOUNT + "    sub_accounts: [{name: Tenant, count: 12}, {name: Other}]\n"
        "    usage: [{kind: total, sub_account: Tenant, since: -1d, until: today, amounts: {calls: 24}}]\n"
    )
    names = [each.name for each in account.sub_accounts.values()]
    assert names == [*(f"Tenant {i:02}" for i in range(1, 13)), "Other"]
    tenants = tuple(each.uin for each in account.sub_accounts.values() if each.name != "Other")
    each = [account.ledger.totals(Filter(sub_accounts=(uin,)), 0, NOON).calls for uin in tenants]
    assert each == [2] * 12


def test_names_that_are_left_open_are_made_up_in_the_locale() -> None:
    text = "locale: zh_CN\n" + ACCOUNT + "    apps: [{count: 30}]\n    sub_accounts: [{}]\n    spaces: [{id: s}]\n"
    account = account_of(text)
    names = [app.name for app in account.apps.values()]
    assert len(set(names)) == 30
    assert all(re.search("[\u4e00-\u9fff]", name) for name in [*names, *(each.name for each in account.spaces.values())])
    assert [app.name for app in account_of(text).apps.values()] == names
    assert all(len(biz_id) == 19 and biz_id.isdecimal() for biz_id in account.apps)


def test_no_figure_depends_on_a_made_up_name() -> None:
    usage = "    usage: [{kind: generated, app: all, since: -9d, calls_a_day: 90, per_call: {input_tokens: 50}}]\n"
    figures = {
        account_of(f"locale: {locale}\n" + ACCOUNT + "    apps: [{count: 3}]\n" + usage).ledger.totals(EVERYTHING, 0, NOON)
        for locale in ("zh_CN", "en_US", "de_DE")
    }
    assert len(figures) == 1


def test_the_seed_decides_and_nothing_else() -> None:
    def figures(seed: int | None) -> Any:
        world = world_of(COMPANY + "      - {kind: generated, app: all, since: -9d, calls_a_day: 900}\n", seed=seed)
        account = world.accounts["100000000001"]
        return account.ledger.graph(EVERYTHING, MIDNIGHT, NOON, 300), list(account.apps)

    assert figures(None) == figures(5)
    assert figures(5) != figures(6)


def test_a_scenario_asks_for_deterministic_request_ids() -> None:
    text = "deterministic: true\n" + ACCOUNT
    first, second = ([world.ids.request_id() for _ in range(3)] for world in (world_of(text), world_of(text)))
    assert first == second
    assert world_of(ACCOUNT).ids.request_id() != world_of(ACCOUNT).ids.request_id()


# What is wrong

MISTAKES: dict[str, tuple[str, str]] = {
    "empty": ("", "test.yaml:1: the file is empty; `lke-emulator init`"),
    "syntax": ("a: [1\nb: 2\n", "test.yaml:2: this is not YAML: "),
    "key twice": (ACCOUNT + "    uin: 2\n", "test.yaml:4: `uin` is written twice in one mapping (first in line 2)"),
    "two documents": (ACCOUNT + "---\nseed: 1\n", "test.yaml:4: a second document begins here"),
    "tag": ("seed: !!python/name:os.system 1\n", "test.yaml:1: the tag `tag:yaml.org,2002:python/name:os.system` is not"),
    "deep": ("[" * 100_000, "test.yaml:1: this is nested more than 40 levels deep"),
    "no mapping": ("- 1\n", "test.yaml:1: a list stands here, where a mapping is needed"),
    "no accounts": ("seed: 1\n", "test.yaml:1: `accounts` is missing"),
    "unknown key": (ACCOUNT + "    modles: []\n", "4: accounts[0].modles: nothing is called so here; did you mean `models`?"),
    "wrong type": ("seed: soon\n" + ACCOUNT, "test.yaml:1: seed: the text `soon` stands here, where a whole number is"),
    "quotes": ("seed: '12'\n" + ACCOUNT, "test.yaml:1: seed: the text `12` stands here, where a whole number is needed; leave"),
    "nothing": (ACCOUNT + "    usage:\n", "4: accounts[0].usage: nothing stands here, where a list is needed; leave the key out"),
    "fraction for text": ("accounts: [{uin: 1.5}]\n", "1: accounts[0].uin: the number 1.5 stands here, where text is needed"),
    "no credential": ("accounts: [{uin: 1, credentials: []}]\n", "credentials: there are 0 here, where at least 1 must be"),
    "empty secret": (
        "accounts: [{uin: 1, credentials: [{secret_id: '', secret_key: b}]}]\n",
        "accounts[0].credentials[0].secret_id: this is empty",
    ),
    "assumption": ("assumptions: {regions: jakarta}\n" + ACCOUNT, "assumptions.regions: the text `jakarta` stands here"),
    "locale": ("locale: zh_XX\n" + ACCOUNT + "    apps: [{}]\n", "test.yaml:1: locale: Faker has no locale `zh_XX`"),
    "no name, no locale": (ACCOUNT + "    apps: [{}]\n", "4: accounts[0].apps[0]: `name` is missing; write one, or set"),
    "zone": (ACCOUNT + "    time_zone: UTC\n", "4: accounts[0].time_zone: `UTC` is no time zone; write"),
    "clock": (ACCOUNT + "    clock: {frozen_at: 1, started_at: 1}\n", "clock: give either `started_at` or `frozen_at`"),
    "clock moment": (ACCOUNT + "    clock: {frozen_at: 2025-02-30}\n", "clock.frozen_at: `2025-02-30` is no moment; write"),
    "space of an app": (ACCOUNT + "    apps: [{name: a, space: lab}]\n", "no space of this account is called `lab`; there is"),
    "two of a name": (ACCOUNT + "    models: [{name: m}, {name: m}]\n", "models[1]: a second model is called `m`; each needs"),
    "uin twice": (ACCOUNT + "    sub_accounts: [{uin: 1, name: a}]\n", "accounts[0]: the uin 1 is used twice"),
    "secret twice": (
        ACCOUNT + "  - uin: 2\n    credentials: [{secret_id: a, secret_key: b}]\n",
        "5: accounts[1].credentials[0].secret_id: `a` is used twice",
    ),
    "group with an id": (ACCOUNT + "    apps: [{name: a, biz_id: 1, count: 2}]\n", "apps[0].biz_id: 2 cannot share one biz_id"),
    "rate limit": (ACCOUNT + "    rate_limits: {lke.DescribeTokenUsge: 1}\n", "no action; did you mean `lke.DescribeTokenUsage`?"),
    "negative limit": (ACCOUNT + "    rate_limit: -1\n", "accounts[0].rate_limit: the number -1 is too small; the least is 0"),
    "knowledge": (ACCOUNT + "    knowledge: {used: {shop: 1}}\n", "accounts[0].knowledge.used.shop: no app of this account is"),
    "reply methods": (ACCOUNT + "    messages: {reply_methods: {}}\n", "messages.reply_methods: give at least one of them"),
    "reply action": (
        ACCOUNT + "    replies: [{action: DescribeTokenUsage, result: {}}]\n",
        "replies[0].action: `DescribeTokenUsage` is no action; did you mean `lke.DescribeTokenUsage`?",
    ),
    "reply match": (
        ACCOUNT + "    replies: [{action: lke.DescribeTokenUsage, match: {Model: x}, result: {}}]\n",
        "replies[0].match.Model: The parameter `Model` is not recognized.",
    ),
    "reply match type": (
        ACCOUNT + "    replies: [{action: lke.DescribeTokenUsage, match: {StartTime: 1726070400}, result: {}}]\n",
        "replies[0].match.StartTime: The value type of parameter `StartTime` is not valid, input type should be `string`",
    ),
    "reply result": (
        ACCOUNT + "    replies:\n      - action: lke.DescribeTokenUsageGraph\n        result:\n          Total:\n"
        "            - {X: '1', Y: many}\n",
        "test.yaml:8: accounts[0].replies[0].result.Total[0].Y: 'many' is no float",
    ),
    "reply member": (
        ACCOUNT + "    replies: [{action: lke.DescribeTokenUsage, result: {Tokens: 1}}]\n",
        "replies[0].result.Tokens: ",
    ),
    "no kind": (COMPANY + "      - {since: -1d}\n", "13: accounts[0].usage[0]: `kind` is missing; it is one of generated,"),
    "kind": (COMPANY + "      - {kind: totals}\n", "usage[0].kind: the text `totals` is unknown; did you mean `total`?"),
    "app of usage": (
        COMPANY + "      - {kind: generated, app: shpo, since: -1d, calls_a_day: 1}\n",
        "13: accounts[0].usage[0].app: no app of this account is called `shpo`; did you mean `shop`?",
    ),
    "model in a list": (
        COMPANY + "      - {kind: generated, model: [hunyuan, gpt], since: -1d, calls_a_day: 1}\n",
        "usage[0].model[1]: no model of this account is called `gpt`; known: cs-normal, hunyuan",
    ),
    "named twice": (
        COMPANY + "      - {kind: generated, app: [shop, shop], since: -1d, calls_a_day: 1}\n",
        "usage[0].app: the same app is named twice",
    ),
    "no weight": (
        COMPANY + "      - {kind: generated, app: {shop: 0}, since: -1d, calls_a_day: 1}\n",
        "usage[0].app: this names no app with a weight above 0",
    ),
    "space and app": (
        COMPANY + "      - {kind: generated, app: shop, space: lab, since: -1d, calls_a_day: 1}\n",
        "usage[0].space: an app brings its own space",
    ),
    "nan": (
        COMPANY + "      - {kind: generated, since: -1d, calls_a_day: .nan}\n",
        "usage[0].calls_a_day: the text `.nan` stands here, where a number is needed",
    ),
    "negative": (
        COMPANY + "      - {kind: generated, since: -1d, calls_a_day: -3}\n",
        "usage[0].calls_a_day: the number -3 is too small; the least is 0",
    ),
    "rhythm": (
        COMPANY + "      - {kind: generated, since: -1d, calls_a_day: 1, rhythm: ofice}\n",
        "usage[0].rhythm: the text `ofice` is unknown; did you mean `office`?",
    ),
    "weights": (
        COMPANY + "      - {kind: generated, since: -1d, calls_a_day: 1, rhythm: {weekdays: [1, 2]}}\n",
        "usage[0].rhythm.weekdays: there are 2 here, where 7 must be",
    ),
    "all weights 0": (
        COMPANY + "      - {kind: generated, since: -1d, calls_a_day: 1, rhythm: {weekdays: [0, 0, 0, 0, 0, 0, 0]}}\n",
        "usage[0].rhythm: at least one weight must be above 0",
    ),
    "until before since": (
        COMPANY + "      - {kind: generated, since: -1d, until: -2d, calls_a_day: 1}\n",
        "usage[0].until: this is not after `since` (-1d)",
    ),
    "overlap": (
        COMPANY + "      - kind: generated\n        since: -9d\n        calls_a_day: 1\n"
        "        bursts: [{since: -5d, until: -3d, factor: 2}]\n        gaps:\n          - {since: -4d, until: -2d}\n",
        "test.yaml:18: accounts[0].usage[0].gaps[0]: this begins before another burst or gap ends",
    ),
    "crossed points": (
        COMPANY + "      - {kind: points, app: all, points: [{at: now, calls: 1}]}\n",
        "usage[0]: exact amounts belong to one line of usage, and this names 2",
    ),
    "point without a call": (
        COMPANY + "      - {kind: points, points: [{at: now, calls: 0, input_tokens: 3}]}\n",
        "usage[0].points: amounts need at least one call that consumed them",
    ),
    "too many lines": (
        ACCOUNT + "    sub_accounts: [{name: a, count: 2000}]\n    apps: [{name: b, count: 11}]\n"
        "    usage: [{kind: steady, app: all, sub_account: all, since: -1d, calls: 1}]\n",
        "usage[0]: this is usage of 22000 combinations, at most 20000 can be",
    ),
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_is_one_message_with_its_place_and_the_way_out(text: str, message: str) -> None:
    said = mistake(text)
    assert message in said
    assert re.match(r"test\.yaml:\d+: ", said)
    assert "\n" not in said


def test_a_few_lines_cannot_stand_for_a_thousand_million_values() -> None:
    lines = ["a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"{here}: &{here} [{', '.join(['*' + before] * 10)}]" for before, here in zip("abcdefgh", "bcdefghi", strict=True)]
    assert "more than 1000000 values" in mistake("\n".join(lines))


def test_what_is_no_text_or_no_file_is_said_too(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("name: Käse\n".encode("latin-1"))
    for path, message in {
        "latin.yaml": "this is not UTF-8 text (byte 7)",
        "nowhere.yaml": "cannot be read: No such file or directory",
    }.items():
        with pytest.raises(ScenarioError, match=re.escape(message)):
            load(str(tmp_path / path))
    with pytest.raises(ScenarioError, match="did you mean `default`"):
        load("defalt")


TEXTS = [path.read_text("utf-8") for path in (STARTER, *map(shipped().__getitem__, SHIPPED)) if path.stem != "many-tenants"]
SCALARS = ["", "~", "true", "-1", "0", "1e308", "9" * 500, "[]", "{}", "[1]", "{a: 1}", "abc", ".nan", "-90d", "now", "all"]
SCALARS += ["9999999999999", "2025-13-45", "-99999d", "1e-300", "*x", "&x 1", "!!int 3", '"\\0"', "1s", "lke.DescribeApp"]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A scenario with one mutation: a line lost, doubled or moved, a value replaced, characters lost or put in."""
    text = draw(st.sampled_from(TEXTS))
    lines = text.split("\n")
    here, there = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
    kind = draw(st.sampled_from(["lose", "double", "move", "value", "value", "cut", "put"]))
    if kind == "lose":
        del lines[here]
    elif kind == "double":
        lines.insert(here, lines[there])
    elif kind == "move":
        lines.insert(there, lines.pop(here))
    else:
        spans = [match.span() for match in re.finditer(r"(?<=: )[^,{}\[\]\n]+", text)]
        start, stop = draw(st.sampled_from(spans))
        if kind == "cut":
            start, stop = draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))
        new = {"value": st.sampled_from(SCALARS), "cut": st.just(""), "put": st.text(max_size=3)}[kind]
        return text[:start] + draw(new) + text[stop:]
    return "\n".join(lines)


@given(mutated())
def test_a_mutated_scenario_loads_or_says_why_in_one_message(text: str) -> None:
    try:
        world = world_of(text)
    except ScenarioError as error:
        assert re.fullmatch(r"test\.yaml:\d+: .+", str(error))
    else:
        for account in world.accounts.values():
            assert min(account.ledger.totals(EVERYTHING, 0, NOON)) >= 0


# The schema for editors

CHECKED = {"type", "enum", "properties", "required", "additionalProperties", "items", "anyOf", "minimum", "maximum", "pattern"}
CHECKED |= {"minItems", "maxItems", "$ref"}
SAID = {"title", "description", "default", "discriminator", "$defs", "$schema", "$id"}
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def violations(value: Any, rule: dict[str, Any], root: dict[str, Any], path: str = "") -> Iterator[str]:
    """What a JSON Schema finds wrong with a value; a keyword that is not understood here is an error of the test."""
    assert rule.keys() <= CHECKED | SAID
    if "$ref" in rule:
        yield from violations(value, root["$defs"][rule["$ref"].removeprefix("#/$defs/")], root, path)
    if "anyOf" in rule and all(any(violations(value, each, root)) for each in rule["anyOf"]):
        yield f"{path}: none of anyOf"
    kinds = [rule["type"]] if isinstance(rule.get("type"), str) else rule.get("type", [])
    allowed = tuple(kind for name in kinds for kind in TYPES[name])
    if kinds and (not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed)):
        yield f"{path}: no {kinds}"
        return
    if "enum" in rule and value not in rule["enum"]:
        yield f"{path}: none of {rule['enum']}"
    if isinstance(value, (int, float)):
        if not rule.get("minimum", value) <= value <= rule.get("maximum", value):
            yield f"{path}: out of range"
    elif isinstance(value, str) and not re.search(rule.get("pattern", ""), value):
        yield f"{path}: does not match"
    elif isinstance(value, list):
        if not rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", len(value)):
            yield f"{path}: wrong length"
        for i, item in enumerate(value):
            yield from violations(item, rule.get("items", {}), root, f"{path}[{i}]")
    elif isinstance(value, dict):
        yield from (f"{path}: {name} is missing" for name in rule.get("required", ()) if name not in value)
        others = rule.get("additionalProperties", True)
        for name, item in value.items():
            inner = rule.get("properties", {}).get(name, others)
            if inner is False:
                yield f"{path}: {name} is unknown"
            elif isinstance(inner, dict):
                yield from violations(item, inner, root, f"{path}.{name}")


def document(text: str) -> Place:
    return read(text, "test.yaml")


@pytest.mark.parametrize("path", [STARTER, *map(shipped().get, SHIPPED)], ids=lambda path: path.stem)
def test_shipped_scenarios_conform_to_the_schema_for_editors(path: Path) -> None:
    rules = schema()
    assert not list(violations(document(path.read_text("utf-8")).value, rules, rules))


@pytest.mark.parametrize(
    "text",
    [text for name, (text, _) in MISTAKES.items() if name in ("unknown key", "wrong type", "no accounts", "kind", "weights", "nan")],
)
def test_the_schema_finds_mistakes_of_form(text: str) -> None:
    rules = schema()
    assert list(violations(document(text).value, rules, rules))


def test_the_schema_describes_every_section_and_its_fields() -> None:
    definitions = schema()["$defs"]
    sections = definitions.keys() - {"ReplyMethods"}
    assert all(definitions[name].get("description") for name in sections)
    assert {"Scenario", "Account", "Assumptions", "Generated", "Total", "Steady", "Repeating", "Points"} <= sections
    for name in ("Generated", "Credential", "Assumptions"):
        assert [key for key, field in definitions[name]["properties"].items() if not field.get("description")] in ([], ["kind"])
    json.dumps(schema())


# What the shipped scenarios promise


def test_every_shipped_scenario_loads_by_name() -> None:
    assert set(shipped()) == set(SHIPPED)
    for name in SHIPPED:
        assert load(name).scenario == name


def test_a_world_serialises_so_it_holds_plain_text_only() -> None:
    account = next(iter(load("default").accounts.values()))
    records = [account.sub_accounts, account.spaces, account.apps, account.models, account.knowledge, account.messages]
    assert json.loads(msgspec.json.encode(records))[0]["100000000011"]["name"] == "web-shop"


def test_default_serves_without_faker() -> None:
    code = "import sys; from emulator.world.scenario import load; load('default'); sys.exit('faker' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_default_is_a_company_with_ninety_days_of_office_hours_that_goes_on() -> None:
    world = load("default", now=NOON)
    assert world.first_credential.secret_id == "AKIDlocal"
    account = world.accounts["100000000001"]
    assert (len(account.apps), len(account.sub_accounts)) == (2, 3)
    assert set(account.models) == {"cs-normal-70b", "cs-normal", "hunyuan"}
    day = [account.ledger.totals(EVERYTHING, MIDNIGHT - d * DAY, MIDNIGHT - (d - 1) * DAY) for d in range(92)]
    assert day[90].calls > 0
    assert day[91].calls == 0
    assert sum(each.total for each in day[2:7]) > 8 * day[1].total  # five working days, and the Saturday after them
    kinds = account.ledger.breakdown(EVERYTHING, MIDNIGHT - 7 * DAY, MIDNIGHT, "sub_biz_type")
    assert {"KnowledgeQA", "SearchEngine", "FileParse", "Embedding", "Rewrite"} <= kinds.keys()
    assert account.ledger.totals(EVERYTHING, NOON, NOON + 30 * DAY).calls > 0


def test_many_tenants_have_a_thousand_million_calls_in_five_hundred_lines() -> None:
    account = load("many-tenants", now=NOON).accounts["100000000001"]
    assert len(account.ledger.select(EVERYTHING)) == 500
    year = account.ledger.totals(EVERYTHING, MIDNIGHT - 365 * DAY, MIDNIGHT)
    assert year.calls == pytest.approx(10**9, rel=0.01)


def test_an_empty_account_answers_zeros_and_empty_lists(emulator: Control, target: Target) -> None:
    emulator.load("empty")
    lke = target.client()
    usage = lke.call_json("DescribeTokenUsage", {})["Response"]
    del usage["RequestId"]
    assert set(usage.values()) == {0}
    graph = lke.call_json("DescribeTokenUsageGraph", {})["Response"]
    assert [graph[name] for name in ("Total", "Input", "Output")] == [[], [], []]


SUNDAY = {"StatStartTime": 1758988800, "StatEndTime": 1759075199}


def test_on_a_quiet_weekend_only_the_last_second_has_a_call(emulator: Control, target: Target) -> None:
    emulator.load("quiet-weekend")
    lke = target.client()
    saturday = {"StatStartTime": 1758988800 - DAY, "StatEndTime": 1758988799}
    assert lke.call_json("DescribeTokenUsage", saturday)["Response"]["ApiCallStats"] == 0
    assert lke.call_json("DescribeTokenUsage", SUNDAY)["Response"]["ApiCallStats"] == 1
    assert lke.call_json("DescribeTokenUsageGraph", saturday)["Response"]["Total"] == []
    friday = {"StatStartTime": 1758988800 - 2 * DAY, "StatEndTime": 1758988799 - DAY}
    assert lke.call_json("DescribeTokenUsage", friday)["Response"]["ApiCallStats"] > 300


def test_a_burst_is_more_than_the_concurrency_and_is_followed_by_nothing(emulator: Control, target: Target) -> None:
    emulator.load("burst")
    lke = target.client()
    begin = 1762862400  # 2025-11-11 20:00 +08:00

    def calls(minutes: range) -> int:
        params = {"StatStartTime": begin + 60 * minutes.start, "StatEndTime": begin + 60 * minutes.stop - 1}
        count: int = lke.call_json("DescribeTokenUsage", params)["Response"]["ApiCallStats"]
        return count

    assert calls(range(10)) > 20 * calls(range(-10, 0))
    assert calls(range(10, 40)) == 0
    assert calls(range(40, 70)) > 0
    day = {"ModelName": "cs-normal-70b", "StatStartTime": begin - 20 * 3600, "StatEndTime": begin + 4 * 3600 - 1}
    peak = lke.call_json("DescribeConcurrencyUsage", day)["Response"]
    assert peak["ConcurrencyPeak"] == peak["AvailableConcurrency"]
    assert peak["ExceedUsageTime"] > 0


# The documented examples: requests and figures of the pages (TU-35, TG-24) and of the pinned tccli package

TU_35 = {
    "ModelName": "cs-normal-70b",
    "StartTime": "1758988800",
    "EndTime": "1759075199",
    "UinAccount": [],
    "AppBizIds": [],
    "SubScenes": [],
    "AppType": "knowledge_qa",
    "SpaceId": "default_space",
    **SUNDAY,
}


def documented(emulator: Control, target: Target, action: str, params: dict[str, Any]) -> dict[str, Any]:
    emulator.load("documented-examples")
    response: dict[str, Any] = target.client().call_json(action, params)["Response"]
    del response["RequestId"]
    return response


def test_the_documented_token_usage(emulator: Control, target: Target) -> None:
    assert documented(emulator, target, "DescribeTokenUsage", TU_35) == {
        "ApiCallStats": 4909,
        "DosageTypeCurr": 0,
        "DosageTypeLimit": 0,
        "InputTokenUsage": 3178475,
        "InternetSearchUsage": 0,
        "OutputTokenUsage": 439374,
        "PageUsage": 0,
        "RagSearchUsage": 0,
        "SearchUsage": 0,
        "SplitTokenUsage": 0,
        "TotalTokenUsage": 3617849,
    }


GRAPH = {
    "Total": {"0930": 14896, "0915": 694, "0945": 14968, "0935": 36641},
    "Input": {"0945": 14914, "0935": 36547, "0930": 14662, "0915": 268},
    "Output": {"0930": 234, "0915": 426, "0945": 54, "0935": 94},
}


def test_the_documented_graph_in_its_documented_order(emulator: Control, target: Target) -> None:
    asked = {"ModelName": "cs-normal", "StartTime": "1726070400", "EndTime": "1726156799"}
    assert documented(emulator, target, "DescribeTokenUsageGraph", asked) == {
        name: [{"X": f"20241119{time}", "Y": tokens} for time, tokens in points.items()] for name, points in GRAPH.items()
    }


def test_the_day_of_the_documented_graph_has_its_figures(emulator: Control, target: Target) -> None:
    asked = {"ModelName": "cs-normal", "StartTime": "1731945600", "EndTime": "1732031999"}
    graph = documented(emulator, target, "DescribeTokenUsageGraph", asked)
    assert {name: {point["X"][8:]: point["Y"] for point in points} for name, points in graph.items()} == GRAPH


CALLS = {"1730": 1078, "1710": 9, "1310": 1, "1155": 5, "1140": 5, "1120": 12, "1110": 8, "0030": 1, "1840": 16, "1805": 1}
CALLS |= {"1725": 1356, "1430": 4, "1210": 5, "1145": 9, "1130": 1, "1055": 5, "1915": 1, "1905": 3, "1900": 958, "1845": 827}
CALLS |= {"1200": 7, "1150": 5, "1030": 11}


def test_the_documented_call_graph_completed_to_the_documented_total(emulator: Control, target: Target) -> None:
    points = documented(emulator, target, "DescribeCallStatsGraph", TU_35)["List"]
    counts = {point["X"]: point["Y"] for point in points}
    assert counts.items() >= {f"20250928{time}": calls for time, calls in CALLS.items()}.items()
    assert sum(counts.values()) == 4909


def test_the_documented_call_details_but_for_their_ids(emulator: Control, target: Target) -> None:
    asked = TU_35 | {"CallType": "AllCallType", "PageNumber": 1, "PageSize": 2}
    rows = documented(emulator, target, "ListUsageCallDetail", asked)["List"]
    common = {
        "AppName": "jacobs-0926",
        "BillingTag": "null",
        "CallType": "对话调用-分享用户端对话",
        "ModelName": "youtu-mrc-pro",
        "SearchUsage": 0,
        "SubScene": "",
        "UinAccount": "700000963993",
        "OutputTokenUsage": 15,
    }
    figures = [
        {"CallTime": "1759057890", "InputTokenUsage": 168, "TotalTokenUsage": 183},
        {"CallTime": "1759057441", "InputTokenUsage": 145, "TotalTokenUsage": 160},
    ]
    for row, figure in zip(rows, figures, strict=True):
        assert row.items() >= (common | figure).items()


@pytest.mark.parametrize(
    ("action", "asked", "answer"),
    [
        ("DescribeSearchStatsGraph", {**SUNDAY, "ModelName": "cs-normal-70b", "SpaceId": "default_space"}, {"List": []}),
        (
            "DescribeConcurrencyUsage",
            {
                "AppBizIds": ["1812732010083385344"],
                "ModelName": "cs-normal-70b",
                "StartTime": "1724688000",
                "EndTime": "1724774400",
            },
            {"AvailableConcurrency": 0, "ConcurrencyPeak": 0, "ExceedUsageTime": 1},
        ),
        (
            "DescribeConcurrencyUsageGraph",
            {**SUNDAY, "ModelName": "lke-deepseek-r1-vip", "SpaceId": "default-space"},
            {"X": [], "AvailableY": [], "SuccessCallY": []},
        ),
        (
            "GetAnswerTypeDataCount",
            {
                "StartTime": 1716368386,
                "EndTime": 1716454119,
                "AppBizId": ["1747088166522585088", "1780116741678956544"],
                "Type": 4,
                "LoginUin": "600000562346",
                "LoginSubAccountUin": "600000562346",
            },
            {"Total": 127, "ModelReplyCount": 90, "TaskFlowCount": 18, "SearchEngineCount": 9, "UnknownIssuesCount": 10},
        ),
        (
            "GetLikeDataCount",
            {"StartTime": 1715396806, "EndTime": 1716435550, "AppBizId": ["1", "1778345918658510848"], "Type": 1},
            {
                "Total": 4,
                "AppraisalTotal": 7,
                "ParticipationRate": 1.75,
                "LikeTotal": 3,
                "LikeRate": 0.43,
                "DislikeTotal": 4,
                "DislikeRate": 0.57,
            },
        ),
        ("DescribeKnowledgeUsage", {}, {"AvailableCharSize": "10000000", "ExceedCharSize": "0"}),
    ],
)
def test_other_documented_figures(
    emulator: Control, target: Target, action: str, asked: dict[str, Any], answer: dict[str, Any]
) -> None:
    assert documented(emulator, target, action, asked).items() >= answer.items()


def test_the_documented_pie(emulator: Control, target: Target) -> None:
    pie = documented(emulator, target, "DescribeKnowledgeUsagePieGraph", {})
    shares = [(row["AppName"], row["UsedCharSize"], row["Proportion"]) for row in pie["List"]][:4]
    assert shares == [
        ("未使用", "9953504", 0.9953504),
        ("智能客服", "16738", 0.0016738),
        ("测试下", "16717", 0.0016717),
        ("无情三刀", "13041", 0.0013041),
    ]


def test_a_canned_reply_is_given_only_for_what_it_matches(emulator: Control, target: Target) -> None:
    emulator.load(
        ACCOUNT.replace("secret_id: a, secret_key: b", "secret_id: AKIDlocal, secret_key: local-secret-key")
        + "    replies:\n      - {action: lke.DescribeTokenUsage, match: {ModelName: x, AppBizIds: ['1']}, result: {PageUsage: 3}}\n"
        "      - {action: lke.DescribeTokenUsage, match: {ModelName: x}, result: {PageUsage: 4}}\n"
    )
    lke = target.client()

    def pages(**params: Any) -> int:
        count: int = lke.call_json("DescribeTokenUsage", params)["Response"]["PageUsage"]
        return count

    assert pages(ModelName="x", AppBizIds=["1"], SpaceId="any") == 3
    assert pages(ModelName="x", AppBizIds=["2"]) == 4
    assert pages(ModelName="y", AppBizIds=["1"]) == 0
