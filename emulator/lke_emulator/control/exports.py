"""Calls of the journal in the forms of other tools: HAR, a shell script of curl, a test for pytest. No secret is in them."""

import json
import re
import shlex
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from lke_emulator import __version__
from lke_emulator.account.journal import Entry, params_of
from lke_emulator.gateway import common
from lke_emulator.gateway import params as parameters
from lke_emulator.protocol import shapes
from lke_emulator.protocol.errors import ApiError
from lke_emulator.protocol.spec import Action, spec

OPENAI = {
    "openai.chat.completions": ("chat.completions.create", ("model", "messages", "stream")),
    "openai.embeddings": ("embeddings.create", ("model", "input")),
    "openai.images.generations": ("images.generate", ("model", "prompt")),
}
"""What the official client has for an operation, and the arguments that it has for members."""
TITLE = 300
"""Characters of the line that says what a call was."""
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


# HAR 1.2


def as_har(entries: Iterable[Entry], url: str) -> str:
    """Answers are not kept: of those that refused there is what was told, of others the size is not known."""
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
    text = json.dumps(told_error(call), ensure_ascii=False) if entry.code else ""
    content = {"size": len(text.encode()), "mimeType": "text/event-stream" if entry.streamed else "application/json"}
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
            "content": content | ({"text": text} if text else {"comment": "the journal keeps no answers"}),
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": call.title,
    }


def told_error(call: ExportedCall) -> dict[str, Any]:
    entry = call.entry
    error = {"Code": entry.code, "Message": entry.message}
    if entry.surface == "gateway":
        return {"Response": {"Error": error, "RequestId": entry.request_id}}
    return {"error": {"code": entry.code, "message": entry.message}}


def query_pairs(params: Any) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in params.items()] if isinstance(params, Mapping) else []


def headers_of_call(call: ExportedCall) -> dict[str, str]:
    """Without those that authorise it."""
    given = {} if call.came_in_query else {"Content-Type": "application/json"}
    if call.action:
        given |= {"X-TC-Action": call.action.name, "X-TC-Version": call.action.version}
    return given


# curl

SIGNER = r"""# Set LKE_ENDPOINT, TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY; and OPENAI_API_KEY for calls that take a key.
set -u
: "${LKE_ENDPOINT:=@URL@}" "${TENCENTCLOUD_REGION:=ap-guangzhou}"

# tc3 PRODUCT VERSION ACTION BODY: one call, signed with TC3-HMAC-SHA256.
tc3() {
  at=$(date +%s)
  day=$(date -u -d "@$at" +%F 2>/dev/null || date -u -r "$at" +%F)
  host=${LKE_ENDPOINT#*://}
  signed='content-type;host'
  hashed=$(printf '%s' "$4" | sha256)
  hashed=$(printf 'POST\n/\n\ncontent-type:application/json\nhost:%s\n\n%s\n%s' "$host" "$signed" "$hashed" | sha256)
  key=$(printf '%s' "TC3$TENCENTCLOUD_SECRET_KEY" | od -An -v -tx1 | tr -d ' \n')
  for text in "$day" "$1" tc3_request; do key=$(printf '%s' "$text" | hmac "$key"); done
  scope="$day/$1/tc3_request"
  signature=$(printf 'TC3-HMAC-SHA256\n%s\n%s\n%s' "$at" "$scope" "$hashed" | hmac "$key")
  credential="Credential=$TENCENTCLOUD_SECRET_ID/$scope"
  printf '%s' "$4" | curl -sS "$LKE_ENDPOINT/" --data-binary @- \
    -H "Authorization: TC3-HMAC-SHA256 $credential, SignedHeaders=$signed, Signature=$signature" \
    -H "Host: $host" -H 'Content-Type: application/json' -H "X-TC-Timestamp: $at" \
    -H "X-TC-Version: $2" -H "X-TC-Action: $3" -H "X-TC-Region: $TENCENTCLOUD_REGION"
  echo
}
sha256() { openssl dgst -sha256 -r | cut -d' ' -f1; }
hmac() { openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" -r | cut -d' ' -f1; }
"""


def as_curl(entries: Iterable[Entry], url: str) -> str:
    """A script for sh; signed calls are signed anew by openssl, with credentials from the environment."""
    lines = [SIGNER.replace("@URL@", url)]
    for entry in entries:
        call = ExportedCall(entry)
        lines += [f"# {call.title}", curl_line(call)]
    return "\n".join(lines) + "\n"


def curl_line(call: ExportedCall) -> str:
    entry = call.entry
    if call.action:
        return shlex.join(("tc3", call.action.product, call.action.version, call.action.name, call.body))
    query = urlencode(query_pairs(call.params)) if call.came_in_query else ""
    words = ["curl", "-sS", "-X", entry.method or "GET"]
    if not call.came_in_query:
        words += ["-H", "Content-Type: application/json", "--data-binary", call.body]
    key = ' -H "Authorization: Bearer $OPENAI_API_KEY"' if entry.surface in ("openai", "oneapi") else ""
    target = shlex.quote(quote(entry.path) + (f"?{query}" if query else ""))
    return f'{shlex.join(words)}{key} "$LKE_ENDPOINT"{target}'


# pytest


def as_pytest(entries: Iterable[Entry], scenario: str) -> str:
    """A test that makes the calls again in an account of its own, and expects what became of them."""
    lines: list[str] = []
    counts: dict[str, int] = {}
    for entry in entries:
        call = ExportedCall(entry)
        made = python_line(call)
        lines.append(f"# {call.title}")
        if made is None or entry.code.startswith(NOT_AGAIN):
            lines.append("# It is not made again: what it needs is not in the journal.")
            continue
        if entry.fault and entry.code:
            lines.append(f"lke.faults.add(operation={entry.operation!r}, first=1, error={entry.code!r})")
        counts[entry.operation] = counts.get(entry.operation, 0) + 1
        if entry.code:
            lines += [f"with pytest.raises(Exception, match={json.dumps(matching(entry))}):", f"    {made}"]
        else:
            lines.append(made)
    expected = [f"lke.calls.expect(operation={operation!r}, times={many})" for operation, many in counts.items()]
    marker = f"@pytest.mark.lke_scenario({scenario!r})\n" if scenario else ""
    return TEST.format(marker=marker, body="\n    ".join([*lines, *expected] or ["pass"]))


TEST = """# Calls of the journal of an lke-emulator, made again.
import pytest


{marker}def test_the_calls(lke):
    {body}
"""


def matching(entry: Entry) -> str:
    """What a client's exception says of it, as a pattern."""
    return re.escape(entry.code if entry.surface == "gateway" else str(entry.status))


def python_line(call: ExportedCall) -> str | None:
    operation = call.entry.operation
    if call.action:
        return f"lke.client({call.action.product!r}).call_json({call.action.name!r}, {call.params!r})"
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
