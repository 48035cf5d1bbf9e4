"""The command line. A command is imported when it is named: `lke-emulator version` loads nothing else.

Exit codes: 0; 1 a call was refused or did not arrive; 2 wrong usage or a bad scenario; 3 it could not start.
"""

import io
import sys
from importlib import import_module
from typing import Any

import click

from lke_emulator import __version__
from lke_emulator.commands.setting import TWINS, unknown_settings

COMMANDS = (
    "serve",
    "run",
    "call",
    "record",
    "compare",
    "verify",
    "snapshot",
