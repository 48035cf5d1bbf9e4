"""A YAML text as plain values that know their lines.

Scalars follow JSON's rules (null, true, false, numbers) and everything else is text, also `12:30`, `2025-09-28`, `yes`,
`0123` and `.nan`: a value means the same in every YAML version, and every number is finite.
"""

import math
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, ParamSpec, TypeVar

import yaml

from lke_emulator.primitives.refused import Refused

P = ParamSpec("P")
T = TypeVar("T")
Step = str | int
Path = tuple[Step, ...]

DEPTH_LIMIT = 40
SIZE_LIMIT = 1_000_000
"""Values with every alias written out; eight lines of aliases to aliases can stand for a thousand million."""
LENGTH_LIMIT = 600
"""Characters of a message."""
WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,399})")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}


class ScenarioError(Exception):
    """A mistake in a scenario, as one message: `file.yaml:12: accounts[0].uin: what is wrong, the way out`."""


class Node(NamedTuple):
    value: Any
    """None, bool, int, float, str, or a list or dict (with text keys) of these."""
    line: int
    """Of the key for a member of a mapping, else where the value begins; from 1."""
    inner: "dict[Step, Node]"
    size: int


class Place(NamedTuple):
    """A spot in a document: `at / "usage" / 3` is the place of `usage[3]`."""

    file: str
    root: Node
    path: Path = ()

    def __truediv__(self, step: Step) -> "Place":
        return self._replace(path=(*self.path, step))

    def inside(self, path: str) -> "Place":
        """Further in: `at.inside("3.since")`."""
        return self._replace(path=(*self.path, *[int(step) if step.isdecimal() else step for step in path.split(".")]))

    @property
    def value(self) -> Any:
        node = self.root
        for step in self.path:
            node = node.inner[step]
        return node.value

    @property
    def line(self) -> int:
        """The line of the innermost value on the way that is written in the file."""
        node = self.root
        for step in self.path:
            if step not in node.inner:
                break
            node = node.inner[step]
        return node.line

    @property
    def is_written(self) -> bool:
        node = self.root
        for step in self.path:
            if step not in node.inner:
                return False
            node = node.inner[step]
        return True

    def wrong(self, message: str) -> ScenarioError:
        return ScenarioError(self.message(message))

    def message(self, what: str) -> str:
        """`file.yaml:12: accounts[0].uin: what is to be said`."""
        path = dotted(self.path)
        return one_line(self.file, self.line, f"{path}: {what}" if path else what)

    def checked(self, make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `make` gives. Its ValueError or Refused is a mistake here, or further in: `3.url: what is wrong`."""
        try:
            return make(*args, **kwargs)
        except (ValueError, Refused) as error:
            path, _, what = str(error).partition(": ")
            place = self.inside(path)
            raise (place.wrong(what) if what and place.is_written else self.wrong(str(error))) from None


def mistake(file: str, line: int, message: str) -> ScenarioError:
    return ScenarioError(one_line(file, line, message))


def one_line(file: str, line: int, message: str) -> str:
    """Not without end, whatever text of the file the message repeats."""
    message = " ".join(message.split())
    return f"{file}:{line}: {message[:LENGTH_LIMIT]}{'...' if len(message) > LENGTH_LIMIT else ''}"


def dotted(path: Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def read_yaml(text: str, file: str) -> Place:
    """The document's root. Raises ScenarioError for what is no single, plain YAML document."""
    try:
        return Place(file, Reader(file, yaml.parse(text, Loader=yaml.CSafeLoader)).document())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 1 + (mark.line if mark else text.count("\n", 0, getattr(error, "position", 0)))
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        raise mistake(file, line, f"this is not YAML: {problem}") from None
    except UnicodeEncodeError as error:
        line = 1 + text.count("\n", 0, error.start)
        raise mistake(file, line, "this is no text: half a surrogate pair stands alone") from None


class Reader:
    """Builds nodes from events, with a bound on their depth: yaml.compose() crashes on 100 000 brackets."""

    def __init__(self, file: str, events: Iterator[Any]) -> None:
        self.file = file
        self.events = events
        self.anchors: dict[str, Node] = {}
        self.size = 0

    def refuse(self, event: Any, message: str) -> ScenarioError:
        return mistake(self.file, line_number(event), message)

    def document(self) -> Node:
        next(self.events)  # the stream begins
        first = next(self.events)
        if isinstance(first, yaml.StreamEndEvent):
            raise self.refuse(first, "the file is empty; `lke-emulator init` writes a scenario to start from")
        root = self.node(next(self.events), 0)
        next(self.events)  # the document ends
        more = next(self.events)
        if not isinstance(more, yaml.StreamEndEvent):
            raise self.refuse(more, "a second document begins here; a scenario is one document")
        return root

    def node(self, event: Any, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            node = self.aliased(event)
            self.size += node.size
        else:
            node = self.written(event, depth)
            self.size += 1
            if event.anchor:
                self.anchors[event.anchor] = node
        if self.size > SIZE_LIMIT:
            raise self.refuse(event, f"the document has more than {SIZE_LIMIT} values with its aliases written out")
        return node

    def aliased(self, event: Any) -> Node:
        name = event.anchor
        if name not in self.anchors:
            raise self.refuse(event, f"`*{name}` repeats nothing; no complete value above it is marked `&{name}`")
        return self.anchors[name]._replace(line=line_number(event))

    def written(self, event: Any, depth: int) -> Node:
        line = line_number(event)
        if event.tag not in (None, "!"):
            raise self.refuse(event, f"the tag `{event.tag}` is not used here; write the value without it")
        if isinstance(event, yaml.ScalarEvent):
            return Node(scalar(event.value) if event.implicit[0] else event.value, line, {}, 1)
        if depth == DEPTH_LIMIT:
            raise self.refuse(event, f"this is nested more than {DEPTH_LIMIT} levels deep")
        return self.sequence(line, depth) if isinstance(event, yaml.SequenceStartEvent) else self.mapping(line, depth)

    def sequence(self, line: int, depth: int) -> Node:
        inner: dict[Step, Node] = {}
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            inner[len(inner)] = self.node(event, depth + 1)
        return container([node.value for node in inner.values()], line, inner)

    def mapping(self, line: int, depth: int) -> Node:
        inner: dict[Step, Node] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self.refuse(event, "a key must be plain text")
            key = event.value
            if key in inner:
                raise self.refuse(event, f"`{key}` is written twice in one mapping (first in line {inner[key].line})")
            inner[key] = self.node(next(self.events), depth + 1)._replace(line=line_number(event))
        return container({key: node.value for key, node in inner.items()}, line, inner)


def line_number(event: Any) -> int:
    line: int = event.start_mark.line + 1
    return line


def container(value: Any, line: int, inner: dict[Step, Node]) -> Node:
    return Node(value, line, inner, 1 + sum(node.size for node in inner.values()))


def scalar(text: str) -> Any:
    """What an unquoted scalar means."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    if WHOLE.fullmatch(text):
        return int(text)
    if NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text
