"""The actions, and how each is answered."""

import click

from lke_emulator.commands.setting import setting


@click.command()
@setting("--product", metavar="PRODUCT", help="Only those of lke, lkeap or adp.")
def actions(product: str | None) -> None:
    """List the actions: product, version, and how each is answered.

    stateful: from the scenario and what was called. generated: seeded values in the shape of the reply.
    """
    from lke_emulator.products import load_handlers
    from lke_emulator.protocol.spec import spec

    handlers = load_handlers()
    if product is not None and product not in spec().products:
        raise click.UsageError(f"{product} is not one of {', '.join(sorted(spec().products))}")
    for action in spec().by_key.values():
        if product in (None, action.product):
            source = "stateful" if action.key in handlers else "generated"
            click.echo(f"{action.product:5}  {action.version}  {source:9}  {action.name}")
