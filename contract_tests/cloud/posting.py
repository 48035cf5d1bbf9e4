"""JSON sent to any URL, and the events of what comes back."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from contract_tests.conftest import Target
from contract_tests.gateway.wire import Heard, send
from lke_emulator.recording.exchange import events_of


def post(url: str, body: Any, headers: Mapping[str, str] | None = None) -> Heard:
    at = urlsplit(url)
    target = Target(f"{at.scheme}://{at.netloc}", "", "", "")
    told = {"Content-Type": "application/json", **(headers or {})}
    return send(target, path=at.path, body=json.dumps(body).encode(), headers=told)


def events(heard: Heard) -> list[tuple[str, Any]]:
    """Each with its name."""
    return [(one["event"], one["data"]) for one in events_of(heard.body) if isinstance(one, dict) and "event" in one]
