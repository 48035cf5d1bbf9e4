"""A scenario to start from."""

from importlib.resources import files

import click

from lke_emulator.commands.setting import setting

STARTER = files("lke_emulator") / "scenario" / "starter.yaml"


@click.command()
@click.argument("file", default="scenario.yaml", type=click.Path(dir_okay=False))
@setting("--force", is_flag=True, help="Overwrite the file.")
def init(file: str, force: bool) -> None:
    """Write a commented scenario to start from, as FILE (scenario.yaml); - is stdout."""
    if file == "-":
        click.echo(STARTER.read_text("utf-8"), nl=False)
        return
    try:
        with open(file, "w" if force else "x", encoding="utf-8") as target:
            target.write(STARTER.read_text("utf-8"))
    except FileExistsError:
        raise click.UsageError(f"{file} exists; --force overwrites it") from None
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror}") from None
    click.echo(f"wrote {file}; serve it with: lke-emulator serve --scenario {file} --watch")
