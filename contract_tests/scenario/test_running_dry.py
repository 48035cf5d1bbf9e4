"""The scenario `running-dry`, told to its end: a package runs out, then the balance, and a top-up brings service back."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import httpx
import pytest
from openai import OpenAI, RateLimitError
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.lkeap.v20240522.lkeap_client import LkeapClient

from contract_tests.conftest import Control, Target
from contract_tests.lkeap.conftest import call

ROOT, ANNA = "100000000001", "100000000011"
KEY = "sk-localAnnaKeyOfLkeEmulatorOpensNothingOutsideOfIt"
MODEL, QUESTION = "deepseek-v3.2", "How much is left?"
TRIAL, BOUGHT = "1", "2"
NINE = 1760490000
"""2025-10-15 09:00 at +08:00, a Wednesday."""
HOUR = 3600


class Anna:
    """A sub-account that calls the model, by both ways in: with her API key, and signed with her SecretKey."""

    def __init__(self, target: Target) -> None:
        self.openai = OpenAI(base_url=f"{target.url}/v1", api_key=KEY, max_retries=0)
        hers = replace(target, secret_id="AKIDlocal-anna", secret_key="local-secret-key-anna")
        self.lkeap, self.lke = hers.client(LkeapClient), hers.client()

    def asks(self) -> int:
        """The tokens that the call took."""
        reply = self.openai.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": QUESTION}])
        assert reply.usage
        return reply.usage.total_tokens

    def asks_signed(self) -> int:
        messages = [{"Role": "user", "Content": QUESTION}]
        tokens: int = call(self.lkeap, "ChatCompletions", Model=MODEL, Messages=messages).Usage.TotalTokens
        return tokens

    def is_refused(self) -> tuple[str, str]:
        """The codes that both give."""
        with pytest.raises(RateLimitError) as refusal:
            self.asks()
        with pytest.raises(TencentCloudSDKException) as signed:
            self.asks_signed()
        return str(refusal.value.code), str(signed.value.code)

    def has_used(self) -> int:
        """The tokens that the statistics of the cloud tell."""
        tokens: int = self.lke.call_json("DescribeTokenUsage", {"ModelName": MODEL})["Response"]["TotalTokenUsage"]
        return tokens


class News(NamedTuple):
    package: str
    sender: str
    event: str
    threshold: int


class Console:
    """Where the account is looked at and changed, on its own clock."""

    def __init__(self, target: Target) -> None:
        self.http = httpx.Client(base_url=f"{target.url}/_emulator/accounts/{ROOT}")
        self.told = 0

    def shows(self, page: str) -> Any:
        return self.http.get(page).raise_for_status().json()

    def does(self, method: str, page: str, /, **what: Any) -> Any:
        return self.http.request(method, page, json=what).raise_for_status().json()

    def refuses(self, method: str, page: str, /, **what: Any) -> Any:
        answer = self.http.request(method, page, json=what)
        assert answer.status_code == 409
        return answer.json()

    def waits(self, length: str) -> None:
        self.does("POST", "/clock/advance", by=length)

    def news(self) -> list[News]:
        """The notifications since it was last asked; each came at this very moment."""
        told = self.shows("/notifications")["notifications"]
        new, self.told = told[self.told :], len(told)
        assert all(one["time"] == self.shows("/clock")["now"] for one in new)
        assert all(one["channels"] == ["in-site", "sms", "email"] for one in new if one["sender"] == "cloud")
        return [News(*(one[field] for field in News._fields)) for one in new]

    def money(self) -> tuple[float, float]:
        """The balance, and what is still to be taken from it."""
        wallet = self.shows("/wallet")
        return wallet["balance"], wallet["pending"]

    def deducted(self) -> dict[str, int]:
        """Package -> what is used of it. Not a unit of any is lost."""
        packages = self.shows("/packages?status=all")["packages"]
        assert all(one["used"] + one["remaining"] == one["total"] for one in packages)
        return {one["id"]: one["used"] for one in packages}

    def postpaid(self) -> int:
        """Tokens."""
        return sum(bill["input_tokens"] + bill["output_tokens"] for bill in self.shows("/bills")["bills"])


@pytest.fixture
def anna(emulator: Control, target: Target) -> Iterator[Anna]:
    emulator.load("running-dry", rate_limit=0)
    anna = Anna(target)
    yield anna
    anna.openai.close()


@pytest.fixture
def console(anna: Anna, target: Target) -> Iterator[Console]:
    console = Console(target)
    yield console
    console.http.close()


def test_a_trial_runs_out_then_the_balance_and_a_top_up_brings_service_back(anna: Anna, console: Console) -> None:
    def books() -> tuple[dict[str, int], int]:
        """What packages and what the balance paid for: together all that was used."""
        deducted, postpaid = console.deducted(), console.postpaid()
        assert sum(deducted.values()) + postpaid == anna.has_used()
        return deducted, postpaid

    # 09:40. Anna has a trial package of 20000 tokens, a call takes 1000, and for a while there is nothing to tell her.
    for calls in range(1, 18):
        console.waits("10s")
        assert (anna.asks() if calls % 2 else anna.asks_signed()) == 1000
        assert books() == ({TRIAL: calls * 1000}, 0)
    assert console.news() == []

    # With the last three calls she is told that it comes to an end, and that it has.
    console.waits("10s")
    anna.asks()
    assert console.news() == [(TRIAL, "cloud", "remaining", 10)]
    console.waits("10s")
    anna.asks_signed()
    assert console.news() == [(TRIAL, "console", "nearly-exhausted", 90), (TRIAL, "cloud", "remaining", 5)]
    console.waits("10s")
    anna.asks()
    assert console.news() == [(TRIAL, "cloud", "remaining", 1), (TRIAL, "console", "exhausted", 100)]
    assert console.shows("/packages?status=available")["packages"] == []

    # Nothing is left: both APIs refuse, each in its own words, and a refused call uses nothing.
    assert anna.is_refused() == ("20031", "ResourceUnavailable.ResourcePackageRunOut")
    assert books() == ({TRIAL: 20_000}, 0)

    # She may not switch postpaid on before the root account allows it. Then she has the last word for an hour.
    switch = "/postpaid/ChatCompletions"
    console.refuses("PUT", switch, on=True, caller=ANNA)
    console.does("PUT", f"/permissions/{ANNA}", postpaid_settings=True)
    console.does("PUT", switch, on=True, caller=ANNA)
    now = console.shows("/clock")["now"]
    assert console.refuses("PUT", switch, on=False)["until"] == now + HOUR

    # Seven calls at 0.16, with a balance of 1. It stays as it is while the hour lasts, and so does service.
    for calls in range(1, 8):
        anna.asks()
        assert books() == ({TRIAL: 20_000}, calls * 1000)
    assert console.money() == (1, 1.12)

    # 10:00. The hour turns, the bill is taken from the balance, which does not hold so much. Service stops.
    console.does("POST", "/clock/set", at="2025-10-15 10:00")
    assert console.money() == (-0.12, 0)
    (bill,) = console.shows("/bills")["bills"]
    assert (bill["hour"], bill["api"], bill["model"]) == (NINE, "ChatCompletions", MODEL)
    assert (bill["calls"], bill["input_tokens"], bill["output_tokens"], bill["charge"]) == (7, 5600, 1400, 1.12)
    assert anna.is_refused() == ("20031", "ResourceUnavailable.InArrears")

    # A package that is bought now is no help as long as the account is overdue.
    package = console.does("POST", "/packages/buy", kind="tokens", total=5000, apis=["ChatCompletions"])
    assert (package["id"], package["status"]) == (BOUGHT, "available")
    assert anna.is_refused() == ("20031", "ResourceUnavailable.InArrears")
    assert books() == ({TRIAL: 20_000, BOUGHT: 0}, 7_000)

    # 10:30. A top-up restores service at once, and the package goes before the balance.
    console.waits("30m")
    console.does("POST", "/wallet/top-up", amount=10, method="paypal")
    assert console.money() == (9.88, 0)
    for calls in range(1, 5):
        assert anna.asks_signed() == 1000
        assert books() == ({TRIAL: 20_000, BOUGHT: calls * 1000}, 7_000)
    assert console.news() == []

    # The last call takes the rest of it past every threshold, and each is told once, in order.
    assert anna.asks() == 1000
    assert [(event, threshold) for _, _, event, threshold in console.news()] == [
        ("remaining", 10),
        ("nearly-exhausted", 90),
        ("remaining", 5),
        ("remaining", 1),
        ("exhausted", 100),
    ]

    # From there on the balance pays again, hour by hour.
    assert anna.asks() == 1000
    assert books() == ({TRIAL: 20_000, BOUGHT: 5_000}, 8_000)
    assert console.money() == (9.88, 0.16)
    console.does("POST", "/clock/set", at="2025-10-15 11:00")
    assert console.money() == (9.72, 0)
    assert [bill["charge"] for bill in console.shows("/bills")["bills"]] == [1.12, 0.16]
    assert console.news() == []
