"""Who may use control: this machine under any of its names, and whoever shows the token."""

import pytest

from lke_emulator.control.guard import allowed
from lke_emulator.exchange.raw import Raw
from lke_emulator.exchange.settings import Settings

HERE = ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1")
ELSEWHERE = ("10.0.0.7", "2001:db8::1", "::ffff:10.0.0.7", "0.0.0.0", "", "unix", "localhost.example.com")
NAMES = ("localhost", "LOCALHOST:5530", "Shop.LocalHost:80", "127.0.0.1", "[::1]:5530", "[::FFFF:127.0.0.1]:5530")
STRANGE = (
    "",
    "example.com",
    "localhost.example.com:80",
    "127.0.0.1.example.com",
    "[2001:db8::1]",
    "[::1",
    "::",
    "]",
    "%00",
)


def opens(client: str = "127.0.0.1", host: str = "127.0.0.1:5530", token: str = "", **headers: str) -> bool:
    raw = Raw("GET", "/_emulator/accounts", "", {"host": host, **headers}, b"", False, client)
    return allowed(raw, Settings(control_token=token))


@pytest.mark.parametrize("client", HERE)
@pytest.mark.parametrize("host", NAMES)
def test_this_machine_may_under_any_of_its_names(client: str, host: str) -> None:
    assert opens(client, host)


@pytest.mark.parametrize("client", ELSEWHERE)
def test_another_machine_may_not_whatever_it_calls_itself(client: str) -> None:
    assert not any(opens(client, host) for host in NAMES)


@pytest.mark.parametrize("host", STRANGE)
def test_a_page_may_not_that_has_its_own_name_point_here(host: str) -> None:
    assert not opens(host=host)


def test_a_page_of_another_origin_may_not() -> None:
    assert opens(host="LOCALHOST:5530", origin="http://localhost:5530")
    assert not opens(origin="http://localhost:3000")
    assert not opens(origin="null")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_who_shows_the_token_may_from_everywhere(scheme: str) -> None:
    assert opens("10.0.0.7", "example.com", "the token", authorization=f"{scheme} the token")


@pytest.mark.parametrize(
    "shown", ["", "the token", "Bearer", "Bearer ", "Basic the token", "Bearer the", "Bearer\u00e9 \u00e9"]
)
def test_nobody_else_may_where_there_is_a_token(shown: str) -> None:
    assert not opens("127.0.0.1", "localhost", "the token", authorization=shown)
    assert not opens("127.0.0.1", "localhost", "the token")
