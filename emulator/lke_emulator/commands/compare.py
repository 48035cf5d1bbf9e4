"""A recording held against the emulator."""

import json
import sys
from pathlib import Path

import click

from lke_emulator.commands.ending import BAD_SCENARIO, REFUSED, fail
from lke_emulator.commands.keys import keys_for
from lke_emulator.commands.setting import setting

LONGEST = 160
"""Characters of a line that tells a request."""


@click.command()
@click.argument("recording", type=click.Path(dir_okay=False, path_type=Path))
@setting(
    "--target", default="", metavar="URL", help="An endpoint that runs already.  [default: an emulator of its own]"
)
@setting("--scenario", default="default", show_default=True, help="Of the emulator of its own: a name, or a YAML file.")
@setting(
    "--shapes",
    is_flag=True,
    help="For another account's recording: figures, texts and lengths of lists may differ. Codes, error texts, members, types"
    " and the order of events may not.",
)
@setting(
    "--ignore",
    multiple=True,
    metavar="PLACE",
    help="Places that may differ, as they are printed; * stands for anything: 'lke.ListApp.List.*.UpdateTime'.",
)
def compare(recording: Path, target: str, scenario: str, shapes: bool, ignore: tuple[str, ...]) -> None:
    """Make the requests of RECORDING again, and print what the emulator answers in another way.

    Codes, texts, members, types and order must be the same. Ids are held against each other by their form and by what
    they stand for, times by their form; an id that an earlier reply told is sent as it was told this time. The clock of
    the emulator's own account stands at each request's moment. A target is called with the credentials that
    `lke-emulator record` takes. Exits with 1 if anything differs.

    \b
    lke-emulator compare recording.yaml
    lke-emulator compare recording.yaml --scenario my-account.yaml
    lke-emulator compare recording.yaml --shapes --ignore 'lke.ListModel.*'
    """
    from contextlib import nullcontext

    from lke_emulator.recording.comparison import Comparison
    from lke_emulator.recording.document import read_recording
    from lke_emulator.recording.replay import Elsewhere, compared, fresh
    from lke_emulator.recording.upstream import UpstreamFailed
    from lke_emulator.scenario.document import ScenarioError

    try:
        recorded = read_recording(recording)
        place = nullcontext(Elsewhere(target, keys_for("--target", target))) if target else fresh(scenario)
        differing = 0
        with place as where:
            for one in compared(recorded, where, Comparison(shapes, ignore)):
                differing += bool(one.differences)
                if one.differences:
                    asked = json.dumps(one.reply.match, ensure_ascii=False)
                    click.echo(f"{one.number}. {one.reply.operation} {asked}"[:LONGEST])
                    for difference in one.differences:
                        click.echo(f"   {difference.place}: {difference.what}")
    except OSError as error:
        raise click.UsageError(f"{recording} cannot be read: {error.strerror}") from None
    except ScenarioError as error:
        fail(str(error), BAD_SCENARIO)
    except UpstreamFailed as error:
        fail(str(error), REFUSED)
    count = len(recorded.replies)
    click.echo(f"{differing} of {count} replies differ" if differing else f"all {count} replies are the same")
    sys.exit(REFUSED if differing else 0)
