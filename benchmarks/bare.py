"""What the emulator is measured against: a Starlette route that reads its body and encodes with msgspec, and a bare stream."""

import asyncio
import sys

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

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
EVENTS = 200
EVENT = b'data: {"choices":[{"index":0,"delta":{"content":"token"},"finish_reason":null}]}\n\n'
encode = msgspec.json.Encoder().encode


async def usage(request: Request) -> Response:
    msgspec.json.decode(await request.body())
    return Response(encode(USAGE), media_type="application/json")


async def streamed(request: Request) -> StreamingResponse:
    await request.body()

    async def events() -> object:
        for _ in range(EVENTS):
            yield EVENT
            await asyncio.sleep(0)

    return StreamingResponse(events(), media_type="text/event-stream")  # type: ignore[arg-type]


app = Starlette(routes=[Route("/", usage, methods=["POST"]), Route("/stream", streamed, methods=["POST"])])

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="error", access_log=False, lifespan="off")
