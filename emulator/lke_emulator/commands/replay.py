"""Calls that were logged, served again."""

import sys
from pathlib import Path

import click

from lke_emulator.commands.ending import BAD_SCENARIO, REFUSED, fail


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--all", "go_on", is_flag=True, help="Go on after the first reply that differs.")
@click.option("--scenario", default="", metavar="NAME", help="In place of the scenario that FILE names.")
def replay(file: Path, go_on: bool, scenario: str) -> None:
    """Serve the calls of FILE again, by a world made anew, and show the first reply that is not the same byte for byte.

    `lke-emulator serve --call-log FILE` writes it. The world has the scenario, the seed and the moments that the first one
    had; no server is started. A FILE that another version wrote shows what this one answers otherwise. Exits with 1 if a
    reply differs.

    \b
    lke-emulator serve --call-log calls.yaml
    lke-emulator replay calls.yaml
    """
    import msgspec

    from lke_emulator.replaying.call_log import NotALog, digest_of, read_log
    from lke_emulator.replaying.replay import replayed
    from lke_emulator.scenario.document import ScenarioError

    try:
        head, logged = read_log(file)
        head = msgspec.structs.replace(head, scenario=scenario or head.scenario)
        if digest_of(head.scenario) != head.digest:
            click.echo(f"lke-emulator: warning: {head.scenario} is not what it was when {file} was written", err=True)
        count = differing = 0
        for one in replayed(head, list(logged)):
            count += 1
            if one.is_same:
                continue
            differing += 1
            click.echo(f"call {one.number}, {one.call.operation}: {one.call.sent.method} {one.call.sent.path}")
            for difference in one.differences():
                click.echo(f"   {difference}")
            if not go_on:
                sys.exit(REFUSED)
    except OSError as error:
        raise click.UsageError(f"{error.filename or file} cannot be read: {error.strerror}") from None
    except NotALog as error:
        raise click.UsageError(str(error)) from None
    except ScenarioError as error:
        fail(str(error), BAD_SCENARIO)
    click.echo(f"{differing} of {count} replies differ" if differing else f"all {count} replies are the same")
    sys.exit(REFUSED if differing else 0)
