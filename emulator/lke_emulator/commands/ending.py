"""How a command ends."""

import json
import sys
from typing import Any, NoReturn

import click

REFUSED, BAD_SCENARIO, CANNOT_START = 1, 2, 3


def fail(message: str, code: int) -> NoReturn:
    click.echo(f"lke-emulator: {message}", err=True)
    sys.exit(code)


def pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
