"""What the emulator is measured against: the same JSON by a bare Starlette route, by raw ASGI, and as a bare stream."""

import asyncio
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

USAGE = {
    "Response": {
        "TotalTokenUsage": 3617849,
        "InputTokenUsage": 3178475,
        "OutputTokenUsage": 439374,
        "ApiCallStats": 4909,
        "SearchUsage": 0,
        "PageUsage": 0,
        "SplitTokenUsage": 0,
        "RagSearchUsage": 0,
        "InternetSearchUsage": 0,
        "DosageTypeLimit": 0,
        "DosageTypeCurr": 0,
        "RequestId": "a35fa69b-118b-4b25-8f1d-e5478f2b7159",
    }
}
TOKENS = 200
CHUNK = b'data: {"choices":[{"index":0,"delta":{"content":"token"},"finish_reason":null}]}\n\n'
BODY = b'{"Response":{"TotalTokenUsage":3617849,"RequestId":"a35fa69b-118b-4b25-8f1d-e5478f2b7159"}}'


async def usage(request: Request) -> JSONResponse:
    return JSONResponse(USAGE)


async def streamed(request: Request) -> StreamingResponse:
    async def chunks() -> object:
        for _ in range(TOKENS):
            yield CHUNK
            await asyncio.sleep(0)

    return StreamingResponse(chunks(), media_type="text/event-stream")  # type: ignore[arg-type]


starlette = Starlette(routes=[Route("/", usage, methods=["POST"]), Route("/stream", streamed, methods=["POST"])])


async def raw(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


if __name__ == "__main__":
    app = {"starlette": starlette, "raw": raw}[sys.argv[1]]
    uvicorn.run(app, port=int(sys.argv[2]), log_level="error", access_log=False, lifespan="off")  # type: ignore[arg-type]
