"""Another scenario in place of the present one, by control."""

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
    admin.refused(400, "POST", "/scenario")


def test_a_bad_scenario_changes_nothing_and_says_where_it_is_bad(admin: Admin) -> None:
    text = 'accounts:\n  - uin: "7"\n    credential: []\n'
    problem = admin.refused(400, "POST", "/scenario", text=text)
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
