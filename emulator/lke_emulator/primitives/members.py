"""Members of decoded JSON by their path: `Filters.0.Name`."""

from collections.abc import Mapping, Sequence
from typing import Any


def has_members(value: Any, wanted: Mapping[str, Any]) -> bool:
    """Whether each path leads to its value."""
    return all(member_at(value, path.split(".")) == there for path, there in wanted.items())


def member_at(value: Any, path: Sequence[str]) -> Any:
    """What is at `Filters.0.Name`; None where nothing is."""
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, Sequence) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
