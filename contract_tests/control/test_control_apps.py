"""Apps and failures through control; official clients see what it does."""

import pytest

from contract_tests.control.admin import Admin
from contract_tests.control.signed_calls import BEGIN

APP = "1812732010083385344"


@pytest.fixture
def shop(admin: Admin) -> Admin:
    apps = [{"biz_id": APP, "name": "Shop", "space": "s", "key": "shopkey"}, {"name": "Desk", "status": "not_online"}]
    return admin.account(account={"clock": {"frozen_at": BEGIN}, "spaces": [{"id": "s"}], "apps": apps})


def test_apps_are_told_with_ids_and_keys(shop: Admin) -> None:
    first, second = shop.get("/apps")["apps"]
    assert (first["biz_id"], first["key"], first["status"]) == (APP, "shopkey", "running")
    assert (second["name"], second["status"]) == ("Desk", "not_online")
    assert shop.get(f"/apps/{second['biz_id']}") == second
    assert shop.patch(f"/apps/{APP}", disabled=True)["status"] == "disabled"
    assert shop.patch(f"/apps/{APP}", disabled=False)["status"] == "running"
    assert "77" in shop.refused(404, "GET", "/apps/77")["error"]


def test_failures_are_set_and_ended(shop: Admin) -> None:
    shop.post("/failures", kind="document", name="*.pdf", stage="parse", reason="no luck", times=1)
    (failure,) = shop.get("/failures")["failures"]
    assert (failure["kind"], failure["name"], failure["stage"]) == ("document", "*.pdf", "parse")
    assert "release" in shop.refused(400, "POST", "/failures", kind="release", stage="parse")["error"]
    shop.delete("/failures")
    assert shop.get("/failures")["failures"] == []
    assert "77" in shop.refused(404, "POST", "/documents/77/fail", stage="parse")["error"]
    assert "77" in shop.refused(404, "POST", "/releases/77/fail", stage="release")["error"]
    assert "parse" in shop.refused(400, "POST", "/releases/77/fail", stage="parse")["error"]
