"""What opens an endpoint, from the environment."""

import os
from typing import TYPE_CHECKING

import click

from lke_emulator.commands.url import is_local, usable_url

if TYPE_CHECKING:
    from lke_emulator.recording.upstream import UpstreamKeys

LOCAL_CREDENTIALS = ("AKIDlocal", "local-secret-key")
LOCAL_KEY = "sk-localRootKeyOfLkeEmulatorOpensNothingOutsideOfIt"


def keys_for(flag: str, url: str) -> "UpstreamKeys":
    """Those of the environment; for an endpoint on this machine without any, the default scenario's.

    Exits with one message for a URL that is none, half a pair of credentials, or nothing at all for an endpoint elsewhere.
    """
    from lke_emulator.client import Credentials
    from lke_emulator.recording.upstream import UpstreamKeys

    usable_url(flag, url)
    get = os.environ.get
    secret_id, secret_key = get("TENCENTCLOUD_SECRET_ID", ""), get("TENCENTCLOUD_SECRET_KEY", "")
    if bool(secret_id) != bool(secret_key):
        raise click.UsageError("set both TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or neither")
    credentials = Credentials(secret_id, secret_key, get("TENCENTCLOUD_TOKEN", "")) if secret_id else None
    keys = UpstreamKeys(credentials, get("OPENAI_API_KEY", ""), get("LKE_BOT_APP_KEY", ""))
    if any(keys.secrets):
        return keys
    if is_local(url):
        return UpstreamKeys(Credentials(*LOCAL_CREDENTIALS), LOCAL_KEY)
    raise click.UsageError(
        f"nothing opens {url}: set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY for signed calls, OPENAI_API_KEY for"
        " the endpoint with API keys, LKE_BOT_APP_KEY for dialogues"
    )
