"""What the tests of control and of the console share: a client of /_emulator whose every answer must be as its OpenAPI
document says."""

import re
from functools import cache
from typing import Any

import httpx
from openai import OpenAI

from contract_tests.control.json_schema import wrong

PREFIX = "/_emulator"
HELLO: list[Any] = [{"role": "user", "content": "Hello"}]


class Refused(AssertionError):
    """An answer that was not expected."""


@cache
def document_at(url: str) -> Any:
    """What the control of a server says of itself."""
    return httpx.get(f"{url}{PREFIX}/openapi.json").raise_for_status().json()


@cache
def template(path: str) -> re.Pattern[str]:
    """What a path of the document stands for."""
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path))


class Admin:
    """Calls control, below /accounts/{uin} when it is for one account."""

    def __init__(self, url: str, base: str = "", opened: Any = None, parent: "Admin | None" = None) -> None:
        self.url = url
        self.base = base
        self.opened = opened
        self.http: httpx.Client = parent.http if parent else httpx.Client(base_url=url)
        self.document: Any = document_at(url)
        self.clients: dict[tuple[str, str], OpenAI] = {}

    def account(self, **body: Any) -> "Admin":
        """Open an account, and give the client for it."""
        opened = self.post("/accounts", **body)
        return Admin(self.url, f"/accounts/{opened['account']['uin']}", opened, self)

    @property
    def uin(self) -> str:
        return str(self.opened["account"]["uin"])

    @property
    def secret(self) -> str:
        return str(self.opened["key"]["secret"])

    @property
    def token(self) -> str:
        return str(self.opened["access_token"]["token"])

    def get(self, path: str = "", /, **query: Any) -> Any:
        return self.answer("GET", path, params=query)

    def post(self, path: str, /, **body: Any) -> Any:
        return self.answer("POST", path, json=body)

    def put(self, path: str, /, **body: Any) -> Any:
        return self.answer("PUT", path, json=body)

    def patch(self, path: str, /, **body: Any) -> Any:
        return self.answer("PATCH", path, json=body)

    def delete(self, path: str = "") -> None:
        self.answer("DELETE", path)

    def answer(self, method: str, path: str, **request: Any) -> Any:
        if request.get("json") == {}:
            request = {}
        response = self.http.request(method, PREFIX + self.base + path, **request)
        self.check(method, PREFIX + self.base + path, response)
        if response.is_error:
            raise Refused(f"{method} {path}: {response.status_code} {response.text}")
        return response.json() if response.content else None

    def refused(self, status: int, method: str, path: str, /, **body: Any) -> dict[str, Any]:
        """Call, and give the answer that refuses it."""
        response = self.http.request(method, PREFIX + self.base + path, json=body or None)
        assert response.status_code == status, response.text
        self.check(method, PREFIX + self.base + path, response)
        problem: dict[str, Any] = response.json()
        return problem

    def check(self, method: str, path: str, response: httpx.Response) -> None:
        """That the answer is one that the document describes."""
        path = path.partition("?")[0]
        for described_path, operations in self.document["paths"].items():
            if method.lower() in operations and template(described_path).fullmatch(path):
                described = operations[method.lower()]["responses"]
                assert str(response.status_code) in described, f"{method} {path} answers {response.status_code}"
                kinds = described[str(response.status_code)].get("content", {})
                if kinds:
                    kind = kinds[response.headers["content-type"].partition(";")[0]]
                    assert not list(wrong(response.json(), kind["schema"], self.document["components"]["schemas"]))
                return
        assert response.status_code in (404, 405), f"{method} {path} is not in the document"

    def client(self, path: str = "/v1", secret: str = "") -> OpenAI:
        """The official client with a key, the account's first if none is given."""
        secret = secret or self.secret
        if (path, secret) not in self.clients:
            self.clients[path, secret] = OpenAI(base_url=self.url + path, api_key=secret, max_retries=0)
        return self.clients[path, secret]

    def chat(self, model: str = "deepseek-chat", /, secret: str = "", **settings: Any) -> Any:
        return self.client(secret=secret).chat.completions.create(model=model, messages=HELLO, **settings)

    def close(self) -> None:
        for client in self.clients.values():
            client.close()
        if not self.base:
            self.http.close()
