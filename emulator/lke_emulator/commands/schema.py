"""What a scenario file may hold, for editors."""

import click

from lke_emulator.commands.ending import pretty


@click.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for completion and checks in editors.

    \b
    lke-emulator schema > scenario.schema.json
    Then, at the top of a scenario:  # yaml-language-server: $schema=scenario.schema.json
    """
    from lke_emulator.scenario.schema import schema as scenario_schema

    click.echo(pretty(scenario_schema()))
