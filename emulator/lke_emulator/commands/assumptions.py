"""What the emulator assumes, as a page."""

import click


@click.command()
def assumptions() -> None:
    """Print what the emulator assumes of the cloud, as a page of Markdown.

    Every assumption has an id, a default, and what that rests on. `assumptions:` of a scenario changes them.
    """
    from lke_emulator.scenario.assumptions import assumptions_page

    click.echo(assumptions_page(), nl=False)
