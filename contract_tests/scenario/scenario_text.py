"""Worlds from a few lines of YAML."""

from lke_emulator.account.world import World
from lke_emulator.scenario.document import read_yaml
from lke_emulator.scenario.load import typed
from lke_emulator.scenario.world import build_world
from lke_emulator.usage.filter import Filter

NOON = 1759032000
"""2025-09-28 12:00 at +08:00, a Sunday."""
EVERYTHING = Filter()
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
    at = read_yaml(text, "test.yaml")
    return build_world(typed(at), at, "test.yaml", seed, now)
