"""Another scenario in place of the present one, by control."""

from contract_tests.conftest import Control
from contract_tests.control.admin import Admin


def test_the_shipped_scenarios_are_told_with_what_they_are_about(admin: Admin) -> None:
    given = admin.get("/scenarios")
    assert (given["current"], given["started"]) == ("default", "default")
    assert all(row["about"] for row in given["scenarios"])


def test_another_scenario_takes_the_place_and_opened_accounts_stay(admin: Admin) -> None:
    opened = admin.post("/accounts")["account"]["uin"]
    loaded = admin.post("/scenario", name="empty")
    assert (loaded["scenario"], loaded["kept"]) == ("empty", [opened])
    assert admin.get("/scenarios")["current"] == "empty"
    assert opened in [row["uin"] for row in admin.get("/accounts")["accounts"]]


def test_loaded_again_its_accounts_begin_anew(admin: Admin) -> None:
    uin = admin.get("/accounts")["accounts"][0]["uin"]
    admin.post(f"/accounts/{uin}/clock/freeze", at="2030-01-01 00:00")
    admin.post("/scenario")
    assert not admin.get(f"/accounts/{uin}/clock")["frozen"]


def test_a_scenario_is_loaded_from_text(admin: Admin) -> None:
    text = 'accounts:\n  - uin: "7"\n    credentials:\n      - { secret_id: AKIDseven, secret_key: k }\n'
    assert admin.post("/scenario", text=text)["accounts"] == ["7"]
    admin.refused(409, "POST", "/scenario")


def test_a_bad_scenario_changes_nothing_and_says_where_it_is_bad(admin: Admin) -> None:
    text = 'accounts:\n  - uin: "7"\n    credential: []\n'
    problem = admin.refused(409, "POST", "/scenario", text=text)
    assert problem["error"].startswith("sent.yaml:3: ")
    assert admin.get("/scenarios")["current"] == "default"


def test_no_other_file_of_the_machine_is_read(admin: Admin) -> None:
    for name in ("/etc/passwd", "../pyproject.yaml", "nothing"):
        admin.refused(404, "POST", "/scenario", name=name)


def test_a_seed_that_no_scenario_can_have_is_refused(admin: Admin) -> None:
    before = admin.get("/scenarios")["current"]
    for seed in (10**30, -(10**30)):
        admin.refused(400, "POST", "/scenario", name="empty", seed=seed)
    assert admin.get("/scenarios")["current"] == before


def test_a_load_is_undone_and_the_world_is_as_it_was_left(admin: Admin) -> None:
    uin = admin.get("/accounts")["accounts"][0]["uin"]
    opened = admin.post("/accounts")["account"]["uin"]
    admin.post(f"/accounts/{uin}/clock/freeze", at="2030-01-01 00:00")
    before = admin.get(f"/accounts/{uin}/snapshot")
    admin.post("/scenario", name="empty")
    admin.post(f"/accounts/{opened}/clock/freeze", at="2031-01-01 00:00")
    late = admin.post("/accounts")["account"]["uin"]
    assert admin.post("/scenario/undo")["scenario"] == "default"
    assert admin.get(f"/accounts/{uin}/snapshot") == before
    assert admin.get(f"/accounts/{opened}/clock")["text"].startswith("2031-01-01")
    assert {opened, late} < {row["uin"] for row in admin.get("/accounts")["accounts"]}
    assert admin.post("/scenario/undo")["scenario"] == "empty"


def test_an_account_that_the_load_pushed_out_comes_back_with_what_opens_it(admin: Admin) -> None:
    given = admin.post("/accounts", uin="7")
    admin.post(
        "/scenario", text='accounts:\n  - uin: "7"\n    credentials: [{ secret_id: AKIDseven, secret_key: k }]\n'
    )
    loaded = admin.post("/scenario/undo")
    assert "7" in loaded["kept"]
    keys = admin.http.get("/v1/models", headers={"Authorization": f"Bearer {given['key']['secret']}"})
    assert keys.status_code == 200


def test_nothing_is_undone_where_nothing_was_loaded(admin: Admin, emulator: Control) -> None:
    emulator.app.running.before = None
    admin.refused(409, "POST", "/scenario/undo")
