"""Which tools a model calls: the forced one, those that the user names, else the one that the question is about.

A question is about a tool when it has a word of the tool's name, description or parameters (of Chinese two characters in a
row). The tool with the most such words is called, by the seed where several have as many. After the result of a tool the
question is answered, so every loop of an agent ends (all of it assumptions: what a real model does nobody can say).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from lke_emulator.models.prose import ZH_EMPTY
from lke_emulator.models.rewrite import EN_EMPTY, WORDS, ZH
from lke_emulator.primitives.seeds import number

READ = 20_000
"""Characters of a question in which tools are looked for."""
DEEP, WIDE = 4, 200
"""Levels of a tool's parameters that are read, and how many of each level."""
PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
USUAL = frozenset(
    re.findall(
        r"\w+",
        """get set give given take make find fetch look call use used using user return returns value values type name
        names string number integer boolean object array list tool function data information info result results
        current example optional default input output text query parameter parameters want need know like please""",
    )
)
"""Words of so many tools that they tell nothing."""


class Tool(NamedTuple):
    name: str
    parameters: Any
    """A JSON Schema."""
    description: str = ""


def wanted(tools: Sequence[Tool], choice: str, said: Sequence[tuple[str, str]], asked: str, seed: int) -> list[Tool]:
    """`choice` is none, auto, required (then the first where none fits), or the name of a tool; `said` are the messages, role
    and content, and `asked` is the question."""
    if choice not in ("none", "auto", "required"):
        return [tool for tool in tools if tool.name == choice]
    if choice == "none" or (choice == "auto" and has_result(said, asked)):
        return []
    text = asked[:READ]
    fitting = [tool for tool in tools if mentions(text, tool.name)] or about(tools, text, seed)
    return fitting or list(tools[:1] if choice == "required" else ())


def has_result(said: Sequence[tuple[str, str]], asked: str) -> bool:
    """Whether a tool gave something since the question was asked first: an agent may ask it again after each result."""
    first = said.index(("user", asked)) if ("user", asked) in said else 0
    return any(role == "tool" for role, _ in said[first:])


def mentions(text: str, name: str) -> bool:
    """As a word; Chinese characters may touch it."""
    return name in text and word(name).search(text) is not None


def without(text: str, tools: Sequence[Tool]) -> str:
    """The text without the names of the tools, where they stand as words."""
    for tool in tools:
        text = word(tool.name).sub(" ", text)
    return text


def word(name: str) -> "re.Pattern[str]":
    return re.compile(rf"(?<![A-Za-z0-9_-]){re.escape(name)}(?![A-Za-z0-9_-])")


def about(tools: Sequence[Tool], text: str, seed: int) -> list[Tool]:
    """The tool with the most words of the question, if any has one."""
    asked = words(text)
    shared = [len(asked & words(" ".join(texts(tool)))) for tool in tools]
    most = max(shared, default=0)
    best = [tool for tool, count in zip(tools, shared, strict=True) if count == most > 0]
    return [best[number("tool", seed) % len(best)]] if best else []


def words(text: str) -> set[str]:
    """What a text is about: English words without a plural's s, and neighbours among Chinese characters."""
    found = {singular(each.lower()) for each in WORDS.findall(text)}
    found = {each for each in found if len(each) > 2 and each not in EN_EMPTY | USUAL}
    if ZH.search(text):
        found |= {
            first + second
            for part in ZH_EMPTY.split(text)
            for first, second in pairwise(part)
            if ZH.match(first) and ZH.match(second)
        }
    return found


def singular(each: str) -> str:
    return each[:-1] if len(each) > 3 and each.endswith("s") and not each.endswith("ss") else each


def texts(tool: Tool) -> Iterator[str]:
    """What a tool says of itself: its name in words, its description, and its parameters' names, texts and choices."""
    yield " ".join(PART.findall(tool.name))
    yield tool.description[:READ]
    yield from schema_texts(tool.parameters, 0)


def schema_texts(schema: Any, depth: int) -> Iterator[str]:
    if not isinstance(schema, dict) or depth == DEEP:
        return
    described, choices, members = (schema.get(name) for name in ("description", "enum", "properties"))
    if isinstance(described, str):
        yield described[:READ]
    if isinstance(choices, list):
        yield from (choice for choice in choices[:WIDE] if isinstance(choice, str))
    yield from schema_texts(schema.get("items"), depth + 1)
    if isinstance(members, dict):
        for name, member in list(members.items())[:WIDE]:
            yield " ".join(PART.findall(name))
            yield from schema_texts(member, depth + 1)
