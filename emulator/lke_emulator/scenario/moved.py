"""An account whose story moves: every date that is written in it, by whole days."""

from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from lke_emulator.scenario import moments
from lke_emulator.scenario.section import Moment

S = TypeVar("S", bound=msgspec.Struct)


def moved(section: S, seconds: int, zone: int) -> S:
    """The section with all its moments later, but for those that are relative to now, and those that are no moments."""
    kind = inspect.type_info(type(section))
    assert isinstance(kind, inspect.StructType)
    changed = {field.name: later(getattr(section, field.name), field.type, seconds, zone) for field in kind.fields}
    return msgspec.structs.replace(section, **changed)


def later(value: Any, kind: inspect.Type, seconds: int, zone: int) -> Any:
    match value:
        case msgspec.Struct():
            return moved(value, seconds, zone)
        case list():
            inner = kind.item_type if isinstance(kind, inspect.ListType) else inspect.AnyType()
            return [later(each, inner, seconds, zone) for each in value]
        case str() if is_moment(kind) and not moments.is_relative(value):
            try:
                return str(moments.moment(value, 0, zone) + seconds)
            except ValueError:
                return value
    return value


def is_moment(kind: inspect.Type) -> bool:
    kinds = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    return any(isinstance(each, inspect.CustomType) and each.cls is Moment for each in kinds)
