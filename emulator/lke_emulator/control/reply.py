"""Answers of the control routes: JSON, and an error as {"error": why}."""

from typing import Any

import msgspec
from starlette.responses import Response


class Problem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    error: str
    """Why it was refused, and what would help."""
    until: float | None = None
    """The Unix second on the account's clock from which it would be accepted, if time helps."""


def give(value: Any, status: int = 200) -> Response:
    if value is None:
        return Response(status_code=status)
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def refuse(status: int, why: str, until: float | None = None) -> Response:
    return give(Problem(error=why, until=until), status)
