"""/files: result archives and images, behind addresses that expire by their account's clock."""

from collections.abc import Awaitable, Callable
from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lke_emulator.exchange.running import Running
from lke_emulator.knowledge.files import NoAccess, media_type


def routes(running: Running) -> list[BaseRoute]:
    return [Route("/files/{uin}/{token}/{name:path}", serve(running))]


def serve(running: Running) -> Callable[[Request], Awaitable[Response]]:
    async def give(request: Request) -> Response:
        name = request.path_params["name"]
        account = running.world.accounts.get(request.path_params["uin"])
        try:
            if account is None:
                raise NoAccess("NoSuchBucket", "The specified bucket does not exist.")
            content = account.files.open(request.url.path, account.clock.now())
        except NoAccess as error:
            return refused(error, request.url.path)
        return Response(content, media_type=media_type(name))

    return give


def refused(error: NoAccess, path: str) -> Response:
    """As Tencent's object storage words it: XML, 404 for what is not there and 403 for who may not (inferred)."""
    status = 404 if error.code.startswith("NoSuch") else 403
    body = (
        "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n"
        f"\t<Code>{error.code}</Code>\n\t<Message>{error.message}</Message>\n\t<Resource>{escape(path)}</Resource>\n</Error>\n"
    )
    return Response(body, status, media_type="application/xml")
