"""Which clock judges what: limits and signatures go by the real one, unless a test assumes otherwise."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from contract_tests.conftest import Control, Target
from contract_tests.gateway.wire import form, send, signed_headers, v1_params
from contract_tests.openai.conftest import Endpoint, opened
from lke_emulator.primitives import clock

PAST = 1_700_000_000
SHIPPED_FROZEN = ("burst", "documented-examples", "quiet-weekend", "running-dry")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@contextmanager
def machine_at(moment: float) -> Iterator[None]:
    """The machine's clock stands, for the server's thread too."""
    with patch.object(clock, "time", SimpleNamespace(time=lambda: moment)):
        yield


@pytest.mark.parametrize("scenario", SHIPPED_FROZEN)
def test_with_a_frozen_clock_a_limit_lets_go(emulator: Control, target: Target, scenario: str) -> None:
    emulator.load(scenario)
    account = emulator.world.accounts[emulator.world.first_credential.account]
    account.limits.single["lke.DescribeTokenUsage"] = 1
    now = time.time()
    heard = []
    for moment in (now, now, now + 1):
        with machine_at(moment):
            heard.append(send(target, body=b"{}", headers=signed_headers(target)).code)
    assert heard == ["", "RequestLimitExceeded", ""]
    assert account.clock.frozen


def test_the_minutes_of_a_key_are_real_ones(emulator: Control) -> None:
    """The account's clock says nothing about when to come again."""
    endpoint: Endpoint = opened(emulator)
    endpoint.account.clock.freeze(PAST - PAST % 60 + 59)
    endpoint.limits({"requests_per_minute": 1})
    url = "/v1/chat/completions"
    body = b'{"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]}'
    minute = time.time() // 60 * 60
    with machine_at(minute + 47.5):
        assert endpoint.post(url, body).status_code == 200
        refused = endpoint.post(url, body)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "13")
        endpoint.account.clock.advance(60)
        assert endpoint.post(url, body).status_code == 429
    with machine_at(minute + 60):
        assert endpoint.post(url, body).status_code == 200


def codes(target: Target, moment: int) -> tuple[str, str]:
    """What a call signed at that moment gets, by header and by parameters."""
    params = v1_params(target, Timestamp=str(moment))
    header = send(target, body=b"{}", headers=signed_headers(target, timestamp=moment))
    return header.code, send(target, body=form(params), headers=FORM).code


def test_a_signature_is_judged_by_the_clock_that_is_assumed(emulator: Control, target: Target) -> None:
    expired, fine = ("AuthFailure.SignatureExpire",) * 2, ("", "")
    now = int(time.time())
    account = emulator.world.accounts[emulator.world.first_credential.account]
    account.clock.freeze(PAST)
    assert (codes(target, now), codes(target, PAST)) == (fine, expired)
    emulator.assume(signatures="account")
    assert (codes(target, now), codes(target, PAST)) == (expired, fine)
    emulator.assume(signatures="any")
    assert (codes(target, now), codes(target, PAST), codes(target, 1)) == (fine, fine, fine)


def test_an_unknown_id_is_told_as_such_whatever_clock_is_assumed(emulator: Control, target: Target) -> None:
    emulator.assume(signatures="account")
    other: Any = Target(target.url, "AKIDnobody", "x", target.region)
    assert send(target, body=b"{}", headers=signed_headers(other)).code == "AuthFailure.SecretIdNotFound"
