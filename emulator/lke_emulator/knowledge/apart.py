"""What other people's code reads of a file is read in a process of its own, with bounds of time and memory.

A library makes room for every cell between a sheet's corners, and two cells far apart end the process that it is in; another
one takes minutes for a page of a few kilobytes.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from lke_emulator.knowledge.unparsable import Unparsable

READER = Path(__file__).with_name("reader.py")
PATIENCE = 60
"""Seconds, on a machine that is busy; of its own time the reader has far less."""


def told_apart(kind: str, content: bytes) -> Any:
    """What the reader of this kind tells, None where it cannot read it. Unparsable for what is no such file, or too large."""
    try:
        ended = subprocess.run(
            [sys.executable, "-P", str(READER), kind], input=content, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unparsable("FailedOperation.FileParseTimeout", "reading the file takes too long") from None
    if ended.returncode:
        raise Unparsable("LimitExceeded.TooLargeFileError", "reading the file takes more time or memory than it may")
    told = json.loads(ended.stdout)
    if "problem" in told:
        raise Unparsable(told["code"], told["problem"])
    return told["read"]
