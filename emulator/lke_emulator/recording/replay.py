"""A recording's requests sent again, and the replies held against the recorded ones."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from lke_emulator.client import CONTENT_TYPE, Credentials, authorization_of
from lke_emulator.recording.comparison import Comparison, Difference
from lke_emulator.recording.document import Recording
from lke_emulator.recording.exchange import HttpReply, HttpRequest, RecordedReply, recorded_reply
from lke_emulator.recording.redaction import SHORTEST, is_stand_in, words_of
from lke_emulator.recording.upstream import KEY_MEMBERS, Upstream, UpstreamKeys, chunks
from lke_emulator.testing.server import ThreadedServer

NOBODY = Credentials("AKIDreplayed", "-")


class Compared(NamedTuple):
    number: int
    """Its place in the recording, from 1."""
    reply: RecordedReply
    differences: list[Difference]


class Elsewhere:
    """An endpoint that runs already, at the time that it is there."""

    def __init__(self, url: str, keys: UpstreamKeys) -> None:
        self.upstream = Upstream(url, keys._replace(app_key=""))
        self.app_key = keys.app_key
        """In place of app keys that no reply has told."""
        self.root = ""
        """In place of uins that no reply has told."""

    def come_to(self, moment: float) -> None:
        """Be at the moment of an exchange: it has a clock of its own."""


class Fresh(Elsewhere):
    """An emulator in this process, whose clock follows the recording's."""

    def __init__(self, server: ThreadedServer) -> None:
        account = server.first_account()
        app = next(iter(server.app.running.world.accounts[account.uin].apps), None)
        super().__init__(server.url, UpstreamKeys(account.credentials, account.key, app.key if app else ""))
        self.root = account.uin
        self.clock = account.clock

    def come_to(self, moment: float) -> None:
        self.clock.freeze(moment)


@contextmanager
def fresh(scenario: str) -> Iterator[Fresh]:
    """ScenarioError for a bad scenario."""
    server = ThreadedServer(scenario, rate_limit=0)
    try:
        yield Fresh(server)
    finally:
        server.stop()


def compared(recording: Recording, place: Elsewhere, comparison: Comparison) -> Iterator[Compared]:
    """Each exchange in its order, as soon as it was repeated. UpstreamFailed where nobody answers."""
    for number, was in enumerate(recording.replies, 1):
        place.come_to(was.recorded.at)
        connection, response = place.upstream.send(request_of(was, comparison, place))
        try:
            body = b"".join(chunks(response))
        finally:
            connection.close()
        reply = HttpReply(response.status, response.headers.get("content-type", ""), body)
        now = recorded_reply(request_of(was, comparison, place), reply, was.recorded.at)
        yield Compared(number, was, comparison.differences(was, now))


def request_of(was: RecordedReply, comparison: Comparison, place: Elsewhere) -> HttpRequest:
    """The request as it would be made now: what an earlier reply told is said as it was told this time."""
    told, match = was.recorded, filled_in(comparison.told_anew(was.match), "", place)
    body = told.body.encode() or (json.dumps(match, ensure_ascii=False).encode() if match or was.action else b"")
    headers = {"content-type": CONTENT_TYPE}
    if not was.action:
        method, _, target = was.request.partition(" ")
        for recorded, meant in comparison.meant.items():
            target = target.replace(recorded, str(meant)) if len(recorded) >= SHORTEST else target
        return HttpRequest(method, target, headers | {"authorization": "Bearer replayed"}, body)
    product, _, action = was.action.partition(".")
    common = {"action": action, "version": told.version, "region": told.region, "language": told.language}
    headers |= {f"x-tc-{name}": value for name, value in common.items() if value}
    # Only its scope is read: the product. The upstream signs anew.
    headers["authorization"] = authorization_of("POST", "", CONTENT_TYPE, "", body, product, NOBODY, int(told.at))
    return HttpRequest("POST", "/", headers, body)


def filled_in(value: Any, name: str, place: Elsewhere) -> Any:
    """Stand-ins that no reply has told are the place's own."""
    if isinstance(value, dict):
        return {inner: filled_in(each, inner, place) for inner, each in value.items()}
    if isinstance(value, list):
        return [filled_in(each, name, place) for each in value]
    if is_stand_in(value):
        own = place.app_key if name in KEY_MEMBERS else place.root if "uin" in words_of(name) else ""
        return (int(own) if isinstance(value, int) else own) if own else value
    return value
