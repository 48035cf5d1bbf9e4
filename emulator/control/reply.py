"""Answers of the control routes: JSON, and an error as {"error": why}."""

from typing import Any

import msgspec
from starlette.responses import Response


def give(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def refuse(status: int, why: str) -> Response:
    return give({"error": why}, status)
