"""How a scenario is read: what it means, and what it builds."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.scenario.scenario_text import ACCOUNT, COMPANY, EVERYTHING, NOON, world_of
from lke_emulator.account.account import Account
from lke_emulator.account.key_limits import Limit
from lke_emulator.scenario.document import read_yaml
from lke_emulator.usage.filter import Filter

MIDNIGHT = NOON - 12 * 3600
DAY = 86400


def account_of(text: str, now: float = NOON) -> Account:
    return next(iter(world_of(text, now).accounts.values()))


def company(*usage: str) -> Account:
    """The company with these entries of usage, each on one line."""
    return account_of(COMPANY + "".join(f"      - {entry}\n" for entry in usage))


# What is read


def test_values_mean_the_same_in_every_yaml_version() -> None:
    text = "[yes, on, 012, 0x1f, 1_000, 12:30:00, 2025-09-28, .nan, .5, 1e999, ~, 1e3, -0.5, true, '7']"
    assert read_yaml(text, "t").value == [
        *("yes", "on", "012", "0x1f", "1_000", "12:30:00", "2025-09-28", ".nan", ".5", "1e999"),
        *(None, 1000.0, -0.5, True, "7"),
    ]


def test_a_number_may_stand_where_a_name_is_meant() -> None:
    account = account_of(
        "accounts:\n  - uin: 100000000001\n    credentials: [{secret_id: 007, secret_key: 15}]\n"
        "    apps: [{biz_id: 1812732010083385344, name: 42}]\n    knowledge: {capacity: 9, used: {42: 3}}\n"
    )
    assert account.uin == "100000000001"
    assert [(app.biz_id, app.name) for app in account.apps] == [("1812732010083385344", "42")]
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
        return [account.limits.of(f"lke.{name}") for name in ("DescribeTokenUsage", "GetWsToken")]

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
    apps = {app.name: app.biz_id for app in account.apps}
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
    hours = [
        account.ledger.totals(EVERYTHING, start + hour * 3600, start + (hour + 1) * 3600).calls for hour in range(9, 14)
    ]
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
    names = [app.name for app in account.apps]
    assert len(set(names)) == 30
    assert all(
        re.search("[\u4e00-\u9fff]", name) for name in [*names, *(each.name for each in account.spaces.values())]
    )
    assert [app.name for app in account_of(text).apps] == names
    assert all(len(app.biz_id) == 19 and app.biz_id.isdecimal() for app in account.apps)


def test_no_figure_depends_on_a_made_up_name() -> None:
    usage = "    usage: [{kind: generated, app: all, since: -9d, calls_a_day: 90, per_call: {input_tokens: 50}}]\n"
    figures = {
        account_of(f"locale: {locale}\n" + ACCOUNT + "    apps: [{count: 3}]\n" + usage).ledger.totals(
            EVERYTHING, 0, NOON
        )
        for locale in ("zh_CN", "en_US", "de_DE")
    }
    assert len(figures) == 1


def test_the_seed_decides_and_nothing_else() -> None:
    def figures(seed: int | None) -> Any:
        world = world_of(COMPANY + "      - {kind: generated, app: all, since: -9d, calls_a_day: 900}\n", seed=seed)
        account = world.accounts["100000000001"]
        ids = [app.biz_id for app in account.apps]
        return account.ledger.graph(EVERYTHING, MIDNIGHT, NOON, 300), ids

    assert figures(None) == figures(5)
    assert figures(5) != figures(6)


def test_a_scenario_asks_for_deterministic_request_ids() -> None:
    text = "deterministic: true\n" + ACCOUNT
    first, second = ([world.ids.request_id() for _ in range(3)] for world in (world_of(text), world_of(text)))
    assert first == second
    assert world_of(ACCOUNT).ids.request_id() != world_of(ACCOUNT).ids.request_id()


# What pays, and who may call


def billed(*lines: str) -> Account:
    """The company with this `billing`, each line a key of it, and two lines of usage: apps, and an API of lkeap."""
    usage = [
        "{kind: steady, app: shop, model: hunyuan, since: -9d, calls: 100, per_call: {input_tokens: 40, output_tokens: 10}}",
        "{kind: steady, api: ChatCompletions, model: cs-normal, since: -9d, calls: 10, per_call: {output_tokens: 50}}",
    ]
    text = COMPANY + "".join(f"      - {entry}\n" for entry in usage)
    return account_of(text + "    billing:\n" + "".join(f"      {line}\n" for line in lines))


def packages(account: Account) -> list[tuple[str, str, int]]:
    """Source, status and use of each, in the order of deduction."""
    return [(row.source, row.status, row.used) for row in account.billing.resources.list(NOON, statuses=())]


def test_nothing_is_granted_that_is_not_written() -> None:
    account = account_of(ACCOUNT)
    assert account.keys.all() == []
    assert account.billing.resources.list(NOON, statuses=()) == []
    assert account.billing.wallet(NOON).balance == 0
    assert {account.billing.refusal(api, "deepseek-v3.2", NOON) for api in account.billing.switches(NOON)} == {
        "run-out"
    }
    closed = account_of(ACCOUNT + "    billing: {activated: false}\n")
    assert closed.billing.refusal("ChatCompletions", "deepseek-v3.2", NOON) == "unopened"


def test_a_package_is_used_by_what_the_scenario_used_since_it_began() -> None:
    account = billed("packages: [{kind: tokens, total: 100000, start: -2d}]")
    assert packages(account) == [("purchased", "available", 2 * 5500 + 5500 // 2)]


def test_a_package_is_for_its_apis_and_models_and_the_trial_goes_first() -> None:
    account = billed(
        "packages:",
        "  - {kind: tokens, total: 90000, start: -2d, apis: [ChatCompletions]}",
        "  - {kind: tokens, total: 3000, start: -2d, models: [hunyuan], source: trial, expires: +1d}",
        "  - {kind: tokens, total: 700, start: -2d, models: [hunyuan], source: trial, expires: -1d}",
    )
    assert packages(account) == [
        ("trial", "expired", 700),
        ("trial", "exhausted", 3000),
        ("purchased", "available", 1250),
    ]
    assert {notice.package for notice in account.billing.notices(NOON)} == {"2", "3"}


def test_an_account_may_register_as_its_clock_starts() -> None:
    account = account_of(ACCOUNT + "    billing: {trial: true}\n")
    trial = account.billing.resources.list(NOON, statuses=())
    assert {row.source for row in trial} == {"trial"}
    assert [row.total for row in trial if row.apis == ("QueryRewrite",)] == [500_000]  # documented


def test_postpaid_settings_balance_and_prices_are_as_written() -> None:
    account = billed(
        "balance: 57.5",
        "currency: CNY",
        "postpaid: [ChatCompletions]",
        "permitted: [bob]",
        "prices: [{api: Chat*, model: cs-*, output: 0.25}, {model: hunyuan, input: 3}]",
        "channels: [sms]",
        "packages: [{kind: tokens, total: 100, start: -1d, source: trial}]",
    )
    billing = account.billing
    wallet = billing.wallet(NOON)
    assert (wallet.balance, wallet.currency) == (57_500_000, "CNY")
    assert [api for api, switch in billing.switches(NOON).items() if switch.on] == ["ChatCompletions"]
    assert billing.permitted == tuple(uin for uin, each in account.sub_accounts.items() if each.name == "bob")
    price = billing.price("ChatCompletions", "cs-normal")
    assert (price.output, billing.price("KnowledgeQA", "hunyuan").input) == (0.25, 3)
    assert {notice.channels for notice in billing.notices(NOON) if notice.sender == "cloud"} == {("sms",)}
    assert sum(bill.charge for bill in billing.bills(NOON)) > 0
    everything = billed("postpaid: all").billing.switches(NOON)
    assert all(switch.on for switch in everything.values())


def test_keys_are_found_by_what_clients_send_and_belong_to_who_made_them() -> None:
    world = world_of(
        "accounts:\n  - uin: 1\n    sub_accounts: [{uin: 2, name: anna}]\n"
        "    credentials: [{secret_id: a, secret_key: b}]\n    keys:\n"
        "      - {label: one, secret: sk-one, created: -3d}\n"
        "      - {label: two, secret: sk-two, sub_account: anna, group: lab, quota: 2.5, expires: +1d, models: [gpt-*]}\n"
        "      - {enabled: false}\n"
        "    access_tokens: [{token: t}, {token: u, sub_account: 2}]\n"
    )
    account = world.accounts["1"]
    one, two, three = account.keys.all()
    assert world.account_of_key("sk-two") == (account, two)
    assert (one.owner, one.created, one.status(NOON)) == ("1", MIDNIGHT - 3 * DAY, "enabled")
    assert (two.owner, two.group, two.quota, two.models) == ("2", "lab", 2_500_000, ("gpt-*",))
    assert [two.status(MIDNIGHT + DAY - 1), two.status(MIDNIGHT + DAY)] == ["enabled", "expired"]
    assert three.status(NOON) == "disabled"
    assert [account.access_tokens.owner_of(token) for token in "tuv"] == ["1", "2", None]


def test_what_models_say_and_what_limits_hold_comes_from_the_file() -> None:
    account = account_of(
        ACCOUNT + "    chat: [{match: {text: hours}, content: Nine to five.}]\n"
        "    limits: [{model: deepseek-*, requests_per_minute: 3}]\n    moderation: {words: [Poison]}\n"
        "    files: [{url: 'http://a/b.pdf', pages: 3}]\n"
    )
    rule = account.chat_rules.take("any", "", "What are your hours?")
    assert rule is not None
    assert rule.content == "Nine to five."
    assert account.chat_rules.take("any", "", "Hello") is None
    assert account.throttle.limit_of("key", "deepseek-v3", Limit()).requests_per_minute == 3
    assert account.throttle.limit_of("key", "gpt-4o", Limit()) == Limit()
    assert account.moderation.blocks("a poisoned apple") == "Poison"
    assert account.remote_files["http://a/b.pdf"].pages == 3
