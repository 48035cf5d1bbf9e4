"""How definitions are made from the pinned tccli package; an unknown thing in it stops the update."""

import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests.products import published
from contract_tests.protocol.definition import FILES, changed, source
from lke_emulator.protocol.definitions import update
from lke_emulator.protocol.spec import Definition, Service, SpecError, load_spec, read_definition, spec


def parsed(value: dict[str, Any]) -> Definition:
    return update.definition("lke", json.dumps(value).encode(), "test")


def test_tccli_definitions_become_the_compact_form() -> None:
    made = parsed(source())
    assert made.actions == {"A": ("ARequest", "AResponse")}
    assert made.shapes == {
        "ARequest": {"Limit": "uint64!", "Filters": "[Item]"},
        "AResponse": {"RequestId": "string"},
        "Item": {"Name": "string?~"},
    }
    assert read_definition(update.json_text(made), "lke.json") == made


def put(*path: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(tree: Any) -> None:
        for step in path[:-1]:
            tree = tree[step]
        tree[path[-1]] = value

    return change


MEMBER = ("objects", "ARequest", "members", 0)


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        (put("paginators", value={}), "lke", "paginators"),
        (put("version", value="2.0"), "lke", "version"),
        (put("metadata", "mode", value="rpc"), "lke", "mode"),
        (put("metadata", "apiVersion", value="2024-01-01"), "lke", "2024-01-01"),
        (put("actions", "A", "auth", value=1), "lke.actions.A", "auth"),
        (put("actions", "A", "status", value="offline"), "lke.actions.A", "status"),
        (put("objects", "Item", "usage", value="sideways"), "lke.objects.Item", "usage"),
        (put("objects", "Item", "kind", value="x"), "lke.objects.Item", "kind"),
        (put(*MEMBER, "secret", value=True), "lke.objects.ARequest", "secret"),
        (put(*MEMBER, "required", value="yes"), "lke.objects.ARequest", "members[0].required"),
        (put(*MEMBER, "type", value="decimal"), "lke.objects.ARequest", "members[0].type"),
        (put(*MEMBER, "member", value="uint8"), "lke.objects.ARequest.Limit", "uint8"),
        (put(*MEMBER, "member", value="string"), "lke.objects.ARequest.Limit", "`int` cannot hold `string`"),
        (put(*MEMBER, "member", value="Item"), "lke.objects.ARequest.Limit", "`int` cannot hold `Item`"),
        (put(*MEMBER, "name", value="Filters"), "lke.objects.ARequest.Filters", "second use"),
        (put(*MEMBER, "name", value="a-b"), "lke.objects.ARequest.a-b", "no name"),
        (put("objects", "string", value={"document": "", "members": []}), "lke.objects.string", "not a name"),
        (put("objects", "A b", value={"document": "", "members": []}), "lke.objects.A b", "not a name"),
    ],
)
def test_an_unknown_thing_in_tccli_s_definitions_stops_the_update(
    change: Callable[[dict[str, Any]], None], where: str, said: str
) -> None:
    value = source()
    change(value)
    with pytest.raises(SpecError) as stopped:
        parsed(value)
    assert str(stopped.value).startswith(where + ":")
    assert said in str(stopped.value)


def test_two_shapes_of_one_name_are_not_swallowed() -> None:
    item = json.dumps(source()["objects"]["Item"])
    data = json.dumps(source()).replace('"objects": {', f'"objects": {{"Item": {item}, ', 1)
    with pytest.raises(SpecError, match="`Item` is defined twice"):
        update.definition("lke", data.encode(), "test")


def test_an_action_whose_shape_is_missing_is_not_written(tmp_path: Path) -> None:
    value = source()
    value["actions"]["A"]["output"] = "BResponse"
    with pytest.raises(SpecError, match="unknown shape `BResponse`"):
        list(update.write([parsed(value)], tmp_path))
    assert not list(tmp_path.iterdir())


def definition_of(actions: dict[str, tuple[str, str]], shapes: dict[str, dict[str, str]]) -> Definition:
    return Definition("lke", "2023-11-30", "test", actions, shapes)


def test_the_change_log_names_what_came_went_and_changed() -> None:
    old = definition_of(
        {"Gone": ("Q", "R"), "Kept": ("Q", "R"), "Moved": ("Q", "R")},
        {"Q": {"A": "string", "B": "int64"}, "R": {"X": "string", "Y": "float"}, "Old": {"A": "string"}, "S": {}},
    )
    new = definition_of(
        {"Come": ("Q", "R"), "Kept": ("Q", "R"), "Moved": ("Q", "S")},
        {
            "Q": {"A": "string!", "C": "[S]"},
            "R": {"Y": "float", "X": "string"},
            "S": {},
            "New": {"A": "string", "B": "S"},
        },
    )
    assert list(update.changes(old, new)) == [
        "+ action Come: Q -> R",
        "- action Gone: Q -> R",
        "~ action Moved: Q -> R => Q -> S",
        "- shape Old: A",
        "+ shape New: A, B",
        "~ member Q.A: string => string!",
        "- member Q.B: int64",
        "+ member Q.C: [S]",
        "~ order of members R: Y, X",
    ]
    assert list(update.changes(new, new)) == []


def test_the_update_writes_and_tells_once(tmp_path: Path) -> None:
    first = definition_of({}, {"Q": {"A": "string"}})
    second = definition_of({}, {"Q": {"A": "string", "B": "bool"}})
    assert list(update.write([first], tmp_path)) == ["lke 2023-11-30 (test): new, 0 actions and 1 shapes"]
    assert list(update.write([second], tmp_path)) == ["lke 2023-11-30 (test): 1 changes", "  + member Q.B: bool"]
    assert list(update.write([second], tmp_path)) == ["lke 2023-11-30 (test): no change"]
    assert read_definition((tmp_path / "lke-2023-11-30.json").read_bytes(), "") == second


def wheel(path: Path, *more: str) -> Path:
    made = path / "tccli-9.9.9-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for product, folder in published.PRODUCTS.items():
            archive.writestr(f"tccli/services/{product}/{folder}/api.json", published.read(product, "api.json"))
        for name in more:
            archive.writestr(name, "{}")
    return made


def test_make_spec_from_a_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "spec"
    to.mkdir()
    monkeypatch.setattr(update, "FOLDER", to)
    assert update.main(["--wheel", str(wheel(tmp_path, "tccli/services/cvm/v20170312/api.json"))]) == 0
    assert [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "lke 2023-11-30 (tccli 9.9.9)",
        "lkeap 2024-05-22 (tccli 9.9.9)",
        "adp 2026-05-20 (tccli 9.9.9)",
    ]
    assert load_spec(to).by_key.keys() == spec().by_key.keys()


def test_a_new_version_of_a_product_stops_make_spec(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(update, "FOLDER", tmp_path / "spec")
    assert update.main(["--wheel", str(wheel(tmp_path, "tccli/services/lke/v20270101/api.json"))]) == 1
    assert "v20270101" in capsys.readouterr().err
    assert not (tmp_path / "spec").exists()


def test_a_wheel_that_is_none_stops_make_spec(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert update.main(["--wheel", str(tmp_path / "nothing.whl")]) == 1
    assert "nothing.whl" in capsys.readouterr().err


def test_make_spec_downloads_the_version_that_the_project_pins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[list[str]] = []

    def refuse(command: list[str], check: bool) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 1)

    (tmp_path / "pyproject.toml").write_text('[tool.lke-emulator]\ntccli = "1.2.3"\n')
    monkeypatch.setattr(update, "PYPROJECT", tmp_path / "pyproject.toml")
    monkeypatch.setattr(subprocess, "run", refuse)
    assert update.main([]) == 1
    assert update.main(["--tccli", "4.5.6"]) == 1
    assert [command[-1] for command in asked] == ["tccli==1.2.3", "tccli==4.5.6"]
    assert all("--no-deps" in command for command in asked)
    assert "--wheel" in capsys.readouterr().err


def test_what_was_downloaded_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def give(command: list[str], check: bool) -> subprocess.CompletedProcess[str]:
        to = Path(command[command.index("--dest") + 1])
        wheel(to).rename(to / "tccli-3.1.189.1-py2.py3-none-any.whl")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", give)
    monkeypatch.setattr(update, "FOLDER", tmp_path)
    assert update.main(["--tccli", "3.1.189.1"]) == 0
    assert [path.read_bytes() for path in FILES] == [(tmp_path / path.name).read_bytes() for path in FILES]


def test_a_project_that_pins_nothing_is_told_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.other]\n")
    monkeypatch.setattr(update, "PYPROJECT", tmp_path / "pyproject.toml")
    with pytest.raises(SpecError, match=r"tool\.lke-emulator"):
        update.pinned()


def test_a_shape_shows_its_name() -> None:
    service = Service(read_definition(changed(), "lke.json"))
    assert repr(service.shapes["Item"]) == "<Shape lke.Item>"
