"""Whether a server answers, for scripts that wait for one and for containers, which bring no curl."""

import http.client
import json
import time
from urllib.parse import urlsplit

import click

from lke_emulator.commands.ending import REFUSED, fail
from lke_emulator.commands.setting import setting

PAUSE = 0.05
"""Seconds between two questions."""


class NotWell(Exception):
    """The text says what answered, or that nobody did."""


@click.command()
@setting("--endpoint", default="http://127.0.0.1:5530", show_default=True, metavar="URL")
@setting(
    "--wait",
    default=0.0,
    type=click.FloatRange(0, 3600),
    metavar="SECONDS",
    help="Go on asking for so long until it is.",
)
@setting("--timeout", default=2.0, show_default=True, type=click.FloatRange(0.01, 60), metavar="SECONDS")
def health(endpoint: str, wait: float, timeout: float) -> None:
    """Ask a server whether it is well; exits with 1 when none answers there.

    \b
    lke-emulator serve & lke-emulator health --wait 5
    HEALTHCHECK CMD ["lke-emulator", "health"]
    """
    try:
        url = urlsplit(endpoint)
        connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=timeout)
        usable = url.scheme == "http" and bool(url.hostname)
    except (ValueError, http.client.InvalidURL):
        usable = False
    if not usable:
        raise click.UsageError(f"--endpoint must be an http URL, not {endpoint}")
    patience = time.monotonic() + wait
    while True:
        try:
            click.echo(f"{endpoint} is well: version {version_of(connection)}")
            return
        except NotWell as why:
            if time.monotonic() >= patience:
                fail(f"{endpoint}: {why}", REFUSED)
            time.sleep(PAUSE)


def version_of(connection: http.client.HTTPConnection) -> str:
    """The emulator's. NotWell where there is none."""
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        told = json.loads(answer.read())
        if answer.status != 200:
            raise NotWell(f"/health answers {answer.status}")
        return str(told["version"])
    except OSError as error:
        raise NotWell(f"no emulator answers: {error or type(error).__name__}") from None
    except (http.client.HTTPException, ValueError, LookupError, TypeError):
        raise NotWell("what answers is no emulator") from None
    finally:
        connection.close()
