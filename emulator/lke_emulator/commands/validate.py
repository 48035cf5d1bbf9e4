"""A check of scenarios without serving them."""

import sys

import click

from lke_emulator.commands.ending import BAD_SCENARIO


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def validate(files: tuple[str, ...]) -> None:
    """Check scenarios: files, or names of shipped ones.

    Says for each what it holds, or what is wrong, with file, line and path. Exits with 2 when one is wrong. What is
    likely not meant, such as an app that no usage names, is a warning.
    """
    from lke_emulator.scenario.document import ScenarioError
    from lke_emulator.scenario.load import load

    wrong = False
    for file in files:
        try:
            world = load(file, warn=lambda warning: click.echo(f"warning: {warning}", err=True))
        except ScenarioError as error:
            wrong = True
            click.echo(str(error), err=True)
        else:
            accounts, credentials = len(world.accounts), len(world.credentials)
            click.echo(f"{file}: valid; accounts: {accounts}, credentials: {credentials}, seed: {world.seed}")
    sys.exit(BAD_SCENARIO if wrong else 0)
