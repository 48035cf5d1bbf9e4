"""The quick search over all actions."""

from typing import Any

import msgspec
import pytest

from contract_tests.explorer.modules import several
from lke_emulator.control.catalogue import whole_catalogue

ROWS: list[Any] = msgspec.to_builtins(whole_catalogue())["actions"]


def found(*texts: str, **known: list[str]) -> list[list[str]]:
    told = several("search.js", [["search", "$rows", text, known] for text in texts], rows=ROWS)
    return [[f"{row['product']}.{row['action']}" for row in rows] for rows in told]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("describetokenusage", "lke.DescribeTokenUsage"),
        ("DTUG", "lke.DescribeTokenUsageGraph"),
        ("lkeap.chat", "lkeap.ChatCompletions"),
        ("lkeap chat", "lkeap.ChatCompletions"),
        ("token usage", "lke.DescribeTokenUsage"),
        ("vectors", "lkeap.GetEmbedding"),
        ("向量", "lkeap.GetEmbedding"),
        ("ReasoningContent", "lkeap.ChatCompletions"),
        ("custom param", "lke.CreateQA"),
    ],
)
def test_an_action_is_found(text: str, first: str) -> None:
    assert first in found(text)[0][:3]


def test_every_action_is_found_first_by_its_name() -> None:
    keys = [f"{row['product']}.{row['action']}" for row in ROWS]
    assert [rows[0] for rows in found(*keys)] == keys


def test_what_is_starred_comes_first_and_then_what_was_called_last() -> None:
    [rows] = found("", starred=["lkeap.RunRerank"], recent=["adp.CopyApp", "lke.ListDoc"])
    assert rows[0] == "lkeap.RunRerank"
    assert set(rows[1:3]) == {"adp.CopyApp", "lke.ListDoc"}
    assert len(rows) == len(ROWS)


@pytest.mark.parametrize("text", ["no such thing", "(((", "\\", "%"])
def test_what_is_nowhere_is_not_found(text: str) -> None:
    assert found(text) == [[]]


def test_a_row_says_by_which_member_it_was_found() -> None:
    chat = next(row for row in ROWS if row["action"] == "ChatCompletions")
    assert several("search.js", [["why", chat, "reasoningcontent"], ["why", chat, "chat"]]) == ["ReasoningContent", ""]
