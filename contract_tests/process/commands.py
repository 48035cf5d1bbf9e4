"""Commands of the command line, run in this process."""

from pathlib import Path

from click.testing import CliRunner, Result

from lke_emulator.cli import main

ROOT = Path(__file__).parents[2]
PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "lke_emulator.testing.plugin"}
"""The environment of a pytest that a test starts: ours, and not all that stand here, which take it a second."""
SCENARIO = """accounts:
  - uin: 1
    name: {name}
    credentials: [{{secret_id: AKIDlocal, secret_key: local-secret-key}}]
    usage: [{{kind: points, points: [{{at: -1h, calls: {calls}}}]}}]
"""


def run(*args: str, **environment: str) -> Result:
    nobody = {"TENCENTCLOUD_SECRET_ID": "", "TENCENTCLOUD_SECRET_KEY": "", "TENCENTCLOUD_TOKEN": ""}
    return CliRunner().invoke(main, args, env=nobody | environment)
