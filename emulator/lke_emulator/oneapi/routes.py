"""The paths of the console, and their answers as HTTP: {"success", "message", "data"}."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lke_emulator.exchange import cors
from lke_emulator.exchange.running import Running
from lke_emulator.oneapi import balance, data, logs, pricing, tokens, topup, user
from lke_emulator.oneapi.authentication import Who, identify
from lke_emulator.oneapi.call import Call, Denied, Plain
from lke_emulator.primitives.refused import Refused

log = logging.getLogger("lke_emulator.oneapi")
BODY_LIMIT = 1 << 20
ROOTS = ("/api", "/v1/dashboard", "/dashboard")
METHODS = "GET, POST, PUT, DELETE, OPTIONS"


class Row(NamedTuple):
    method: str
    path: str
    who: Who
    serve: Callable[[Call], Any]


BILLING = [
    Row("GET", f"{prefix}/dashboard/billing/{name}", "key", serve)
    for prefix in ("/v1", "")
    for name, serve in (("subscription", balance.subscription), ("usage", balance.usage))
]
TABLE = [
    Row("GET", "/api/status", "anyone", pricing.status),
    Row("GET", "/api/pricing", "anyone", pricing.pricing),
    Row("GET", "/api/user/self", "person", user.self),
    Row("GET", "/api/user/self/groups", "person", user.groups),
    Row("GET", "/api/user/models", "person", user.models),
    Row("GET", "/api/user/token", "person", user.access_token),
    Row("GET", "/api/user/topup/info", "person", topup.info),
    Row("GET", "/api/user/topup/self", "person", topup.payments),
    Row("POST", "/api/user/topup", "person", topup.redeem),
    Row("POST", "/api/user/amount", "person", topup.amount),
    Row("POST", "/api/user/pay", "person", topup.pay),
    Row("GET", "/api/token/", "person", tokens.list_tokens),
    Row("POST", "/api/token/", "person", tokens.create_token),
    Row("PUT", "/api/token/", "person", tokens.update_token),
    Row("GET", "/api/token/search", "person", tokens.search_tokens),
    Row("GET", "/api/token/{id}", "person", tokens.get_token),
    Row("DELETE", "/api/token/{id}", "person", tokens.delete_token),
    Row("POST", "/api/token/{id}/key", "person", tokens.reveal_token),
    Row("GET", "/api/log/self", "person", logs.list_logs),
    Row("GET", "/api/log/self/stat", "person", logs.statistics),
    Row("GET", "/api/log/self/search", "person", logs.search_logs),
    Row("GET", "/api/log/token", "reading-key", logs.logs_of_key),
    Row("GET", "/api/data/self", "person", data.data),
    Row("GET", "/api/usage/token/", "reading-key", balance.token_usage),
    *BILLING,
]


def routes(running: Running) -> list[BaseRoute]:
    """Each with and without a last slash; clients write both."""
    served = [
        Route(row.path.rstrip("/") + end, answering(running, row), methods=[row.method])
        for row in TABLE
        for end in ("", "/")
    ]
    every = [*METHODS.split(", "), "PATCH"]
    rest = [Route(root + end, elsewhere(running), methods=every) for root in ROOTS for end in ("", "/{rest:path}")]
    return [*served, *rest]


def answering(running: Running, row: Row) -> Callable[[Request], Awaitable[Response]]:
    """The only place that knows what an error is in HTTP."""

    async def answer(request: Request) -> Response:
        await running.delay()
        try:
            body = await read(request)
            person = identify(row.who, request.headers, running.world, running.settings)
            now = person.account.clock.now()
            names, query = request.path_params, request.query_params
            return give(row.serve(Call(running.world, *person, now, query, names, body)), request, running)
        except Denied as error:
            log.info("%s refused: %s", request.url.path, error)
            return deny(row, error, request, running)
        except (Refused, LookupError) as error:
            if type(error) not in (Refused, LookupError):
                raise
            return deny(row, Denied(str(error)), request, running)

    return answer


async def read(request: Request) -> bytes:
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > BODY_LIMIT:
                raise Denied(f"The body is longer than {BODY_LIMIT} bytes.", 413)
    except ClientDisconnect:
        raise Denied("The caller went away.") from None
    return body


def give(value: Any, request: Request, running: Running) -> Response:
    if isinstance(value, Plain):
        return reply(value.body, value.status, request, running)
    return reply({"success": True, "message": "", "data": value}, 200, request, running)


def deny(row: Row, error: Denied, request: Request, running: Running) -> Response:
    """OpenAI's routes are refused in OpenAI's form, as the family does."""
    if row not in BILLING:
        return reply({"success": False, "message": str(error)}, error.status, request, running)
    world = running.world
    message = f"{error} (request id: {world.ids.request_id()})"
    body = {"error": {"message": message, "type": world.assumptions.gateway_error_type}}
    return reply(body, error.status, request, running)


def reply(body: dict[str, Any], status: int, request: Request, running: Running) -> Response:
    headers = cors.headers(request.headers, running.settings.cors_origins) if "origin" in request.headers else []
    response = Response(msgspec.json.encode(body), status, media_type="application/json")
    response.raw_headers.extend(headers)
    return response


def elsewhere(running: Running) -> Callable[[Request], Awaitable[Response]]:
    """What a browser asks beforehand; and paths that are not there, or not with this method: what there is."""

    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return preflight(request, running)
        known = ", ".join(dict.fromkeys(row.path for row in TABLE))
        message = f"There is no {request.method} {request.url.path} here; there are {known}."
        return reply({"success": False, "message": message}, 404, request, running)

    return answer


def preflight(request: Request, running: Running) -> Response:
    response = Response(status_code=200)
    for name, value in cors.preflight(request.headers, running.settings.cors_origins):
        allowed = METHODS.encode() if name == b"access-control-allow-methods" else value
        response.raw_headers.append((name, allowed))
    return response
