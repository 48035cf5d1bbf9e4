"""One request of API 3.0 from its bytes to its answer: the statements of `identify` and `serve` are the steps, in the order the
cloud takes them.

The order is a claim (protocol reference 7, partly inferred): two faults at once report the one whose step comes first.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.call import ANY_TIME, Call, Frames, Prepared, Slow, Wait
from lke_emulator.account.replies import Reply
from lke_emulator.exchange.answer import Answer, Parts
from lke_emulator.exchange.exchange import Exchange
from lke_emulator.exchange.raw import Raw
from lke_emulator.exchange.settings import Settings
from lke_emulator.gateway import authentication, common, envelope, routing
from lke_emulator.gateway import params as parameters
from lke_emulator.gateway.common import Common
from lke_emulator.knowledge.unread import Unread
from lke_emulator.primitives.clock import real_now
from lke_emulator.products import CHECKS, FILES, PREPARATIONS, handler_of
from lke_emulator.products.lkeap.codes import MEANINGS, lkeap_error
from lke_emulator.protocol import shapes
from lke_emulator.protocol.errors import ApiError, refusal, sample
from lke_emulator.protocol.signature import parse_authorization
from lke_emulator.protocol.spec import Action, spec

SPEC = spec()
READING = frozenset(
    key
    for key in SPEC.by_key
    if re.match(r"(lke|adp)\.(List|Describe|Get)|lkeap\.(Describe|List|Get\w+Result)", key)
    and not key.endswith((".GetWsToken", ".DescribeStorageCredential"))
)
"""The actions that change nothing."""
METERED = frozenset(("lkeap.ChatCompletions", "lkeap.GetEmbedding", "lkeap.QueryRewrite", "lkeap.RunRerank"))
"""Those that change nothing but what was used and what that costs."""
Result = dict[str, Any] | Prepared | Slow | Frames


DONE = object()


class Gateway(Exchange):
    surface = "gateway"
    refusals = (ApiError,)
    bound = staticmethod(parameters.bound)

    params: Mapping[str, Any] = {}
    """As they came, common ones too."""
    flat: dict[str, str] | None = None
    """The parameters where they came in a query or a form: values are then still strings."""
    in_header = False
    """Whether the common parameters are headers."""
    asked: Common
    endpoint: routing.Endpoint
    action: Action

    def identify(self) -> None:
        raw, world, entry, headers = self.raw, self.world, self.entry, self.raw.headers
        assumptions, signed = world.assumptions, self.settings.auth == "strict"
        check_method(raw)
        parameters.check_size(raw)
        in_header = self.in_header = "authorization" in headers or (not signed and "x-tc-action" in headers)
        content_type = parameters.content_type(raw)
        # A JSON body is kept as it came: what was read from it can go at once.
        if in_header and raw.method == "POST":
            entry.params = raw.body
        self.params, flat = read_params(raw, in_header, content_type)
        if flat is not None:
            entry.params = self.flat = flat
        asked = self.asked = read_common(raw, flat, in_header, signed, assumptions)
        self.region = self.entry.region = asked.region
        entry.operation = asked.action
        authorization = parse_authorization(headers["authorization"]) if "authorization" in headers else None
        endpoint = self.endpoint = routing.endpoint(headers.get("host", ""))
        product = routing.product(endpoint, asked, authorization, SPEC)
        entry.operation = f"{product}.{asked.action}"
        if assumptions.check_order == "lookup-first":
            self.action = look_up(raw, product, asked, in_header, content_type, assumptions.version_aliases)
        if not signed:
            credential = authentication.anyone(world, raw, flat or {})
        elif in_header:
            strict_scope = endpoint.public or assumptions.strict_scope_service
            credential = authentication.by_header(world, raw, asked, product, authorization, strict_scope)
        else:
            credential = authentication.by_params(world, raw, asked, product, flat or {})
        entry.account, entry.caller = credential.account, credential.uin
        self.account = world.accounts[credential.account]
        if assumptions.check_order == "signature-first":
            self.action = look_up(raw, product, asked, in_header, content_type, assumptions.version_aliases)
        if not self.account.replies:  # some of which are given so often
            if entry.operation in READING:
                self.may_change = None
            elif entry.operation in METERED:
                self.may_change = ()

    def serve(self) -> Answer | Parts:
        account, action, asked, entry = self.account, self.action, self.asked, self.entry
        assert account is not None
        assumptions = self.assumptions
        if asked.region not in assumptions.regions:
            raise wrong_region(asked.region, self.in_header)
        now = account.clock.now()
        limit = account.limits.of(action.key) if self.settings.rate_limit is None else self.settings.rate_limit
        # Limits count per region of the access point, which the host names, not per X-TC-Region (documented).
        window = now if assumptions.limit_clock == "account" else real_now()
        account.limits.admit(action.key, self.endpoint.region, entry.caller, limit, window)
        params = business(action, self.params, self.flat, assumptions.extra_members == "ignore")
        host = self.raw.headers.get("host", "")
        call = Call(account, entry.caller, action, params, now, asked.region, self.request_id, assumptions, host, entry)
        canned = account.replies.take(action.key, params)
        if canned is not None:
            entry.source = "scenario"
            return canned_later(canned, call) if canned.delay else canned_reply(canned, call)
        handler_of(action.key)  # which loads what is prepared for it
        if action.key in PREPARATIONS:
            steps = PREPARATIONS[action.key](call)
            if next(steps, DONE) is not DONE:
                return self.prepared(steps, call)
        if action.key in FILES and (files := FILES[action.key](call)):
            return self.with_files(files, call)
        return self.answered(call)

    def answered(self, call: Call) -> Answer | Parts:
        result, call.entry.source = reply(call, self.settings)
        return written(result, call)

    def prepared(self, steps: Iterator[None], call: Call) -> Parts:
        """Others are served between the steps."""
        yield Wait(0)
        for _ in steps:
            yield Wait(0)
        yield from self.answered_later(call)

    def with_files(self, files: Sequence[Unread], call: Call) -> Parts:
        """Others are served while they are read, and whatever these change counts."""
        from lke_emulator.knowledge.apart import read_ahead

        with read_ahead(files) as ear:
            yield Wait(ANY_TIME, ear)
            given = self.answered_later(call)
            first = next(given)
        yield first
        yield from given

    def answered_later(self, call: Call) -> Parts:
        given = self.answered(call._replace(now=call.account.clock.now()))
        if isinstance(given, Answer):
            call.entry.end()
            yield given
        else:
            yield from given

    def refuse(self, error: Exception) -> Answer:
        """The error in its envelope, or the bare HTTP status that an assumption asks for."""
        assert isinstance(error, ApiError)
        raw, assumptions = self.raw, self.assumptions
        message = error.message(common.language(raw.headers, self.params), assumptions.error_texts)
        entry = self.entry
        entry.reason, entry.facts, entry.detail = error.key, error.facts, error.detail
        self.entry.end(error.code, message)
        setting = {"size": f"{raw.method.lower()}_oversize", "method": "other_method"}.get(error.key, "")
        if setting and getattr(assumptions, setting) != "envelope":
            return Answer(b"", envelope.HEAD, BARE[setting])
        return envelope.failure(error, message, self.request_id)

    def internal(self) -> Exception:
        return refusal("internal")

    def fault(self, code: str, message: str) -> Exception:
        if not message and code in MEANINGS and self.action.product == "lkeap":
            return lkeap_error(code)
        return sample(code, message, now=int(real_now()), action=self.action.name, version=self.action.version)


def check_method(raw: Raw) -> None:
    if raw.method not in ("GET", "POST"):
        raise refusal("method")


def read_params(raw: Raw, in_header: bool, content_type: str) -> tuple[Mapping[str, Any], dict[str, str] | None]:
    """The parameters, and their flat form where they came in one (a query or a form): values are then still strings."""
    if raw.method == "POST" and in_header:
        return (parameters.read_object(raw.body) if content_type == parameters.JSON else {}), None
    text = raw.query if raw.method == "GET" else raw.body.decode("utf-8", "replace")
    flat = parameters.read_pairs(text)
    return flat, flat


def read_common(
    raw: Raw, flat: dict[str, str] | None, in_header: bool, signed: bool, assumptions: Assumptions
) -> Common:
    if in_header:
        return common.from_headers(raw.headers, signed)
    return common.from_params(flat or {}, signed, assumptions)


def look_up(
    raw: Raw, product: str, asked: Common, in_header: bool, content_type: str, aliases: Mapping[str, Sequence[str]]
) -> Action:
    """The action, and that it can take what was sent: TC3 takes JSON by POST, never a form or multipart (documented)."""
    action = routing.find_action(product, asked, SPEC, aliases)
    if in_header and raw.method == "POST" and content_type != parameters.JSON:
        raise refusal("content-type", type=content_type)
    return action


def wrong_region(region: str, in_header: bool) -> ApiError:
    """Observed: a missing Region is worded as a parameter in TC3 too. What is no region's name is an invalid value."""
    if not region:
        return refusal("missing", name="Region")
    if not common.REGION.fullmatch(region):
        return refusal("common-value", name="X-TC-Region" if in_header else "Region")
    return refusal("region")


def business(
    action: Action, params: Mapping[str, Any], flat: dict[str, str] | None, ignores_others: bool
) -> dict[str, Any]:
    """The action's own parameters, typed and checked; others are refused, or not looked at."""
    if flat is None:
        own: dict[str, Any] = params  # type: ignore[assignment]
    else:
        tree = parameters.unflatten({name: value for name, value in flat.items() if name not in common.PARAMS})
        own = shapes.read_params(action.request, tree)
    return shapes.check(action.request, shapes.without_others(action.request, own) if ignores_others else own)


def reply(call: Call, settings: Settings) -> tuple[Result, str]:
    """The result and where it is from: a handler, or the response shape."""
    key = call.action.key
    handler = handler_of(key)
    if handler is not None:
        return handler(call), "stateful"
    if settings.strict:
        raise refusal("unsupported")
    from lke_emulator.products.generated import generated

    if key in CHECKS:
        CHECKS[key](call)
    account = call.account
    return generated(call.action, call.params, account.seed, call.now, account.zone), "generated"


def canned_reply(canned: Reply, call: Call) -> Answer | Parts:
    """A scenario's canned reply. Raises the error of one that is one."""
    if canned.error is not None:
        code, message = canned.error.code, canned.error.message
        raise sample(code, message, now=int(real_now()), action=call.action.name, version=call.action.version)
    if canned.events is not None:
        return written((dict(event) for event in canned.events), call)
    return written(dict(canned.result or {}), call)


def canned_later(canned: Reply, call: Call) -> Parts:
    yield Wait(canned.delay)
    given = canned_reply(canned, call)
    if isinstance(given, Answer):
        call.entry.end()
        yield given
    else:
        yield from given


def written(result: Result, call: Call) -> Answer | Parts:
    """The result in its envelope, or as a stream."""
    if isinstance(result, (Prepared, dict)):
        return whole(result, call)
    if isinstance(result, Slow):
        return held_back(result, call)
    call.entry.streamed = True
    return envelope.stream(result, call.request_id, call.assumptions.sse_space)


def whole(result: dict[str, Any] | Prepared, call: Call) -> Answer:
    if isinstance(result, Prepared):
        return envelope.prepared(result.body, call.request_id)
    result["RequestId"] = call.request_id
    return envelope.success(shapes.encode(call.action.response, result), call.entry.source == "generated")


def held_back(result: Slow, call: Call) -> Parts:
    try:
        yield Wait(result.seconds)
        answer = whole(result.result, call)
        result.done()
        call.entry.end()
        yield answer
    finally:
        result.done()


BARE = {"post_oversize": 413, "get_oversize": 414, "other_method": 405}
