"""Nothing that a scenario can say is without bounds, and what is likely not meant is a warning."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import inspect

from contract_tests.scenario.scenario_text import COMPANY
from lke_emulator.cli import main
from lke_emulator.scenario.document import ScenarioError
from lke_emulator.scenario.load import load
from lke_emulator.scenario.world import Scenario


def numbers(
    kind: inspect.Type, path: str, seen: set[type]
) -> Iterator[tuple[str, inspect.IntType | inspect.FloatType]]:
    """Every number of the format, by where it is read."""
    match kind:
        case inspect.StructType() if kind.cls not in seen:
            seen.add(kind.cls)
            for field in kind.fields:
                yield from numbers(field.type, f"{kind.cls.__name__}.{field.name}", seen)
        case inspect.ListType() | inspect.VarTupleType():
            yield from numbers(kind.item_type, path, seen)
        case inspect.DictType():
            yield from numbers(kind.value_type, path, seen)
        case inspect.UnionType():
            for each in kind.types:
                yield from numbers(each, path, seen)
        case inspect.IntType() | inspect.FloatType():
            yield path, kind


def test_every_number_has_a_least_and_a_most() -> None:
    found = list(numbers(inspect.type_info(Scenario), "", set()))
    assert len(found) > 100
    assert not [path for path, kind in found if (kind.ge is None and kind.gt is None) or kind.le is None]


UNUSED = (
    COMPANY.replace("{name: bob}", "{name: bob}, {name: clerk, count: 3}")
    + "      - {kind: steady, since: -1d, app: [shop], sub_account: {anna: 1, clerk: 2}, model: hunyuan, calls: 1}\n"
)


def test_what_no_usage_names_is_a_warning_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "company.yaml"
    file.write_text(UNUSED)
    said = CliRunner().invoke(main, ["validate", str(file)])
    assert said.exit_code == 0
    warnings = [line for line in said.output.splitlines() if line.startswith("warning: ")]
    assert warnings == [
        f"warning: {file}:9: accounts[0].apps[1]: no usage names this app",
        f"warning: {file}:5: accounts[0].sub_accounts[1]: no usage names this sub-account",
    ]


def test_an_account_without_usage_has_nothing_to_be_warned_of(tmp_path: Path) -> None:
    file = tmp_path / "company.yaml"
    file.write_text(COMPANY.replace("    usage:\n", ""))
    assert "warning" not in CliRunner().invoke(main, ["validate", str(file)]).output


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_pipe_or_a_device_is_no_scenario(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "company.yaml"
    if kind == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to("/dev/zero")
    with pytest.raises(ScenarioError, match="a pipe or a device"):
        load(str(file))
