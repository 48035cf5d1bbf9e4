"""Calls of the journal in the forms of other tools: HAR, a shell script of curl, a test for pytest. No secret is in them."""

import json
import re
import shlex
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from lke_emulator import __version__
from lke_emulator.account.journal import REDACTED, Entry, params_of
from lke_emulator.gateway import common
from lke_emulator.gateway import params as parameters
from lke_emulator.primitives.secret_names import is_secret
from lke_emulator.protocol import shapes
from lke_emulator.protocol.errors import ApiError
from lke_emulator.protocol.spec import Action, spec

OPENAI = {
    "openai.chat.completions": ("chat.completions.create", ("model", "messages", "stream")),
    "openai.embeddings": ("embeddings.create", ("model", "input")),
    "openai.images.generations": ("images.generate", ("model", "prompt")),
}
"""What the official client has for an operation, and the arguments that it has for members."""
REGION = "ap-guangzhou"
"""What the fixture signs for."""
TITLE = 300
"""Characters of the line that says what a call was."""
UPLOAD, BEFORE_UPLOAD = "objects.PutObject", "lke.DescribeStorageCredential"
NOT_AGAIN = ("AuthFailure.", "RequestLimitExceeded", "disconnected")
"""How calls end that would not again."""


class ExportedCall:
    """What of an entry every form needs."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.action = spec().by_key.get(entry.operation) if entry.surface == "gateway" else None
        self.params = params_of(entry)
        if self.action and isinstance(self.params, dict) and not isinstance(entry.params, bytes):
            self.params = own_params(self.action, self.params)

    @property
    def body(self) -> str:
        return json.dumps(self.params, ensure_ascii=False)

    @property
    def came_in_query(self) -> bool:
        return self.entry.method in ("GET", "DELETE", "HEAD") and self.action is None

    @property
    def title(self) -> str:
        entry = self.entry
        verdict = f"{entry.code}: {entry.message}" if entry.code else entry.verdict
        text = " ".join(f"{entry.request_id} {entry.operation or entry.surface} -> {verdict}".split())
        return "".join(letter if letter.isprintable() else "?" for letter in text[:TITLE])


def own_params(action: Action, flat: dict[str, Any]) -> dict[str, Any]:
    """The action's own parameters of a query or a form, as JSON has them."""
    own = {name: value for name, value in flat.items() if name not in common.PARAMS}
    try:
        return shapes.read_params(action.request, parameters.unflatten(own))
    except ApiError:
        return own


SK = re.compile(r"sk-[A-Za-z0-9_-]{12,}")


def answer_of(entry: Entry) -> str:
    """What went out, without secrets: JSON, or a stream each of whose events is. Empty where that is not known."""
    try:
        text = entry.answer.decode()
    except UnicodeDecodeError:
        return ""
    lines = [told_line(line) for line in text.split("\n")] if entry.streamed else [told_json(text)]
    return "\n".join(lines)


def told_line(line: str) -> str:
    """A line of a stream, or a packet of a socket: what it is called, and JSON."""
    found = LINE.fullmatch(line)
    return line if found is None else found[1] + told_json(found[2])


LINE = re.compile(r"((?:data:|42)\s*)([\[{].*)")


def told_json(text: str) -> str:
    """Without what is under a secret's name. What is no JSON may hold anything, and is not told."""
    if not text:
        return ""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return SK.sub(REDACTED, json.dumps(without_secrets(value), ensure_ascii=False))


def without_secrets(value: Any) -> Any:
    """Texts alone: the figures of tokens are under such names too."""
    if isinstance(value, dict):
        return {
            name: REDACTED if isinstance(inner, str) and inner and is_secret(name) else without_secrets(inner)
            for name, inner in value.items()
        }
    return [without_secrets(inner) for inner in value] if isinstance(value, list) else value


# HAR 1.2


def as_har(entries: Iterable[Entry], url: str) -> str:
    """Of an answer that is too long, or whose content is a file's, only the size."""
    creator = {"name": "lke-emulator", "version": __version__}
    told = [har_entry(ExportedCall(entry), url) for entry in entries]
    return json.dumps({"log": {"version": "1.2", "creator": creator, "entries": told}}, ensure_ascii=False, indent=1)


def har_entry(call: ExportedCall, url: str) -> dict[str, Any]:
    entry, milliseconds = call.entry, max(call.entry.latency_us, 0) / 1000
    query = query_pairs(call.params) if call.came_in_query else []
    request: dict[str, Any] = {
        "method": entry.method,
        "url": url + quote(entry.path) + (f"?{urlencode(query)}" if query else ""),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": name, "value": value} for name, value in headers_of_call(call).items()],
        "queryString": [{"name": name, "value": value} for name, value in query],
        "headersSize": -1,
        "bodySize": 0 if call.came_in_query else len(call.body.encode()),
    }
    if not call.came_in_query:
        request["postData"] = {"mimeType": "application/json", "text": call.body}
    text = answer_of(entry)
    content = {"size": entry.sent, "mimeType": "text/event-stream" if entry.streamed else "application/json"}
    return {
        "startedDateTime": datetime.fromtimestamp(entry.time, UTC).isoformat(timespec="milliseconds"),
        "time": milliseconds,
        "request": request,
        "response": {
            "status": entry.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": "Content-Type", "value": content["mimeType"]}],
            "content": content | ({"text": text} if text else {"comment": "the journal does not keep this answer"}),
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": entry.sent,
        },
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": call.title,
    }


def query_pairs(params: Any) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in params.items()] if isinstance(params, Mapping) else []


def headers_of_call(call: ExportedCall) -> dict[str, str]:
    """Without those that authorise it."""
    given = {} if call.came_in_query else {"Content-Type": "application/json"}
    if call.action:
        given |= {"X-TC-Action": call.action.name, "X-TC-Version": call.action.version}
        given |= {"X-TC-Region": call.entry.region} if call.entry.region else {}
    return given


# curl

SIGNER = r"""# Set LKE_ENDPOINT, TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY; OPENAI_API_KEY for calls that take a key,
# LKE_ACCESS_TOKEN for the routes of /api, LKE_APP_KEY for dialogues.
set -u
: "${LKE_ENDPOINT:=@URL@}" "${TENCENTCLOUD_REGION:=ap-guangzhou}"

# tc3 PRODUCT VERSION ACTION REGION BODY: one call, signed with TC3-HMAC-SHA256.
tc3() {
  at=$(date +%s)
  day=$(date -u -d "@$at" +%F 2>/dev/null || date -u -r "$at" +%F)
  host=${LKE_ENDPOINT#*://}
  signed='content-type;host'
  hashed=$(printf '%s' "$5" | sha256)
  hashed=$(printf 'POST\n/\n\ncontent-type:application/json\nhost:%s\n\n%s\n%s' "$host" "$signed" "$hashed" | sha256)
  key=$(printf '%s' "TC3$TENCENTCLOUD_SECRET_KEY" | od -An -v -tx1 | tr -d ' \n')
  for text in "$day" "$1" tc3_request; do key=$(printf '%s' "$text" | hmac "$key"); done
  scope="$day/$1/tc3_request"
  signature=$(printf 'TC3-HMAC-SHA256\n%s\n%s\n%s' "$at" "$scope" "$hashed" | hmac "$key")
  credential="Credential=$TENCENTCLOUD_SECRET_ID/$scope"
  printf '%s' "$5" | curl -sS "$LKE_ENDPOINT/" --data-binary @- \
    -H "Authorization: TC3-HMAC-SHA256 $credential, SignedHeaders=$signed, Signature=$signature" \
    -H "Host: $host" -H 'Content-Type: application/json' -H "X-TC-Timestamp: $at" \
    -H "X-TC-Version: $2" -H "X-TC-Action: $3" -H "X-TC-Region: ${4:-$TENCENTCLOUD_REGION}"
  echo
}
sha256() { openssl dgst -sha256 -r | cut -d' ' -f1; }
hmac() { openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" -r | cut -d' ' -f1; }
"""
OPENS = {
    "openai": ' -H "Authorization: Bearer $OPENAI_API_KEY"',
    "oneapi": ' -H "Authorization: ${LKE_ACCESS_TOKEN:-$OPENAI_API_KEY}"',
}
APP_KEYS = frozenset(("bot_app_key", "BotAppKey", "AppKey"))
"""Members that hold the key of an app."""
IN_ITS_PLACE = "\x00app-key\x00"


def as_curl(entries: Iterable[Entry], url: str) -> str:
    """A script for sh; signed calls are signed anew by openssl, with credentials from the environment."""
    lines = [SIGNER.replace("@URL@", url)]
    for entry in entries:
        call = ExportedCall(entry)
        made = curl_line(call)
        lines += [f"# {call.title}", made or NOT_MADE]
    return "\n".join(lines) + "\n"


NOT_MADE = "# It is not made again: what it needs is not in the journal."


def curl_line(call: ExportedCall) -> str | None:
    entry = call.entry
    body = quoted_body(call)
    if call.action:
        action = call.action
        return f"{shlex.join(('tc3', action.product, action.version, action.name, entry.region))} {body}"
    if cannot_be_sent(call):
        return None
    query = urlencode(query_pairs(call.params)) if call.came_in_query else ""
    words = shlex.join(("curl", "-sS", "-N", "-X", entry.method or "GET"))
    if not call.came_in_query:
        words += f" -H 'Content-Type: application/json' --data-binary {body}"
    target = shlex.quote(quote(entry.path) + (f"?{query}" if query else ""))
    return f'{words}{OPENS.get(entry.surface, "")} "$LKE_ENDPOINT"{target}'


def quoted_body(call: ExportedCall) -> str:
    """For sh, which puts an app's key in its place."""
    text = json.dumps(with_app_key(call.params, IN_ITS_PLACE), ensure_ascii=False)
    return shlex.quote(text.replace(json.dumps(IN_ITS_PLACE)[1:-1], IN_ITS_PLACE)).replace(
        IN_ITS_PLACE, "'\"${LKE_APP_KEY-}\"'"
    )


def with_app_key(value: Any, key: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {
        name: key if name in APP_KEYS and inner == REDACTED else with_app_key(inner, key)
        for name, inner in value.items()
    }


def cannot_be_sent(call: ExportedCall) -> bool:
    """Whether it came over a socket, was signed as object storage signs, or had a body that is no JSON."""
    entry = call.entry
    return entry.is_packet or entry.surface == "objects" or isinstance(call.params, str)


# pytest


def as_pytest(entries: Iterable[Entry], scenario: str) -> str:
    """A test that makes the calls again in an account of its own, and expects what became of them."""
    lines: list[str] = []
    counts: dict[str, int] = {}
    for entry in entries:
        call = ExportedCall(entry)
        made = None if entry.code.startswith(NOT_AGAIN) or not entry.account else python_lines(call)
        lines.append(f"# {call.title}")
        if made is None:
            lines.append(NOT_MADE)
            continue
        if entry.fault and entry.code:
            lines.append(f"lke.faults.add(operation={entry.operation!r}, first=1, error={entry.code!r})")
        for operation in (entry.operation, *([BEFORE_UPLOAD] if entry.operation == UPLOAD else ())):
            counts[operation] = counts.get(operation, 0) + 1
        lines += made
    expected = [f"lke.calls.expect(operation={operation!r}, times={many})" for operation, many in counts.items()]
    marker = f"@pytest.mark.lke_scenario({scenario!r})\n" if scenario else ""
    return TEST.format(marker=marker, body="\n    ".join([*lines, *expected] or ["pass"]))


TEST = """# Calls of the journal of an lke-emulator, made again.
import pytest


{marker}def test_the_calls(lke):
    {body}
"""


def python_lines(call: ExportedCall) -> list[str] | None:
    """The call, and what became of it; None for one that cannot be made."""
    entry = call.entry
    made = sdk_line(call)
    if made is not None:
        if not entry.code:
            return [made]
        said = re.escape(entry.code if entry.surface == "gateway" else str(entry.status))
        return [f"with pytest.raises(Exception, match={json.dumps(said)}):", f"    {made}"]
    if cannot_be_sent(call):
        return uploaded(call)
    query = urlencode(query_pairs(call.params)) if call.came_in_query else ""
    arguments = [repr(entry.method), repr(quote(entry.path) + (f"?{query}" if query else ""))]
    if not call.came_in_query:
        arguments.append(literal(call))
    arguments += ["authorization=lke.access_token or lke.key"] if entry.surface == "oneapi" else []
    arguments += ['authorization=f"Bearer {lke.key}"'] if entry.surface == "openai" else []
    lines = [f"said = lke.request({', '.join(arguments)})", f"assert said.status == {entry.status}"]
    return (
        [*lines, f"assert {json.dumps(entry.message)} in said.text"]
        if entry.code and entry.message.isascii()
        else lines
    )


def uploaded(call: ExportedCall) -> list[str] | None:
    """An upload of as many bytes; which they were is not kept."""
    entry = call.entry
    if entry.operation != UPLOAD or entry.code:
        return None
    return [f"lke.upload(bytes({entry.received}))"]


def literal(call: ExportedCall) -> str:
    text = repr(with_app_key(call.params, IN_ITS_PLACE))
    return text.replace(repr(IN_ITS_PLACE), "lke.app_key")


def sdk_line(call: ExportedCall) -> str | None:
    """By an official client."""
    operation = call.entry.operation
    if call.action:
        region = call.entry.region
        asked = repr(call.action.product) + (f", region={region!r}" if region not in ("", REGION) else "")
        return f"lke.client({asked}).call_json({call.action.name!r}, {literal(call)})"
    if operation == "openai.models":
        name = call.entry.path.partition("/models/")[2]
        return f"lke.openai().models.retrieve({name!r})" if name else "lke.openai().models.list()"
    if operation in OPENAI and isinstance(call.params, dict):
        method, names = OPENAI[operation]
        own = [f"{name}={call.params[name]!r}" for name in names if name in call.params]
        others = {name: value for name, value in call.params.items() if name not in names}
        made = f"lke.openai().{method}({', '.join([*own, *([f'extra_body={others!r}'] if others else [])])})"
        return f"list({made})" if call.params.get("stream") is True else made
    return None
