"""One path of the OpenAI-compatible endpoint: from the HTTP request to the last byte of the answer."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from time import perf_counter_ns
from typing import Any

import msgspec
from starlette.types import Receive, Scope, Send

from lke_emulator.account.account import Account
from lke_emulator.account.call import Wait
from lke_emulator.account.journal import Entry
from lke_emulator.account.keys import Key
from lke_emulator.account.world import World
from lke_emulator.exchange import cors, transport
from lke_emulator.exchange.envelope import disconnected
from lke_emulator.exchange.running import Running
from lke_emulator.exchange.settings import Settings
from lke_emulator.exchange.transport import Raw
from lke_emulator.openai.call import Begin, Broken, Call, Parts, Verdict
from lke_emulator.openai.errors import OpenaiError
from lke_emulator.primitives.clock import real_now

log = logging.getLogger("lke_emulator.openai")
ENCODER = msgspec.json.Encoder()
DECODER = msgspec.json.Decoder()
JSON = (b"content-type", b"application/json")
STREAM = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache")]
BREATH = 8
"""Events of a stream after which other requests get their turn, and a caller who left is noticed."""

Serve = Callable[[Call], Parts]


class Endpoint:
    """An ASGI application. `serve` gives the parts of the answer; it raises OpenaiError before the first of them."""

    def __init__(self, running: Running, action: str, method: str, serve: Serve) -> None:
        """`action` is the call's name in the journal; `method` is GET or POST."""
        self.running = running
        self.action = action
        self.method = method
        self.serve = serve

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = await transport.read(scope, receive)
        settings = self.running.settings
        if raw.method == "OPTIONS":
            head = [*cors.preflight(raw.headers, settings.cors_origins), (b"content-length", b"0")]
            await send({"type": "http.response.start", "status": 200, "headers": head})
            await send({"type": "http.response.body"})
            return
        await Exchange(self, raw, self.running.world, settings, receive, send).answer(scope)


class Exchange:
    """One request and its answer."""

    def __init__(
        self, endpoint: Endpoint, raw: Raw, world: World, settings: Settings, receive: Receive, send: Send
    ) -> None:
        self.began = perf_counter_ns()
        self.endpoint = endpoint
        self.raw = raw
        self.world = world
        self.settings = settings
        self.receive = receive
        self.send = send
        self.request_id = world.ids.request_id()
        self.params: Mapping[str, Any] = {}
        self.notes: dict[str, Any] = {}
        self.account = self.caller = ""
        self.started = self.told = False

    async def answer(self, scope: Scope) -> None:
        """Never raises for what a caller did; what fails inside is told as a 500, or breaks a stream that has begun."""
        try:
            call = self.admitted(scope)
            await self.endpoint.running.delay()
            await self.deliver(self.endpoint.serve(call))
        except OpenaiError as error:
            await self.refuse(error)
        except Exception:
            log.exception("%s failed inside", self.endpoint.action, extra={"request_id": self.request_id})
            if not self.started:
                await self.refuse(OpenaiError("internal"))
                return
            self.tell(Verdict("internal_error"))
            raise
        finally:
            self.tell(Verdict("disconnected", "the caller went away"))

    def admitted(self, scope: Scope) -> Call:
        """The call, once method, size, key and body are in order; in this order they are refused."""
        raw, path = self.raw, scope["path"]
        if raw.method != self.endpoint.method:
            raise OpenaiError("method", path=path, method=self.endpoint.method)
        if raw.oversize:
            raise OpenaiError("size")
        account, key = self.authenticated()
        self.account, self.caller = account.uin, key.owner
        now = account.clock.now()
        status = key.status(now)
        if status != "enabled":
            raise OpenaiError(status)
        key.last_used = now
        params = read_json(raw.body) if raw.method == "POST" else {}
        self.params = params
        name, host = scope.get("path_params", {}).get("name", ""), raw.headers.get("host", "")
        return Call(account, key, params, now, self.request_id, self.world.assumptions, host, name, self.notes)

    def authenticated(self) -> tuple[Account, Key]:
        """Whose key it is; where anyone may call (`--auth off`) any or no key acts as the first account's root."""
        scheme, _, secret = self.raw.headers.get("authorization", "").partition(" ")
        secret = secret.strip() if scheme.lower() == "bearer" else ""
        found = self.world.account_of_key(secret) if secret else None
        if found is not None:
            return found
        if self.settings.auth == "off":
            account = self.world.accounts[self.world.first_credential.account]
            return account, anyone(account.uin)
        raise OpenaiError("bad-key" if secret else "no-key")

    async def deliver(self, parts: Parts) -> None:
        """Send each part as it comes. A caller who goes away closes the parts, which then give back what they hold."""
        gone: asyncio.Future[None] | None = None
        sent = 0
        stream = False
        try:
            for part in parts:
                if type(part) is bytes:
                    if not stream:
                        await self.send_body(200, part)
                        continue
                    await self.send({"type": "http.response.body", "body": part, "more_body": True})
                    sent += 1
                    if sent % BREATH == 0:
                        await asyncio.sleep(0)
                elif isinstance(part, Wait):
                    gone = gone or asyncio.ensure_future(disconnected(self.receive))
                    await asyncio.wait((gone,), timeout=part.seconds)
                elif isinstance(part, Verdict):
                    self.tell(part)
                elif isinstance(part, Begin):
                    stream = True
                    await self.start(200, STREAM)
                    gone = gone or asyncio.ensure_future(disconnected(self.receive))
                elif isinstance(part, Broken):
                    await self.break_off(part.body)
                    return
                if gone is not None and gone.done():
                    return
            if stream:
                await self.send({"type": "http.response.body", "body": b""})
        finally:
            if gone is not None:
                gone.cancel()
            parts.close()

    async def start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        head = [*headers, (b"x-request-id", self.request_id.encode())]
        if "origin" in self.raw.headers:
            head += cors.headers(self.raw.headers, self.settings.cors_origins)
        self.started = True
        await self.send({"type": "http.response.start", "status": status, "headers": head})

    async def send_body(self, status: int, body: bytes, wait: int = 0) -> None:
        headers = [JSON, (b"content-length", str(len(body)).encode())]
        if wait:
            headers.append((b"retry-after", str(wait).encode()))
        await self.start(status, headers)
        await self.send({"type": "http.response.body", "body": body})

    async def break_off(self, body: bytes) -> None:
        """Leave the answer unfinished: the server then closes the connection."""
        if not self.started:
            await self.start(200, [JSON, (b"content-length", str(len(body)).encode())])
            await self.send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})

    async def refuse(self, error: OpenaiError) -> None:
        assumptions = self.world.assumptions
        if error.reason:
            self.notes["Reason"] = error.reason
        self.tell(Verdict(error.code, error.text.message))
        log.info("%s refused: %s", self.endpoint.action, error.code, extra={"request_id": self.request_id})
        await self.send_body(
            error.status(assumptions), ENCODER.encode(error.body(assumptions, self.request_id)), error.wait
        )

    def tell(self, verdict: Verdict) -> None:
        """Write the call into the journal, once."""
        if self.told:
            return
        self.told = True
        latency = (perf_counter_ns() - self.began) // 1000
        entry = Entry(
            real_now(),
            self.request_id,
            self.account,
            self.caller,
            self.endpoint.action,
            self.params,
            verdict.code,
            verdict.message,
            "openai",
            latency,
            self.notes or None,
            len(self.raw.body),
        )
        self.world.journal.add(entry)


def read_json(body: bytes) -> dict[str, Any]:
    try:
        value = DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OpenaiError("not-json", why=str(error) or "nested too deeply") from None
    if not isinstance(value, dict):
        raise OpenaiError("not-json", why=f"it is {'a list' if isinstance(value, list) else 'a single value'}")
    return value


def anyone(uin: str) -> Key:
    """Stands for a caller without a key."""
    return Key(id="", account=uin, owner=uin, label="", digest=b"", masked="", created=0)
