"""Versions and members that public clients send beside those of the definition."""

import json
from typing import Any

from contract_tests.conftest import Control, Target
from contract_tests.gateway.test_gateway_assumptions import assuming
from contract_tests.gateway.wire import Heard, send, signed_headers


def asked(target: Target, action: str, version: str, params: dict[str, Any], service: str = "lke") -> Heard:
    body = json.dumps(params).encode()
    return send(target, body=body, headers=signed_headers(target, action, body, service=service, version=version))


def test_another_version_that_clients_ask_for_is_the_known_one(target: Target, emulator: Control) -> None:
    assert asked(target, "ListApp", "2025-11-12", {}).code == ""
    for version in ("2023-11-30", "2024-05-22", "2025-11-12"):
        assert asked(target, "DescribeSpaceList", version, {}, "adp").code == ""
        assert asked(target, "WriteAPoem", version, {}, "adp").code in ("NoSuchVersion", "InvalidAction")
    assert asked(target, "ListApp", "2020-01-01", {}).code == "NoSuchVersion"
    assuming(emulator, version_aliases={})
    assert asked(target, "ListApp", "2025-11-12", {}).code == "NoSuchVersion"


def test_members_that_the_definition_does_not_have_may_be_ignored(target: Target, emulator: Control) -> None:
    params = {"AppType": "knowledge_qa", "Colour": "red", "BaseConfig": {"Name": "a", "Avatar": "b", "Mood": "good"}}
    assert asked(target, "CreateApp", "2023-11-30", params).code == "UnknownParameter"
    assuming(emulator, extra_members="ignore")
    assert asked(target, "CreateApp", "2023-11-30", params).response["AppBizId"]
