"""What the sections of a scenario are made of: a struct that refuses unknown keys, texts with forms, bounded numbers."""

from typing import Annotated

import msgspec
from msgspec import Meta


class TextKind(type):
    """Lets a reader give plain text for a field of such a type: JSON encoders take no subclass of str."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, str)


class Text(str, metaclass=TextKind):
    """Text that may be written as a whole number, such as a uin."""

    __slots__ = ()


class Moment(Text):
    """2025-09-28, 2025-09-28 14:30, or Unix seconds; now, -3h; a midnight: today, -90d; with a time: -3d 14:30."""

    __slots__ = ()


class Duration(Text):
    """90s, 5m, 12h, 1d or 2w."""

    __slots__ = ()


Whole = Annotated[int, Meta(ge=0, le=10**15)]
Amount = Annotated[float, Meta(ge=0, le=10**12)]
Share = Annotated[float, Meta(ge=0, le=1)]
Copies = Annotated[int, Meta(ge=1, le=2000)]
Cost = Annotated[float, Meta(ge=0, le=10**6)]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping of the file. An unknown key is a mistake."""
