"""Why a call went as it did, for people: what the cloud's own words leave out. Worked out when somebody asks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.journal import Entry, journal_line, params_of
from lke_emulator.account.world import World
from lke_emulator.control.table import ControlCall, route
from lke_emulator.models.catalogue import CATALOGUE
from lke_emulator.primitives.change import AccountChange
from lke_emulator.primitives.closeness import closest
from lke_emulator.primitives.members import member_at
from lke_emulator.protocol import attempts
from lke_emulator.protocol.spec import Shape, spec

MOST = 20
"""Names in a list."""
DAY = 86_400


class SignatureSide(msgspec.Struct, frozen=True, kw_only=True):
    string_to_sign: str
    canonical_request: str = ""
    """Empty for the signatures of parameter mode, which have none."""


class FirstDifference(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    """canonical request or string to sign."""
    line: int
    """Counted from 1."""
    client: str
    server: str


class SignatureComparison(msgspec.Struct, frozen=True, kw_only=True):
    client: SignatureSide
    """What the client has signed, if `is_certain`; else what it would have by what it sent."""
    server: SignatureSide
    is_certain: bool
    """Whether the client's signature was made again from `client`."""
    difference: FirstDifference | None
    """None where the texts are the same: then the key is another one."""


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    """host, body, secret, other-secret, clock, content-type, action, parameter, fault, ..."""
    text: str
    advice: str = ""


class NearMiss(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    """An action or the path of a parameter, as it came."""
    message: str
    nearest: list[str]
    """What may be meant, the likeliest first."""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    request_id: str
    surface: str
    account: str
    caller: str
    operation: str
    params: Any
    """Without any secret."""
    verdict: str
    code: str
    message: str
    """What the caller was told."""
    source: str
    """Where the answer is from: stateful, generated, scenario."""
    fault: str
    """The id of the fault that struck it."""
    causes: list[Cause]
    """The likeliest first."""
    near_misses: list[NearMiss]
    secret_ids: list[str]
    """Those that are known, the nearest first, where the one of the call is not."""
    signature: SignatureComparison | None
    detail: Mapping[str, Any] | None
    changes: Sequence[AccountChange]
    """What of the account it has changed."""


@route("GET", "/explain/{id}")
def explain_call(call: ControlCall) -> Explanation:
    """Why a call was refused or broke, and what was probably meant; `id` is its RequestId."""
    id = call.names["id"]
    entry = call.world.journal.entry(id)
    if entry is None:
        raise LookupError(
            f"the journal has no call of RequestId {id[:100]}; {call.world.journal.dropped()} made room for newer ones"
        )
    return explanation_of(entry, call.world)


def explanation_of(entry: Entry, world: World) -> Explanation:
    why = Why(entry, world)
    line = journal_line(entry)
    return Explanation(
        request_id=entry.request_id,
        surface=entry.surface,
        account=entry.account,
        caller=entry.caller,
        operation=entry.operation,
        params=line["Params"],
        verdict=entry.verdict,
        code=entry.code,
        message=entry.message,
        source=entry.source,
        fault=entry.fault,
        causes=why.causes,
        near_misses=why.near_misses,
        secret_ids=why.secret_ids,
        signature=why.signature,
        detail=line["Detail"],
        changes=entry.changes,
    )


class Why:
    """What is to be said of one call, by the text that it was refused with."""

    def __init__(self, entry: Entry, world: World) -> None:
        self.entry = entry
        self.world = world
        self.causes: list[Cause] = []
        self.near_misses: list[NearMiss] = []
        self.secret_ids: list[str] = []
        self.signature: SignatureComparison | None = None
        if entry.fault:
            self.causes.append(Cause(kind="fault", text=f"fault {entry.fault} struck it", advice=FAULT_ADVICE))
        elif entry.code and entry.source == "scenario":
            self.say(
                "reply", "a canned reply of the account says so", "`replies:` of the scenario, or of a PATCH, has it"
            )
        elif entry.code:
            told = TOLD.get(entry.reason or entry.code)
            if told is not None:
                told(self, **entry.facts)

    def say(self, kind: str, text: str, advice: str = "") -> None:
        self.causes.append(Cause(kind=kind, text=text, advice=advice))

    @property
    def assumptions(self) -> Assumptions:
        account = self.world.accounts.get(self.entry.account)
        return account.assumptions if account else self.world.assumptions

    def shape_of(self, path: str) -> tuple[Shape | None, str]:
        """The shape that a parameter is a member of, and its name there."""
        action = spec().by_key.get(self.entry.operation)
        shape = action.request if action else None
        *above, name = path.split(".")
        for step in above:
            if shape is not None and not step.isdecimal():
                member = shape.members.get(step)
                shape = shape.of(member) if member and not member.scalar else None
        return shape, name

    def near(self, name: str, known: Iterable[str], advice: str) -> None:
        """A name that is not there; a cause too."""
        nearest = closest(name, known)
        self.near_misses.append(NearMiss(name=name[:200], message=self.entry.message, nearest=nearest))
        text = f"`{name[:200]}` is not there" + (f"; nearest: {', '.join(nearest)}" if nearest else "")
        self.say("name", text, advice)

    # Names.

    def of_action(self, action: str, service: str, version: str) -> None:
        known = spec().services[service, version].actions if (service, version) in spec().services else {}
        self.near(action, known, f"GET /_emulator/actions lists the actions of {service}")
        others = [one.key for one in spec().by_key.values() if one.name == action and one.product != service]
        if others:
            self.say("product", f"it is an action of another product: {', '.join(others)}", "use that product's client")

    def of_version(self, version: str, service: str) -> None:
        versions = [known for product, known in spec().services if product == service]
        advice = "X-TC-Version, or Version, is the version of the product's API"
        self.near_misses.append(NearMiss(name=version[:200], message=self.entry.message, nearest=versions))
        self.say("version", f"{service} is known at {', '.join(versions)}", advice)

    def of_product(self) -> None:
        self.say(
            "product",
            f"the products here are {', '.join(sorted(spec().products))}",
            "see the Host and the credential scope",
        )

    def of_model(self) -> None:
        account = self.world.accounts.get(self.entry.account)
        known = [*CATALOGUE, *(account.models if account else ())]
        params = params_of(self.entry)
        asked = self.entry.model or (params.get("model") if isinstance(params, dict) else None)
        self.near(str(asked or ""), known, "GET /v1/models lists them")

    # Parameters.

    def of_unknown(self, name: str) -> None:
        shape, step = self.shape_of(name)
        self.near(step, shape.members if shape else (), "names are those of the API's data types, with their capitals")

    def of_missing(self, name: str) -> None:
        shape, step = self.shape_of(name)
        beside = member_at(params_of(self.entry), name.split(".")[:-1])
        others = [one for one in beside if shape and one not in shape.members] if isinstance(beside, Mapping) else []
        nearest = closest(step, others)
        self.near_misses.append(NearMiss(name=name, message=self.entry.message, nearest=nearest))
        meant = f"; `{nearest[0]}` came, which is probably meant for it" if nearest else ""
        self.say("parameter", f"`{name}` is required and did not come" + meant)

    def of_parameter_type(self, name: str, type: str) -> None:
        self.say("parameter", f"`{name}` must be of type {type}", "numbers are no text and text is no number in JSON")

    def of_size(self) -> None:
        self.say(
            "size", "GET takes 32 KB, POST 10 MB, and 1 MB where the signature is a parameter", "page what is asked for"
        )

    def of_missing_header(self, name: str) -> None:
        self.say("header", f"the header `{name}` did not come", "a proxy may have removed it")

    def of_region(self) -> None:
        self.say("region", f"the regions here are {', '.join(self.assumptions.regions)}", "assumption `regions`")

    def of_rate(self, times: int, limit: int) -> None:
        advice = "`limits:` of the account, or --rate-limit, sets another limit; 0 is none"
        self.say("rate", f"call {times} in one second, and {limit} may come", advice)

    # Who calls.

    def of_key(self) -> None:
        account, path = self.world.first_credential.account, "/_emulator/accounts/UIN/keys"
        self.say("key", "no API key of this world has this secret", f"GET {path} lists them, of {account} for one")

    def of_secret_id(self, secret_id: str) -> None:
        known = self.world.credentials
        near = closest(secret_id, known, MOST)
        self.secret_ids = [*near, *(one for one in list(known)[: MOST + len(near)] if one not in near)][:MOST]
        text = f"the SecretId `{secret_id[:100]}` is none of this world's" if secret_id else "the SecretId is empty"
        self.say("secret-id", text, f"known: {', '.join(self.secret_ids)}" if known else "there is none")

    def of_expired(self, now: int, timestamp: int) -> None:
        apart = timestamp - now
        side = "ahead of" if apart > 0 else "behind"
        whose = "the account's" if self.assumptions.signatures == "account" else "the real"
        advice = "set the client's clock"
        if len(str(timestamp)) > 11:
            advice = "X-TC-Timestamp is in seconds, not milliseconds"
        elif abs(apart) % 1800 < 60 and abs(apart) < DAY:
            advice = "the difference is that of a time zone: a timestamp is seconds of UTC since 1970"
        self.say("clock", f"the client's clock is {abs(apart)} s {side} {whose} one; 300 are allowed", advice)

    def of_token(self) -> None:
        self.say(
            "token",
            "the token and the SecretId are not of one pair, or the token has expired",
            "take new temporary keys",
        )

    def of_authorization(self, part: str) -> None:
        advice = {
            "Date": "Credential has the UTC date of X-TC-Timestamp, whatever the local date is",
            "Service": "Credential has the product's name, the first label of its host",
            "SignedHeaders": "content-type and host are signed at least",
            "tc3_request": "Credential ends with /tc3_request",
        }
        form = "TC3-HMAC-SHA256 Credential=ID/DATE/SERVICE/tc3_request, SignedHeaders=a;b, Signature=64 digits of hex"
        self.say("authorization", f"`{part}` of Authorization is wrong", advice.get(part, f"its form is: {form}"))

    def of_content_hash(self) -> None:
        self.say(
            "body",
            "X-TC-Content-SHA256 is not the hash of the body that came",
            "a proxy changed the body, or the client",
        )

    def of_signature(self, **facts: Any) -> None:
        secrets = {one.secret_id: one.secret_key for one in self.world.credentials.values()}
        if "signed" in facts:
            signed, authorization = facts["signed"], facts["authorization"]
            body = self.entry.params if isinstance(self.entry.params, bytes) else b""
            forwarded = signed.headers.get("x-forwarded-host", "")
            found = attempts.found_attempt(signed, authorization, body, secrets, forwarded)
            deviations = found.deviations if found else ()
            sides = attempts.both_sides(signed, authorization, found)
        else:
            method, host, params = facts["method"], facts["host"], self.entry.params
            v1 = attempts.found_v1(method, host, facts["service"], params, secrets)
            deviations = (v1.deviation,) if v1 else ()
            sides = attempts.v1_sides(method, host, params, v1)
        self.signature = comparison_of(sides, bool(deviations))
        for one in deviations:
            self.say(one.cause, one.text, ADVICE.get(one.cause, ""))
        if not deviations:
            self.say(
                "secret",
                "no usual mistake gives this signature: the SecretKey is most probably another one",
                ADVICE["secret"],
            )


TOLD: Mapping[str, Callable[..., None]] = {
    "action": Why.of_action,
    "version": Why.of_version,
    "product": Why.of_product,
    "model_not_found": Why.of_model,
    "unknown": Why.of_unknown,
    "missing": Why.of_missing,
    "parameter-type": Why.of_parameter_type,
    "size": Why.of_size,
    "v1-size": Why.of_size,
    "missing-header": Why.of_missing_header,
    "region": Why.of_region,
    "rate": Why.of_rate,
    "secret-id": Why.of_secret_id,
    "invalid_api_key": Why.of_key,
    "expired": Why.of_expired,
    "token": Why.of_token,
    "authorization": Why.of_authorization,
    "content-hash": Why.of_content_hash,
    "signature": Why.of_signature,
}
"""By the key of the text that a call was refused with, or by its code."""
FAULT_ADVICE = "GET /_emulator/faults and those of the account list them; `asked` is one that the call itself asked for"
ADVICE = {
    "host": "sign the host that is called, with its port if it is not 80 or 443; behind a proxy keep the Host",
    "content-type": "sign the Content-Type that leaves: HTTP libraries add a charset, or one of their own",
    "body": "sign the very bytes that leave; a proxy must not write JSON anew",
    "clock": "take X-TC-Timestamp and the string to sign from one reading of the clock",
    "other-secret": "take both from one place: the environment and a file may each give one of them",
    "secret": "compare the SecretKey's length and ends with the scenario's",
    "service": "the service is the product's name, lower case, in both places",
    "headers": "SignedHeaders lists the signed headers, lower case, in the order of the canonical request",
    "method": "sign the method that leaves: redirects change POST to GET",
    "query": "the query is empty for POST, and signed as it stands in the URL for GET",
    "encoding": "sign raw values, then encode them for the URL, the Signature's too",
    "algorithm": "SignatureMethod is HmacSHA256 or HmacSHA1, and is signed itself",
}


def comparison_of(sides: Mapping[str, Mapping[str, str]], is_certain: bool) -> SignatureComparison:
    client, server = (
        SignatureSide(
            string_to_sign=sides[side]["StringToSign"], canonical_request=sides[side].get("CanonicalRequest", "")
        )
        for side in ("client", "server")
    )
    difference = None
    texts = (
        ("canonical request", client.canonical_request, server.canonical_request),
        ("string to sign", client.string_to_sign, server.string_to_sign),
    )
    for text, one, other in texts:
        lines, others = one.split("\n"), other.split("\n")
        longest = max(len(lines), len(others))
        padded = zip(lines + [""] * (longest - len(lines)), others + [""] * (longest - len(others)), strict=True)
        for number, (mine, yours) in enumerate(padded, 1):
            if difference is None and mine != yours:
                difference = FirstDifference(text=text, line=number, client=mine, server=yours)
    return SignatureComparison(client=client, server=server, is_certain=is_certain, difference=difference)
