"""Every flag of every command has a variable of the environment, and the docs tell both."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from lke_emulator.cli import COMMANDS, find_command
from lke_emulator.commands.setting import PREFIX
from lke_emulator.testing import plugin

DOCS = (Path(__file__).parents[2] / "docs" / "running.md").read_text("utf-8")


def options_of(command: click.Command, path: str) -> Iterator[tuple[str, click.Option]]:
    for one in command.params:
        if isinstance(one, click.Option):
            yield path, one
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from options_of(inner, f"{path} {name}")


OPTIONS = [
    pytest.param(option, id=f"{path} {option.opts[0]}")
    for name in COMMANDS
    for path, option in options_of(find_command(name), name)
]


@pytest.mark.parametrize("option", OPTIONS)
def test_a_flag_has_a_variable_and_both_are_told(option: click.Option) -> None:
    flag, variables = option.opts[0], option.envvar
    assert variables
    assert f"`{flag}`" in DOCS
    derived = PREFIX + flag.removeprefix("--").replace("-", "_").upper()
    for variable in [variables] if isinstance(variables, str) else variables:
        assert variable == derived or f"`{variable}`" in DOCS


def test_a_variable_means_the_same_in_every_command() -> None:
    known: dict[str, Any] = {}
    for one in OPTIONS:
        (option,) = one.values
        assert isinstance(option, click.Option)
        variables = option.envvar
        for variable in [variables] if isinstance(variables, str) else variables or ():
            kind = option.is_flag, option.multiple, option.type.name
            assert known.setdefault(variable, kind) == kind, variable


def test_an_option_of_the_plugin_has_a_variable() -> None:
    parser = pytest.Parser(_ispytest=True)
    plugin.pytest_addoption(parser)
    for option in parser.getgroup("lke-emulator").options:
        (name,) = option.names()
        variable = name.removeprefix("--").replace("-", "_").upper()
        assert variable in option.attrs()["help"]
        assert f"`{name}`" in DOCS
        assert f"`{variable}`" in DOCS
