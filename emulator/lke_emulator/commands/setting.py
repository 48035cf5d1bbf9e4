"""Flags that have a twin in the environment."""

import os
from collections.abc import Callable
from typing import Any

import click

PREFIX = "LKE_EMULATOR_"
TWINS: set[str] = set()
"""Every environment variable that is a setting of a command that was imported."""


def setting(*names: str, twin: str = "", known: str = "", **attributes: Any) -> Callable[..., Any]:
    """A flag with its environment twin: `--log-format` is LKE_EMULATOR_LOG_FORMAT too.

    `twin` is its name without the prefix where a flag of this name means something else in another command; `known` is a
    variable that other tools read as well."""
    name = PREFIX + (twin or names[0].removeprefix("--").partition("/")[0].replace("-", "_").upper())
    TWINS.add(name)
    return click.option(*names, envvar=[name, known] if known else name, show_envvar=True, **attributes)


def unknown_settings() -> list[str]:
    """Variables that look like settings and are none of TWINS."""
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in TWINS)
