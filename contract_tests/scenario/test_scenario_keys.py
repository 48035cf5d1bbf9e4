"""The `keys` and `access_tokens` of a scenario."""

from contract_tests.scenario.test_scenario_mistakes import mistake
from contract_tests.scenario.test_scenario_reader import account_of

KEYS = """accounts:
  - uin: 100000000001
    credentials: [{secret_id: a, secret_key: b}]
    sub_accounts: [{uin: 200000000001, name: anna}]
    keys:
      - {label: CI, secret: sk-ci, models: [deepseek-*], created: 7}
      - {label: old, secret: sk-old, sub_account: anna, group: default, enabled: false, expires: 50}
      - {}
"""


def test_a_scenario_declares_keys() -> None:
    keys = account_of(KEYS).keys
    ci, old, unnamed = keys.all()
    assert keys.find("sk-ci") is ci
    assert (ci.owner, ci.models, ci.created) == ("100000000001", ("deepseek-*",), 7)
    assert (old.owner, old.group, old.status(0)) == ("200000000001", "default", "disabled")
    assert unnamed.label == ""


def test_a_secret_that_cannot_be_one_is_a_mistake_at_its_line() -> None:
    assert mistake(KEYS.replace("sk-old", "old")).startswith(
        "test.yaml:7: accounts[0].keys[1]: the secret of key 'old'"
    )
