"""What the sections of a scenario are made of: a struct that refuses unknown keys, texts with forms, bounded numbers."""

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta


class TextKind(type):
    """Lets a reader give plain text for a field of such a type: JSON encoders take no subclass of str."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, str)


class Text(str, metaclass=TextKind):
    """Text that may be written as a whole number, such as a uin."""

    __slots__ = ()

    form: ClassVar[str] = r"(?s).+"
    """What the whole text must match."""
    meaning: ClassVar[str] = "text"
    """What a message says is needed."""


class Moment(Text):
    """2025-09-28, 2025-09-28 14:30, or Unix seconds; now, -3h; a midnight: today, -90d; with a time: -3d 14:30."""

    __slots__ = ()
    meaning = "a moment"


class Duration(Text):
    """90s, 5m, 12h, 1d or 2w."""

    __slots__ = ()
    meaning = "a duration"


class Digits(Text):
    """At most 20 digits."""

    __slots__ = ()
    form = "[0-9]{1,20}"
    meaning = "a whole number of at most 20 digits"


class SecretId(Text):
    """Printable ASCII without blanks, commas and slashes: the Authorization header could not carry another one."""

    __slots__ = ()
    form = r"[!-+\-.0-~]+"
    meaning = "printable ASCII without blanks, commas and slashes"


class HeaderText(Text):
    """Printable ASCII without blanks: a header carries it."""

    __slots__ = ()
    form = "[!-~]+"
    meaning = "printable ASCII without blanks"


Whole = Annotated[int, Meta(ge=0, le=10**15)]
Amount = Annotated[float, Meta(ge=0, le=10**12)]
Seed = Annotated[int, Meta(ge=-(10**18), le=10**18)]
LongSeed = Annotated[str, Meta(pattern="^[0-9]{1,20}$")]
Share = Annotated[float, Meta(ge=0, le=1)]
Copies = Annotated[int, Meta(ge=1, le=2000)]
Cost = Annotated[float, Meta(ge=0, le=10**6)]
NonEmpty = Annotated[str, Meta(min_length=1)]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping of the file. An unknown key is a mistake."""
