"""A server that lives until it is told to end."""

import gc
import math
from typing import Any

import click

from lke_emulator.commands.ending import BAD_SCENARIO, CANNOT_START, fail
from lke_emulator.commands.setting import setting


def finite(context: click.Context, option: click.Parameter, value: float) -> float:
    if not math.isfinite(value):
        raise click.BadParameter("must be a number of seconds")
    return value


def origins(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        scheme, separator, host = value.partition("://")
        if value not in ("*", "null") and (
            not (scheme and separator and host) or any(letter in host for letter in "/?# ")
        ):
            raise click.BadParameter(
                f"{value} is no origin; one is written as https://pages.example:8080, without a path"
            )
    return values


@click.command()
@setting("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 is every one.")
@setting("--port", default=5530, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@setting("--scenario", default="default", show_default=True, help="Name of a shipped scenario, or path of a YAML file.")
@setting("--seed", type=click.IntRange(-(10**18), 10**18), help="In place of the scenario's seed.")
@setting(
    "--auth",
    default="strict",
    show_default=True,
    type=click.Choice(["strict", "off"]),
    help="off: nothing is verified. A SecretId or key that is known acts as itself, all else as the first account.",
)
@setting("--strict", is_flag=True, help="Refuse actions that only have generated replies.")
@setting(
    "--rate-limit",
    type=click.IntRange(0),
    help="Calls a second for every action, 0 for no limit.  [default: as the scenario says]",
)
@setting(
    "--latency",
    default=0.0,
    show_default=True,
    type=click.FloatRange(0, 60),
    callback=finite,
    help="Seconds added to every answer.",
)
@setting("--watch", is_flag=True, help="Load the scenario again whenever its file changes; SIGHUP does so at any time.")
@setting(
    "--data-dir",
    default="",
    metavar="DIR",
    help="Keep the world there: what was answered survives a restart, and kill -9.",
)
@setting("--call-log", default="", metavar="FILE", help="Write every call there, for `lke-emulator replay`.")
@setting("--endpoints-file", default="", metavar="PATH", help="Write the URL there as JSON when ready.")
@setting("--log-format", default="text", show_default=True, type=click.Choice(["text", "json"]))
@setting(
    "--log-level",
    default="info",
    show_default=True,
    type=click.Choice(["debug", "info", "warning", "error"]),
    help="debug tells every call that is refused.",
)
@setting(
    "--cors-origin",
    "cors_origins",
    multiple=True,
    callback=origins,
    metavar="ORIGIN",
    help="A browser origin beside loopback that may call.",
)
@setting(
    "--control-origin",
    "control_origins",
    multiple=True,
    callback=origins,
    metavar="ORIGIN",
    help="A browser origin whose pages may use /_emulator.",
)
@setting("--control-token", default="", metavar="TOKEN", help="Opens /_emulator to callers from other machines.")
def serve(**flags: Any) -> None:
    """Serve a scenario until SIGTERM.

    Prints one line on stdout when it is ready, `lke-emulator ready on http://127.0.0.1:5530` and the date there; nothing else is
    meant to be read by programs. A flag wins over its environment variable.

    \b
    lke-emulator serve --scenario quiet-weekend
    lke-emulator serve --scenario my.yaml --watch --rate-limit 0
    lke-emulator serve --port 0 --endpoints-file emulator.json
    """
    gc.disable()  # until it has started: collections are a tenth of it, and find nothing
    from lke_emulator import log
    from lke_emulator.exchange.settings import Settings
    from lke_emulator.scenario.document import ScenarioError
    from lke_emulator.serve import CannotStart
    from lke_emulator.serve import serve as run

    settings = Settings(**flags)
    log.set_up(settings.log_format, settings.log_level)
    try:
        run(settings)
    except ScenarioError as error:
        fail(str(error), BAD_SCENARIO)
    except CannotStart as error:
        fail(f"could not start: {error}", CANNOT_START)
