"""Flags that have a twin in the environment."""

import os
from collections.abc import Callable
from typing import Any

import click

PREFIX = "LKE_EMULATOR_"
TWINS: set[str] = set()
"""Every environment variable that is a setting of a command that was imported."""


def setting(*names: str, **attributes: Any) -> Callable[..., Any]:
    """A flag with its environment twin: `--log-format` is LKE_EMULATOR_LOG_FORMAT too."""
    twin = PREFIX + names[0].removeprefix("--").partition("/")[0].replace("-", "_").upper()
    TWINS.add(twin)
    return click.option(*names, envvar=twin, show_envvar=True, **attributes)


def unknown_settings() -> list[str]:
    """Variables that look like settings and are none of TWINS."""
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in TWINS)
