"""What the document of control says is so: what it allows is not malformed, what it does not allow is refused."""

from contextlib import suppress
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.account.emulated import Emulated, begun
from contract_tests.control.json_schema import values, wrong
from contract_tests.control.operations import DOCUMENT, NAMED, OPERATIONS, SCHEMAS, WAITING, body_schema, path_of

TAKING = [
    name
    for name, (_, _, one) in OPERATIONS.items()
    if "requestBody" in one or any(each["in"] == "query" for each in one["parameters"])
]


@cache
def emulated() -> Emulated:
    return begun()


@pytest.mark.parametrize("name", TAKING)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_what_the_document_allows_is_read_and_nothing_else(name: str, data: st.DataObject) -> None:
    method, _, operation = OPERATIONS[name]
    query, body = {}, b""
    mistakes: list[str] = []
    schema = body_schema(name)
    if schema is not None:
        sent = data.draw(values(schema, SCHEMAS))
        mistakes += wrong(sent, schema, SCHEMAS)
        body = msgspec.json.encode(sent)
        if not operation["requestBody"]["required"] and data.draw(st.booleans()):
            body, mistakes = b"", []
    for parameter in operation["parameters"]:
        if parameter["in"] == "query" and (parameter["required"] or data.draw(st.booleans())):
            value = data.draw(values(parameter["schema"], SCHEMAS).filter(is_written))
            query[parameter["name"]] = str(value)
            mistakes += wrong_text(value, parameter["schema"])
    if name in WAITING and not mistakes:
        return
    status, answer = emulated().ask(method, f"{path_of(name)}?{urlencode(query, quote_via=quote)}", body)
    assert (status == 400) == bool(mistakes), (status, answer, query, body, mistakes)
    assert str(status) in operation["responses"], answer


def is_written(value: Any) -> bool:
    """In a query there is only text, and no second text for true and null."""
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def wrong_text(value: Any, schema: Any) -> list[str]:
    """As a text, and as the number or the truth that it may be."""
    ways: list[Any] = [str(value)]
    with suppress(ValueError):
        ways += [float(value)] if float(value) not in (0, 1) else [float(value), bool(float(value))]
    return min([list(wrong(way, schema, SCHEMAS)) for way in ways], key=len)


def test_every_path_says_which_methods_it_takes() -> None:
    it = emulated()
    for path, methods in DOCUMENT["paths"].items():
        known = {method.upper() for method in methods}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - known:
            status, answer = it.ask(method, path.format(**NAMED), b"{}")
            assert status == 405, (method, path)
            assert all(one in answer.decode() for one in known), (method, path)
