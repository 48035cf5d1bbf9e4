"""The management routes of the gateway family: how they read a request and know a caller; {"success", "message", "data"}."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from lke_emulator.exchange import cors
from lke_emulator.exchange.answer import Answer, Headers, of_json
from lke_emulator.exchange.exchange import Exchange
from lke_emulator.exchange.paths import Paths
from lke_emulator.oneapi import balance, data, keys, logs, pricing, topup, user
from lke_emulator.oneapi.authentication import Who, identify
from lke_emulator.oneapi.call import Denied, OneapiCall, Plain
from lke_emulator.primitives.refused import Refused

BODY_LIMIT = 1 << 20
METHODS = b"GET, POST, PUT, DELETE, OPTIONS"


class Row(NamedTuple):
    method: str
    path: str
    who: Who
    serve: Callable[[OneapiCall], Any]


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
    Row("GET", "/api/token/", "person", keys.list_tokens),
    Row("POST", "/api/token/", "person", keys.create_token),
    Row("PUT", "/api/token/", "person", keys.update_token),
    Row("GET", "/api/token/search", "person", keys.search_tokens),
    Row("GET", "/api/token/{id}", "person", keys.get_token),
    Row("DELETE", "/api/token/{id}", "person", keys.delete_token),
    Row("POST", "/api/token/{id}/key", "person", keys.reveal_token),
    Row("GET", "/api/log/self", "person", logs.list_logs),
    Row("GET", "/api/log/self/stat", "person", logs.statistics),
    Row("GET", "/api/log/self/search", "person", logs.search_logs),
    Row("GET", "/api/log/token", "reading-key", logs.logs_of_key),
    Row("GET", "/api/data/self", "person", data.data),
    Row("GET", "/api/usage/token/", "reading-key", balance.token_usage),
    *BILLING,
]


PATHS = Paths((row.method, row.path.rstrip("/"), row) for row in TABLE)
"""Each with and without a last slash; clients write both."""


class Oneapi(Exchange):
    surface = "oneapi"
    keeps_books = True
    refusals = (Denied, Refused, LookupError)

    row: Row | None = None
    call: OneapiCall

    @staticmethod
    def bound(method: str, headers: Mapping[str, str]) -> int:
        return BODY_LIMIT

    def identify(self) -> None:
        raw, entry = self.raw, self.entry
        path = raw.path.removesuffix("/")
        found = PATHS.find(path).get("GET" if raw.method == "HEAD" else raw.method)
        if found is None:
            known = ", ".join(dict.fromkeys(row.path for row in TABLE))
            raise Denied(f"There is no {raw.method} {raw.path} here; there are {known}.", 404)
        row, names = found
        self.row = row
        query = dict(parse_qsl(raw.query, keep_blank_values=True))
        entry.operation, entry.names, entry.params = f"oneapi.{row.serve.__name__}", names | query, raw.body
        if raw.oversize:
            raise Denied(f"The body is longer than {BODY_LIMIT} bytes.", 413)
        person = identify(row.who, raw.headers, self.world, self.settings)
        account = self.account = person.account
        entry.account, entry.caller = account.uin, person.uin
        entry.key = person.key.id if person.key else ""
        self.call = OneapiCall(self.world, *person, account.clock.now(), query, names, raw.body)

    def serve(self) -> Answer:
        assert self.row is not None
        value = self.row.serve(self.call)
        if isinstance(value, Plain):
            return of_json(value.body, value.status)
        return of_json({"success": True, "message": "", "data": value})

    def refuse(self, error: Exception) -> Answer:
        """OpenAI's routes are refused in OpenAI's form, as the family does."""
        status = error.status if isinstance(error, Denied) else 200
        self.entry.end("Denied" if status < 500 else "InternalError", str(error))
        if self.row not in BILLING:
            return of_json({"success": False, "message": str(error)}, status)
        message = f"{error} (request id: {self.request_id})"
        return of_json({"error": {"message": message, "type": self.assumptions.gateway_error_type}}, status)

    def internal(self) -> Exception:
        return Denied("An internal error has occurred.", 500)

    def fault(self, code: str, message: str) -> Exception:
        return Denied(message or code)

    def preflight(self) -> Headers:
        granted = cors.preflight(self.raw.headers, self.settings.cors_origins)
        return [(name, METHODS if name == b"access-control-allow-methods" else value) for name, value in granted]
