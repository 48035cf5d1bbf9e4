"""Every action that has a handler: whatever fits its shape is answered in form or refused with a code, never from inside."""

from collections.abc import Iterator
from typing import Any

import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from contract_tests.conftest import Control, Target
from contract_tests.lke.worlds import PLAIN, SHOP
from contract_tests.products.published import examples
from contract_tests.products.test_generated import full_request
from lke_emulator.products import HANDLERS, load_handlers
from lke_emulator.protocol.spec import spec

load_handlers()
CODES = {"FailedOperation", "InvalidParameter", "InvalidParameterValue", "MissingParameter", "ResourceNotFound"}
HANDLED = sorted(key for key in HANDLERS if not key.startswith("lkeap."))
IDS = ("AppBizId", "BotBizId", "AppId", "KbId")


def requests(key: str) -> Iterator[dict[str, Any]]:
    """The published examples, nothing, and a request with every member; each also about the app that is there."""
    product, name = key.split(".")
    found = [each.params for each in examples() if (each.product, each.action) == (product, name)]
    found += [{}, full_request(spec().by_key[key].request)]
    for params in found:
        yield params
        there = {
            id: SHOP for id in IDS if id in spec().by_key[key].request.members and not isinstance(params.get(id), list)
        }
        yield {**params, **there, **({"SpaceId": "default_space"} if "SpaceId" in params else {})}


def code_of(client: CommonClient, name: str, params: dict[str, Any]) -> str:
    """The code that a call is refused with; nothing where it is answered."""
    try:
        client.call_json(name, params)
    except TencentCloudSDKException as error:
        return str(error.get_code())
    return ""


@pytest.mark.parametrize("product", ["lke", "adp"])
def test_what_fits_a_shape_is_never_answered_from_inside(target: Target, emulator: Control, product: str) -> None:
    version = next(version for name, version in spec().services if name == product)
    credential = Credential(target.secret_id, target.secret_key)
    client = CommonClient(product, version, credential, target.region, target.profile())
    seen: set[str] = set()
    for key in HANDLED:
        if key.startswith(f"{product}."):
            emulator.load(PLAIN)
            for params in requests(key):
                code = code_of(client, key.split(".")[1], params)
                assert code in {"", *CODES}, (key, params)
                seen.add(code)
    assert {"", "FailedOperation", "MissingParameter"} <= seen
