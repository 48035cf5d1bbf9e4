"""A process that reads the file on its standard input and writes what it says, or what is wrong with it, as JSON.

`apart.py` starts it with the file's type and the characters of a page.
"""

import sys
from typing import Any

from msgspec.json import encode

from lke_emulator.knowledge.parsing import read_here
from lke_emulator.knowledge.unparsable import Unparsable
from lke_emulator.knowledge.unread import Unread

MEMORY, SECONDS = 1 << 30, 30
"""Bytes, and of the process's own time."""


def hold_to_limits() -> None:
    """What asks for more ends with the process. Windows has no such limits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def outcome_of(unread: Unread) -> dict[str, Any]:
    try:
        return {"read": read_here(unread)}
    except Unparsable as problem:
        return {"code": problem.code, "problem": problem.why}


if __name__ == "__main__":
    hold_to_limits()
    sys.stdout.buffer.write(encode(outcome_of(Unread(sys.stdin.buffer.read(), sys.argv[1], int(sys.argv[2])))))
