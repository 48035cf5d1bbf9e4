"""What is open about the gateway is a setting; each one changes what it says it changes."""

import json
import time
from typing import Any

import pytest

from contract_tests.conftest import Control, Target
from contract_tests.gateway.wire import FORM, Heard, form, send, signed_headers, v1_params
from lke_emulator.scenario.document import ScenarioError


def assuming(emulator: Control, **settings: object) -> None:
    emulator.load(
        f"assumptions: {json.dumps(settings)}\n"
        "accounts:\n"
        '  - {uin: "1", credentials: [{secret_id: AKIDlocal, secret_key: local-secret-key}]}\n'
    )


def usage(target: Target, path: str = "/", **extra: Any) -> Heard:
    return send(target, path=path, body=b"{}", headers=signed_headers(target, **extra))


@pytest.mark.parametrize(
    ("setting", "status", "method", "size"),
    [
        ({"get_oversize": "414"}, 414, "GET", 33 << 10),
        ({"post_oversize": "413"}, 413, "POST", (10 << 20) + 1),
        ({"other_method": "405"}, 405, "PUT", 1),
    ],
    ids=["get_oversize", "post_oversize", "other_method"],
)
def test_a_refusal_of_http_itself_may_be_a_bare_status(
    emulator: Control, target: Target, setting: dict[str, str], status: int, method: str, size: int
) -> None:
    assuming(emulator, **setting)
    big = "A=" + "x" * size
    path, body = ("/?" + big, b"") if method == "GET" else ("/", big.encode())
    heard = send(target, method, path, body, {"Authorization": "TC3"})
    assert (heard.status, heard.body) == (status, b"")


def test_another_path_may_be_the_gateway_too(emulator: Control, target: Target) -> None:
    assuming(emulator, other_path="envelope")
    assert usage(target, path="/lke").code == ""


def test_the_private_cloud_names_action_first(emulator: Control, target: Target) -> None:
    assuming(emulator, missing_order="tce")
    assert "`Action`" in send(target, "POST", body=b"a=1", headers=FORM).message


def test_an_unknown_signature_method_may_be_refused(emulator: Control, target: Target) -> None:
    params = v1_params(target, SignatureMethod="HmacMD5")
    assert send(target, body=form(params), headers=FORM).code == ""
    assuming(emulator, unknown_signature_method="refuse")
    assert send(target, body=form(params), headers=FORM).code == "InvalidParameterValue"


def test_the_scope_may_have_to_name_the_product_on_local_hosts_too(emulator: Control, target: Target) -> None:
    assuming(emulator, strict_scope_service=True)
    assert usage(target, service="127").code == "AuthFailure.InvalidAuthorization"
    assert usage(target).code == ""


def test_more_regions_can_be_supported(emulator: Control, target: Target) -> None:
    assuming(emulator, regions=["ap-singapore"])
    assert usage(target, X_TC_Region="ap-singapore").code == ""
    assert usage(target, X_TC_Region="ap-guangzhou").code == "UnsupportedRegion"


def test_a_text_can_be_one_of_an_older_generation(emulator: Control, target: Target) -> None:
    assuming(emulator, error_texts={"expired": "The signature is expired, please request again."})
    heard = send(target, body=b"{}", headers=signed_headers(target, timestamp=int(time.time()) - 1000))
    assert heard.message == "The signature is expired, please request again."


@pytest.mark.parametrize(
    "texts", [{"nothing": "x"}, {"expired": "{moon}"}, {"expired": "{"}, {"expired": "{now.real}"}]
)
def test_a_text_that_could_not_be_written_stops_the_start(emulator: Control, texts: dict[str, str]) -> None:
    with pytest.raises(ScenarioError, match="error_texts"):
        assuming(emulator, error_texts=texts)
