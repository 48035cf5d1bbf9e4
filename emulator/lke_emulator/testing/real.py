"""A real account in place of an emulator's: what it can do is done, and what needs the emulator's control is skipped."""

import os
from typing import Any, NoReturn

import pytest

from lke_emulator.client import Credentials
from lke_emulator.testing.account import REGION, Lke
from lke_emulator.testing.control import ControlClient, ControlError


class NoControl(ControlClient):
    """Of an endpoint that is no emulator: a test that asks it for something is skipped."""

    def send(self, method: str, path: str, body: Any = None) -> NoReturn:
        pytest.skip(f"needs the emulator's control; {self.url} is no emulator")


class RealLke(Lke):
    """The account of TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY."""

    @classmethod
    def of_environment(cls, control: NoControl) -> "RealLke":
        """LookupError where the environment has no credentials."""
        get = os.environ.get
        secret_id, secret_key = get("TENCENTCLOUD_SECRET_ID", ""), get("TENCENTCLOUD_SECRET_KEY", "")
        if not secret_id or not secret_key:
            raise LookupError(
                f"{control.url} is no emulator: set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY to test against it"
            )
        credentials = Credentials(secret_id, secret_key, get("TENCENTCLOUD_TOKEN", ""))
        return cls(control, "", credentials, get("OPENAI_API_KEY", ""))

    @property
    def environment(self) -> dict[str, str]:
        own = {"TENCENTCLOUD_REGION": self.region}
        openai = {name: os.environ[name] for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY") if name in os.environ}
        kept = ("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "LKE_ENDPOINT")
        return {name: value for name, value in super().environment.items() if name in kept} | own | openai

    @property
    def region(self) -> str:
        return os.environ.get("TENCENTCLOUD_REGION", REGION)

    def client(self, product: str = "lke", *, region: str = "", version: str = "", **profile: Any) -> Any:
        return super().client(product, region=region or self.region, version=version, **profile)

    def openai(self, **settings: Any) -> Any:
        """At OPENAI_BASE_URL, with OPENAI_API_KEY: the cloud has that endpoint on a host of its own."""
        if not self.key or "OPENAI_BASE_URL" not in os.environ:
            pytest.skip("needs OPENAI_BASE_URL and OPENAI_API_KEY, which are not set")
        return super().openai(**{"base_url": os.environ["OPENAI_BASE_URL"], **settings})


def control_of(url: str) -> ControlClient:
    """That of an emulator, or none. ConnectionError where nobody answers."""
    control = ControlClient(url)
    try:
        health = control.get("/health")
    except (ControlError, ValueError):
        health = None
    if isinstance(health, dict) and "scenario" in health:
        return control
    control.close()
    return NoControl(url)
