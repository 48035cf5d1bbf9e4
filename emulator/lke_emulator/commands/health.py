"""Whether a server answers, for the health checks of containers, which bring no curl."""

import http.client
import json
from urllib.parse import urlsplit

import click

from lke_emulator.commands.ending import REFUSED, fail
from lke_emulator.commands.setting import setting


@click.command()
@setting("--endpoint", default="http://127.0.0.1:5530", show_default=True, metavar="URL")
@click.option("--timeout", default=2.0, show_default=True, type=click.FloatRange(0.01, 60), metavar="SECONDS")
def health(endpoint: str, timeout: float) -> None:
    """Ask a server whether it is well; exits with 1 when none answers there.

    \b
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
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        told = json.loads(answer.read())
        version = told["version"]
    except OSError as error:
        fail(f"no emulator answers on {endpoint}: {error or type(error).__name__}", REFUSED)
    except (http.client.HTTPException, ValueError, LookupError, TypeError):
        fail(f"what answers on {endpoint} is no emulator", REFUSED)
    finally:
        connection.close()
    if answer.status != 200:
        fail(f"{endpoint}/health answers {answer.status}", REFUSED)
    click.echo(f"{endpoint} is well: version {version}")
