"""Every assumption says what it rests on, wherever it is told."""

import http.client
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from contract_tests.conftest import Control
from contract_tests.process.commands import run
from lke_emulator.primitives.evidence import evidence_of

PAGE = Path(__file__).parents[2] / "docs" / "assumptions.md"


def told(url: str) -> dict[str, dict[str, Any]]:
    """By id, as control tells them."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    connection.request("GET", "/_emulator/assumptions")
    rows = json.loads(connection.getresponse().read())["assumptions"]
    connection.close()
    return {row["id"]: row for row in rows}


def test_control_tells_values_and_defaults_and_what_they_rest_on(emulator: Control) -> None:
    emulator.assume(graph_label_edge="start")
    row = told(emulator.url)["graph_label_edge"]
    assert (row["value"], row["default"], sorted(row["choices"])) == ("start", "end", ["end", "start"])
    assert (row["area"], row["evidence"]) == ("account", "inferred")
    assert row["text"]
    assert row["source"]


def test_all_of_them_say_something(emulator: Control) -> None:
    rows = told(emulator.url).values()
    assert len(rows) > 100
    assert [row["id"] for row in rows if not (row["text"] and row["source"])] == []
    assert {row["evidence"] for row in rows} == {"documented", "observed", "inferred"}


def test_the_page_is_what_make_docs_would_write() -> None:
    assert run("assumptions").stdout == PAGE.read_text("utf-8")


def test_a_setting_without_evidence_is_told() -> None:
    with pytest.raises(LookupError, match="says nothing of its evidence"):
        evidence_of(int)
