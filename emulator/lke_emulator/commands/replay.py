"""Calls that were logged, served again."""

import sys
from pathlib import Path

import click

from lke_emulator import __version__
from lke_emulator.commands.ending import BAD_SCENARIO, REFUSED, fail
from lke_emulator.commands.setting import setting


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@setting("--all", "go_on", is_flag=True, help="Go on after the first reply that differs.")
@setting("--other-scenario", default="", metavar="NAME", help="In place of the scenario that FILE begins with.")
def replay(file: Path, go_on: bool, other_scenario: str) -> None:
    """Serve the calls of FILE again, by a world made anew, and show the first reply that is not the same byte for byte.

    `lke-emulator serve --call-log FILE` writes it: whatever was called, over sockets too, and each scenario that was loaded
    meanwhile. The world is made of what FILE says it was made of, at the same moments; no server is started, and neither the
    scenario's file nor the folder of `--data-dir` is read. A FILE that another version wrote shows what this one answers
    otherwise. Exits with 1 if a reply differs.

    \b
    lke-emulator serve --call-log calls.yaml
    lke-emulator replay calls.yaml
    """
    from lke_emulator.replaying.call_log import NotALog, read_log
    from lke_emulator.replaying.replay import Replay, made_of_other
    from lke_emulator.scenario.document import ScenarioError

    def warn(warning: str) -> None:
        click.echo(f"lke-emulator: warning: {warning}", err=True)

    count = differing = 0
    try:
        worlds = read_log(file, warn)
        if other_scenario:
            worlds[0] = made_of_other(worlds[0], other_scenario)
        version = worlds[0].head.version
        if version != __version__:
            warn(f"{version} wrote {file}, and this is {__version__}")
        for one in Replay(worlds).replies():
            count += 1
            if one.is_same:
                continue
            differing += 1
            click.echo(
                f"call {one.number}, {one.call.operation or 'control'}: {one.call.sent.method} {one.call.sent.path}"
            )
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
