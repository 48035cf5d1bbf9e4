"""One account as a test sees it: what opens it, its clock, its usage, its packages, and what was called."""

import datetime
import json
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from lke_emulator.client import Credentials, endpoint_of
from lke_emulator.testing.calls import AccountCalls
from lke_emulator.testing.control import TIMEOUT, ControlClient
from lke_emulator.testing.faults import AccountFaults

REGION = "ap-guangzhou"
VERSIONS = {"lke": "2023-11-30", "lkeap": "2024-05-22", "adp": "2026-05-20"}
Moment = str | float | datetime.datetime


class ReceivedAnswer(NamedTuple):
    """An answer, to its end."""

    status: int
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        return json.loads(self.body)


class Lke:
    """`lke` in a test. Every account is one test's alone: nobody else's calls, clock or faults reach it."""

    def __init__(
        self, control: ControlClient, uin: str, credentials: Credentials, key: str, access_token: str = ""
    ) -> None:
        """`key` is an API key of the root, `sk-...`."""
        self.control = control
        self.uin = uin
        self.credentials = credentials
        self.key = key
        self.access_token = access_token
        self.people: dict[str, Credentials] = {uin: credentials}
        """Uin of the root and of each sub-account -> what it signs with."""
        at = f"/accounts/{uin}"
        self.clock = AccountClock(control, at)
        self.usage = AccountUsage(control, at)
        self.packages = AccountPackages(control, at)
        self.faults = AccountFaults(control, at)
        self.calls = AccountCalls(control, uin)
        self._at = at

    @classmethod
    def opened(cls, control: ControlClient, template: Any = None) -> Self:
        """A new account: a shipped scenario's by its name, one that a dict describes as a scenario file would, or a fresh one
        with the trial resources."""
        body = {} if template is None else {"scenario" if isinstance(template, str) else "account": template}
        opened = control.post("/accounts", **body)
        people = {one["uin"]: Credentials(one["secret_id"], one["secret_key"]) for one in opened["credentials"]}
        uin = opened["account"]["uin"]
        token = opened["access_token"]
        account = cls(control, uin, people[uin], opened["key"]["secret"], token["token"] if token else "")
        account.people = people
        return account

    @property
    def url(self) -> str:
        return self.control.url

    @property
    def environment(self) -> dict[str, str]:
        """What a program of its own is given to use the account."""
        return {
            "TENCENTCLOUD_SECRET_ID": self.credentials.secret_id,
            "TENCENTCLOUD_SECRET_KEY": self.credentials.secret_key,
            "TENCENTCLOUD_REGION": REGION,
            "LKE_ENDPOINT": self.url,
            "OPENAI_BASE_URL": f"{self.url}/v1",
            "OPENAI_API_KEY": self.key,
        }

    def client(self, product: str = "lke", *, region: str = REGION, version: str = "", **profile: Any) -> Any:
        """The official SDK's client of a product, or its CommonClient where that product's package is not installed.

        `profile` sets members of HttpProfile (reqTimeout, keepAlive, ...) and ClientProfile (signMethod, language, ...).
        """
        from importlib import import_module

        from tencentcloud.common.common_client import CommonClient
        from tencentcloud.common.credential import Credential
        from tencentcloud.common.profile.client_profile import ClientProfile
        from tencentcloud.common.profile.http_profile import HttpProfile

        at = urlsplit(endpoint_of(self.url, product))
        http = HttpProfile(protocol=at.scheme, endpoint=at.netloc)
        settings = ClientProfile(httpProfile=http, language="en-US")
        for name, value in profile.items():
            owner = settings if hasattr(settings, name) else http
            if not hasattr(owner, name):
                raise TypeError(f"neither ClientProfile nor HttpProfile has a member {name}")
            setattr(owner, name, value)
        version = version or VERSIONS[product]
        credential = Credential(*self.credentials[:2], self.credentials.token or None)
        try:
            module = import_module(f"tencentcloud.{product}.v{version.replace('-', '')}.{product}_client")
        except ModuleNotFoundError:
            return CommonClient(product, version, credential, region, settings)
        return getattr(module, f"{product.capitalize()}Client")(credential, region, settings)

    def openai(self, **settings: Any) -> Any:
        """The official `openai` client with the account's key."""
        from openai import OpenAI

        given: dict[str, Any] = {"base_url": f"{self.url}/v1", "api_key": self.key, "max_retries": 0} | settings
        return OpenAI(**given)

    @property
    def app_key(self) -> str:
        """Of the account's first app, for dialogues. LookupError where there is none."""
        key: str = self._first_app()["key"]
        return key

    def _first_app(self) -> dict[str, Any]:
        apps = self.control.get(f"{self._at}/apps")["apps"]
        if not apps:
            raise LookupError(f"account {self.uin} has no app: lke.change(apps=[...]) adds one")
        app: dict[str, Any] = apps[0]
        return app

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> "ReceivedAnswer":
        """Whatever no official client sends: a dialogue, a route of /api. A body that is no bytes goes as JSON. What was refused
        is an answer like others."""
        at = urlsplit(self.url)
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        given = {} if content is body else {"Content-Type": "application/json"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(HTTPConnection(at.hostname or "", at.port, timeout=TIMEOUT)) as connection:
            connection.request(method, path, content, given)
            response = connection.getresponse()
            return ReceivedAnswer(response.status, response.read())

    def upload(self, content: bytes, type: str = "txt") -> str:
        """Put content into object storage as a client does before SaveDoc of the first app; gives the CosUrl for it."""
        asked = {"BotBizId": self._first_app()["biz_id"], "FileType": type, "IsPublic": False, "TypeKey": "offline"}
        told = self.client("lke").call_json("DescribeStorageCredential", asked)["Response"]
        at = urlsplit(told["UploadUrl"])
        said = self.request("PUT", at.path + (f"?{at.query}" if at.query else ""), content, host=at.netloc)
        if said.status != 200:
            raise ConnectionError(f"the upload was refused: {said.text}")
        path: str = told["UploadPath"]
        return path

    def change(self, **added: Any) -> None:
        """Add to the account as a scenario file would: usage, replies, chat, limits, apps."""
        self.control.patch(self._at, **added)

    def postpaid(self, api: str, on: bool) -> None:
        """Turn the postpaid switch of an API. ControlError within its cooling-down hour."""
        self.control.put(f"{self._at}/postpaid/{api}", {"on": on})

    def top_up(self, amount: float) -> None:
        self.control.post(f"{self._at}/wallet/top-up", amount=amount)

    @property
    def balance(self) -> float:
        balance: float = self.control.get(f"{self._at}/wallet")["balance"]
        return balance

    def snapshot(self) -> dict[str, Any]:
        """Everything the account knows, as JSON."""
        snapshot: dict[str, Any] = self.control.get(f"{self._at}/snapshot")
        return snapshot

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Stand as when the snapshot was taken."""
        self.control.put(f"{self._at}/snapshot", snapshot)

    def reset(self) -> None:
        """Stand as when it was opened, with the same credentials and keys."""
        self.control.post(f"{self._at}/reset")

    def close(self) -> None:
        self.control.delete(self._at)


class AccountClock:
    """The account's clock. Signatures and rate limits are judged by the real one."""

    def __init__(self, control: ControlClient, account: str) -> None:
        self._control = control
        self._at = f"{account}/clock"

    @property
    def now(self) -> float:
        """Unix seconds."""
        now: float = self._control.get(self._at)["now"]
        return now

    def freeze(self, at: Moment | None = None) -> None:
        """Stand still, where it is or at a moment: Unix seconds, a datetime, or `2026-11-30 23:59:50` in the account's zone."""
        self._control.post(f"{self._at}/freeze", **({} if at is None else {"at": written_down(at)}))

    def set(self, at: Moment) -> None:
        """Jump to a moment; a frozen clock stays frozen there."""
        self._control.post(f"{self._at}/set", at=written_down(at))

    def advance(self, by: str | float | datetime.timedelta) -> None:
        """Move by seconds, a timedelta, or `20s`, `5m`, `12h`, `1d`."""
        seconds = by.total_seconds() if isinstance(by, datetime.timedelta) else by
        self._control.post(f"{self._at}/advance", by=seconds)

    def follow(self) -> None:
        """Run again."""
        self._control.post(f"{self._at}/follow")


class AccountUsage:
    """Calls that nobody made, metered and paid for as real ones."""

    def __init__(self, control: ControlClient, account: str) -> None:
        self._control = control
        self._at = f"{account}/usage"

    def add(self, *, at: Moment | None = None, **usage: Any) -> None:
        """`model, calls, input_tokens, output_tokens, pages, split_tokens, searches` of all calls together; `api, app,
        sub_account, key, call_type`; `at` is now, on the account's clock."""
        self._control.post(self._at, **usage, **({} if at is None else {"at": written_down(at)}))


class AccountPackages:
    """The account's resource packages."""

    def __init__(self, control: ControlClient, account: str) -> None:
        self._control = control
        self._at = f"{account}/packages"

    def list(self, status: str = "available", kind: str = "") -> "list[dict[str, Any]]":
        """`status`: available, exhausted, expired or all."""
        packages: list[dict[str, Any]] = self._control.get(self._at, status=status, kind=kind)["packages"]
        return packages

    def grant(self, kind: str, total: int, **about: Any) -> dict[str, Any]:
        """An experience package: `models, apis, name, days`."""
        package: dict[str, Any] = self._control.post(f"{self._at}/grant", kind=kind, total=total, **about)
        return package

    def buy(self, kind: str, total: int, **about: Any) -> dict[str, Any]:
        """A paid package: `models, apis, name, period, price`."""
        package: dict[str, Any] = self._control.post(f"{self._at}/buy", kind=kind, total=total, **about)
        return package

    def expire(self, id: str) -> None:
        """End a package now."""
        self._control.post(f"{self._at}/{id}/expire")


def written_down(at: Moment) -> str | float:
    """A moment as control reads it. ValueError for a datetime without a zone: it would be this machine's."""
    if isinstance(at, datetime.datetime):
        if at.tzinfo is None:
            raise ValueError(f"{at} has no time zone; give it one, or write it as text in the account's zone")
        return at.timestamp()
    return at
