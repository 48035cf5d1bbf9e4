"""What the gateway is assumed to do, as it can be seen from outside."""

from dataclasses import replace
from typing import Any

import pytest

from contract_tests.conftest import Target
from contract_tests.gateway.wire import send, signed_headers


def code_of(target: Target, **how: Any) -> str:
    return send(target, body=b"{}", headers=signed_headers(target, **how)).code


@pytest.mark.assumes("check_order")
def test_an_unknown_action_is_told_before_a_wrong_signature(target: Target) -> None:
    wrong = replace(target, secret_key="wrong")
    assert code_of(wrong) == "AuthFailure.SignatureFailure"
    assert code_of(wrong, action="DescribeNothing") == "InvalidAction"
    assert code_of(wrong, version="2001-01-01") == "NoSuchVersion"


@pytest.mark.assumes("other_path")
def test_another_path_than_the_root_is_not_found(target: Target) -> None:
    assert send(target, path="/lke", body=b"{}", headers=signed_headers(target)).status == 404


@pytest.mark.assumes("version_aliases")
def test_the_version_that_public_clients_ask_for_is_served(target: Target) -> None:
    body = b'{"ModelType": "nothing"}'
    headers = signed_headers(target, "ListModel", body, version="2025-11-12")
    assert send(target, body=body, headers=headers).code not in ("NoSuchVersion", "InvalidAction")


@pytest.mark.assumes("regions")
def test_the_regions_of_the_documents_are_supported(target: Target) -> None:
    assert "UnsupportedRegion" not in [code_of(target, X_TC_Region=region) for region in ("ap-guangzhou", "ap-jakarta")]
    assert code_of(target, X_TC_Region="ap-singapore") == "UnsupportedRegion"
