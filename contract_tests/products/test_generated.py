"""Replies of actions without a handler: in the form of their shape, believable, and the same for the same question."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import strptime
from typing import Any

import pytest

from contract_tests.conformity import faults
from lke_emulator.products.generated import generated
from lke_emulator.protocol.shapes import check, encode
from lke_emulator.protocol.spec import Action, Member, Shape, spec

NOW = 1_760_000_123.75
ZONE = 8 * 3600
ACTIONS = sorted(spec().by_key.values(), key=lambda action: action.key)
SAMPLES: dict[str, Any] = {"string": "1800000000000000077", "int64": 2, "uint64": 2, "float": 0.5, "bool": True}


def ask(
    key: str, params: dict[str, Any] | None = None, seed: int = 1, now: float = NOW, zone: int = ZONE
) -> dict[str, Any]:
    return generated(spec().by_key[key], params or {}, seed, now, zone)


def full_request(shape: Shape, depth: int = 0) -> dict[str, Any]:
    """A request with every member, lists and optional objects down to three deep."""

    def value(member: Member) -> Any:
        if member.many and depth == 3:
            return []
        one = SAMPLES[member.type] if member.scalar else full_request(shape.of(member), min(depth + 1, 3))
        return [one] if member.many else one

    return {
        name: value(member) for name, member in shape.members.items() if member.scalar or member.required or depth < 3
    }


def members(shape: Shape, value: dict[str, Any]) -> Iterator[tuple[Shape, dict[str, Any], Member]]:
    """Every member of every object in a reply."""
    for name, inner in value.items():
        member = shape.members[name]
        yield shape, value, member
        if not member.scalar:
            for item in inner if member.many else [inner]:
                yield from members(shape.of(member), item)


@pytest.mark.parametrize("filled", [False, True])
def test_every_action_has_a_reply_that_fits_its_shape(filled: bool) -> None:
    for action in ACTIONS:
        params = full_request(action.request) if filled else {}
        if filled:
            assert check(action.request, params) == params
        result = generated(action, params, 7, NOW, ZONE)
        assert "RequestId" not in result
        written = encode(action.response, {**result, "RequestId": "r"})
        assert list(faults(action.response, json.loads(written))) == [], action.key
        assert len(written) < 100_000, action.key


def everything(seed: int) -> str:
    """A digest of every action's reply, bytes as they leave."""
    bodies = (encode(action.response, generated(action, {}, seed, NOW, ZONE)) for action in ACTIONS)
    return hashlib.sha256(b"".join(bodies)).hexdigest()


def test_the_same_question_has_the_same_answer_in_another_process() -> None:
    """Also with another hash seed, so nothing depends on the order of a set."""
    code = "from contract_tests.products.test_generated import everything; print(everything(5))"
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    root = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, check=True)
    assert ran.stdout.decode().strip() == everything(5)


def test_the_seed_the_parameters_and_the_action_make_a_difference() -> None:
    first = ask("lke.ListDoc", {"BotBizId": "1", "PageNumber": 1, "PageSize": 10})
    assert first == ask("lke.ListDoc", {"PageSize": 10, "PageNumber": 1, "BotBizId": "1"})
    assert first != ask("lke.ListDoc", {"BotBizId": "2", "PageNumber": 1, "PageSize": 10})
    assert first != ask("lke.ListDoc", {"BotBizId": "1", "PageNumber": 1, "PageSize": 10}, seed=2)
    assert ask("lke.ListQACate", {}) != ask("lke.ListDocCate", {})


def test_a_reply_keeps_still_within_the_hour_and_moves_with_the_clock() -> None:
    assert ask("lke.ListApp", now=NOW + 1) == ask("lke.ListApp", now=NOW)
    later, sooner = (int(ask("lke.ListApp", now=now)["List"][0]["UpdateTime"]) for now in (NOW + 86_400, NOW))
    assert later - sooner == 86_400


def lists_of(shape: Shape, value: dict[str, Any]) -> list[list[Any]]:
    return [inner for name, inner in value.items() if shape.members[name].many and not shape.members[name].scalar]


@pytest.mark.parametrize("seed", range(4))
def test_totals_are_the_length_of_the_list_beside_them(seed: int) -> None:
    counted = 0
    for action in ACTIONS:
        result = generated(action, {}, seed, NOW, ZONE)
        shapes = {id(value): (shape, value) for shape, value, _ in members(action.response, result)}
        for shape, value in shapes.values():
            beside = lists_of(shape, value)
            for name in ("Total", "TotalCount", "Count"):
                if len(beside) == 1 and name in value and not shape.members[name].many:
                    assert int(value[name]) == len(beside[0]), (action.key, shape.name)
                    counted += 1
    assert counted > 40


@pytest.mark.parametrize("seed", range(4))
def test_lists_have_one_to_three_items(seed: int) -> None:
    lengths = {
        len(beside)
        for action in ACTIONS
        for shape, value, _ in members(action.response, generated(action, {}, seed, NOW, ZONE))
        for beside in lists_of(shape, value)
    }
    assert lengths == {1, 2, 3}


def test_pages_cut_the_list_and_keep_the_total() -> None:
    """Pages of one row, in order, are the whole list; a page after the last is empty."""
    app = {"AppId": "1"}
    for seed in range(10):
        whole = ask("adp.DescribeDocSummaryList", {**app, "PageNumber": 1, "PageSize": 20}, seed)
        count = int(whole["TotalCount"])
        assert len(whole["DocList"]) == count
        pages = [
            ask("adp.DescribeDocSummaryList", {**app, "PageNumber": page, "PageSize": 1}, seed)
            for page in range(1, count + 2)
        ]
        assert [row for page in pages for row in page["DocList"]] == whole["DocList"]
        assert pages[-1]["DocList"] == []
        assert {page["TotalCount"] for page in pages} == {whole["TotalCount"]}


def test_an_offset_and_a_limit_cut_too() -> None:
    for seed in range(10):
        whole = ask("lke.GetVarList", {"AppBizId": "1"}, seed)["List"]
        rest = ask("lke.GetVarList", {"AppBizId": "1", "Offset": 1, "Limit": 1}, seed)["List"]
        assert rest == whole[1:2]
        assert ask("lke.GetVarList", {"AppBizId": "1", "Offset": -1}, seed)["List"] == whole


def test_what_the_request_names_stands_in_the_reply() -> None:
    result = ask("lke.DescribeApp", {"AppBizId": "1932370484353927616"})
    assert result["AppBizId"] == "1932370484353927616"
    rows = ask("lke.ListWorkflowRuns", {"AppBizId": "42", "RunEnv": 1, "Page": 1, "PageSize": 9})["WorkflowRuns"]
    assert {(row["AppBizId"], row["RunEnv"]) for row in rows} == {("42", 1)}


def every(seed: int) -> Iterator[tuple[Action, Shape, Member, Any]]:
    """Every scalar in the replies of every action."""
    for action in ACTIONS:
        for shape, value, member in members(action.response, generated(action, {}, seed, NOW, ZONE)):
            if member.scalar:
                for item in value[member.name] if member.many else [value[member.name]]:
                    yield action, shape, member, item


LOOKS = {
    r"BizId$": r"[1-9]\d{18}",
    r"(?<!Sub)(Account|Creator|Updater|Corp)Uin$|^UinAccount$": r"[1-9]\d{11}",
    r"^TraceId$|^WorkflowRunId$|^NodeRunId$": r"[0-9a-f]{32}",
    r"^(Agent|Plugin|Conversation|Session)Id$": r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}",
    r"(Avatar|IconUrl|WebUrl|PreviewUrl|ShareUrl)$": r"https://\S+",
    r"^(DocName|FileName)$": r"[\w-]+\.\w+",
    r"^(Operator|StaffName|UserName)$": r"[A-Z][a-z]+ [A-Z][a-z]+",
    r"^FileType$": r"[a-z]+",
    r"^(Total|TotalCount|FileSize|UsedCharSize|DocSize|InputTokens)$": r"\d+",
}


@pytest.mark.parametrize("name", LOOKS)
def test_names_look_like_what_they_name(name: str) -> None:
    seen = 0
    for action, shape, member, value in every(1):
        if member.type == "string" and re.search(name, member.name):
            assert re.fullmatch(LOOKS[name], value), (action.key, shape.name, member.name, value)
            seen += 1
    assert seen


def test_times_are_near_the_clock_in_their_own_format() -> None:
    formats = set()
    for action, shape, member, value in every(2):
        if re.search(r"(Create|Update|Start|End|Event|Operate|Fire)Time$", member.name):
            if isinstance(value, str) and "T" in value:
                assert value.endswith("+08:00")
                strptime(value, "%Y-%m-%dT%H:%M:%S%z")
                formats.add("zoned")
                continue
            digits = str(value)
            moment = int(digits) / (1000 if len(digits) == 13 else 1)
            assert abs(moment - NOW) < 40 * 86_400, (action.key, shape.name, member.name, value)
            formats.add("milliseconds" if len(digits) == 13 else "seconds")
            assert (len(digits) == 13) >= ("WorkflowRun" in shape.name), (action.key, shape.name, member.name)
    assert formats == {"zoned", "seconds", "milliseconds"}


def test_an_account_s_zone_is_in_its_times() -> None:
    def first(zone: int) -> str:
        rows = ask("adp.DescribeConversationList", zone=zone)["ConversationList"]
        return str(rows[0]["CreateTime"])

    def moment(text: str) -> Any:
        return strptime(text, "%Y-%m-%dT%H:%M:%S%z")

    assert first(-12_600).endswith("-03:30")
    assert first(0).endswith("+00:00")
    assert (moment(first(0)).tm_hour * 60 - moment(first(-12_600)).tm_hour * 60) % 1440 in (180, 240)


def test_the_times_of_one_thing_are_in_order() -> None:
    for seed in range(5):
        for run in ask("lke.ListWorkflowRuns", seed=seed)["WorkflowRuns"]:
            assert int(run["CreateTime"]) < int(run["StartTime"]) < int(run["EndTime"]) < NOW * 1000
        for row in ask("lke.ListDoc", seed=seed)["List"]:
            assert int(row["CreateTime"]) < int(row["UpdateTime"]) < NOW < int(row["ExpireEnd"])


def test_sums_are_the_sums_of_their_parts() -> None:
    checked = 0
    for action in ACTIONS:
        for _, value, member in members(action.response, generated(action, {}, 1, NOW, ZONE)):
            if member.name == "TotalTokens" and {"InputTokens", "OutputTokens"} <= value.keys():
                assert int(value["TotalTokens"]) == int(value["InputTokens"]) + int(value["OutputTokens"])
                checked += 1
    assert checked


def test_the_rows_of_a_list_differ() -> None:
    for seed in range(5):
        rows = ask("lke.ListApp", seed=seed)["List"]
        assert len({row["AppBizId"] for row in rows}) == len({row["Name"] for row in rows}) == len(rows)


def test_a_tree_ends_after_one_level() -> None:
    category = ask("lke.ListDocCate")["List"][0]
    assert category["IsLeaf"] is False
    assert all("Children" not in child and child["IsLeaf"] is True for child in category["Children"])
