"""Another command beside an emulator of its own."""

import sys

import click

from lke_emulator.commands.ending import BAD_SCENARIO, CANNOT_START, fail
from lke_emulator.commands.setting import setting


@click.command(context_settings={"ignore_unknown_options": True})
@setting("--scenario", default="default", show_default=True, help="Name of a shipped scenario, or path of a YAML file.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND...")
def run(scenario: str, command: tuple[str, ...]) -> None:
    """Run a command against an emulator of its own, and end with its exit code.

    The command finds in its environment how the scenario's first account is called: LKE_ENDPOINT, LKE_ENDPOINT_HOST
    (without http://), TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY, TENCENTCLOUD_REGION, OPENAI_BASE_URL and
    OPENAI_API_KEY. Where it fails, the calls that it made are printed.

    \b
    lke-emulator run -- pytest
    lke-emulator run --scenario my.yaml -- npm test
    """
    if command[0].startswith("-"):
        raise click.UsageError(f"No such option: {command[0]}; write -- before a command that is called so")
    from lke_emulator.scenario.document import ScenarioError
    from lke_emulator.testing.running import CannotRun, run_beside

    try:
        code, calls = run_beside(scenario, command)
    except ScenarioError as error:
        fail(str(error), BAD_SCENARIO)
    except CannotRun as error:
        fail(str(error), CANNOT_START)
    if code:
        click.echo(f"lke-emulator: {command[0]} ended with {code}; its calls, the newest last:", err=True)
        click.echo("\n".join(calls) or "none", err=True)
    sys.exit(code)
