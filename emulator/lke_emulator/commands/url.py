"""URLs that the command line is given."""

import click

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


def usable_url(flag: str, url: str) -> None:
    """Exits with one message where it is none of an HTTP endpoint."""
    from urllib.parse import urlsplit

    try:
        at = urlsplit(url)
        usable = at.scheme in ("http", "https") and bool(at.hostname) and (at.port is None or at.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise click.UsageError(f"{flag} must be an http or https URL, not {url}")


def is_local(url: str) -> bool:
    """Whether it is an endpoint of this machine."""
    from urllib.parse import urlsplit

    return urlsplit(url).hostname in LOCAL_HOSTS
