"""Which version this is."""

import click

from lke_emulator import __version__


@click.command()
def version() -> None:
    """Print the version."""
    click.echo(f"lke-emulator {__version__}")
