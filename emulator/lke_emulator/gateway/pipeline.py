"""One request from its bytes to its answer: the statements of `answer` are the steps, in the order the cloud takes them.

The order is a claim (protocol reference 7, partly inferred): two faults at once report the one whose step comes first.
"""

import logging
from collections.abc import Mapping
from time import perf_counter_ns
from typing import Any

from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.call import Call, Frames, Prepared, Slow
from lke_emulator.account.journal import Entry
from lke_emulator.account.world import World
from lke_emulator.exchange import envelope, transport
from lke_emulator.exchange.envelope import Answer
from lke_emulator.exchange.settings import Settings
from lke_emulator.exchange.transport import Raw
from lke_emulator.gateway import authentication, common, routing
from lke_emulator.gateway.common import Common
from lke_emulator.primitives.clock import real_now
from lke_emulator.products import HANDLERS
from lke_emulator.products.generated import generated
from lke_emulator.protocol import shapes
from lke_emulator.protocol.errors import ApiError, refusal
from lke_emulator.protocol.signature import parse_authorization
from lke_emulator.protocol.spec import Action, spec

SPEC = spec()
Result = dict[str, Any] | Prepared | Slow | Frames
log = logging.getLogger("lke_emulator.gateway")


def answer(raw: Raw, world: World, settings: Settings) -> Answer:
    """The answer to one HTTP request that came to the gateway; never raises."""
    began = perf_counter_ns()
    request_id = world.ids.request_id()
    assumptions = world.assumptions
    headers = raw.headers
    signed = settings.auth == "strict"
    name = caller = uin = code = message = source = ""
    params: Mapping[str, Any] = {}
    in_header = False
    flat: dict[str, str] | None = None
    detail: Mapping[str, Any] | None = None
    try:
        check_method(raw)
        transport.check_size(raw)
        in_header = "authorization" in headers or (not signed and "x-tc-action" in headers)
        content_type = transport.content_type(raw)
        params, flat = read_params(raw, in_header, content_type)
        asked = read_common(raw, flat, in_header, signed, assumptions)
        name = asked.action
        authorization = parse_authorization(headers["authorization"]) if "authorization" in headers else None
        endpoint = routing.endpoint(headers.get("host", ""))
        product = routing.product(endpoint, asked, authorization, SPEC)
        name = f"{product}.{name}"
        if assumptions.check_order == "lookup-first":
            action = look_up(raw, product, asked, in_header, content_type)
        if not signed:
            credential = authentication.anyone(world, raw, flat or {})
        elif in_header:
            strict_scope = endpoint.public or assumptions.strict_scope_service
            credential = authentication.by_header(world, raw, asked, product, authorization, strict_scope)
        else:
            credential = authentication.by_params(world, raw, asked, product, flat or {})
        uin, caller = credential.account, credential.uin
        account = world.accounts[uin]
        if assumptions.check_order == "signature-first":
            action = look_up(raw, product, asked, in_header, content_type)
        name = action.key
        if asked.region not in assumptions.regions:
            raise wrong_region(asked.region, in_header)
        now = account.clock.now()
        limit = account.limits.of(action.key) if settings.rate_limit is None else settings.rate_limit
        # Limits count per region of the access point, which the host names, not per X-TC-Region (documented).
        account.limits.admit(action.key, endpoint.region, caller, limit, now)
        params = business(action, params, flat)
        host = headers.get("host", "")
        call = Call(account, caller, action, params, now, asked.region, request_id, assumptions, host)
        result, source = reply(call, settings)
        given = written(result, call, source)
    except ApiError as error:
        code, detail = error.code, error.detail
        message = error.message(common.language(headers, params), assumptions.error_texts)
        given = refused(error, message, request_id, raw, assumptions)
        log.info("%s refused: %s", name or "request", code, extra={"request_id": request_id, "detail": detail})
    except Exception:
        internal = refusal("internal")
        code, message = internal.code, internal.message(common.language(headers, params), assumptions.error_texts)
        given = envelope.failure(internal, message, request_id)
        log.exception("%s failed inside", name or "request", extra={"request_id": request_id})
    latency = (perf_counter_ns() - began) // 1000
    size = len(raw.body) + len(raw.query)
    # A JSON body is kept as it came: what was read from it can go at once.
    sent = raw.body if in_header and raw.method == "POST" else params
    world.journal.add(
        Entry(real_now(), request_id, uin, caller, name, sent, code, message, source, latency, detail, size)
    )
    return given


def check_method(raw: Raw) -> None:
    if raw.method not in ("GET", "POST"):
        raise refusal("method")


def read_params(raw: Raw, in_header: bool, content_type: str) -> tuple[Mapping[str, Any], dict[str, str] | None]:
    """The parameters, and their flat form where they came in one (a query or a form): values are then still strings."""
    if raw.method == "POST" and in_header:
        return (transport.read_json(raw.body) if content_type == transport.JSON else {}), None
    text = raw.query if raw.method == "GET" else raw.body.decode("utf-8", "replace")
    flat = transport.read_pairs(text)
    return flat, flat


def read_common(
    raw: Raw, flat: dict[str, str] | None, in_header: bool, signed: bool, assumptions: Assumptions
) -> Common:
    if in_header:
        return common.from_headers(raw.headers, signed)
    return common.from_params(flat or {}, signed, assumptions)


def look_up(raw: Raw, product: str, asked: Common, in_header: bool, content_type: str) -> Action:
    """The action, and that it can take what was sent: TC3 takes JSON by POST, never a form or multipart (documented)."""
    action = routing.find(product, asked, SPEC)
    if in_header and raw.method == "POST" and content_type != transport.JSON:
        raise refusal("content-type", type=content_type)
    return action


def wrong_region(region: str, in_header: bool) -> ApiError:
    """Observed: a missing Region is worded as a parameter in TC3 too. What is no region's name is an invalid value."""
    if not region:
        return refusal("missing", name="Region")
    if not common.REGION.fullmatch(region):
        return refusal("common-value", name="X-TC-Region" if in_header else "Region")
    return refusal("region")


def business(action: Action, params: Mapping[str, Any], flat: dict[str, str] | None) -> dict[str, Any]:
    """The action's own parameters, typed and checked."""
    if flat is None:
        own: dict[str, Any] = params  # type: ignore[assignment]
    else:
        tree = transport.unflatten({name: value for name, value in flat.items() if name not in common.PARAMS})
        own = shapes.read_params(action.request, tree)
    return shapes.check(action.request, own)


def reply(call: Call, settings: Settings) -> tuple[Result, str]:
    """The result and where it is from: a scenario's canned reply, a handler, or the response shape."""
    key = call.action.key
    canned = call.account.canned(key, call.params)
    if canned is not None:
        return dict(canned), "scenario"
    handler = HANDLERS.get(key)
    if handler is not None:
        return handler(call), "stateful"
    if settings.strict:
        raise refusal("unsupported")
    account = call.account
    return generated(call.action, call.params, account.seed, call.now, account.zone), "generated"


def written(result: Result, call: Call, source: str) -> Answer:
    """The result in its envelope, or as a stream."""
    if isinstance(result, Prepared):
        return envelope.prepared(result.body, call.request_id)
    if isinstance(result, dict):
        result["RequestId"] = call.request_id
        return envelope.success(shapes.encode(call.action.response, result), source == "generated")
    if isinstance(result, Slow):
        answer = written(result.result, call, source)
        return answer._replace(seconds=result.seconds, done=result.done)
    return envelope.stream(result, call.request_id)


BARE = {"post_oversize": 413, "get_oversize": 414, "other_method": 405}


def refused(error: ApiError, message: str, request_id: str, raw: Raw, assumptions: Assumptions) -> Answer:
    """The error in its envelope, or the bare HTTP status that an assumption asks for."""
    setting = {"size": f"{raw.method.lower()}_oversize", "method": "other_method"}.get(error.key, "")
    if setting and getattr(assumptions, setting) != "envelope":
        return Answer(b"", envelope.HEAD, None, BARE[setting])
    return envelope.failure(error, message, request_id)
