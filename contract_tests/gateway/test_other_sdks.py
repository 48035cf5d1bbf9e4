"""A signed call by the official SDKs of Node, Go and Java."""

from contract_tests.clients.toolchains import Toolchain, toolchain
from contract_tests.conftest import Control, Target

__all__ = ["toolchain"]


def test_a_call_is_signed_as_the_gateway_verifies_it(toolchain: Toolchain, emulator: Control, target: Target) -> None:
    told = toolchain.own("calls").told(
        {
            "Host": target.endpoint,
            "SecretId": target.secret_id,
            "SecretKey": target.secret_key,
            "Region": target.region,
            "Service": "lke",
            "Version": "2023-11-30",
            "Action": "ListApp",
            "Params": {"PageSize": 10, "PageNumber": 1},
        }
    )
    assert told["Response"]["RequestId"]
    assert int(told["Response"]["Total"]) >= 0
