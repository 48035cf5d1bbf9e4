"""Moments that a section of a scenario may leave out."""

from typing import Any

from emulator.world import moments
from emulator.world.document import Place


def moment_of(section: Any, key: str, now: float, zone: int, at: Place) -> int | None:
    """Unix seconds of the section's key; None where it is left out. `at` is the section's place."""
    text = getattr(section, key)
    return None if text is None else (at / key).checked(moments.moment, text, now, zone)
