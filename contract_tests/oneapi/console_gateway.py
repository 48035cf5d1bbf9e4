"""A client of the routes of one account, for the tests of them."""

from typing import Any

import httpx
from openai import OpenAI

from contract_tests.control.admin import HELLO, Admin

HOUR, DAY = 3600, 86400
BEGIN = 1742452818
"""2025-03-20 14:40:18 at UTC+8."""
UNIT = 500_000
"""Quota for one unit of money (documented)."""
PRICES = [{"api": "ImageGeneration", "image": 0.04}, {"model": "glm-*", "input": 0.001, "output": 0.002}]
ALICE = "200000000001"
TEMPLATE: dict[str, Any] = {
    "clock": {"frozen_at": BEGIN},
    "sub_accounts": [{"name": "alice", "uin": ALICE}],
    "billing": {"balance": 10, "postpaid": "all", "prices": [*PRICES, {"input": 0.004, "output": 0.012}]},
}


class Gateway:
    """The console of one account, by plain HTTP with an access token."""

    def __init__(self, admin: Admin, token: str = "") -> None:
        self.admin = admin
        user = str(admin.opened["access_token"]["user"])
        headers = (
            {"Authorization": f"Bearer {token}"} if token else {"Authorization": admin.token, "New-Api-User": user}
        )
        self.http = httpx.Client(base_url=admin.url, headers=headers)

    def call(self, method: str, path: str, /, **request: Any) -> Any:
        """What `data` is of an answer that succeeded."""
        answer = self.http.request(method, path, **request)
        body = answer.json()
        assert (answer.status_code, body["success"], body["message"]) == (200, True, ""), body
        return body.get("data")

    def get(self, path: str, /, **query: Any) -> Any:
        return self.call("GET", path, params=query)

    def refused(self, method: str, path: str, /, **request: Any) -> str:
        """The message of an answer that did not succeed."""
        body = self.http.request(method, path, **request).json()
        assert body["success"] is False
        return str(body["message"])

    def create(self, name: str, **settings: Any) -> dict[str, Any]:
        token: dict[str, Any] = self.call("POST", "/api/token/", json={"name": name, **settings})
        return token

    def client(self, token: dict[str, Any], path: str = "/v1") -> OpenAI:
        return self.admin.client(path, f"sk-{token['key']}")

    def chat(self, token: dict[str, Any], model: str = "deepseek-chat") -> Any:
        return self.client(token).chat.completions.create(model=model, messages=HELLO)

    def logs(self, **query: Any) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = self.get("/api/log/self", page_size=100, **query)["items"]
        return lines

    def close(self) -> None:
        self.http.close()
        self.admin.close()
