"""What control tells of actions: words, shapes, and examples that fit."""

from typing import Any

import pytest

from contract_tests.conftest import Control
from contract_tests.control.admin import Admin, Refused
from lke_emulator.products.example import example_reply, example_request
from lke_emulator.protocol import shapes
from lke_emulator.protocol.glossary import glossary
from lke_emulator.protocol.spec import spec

EVERY = spec().by_key


def test_every_action_is_explained_in_two_languages(admin: Admin) -> None:
    rows = admin.get("/catalogue")["actions"]
    assert [f"{row['product']}.{row['action']}" for row in rows] == list(EVERY)
    for row in rows:
        english, chinese = row["about"]
        assert english.endswith(".")
        assert chinese.endswith("。")
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in english)


def test_the_glossary_explains_nothing_that_is_not_there() -> None:
    members = {
        name for service in spec().services.values() for shape in service.shapes.values() for name in shape.members
    }
    assert set(glossary().actions) == set(EVERY)
    assert {name.rpartition(".")[2] for name in (*glossary().members, *glossary().values)} <= members


def test_an_action_is_found_by_a_member_deep_in_its_reply(admin: Admin) -> None:
    rows = {row["action"]: row["members"] for row in admin.get("/catalogue")["actions"] if row["product"] == "lkeap"}
    assert "ReasoningContent" in rows["ChatCompletions"]


def test_the_shape_of_an_action_is_told_with_words_and_known_values(admin: Admin) -> None:
    told = admin.get("/catalogue/lke.CreateQA")
    members = {member["name"]: member for member in told["shapes"][told["request"]]}
    assert members["Question"] == {
        "name": "Question",
        "type": "string",
        "required": True,
        "about": ["The question.", "问题。"],
    }
    assert list(members["AttrRange"]["values"]) == ["1", "2"]
    assert (members["AttrLabels"]["type"], members["AttrLabels"]["many"]) == ("AttrLabelRefer", True)
    assert "AttrLabelRefer" in told["shapes"]
    assert told["response"] in told["shapes"]


@pytest.mark.parametrize("action", ["lke.Nothing", "CreateQA", "x" * 5000])
def test_an_action_that_there_is_not_is_said_to_be_missing(admin: Admin, action: str) -> None:
    with pytest.raises(Refused, match="404"):
        admin.get(f"/catalogue/{action}")


@pytest.mark.parametrize("scenario", ["default", "empty"])
def test_examples_of_every_action_fit_its_shapes(emulator: Control, scenario: str) -> None:
    """Also in an account that has nothing."""
    account = next(iter(emulator.load(scenario).accounts.values()))
    for action in EVERY.values():
        request = example_request(action, account)
        assert shapes.problems(action.request, request) == [], action.key
        assert shapes.encode(action.response, example_reply(action, request, account)), action.key


def test_an_example_can_be_sent_as_it_is(admin: Admin, lke: Any) -> None:
    uin = admin.get("/accounts")["accounts"][0]["uin"]
    for action in ("DescribeTokenUsage", "ListUsageCallDetail", "DescribeApp", "ListDoc", "CreateQA"):
        example = admin.get(f"/accounts/{uin}/examples/lke.{action}")
        reply = lke.call_json(action, example["request"])["Response"]
        assert reply.keys() <= example["response"].keys()


def test_an_example_names_what_the_account_has_and_tells_what_it_has_not(admin: Admin, lke: Any) -> None:
    uin = admin.get("/accounts")["accounts"][0]["uin"]
    app = {"BotBizId": "1812732010083385344"}
    known = lke.call_json("ListQA", {**app, "PageNumber": 1, "PageSize": 100})["Response"]["List"]
    lke.call_json("DeleteQA", {**app, "QaBizIds": [one["QaBizId"] for one in known]})

    def example(action: str) -> Any:
        return admin.get(f"/accounts/{uin}/examples/lke.{action}")

    before = example("DescribeQA")
    assert before["made_up"] == ["QaBizId"]
    assert example("DescribeApp")["made_up"] == []
    made = lke.call_json("CreateQA", example("CreateQA")["request"])["Response"]
    after = example("DescribeQA")
    assert (after["made_up"], after["request"]["QaBizId"]) == ([], made["QaBizId"])
    assert lke.call_json("DescribeQA", after["request"])["Response"]["QaBizId"] == made["QaBizId"]


def test_credentials_are_told_with_what_signs(admin: Admin) -> None:
    opened = admin.account()
    rows = opened.get("/credentials")["credentials"]
    assert [(row["secret_id"], row["secret_key"], row["uin"]) for row in rows] == [
        (one["secret_id"], one["secret_key"], one["uin"]) for one in opened.opened["credentials"]
    ]
    assert rows[0]["uin"] == opened.uin
