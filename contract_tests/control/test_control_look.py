"""What an action that only reads would answer, without a call."""

from typing import Any

import pytest

from contract_tests.conftest import Target
from contract_tests.control.admin import Admin


def test_a_look_shows_what_a_call_is_answered(admin: Admin, lke: Any, target: Target) -> None:
    uin = admin.get("/accounts")["accounts"][0]["uin"]
    params = {"ModelName": "hunyuan", "StatStartTime": 1758988800, "StatEndTime": 1759075199}
    looked = admin.post(f"/accounts/{uin}/look", action="lke.DescribeTokenUsage", params=params)
    called = lke.call_json("DescribeTokenUsage", params)["Response"]
    assert looked == {name: value for name, value in called.items() if name != "RequestId"}


def test_a_look_is_no_call(admin: Admin) -> None:
    uin = admin.get("/accounts")["accounts"][0]["uin"]
    for _ in range(30):
        admin.post(f"/accounts/{uin}/look", action="lke.DescribeTokenUsage")
    assert admin.get("/journal")["calls"] == []


@pytest.mark.parametrize(
    ("action", "status"),
    [("lke.CreateApp", 409), ("lkeap.GetEmbedding", 409), ("lke.DescribeStorageCredential", 409), ("lke.No", 404)],
)
def test_only_what_reads_can_be_looked_at(admin: Admin, action: str, status: int) -> None:
    uin = admin.get("/accounts")["accounts"][0]["uin"]
    admin.refused(status, "POST", f"/accounts/{uin}/look", action=action)


def test_a_look_is_refused_as_a_call_is(admin: Admin) -> None:
    uin = admin.get("/accounts")["accounts"][0]["uin"]
    problem = admin.refused(
        409, "POST", f"/accounts/{uin}/look", action="lke.DescribeTokenUsage", params={"ModelNames": "x"}
    )
    assert "UnknownParameter" in problem["error"]


def test_the_report_is_narrowed_to_an_app(account: Admin) -> None:
    account.patch("", apps=[{"name": "One", "biz_id": "1800000000000000001"}])
    account.post("/usage", api="KnowledgeQA", app="1800000000000000001", model="hunyuan", input_tokens=5)
    account.post("/usage", api="KnowledgeQA", model="hunyuan", input_tokens=7)
    rows = account.get("/report", app="1800000000000000001")["rows"]
    assert [row["input_tokens"] for row in rows] == [5]
