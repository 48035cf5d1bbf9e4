"""The control routes as HTTP: who may, what was sent, what comes back. Every noun has a file of its own."""

from collections.abc import Awaitable, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lke_emulator.control import (
    access_tokens,
    accounts,
    clock,
    journal,
    keys,
    knowledge,
    moderation,
    notifications,
    openapi,
    packages,
    permissions,
    postpaid,
    report,
    status,
    wallet,
)
from lke_emulator.control.guard import guarded
from lke_emulator.control.reply import give, refuse
from lke_emulator.control.table import DOCUMENT, PREFIX, TABLE, Call, Invalid, Operation, serve
from lke_emulator.exchange.running import Running
from lke_emulator.primitives.refused import Refused

NOUNS = (
    status,
    journal,
    accounts,
    clock,
    keys,
    access_tokens,
    packages,
    postpaid,
    permissions,
    wallet,
    notifications,
    knowledge,
    moderation,
    report,
    openapi,
)
"""Each has written its routes into the table."""
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
BODY_LIMIT = 1 << 20


def routes(running: Running) -> list[BaseRoute]:
    """Health and readiness are public, everything else is guarded."""
    paths: list[BaseRoute] = []
    for row in TABLE:
        endpoint = answering(running, row) if row.public else guarded(answering(running, row), running)
        paths.append(Route(PREFIX + row.path, endpoint, methods=[row.method]))
        if row.path == "/health":
            paths.append(Route("/health", endpoint, methods=[row.method]))
    rest = [Route(PREFIX + end, guarded(nowhere, running), methods=METHODS) for end in ("", "/{rest:path}")]
    return [*paths, *rest]


def answering(running: Running, row: Operation) -> Callable[[Request], Awaitable[Response]]:
    """The only place that knows what an error is in HTTP."""

    async def answer(request: Request) -> Response:
        try:
            body = await read(request)
            value = serve(row, Call(running, request.path_params), request.query_params.multi_items(), body)
        except Invalid as error:
            return refuse(400, str(error))
        except Refused as error:
            return refuse(409, str(error), error.until)
        except LookupError as error:
            if type(error) is not LookupError:
                raise
            return refuse(404, str(error))
        return give(value, row.status)

    return answer


async def read(request: Request) -> bytes:
    """The body, or as much of it as shows that it is too long."""
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > BODY_LIMIT:
                raise Invalid(f"the body is longer than {BODY_LIMIT} bytes")
    except ClientDisconnect:
        raise Invalid("the caller went away") from None
    return body


async def nowhere(request: Request) -> Response:
    """A path that is not there, or not with this method: what there is."""
    path = request.url.path
    methods = [row.method for row in TABLE if matches(row.path, path.removeprefix(PREFIX))]
    if methods:
        answer = refuse(405, f"{path} takes {', '.join(methods)}, not {request.method}")
        answer.headers["allow"] = ", ".join(methods)
        return answer
    known = dict.fromkeys(row.path for row in TABLE)
    return refuse(404, f"no control route {path}; {DOCUMENT} describes what there is: {', '.join(known)}")


def matches(template: str, path: str) -> bool:
    """Whether a path has the form of `/accounts/{uin}`."""
    pairs = list(zip(template.split("/"), path.split("/"), strict=False))
    same_length = template.count("/") == path.count("/")
    return same_length and all(step == given or (step.startswith("{") and given) for step, given in pairs)
