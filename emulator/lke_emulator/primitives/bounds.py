"""What a figure that is read from a saved state may be."""

from typing import Annotated

from msgspec import Meta

from lke_emulator.primitives.months import LATEST

Natural = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Moment = Annotated[float, Meta(ge=0, le=LATEST)]
"""Unix seconds of a date that can be written."""
Duration = Annotated[float, Meta(ge=0, le=10**9)]
"""Seconds."""
