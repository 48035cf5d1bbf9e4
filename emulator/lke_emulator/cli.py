"""The command line. A command is imported when it is named: `lke-emulator version` loads nothing else.

Exit codes: 0; 1 a call was refused or did not arrive; 2 wrong usage or a bad scenario; 3 it could not start.
"""

import io
import sys
from importlib import import_module
from typing import Any

import click

from lke_emulator import __version__
from lke_emulator.commands.ending import REFUSED, fail
from lke_emulator.commands.setting import TWINS, unknown_settings

COMMANDS = (
    "serve",
    "run",
    "call",
    "record",
    "compare",
    "verify",
    "explain",
    "replay",
    "snapshot",
    "actions",
    "assumptions",
    "health",
    "init",
    "validate",
    "schema",
    "version",
)
"""In the order in which `--help` tells them; each is the function of that name in the module of that name."""


class Commands(click.Group):
    """Those of COMMANDS; `start` is what other emulators call `serve`."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """What the machine refuses is one message, too: a full disk behind stdout, a working folder that is gone."""
        try:
            return super().main(*args, **kwargs)
        except OSError as error:
            if error.errno is None:
                raise
            sys.stdout = io.StringIO()  # the other one is flushed once more at the end
            fail(told_of(error), REFUSED)

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        known = "serve" if name == "start" else name
        return find_command(known) if known in COMMANDS else None


def told_of(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)


def find_command(name: str) -> Any:
    return getattr(import_module(f"lke_emulator.commands.{name}"), name)


def warn_of_unknown_settings() -> None:
    """A variable that is mistyped would change nothing, and nobody would know."""
    if unknown_settings():
        for name in COMMANDS:
            find_command(name)
        from lke_emulator.scenario.mismatch import nearest

        for name in unknown_settings():
            click.echo(f"lke-emulator: warning: {name} is no setting; {nearest(name, sorted(TWINS))}", err=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="lke-emulator", message="%(prog)s %(version)s")
def main() -> None:
    """A local emulator of Tencent Cloud's LKE family.

    \b
    lke-emulator serve                                     serve the default scenario on http://127.0.0.1:5530
    lke-emulator call DescribeTokenUsage                   sign and send one call to it
    lke-emulator init && lke-emulator validate scenario.yaml
    """
    warn_of_unknown_settings()
    for stream in (sys.stdout, sys.stderr):
        # Replies hold any language, whatever the locale says that a terminal shows.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
