"""The shipped definitions are the cloud's, whole and in their compact form; what is not understood is refused."""

import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests.products import published
from lke_emulator.protocol.definitions import update
from lke_emulator.protocol.spec import FOLDER, Definition, Member, Service, Spec, SpecError, load, member, read, spec

FILES = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("product", published.PRODUCTS)
def test_the_shipped_file_is_what_the_pinned_package_says(product: str) -> None:
    """Every action, and every member's type, required, nullable and disabled; `make spec` would change no byte."""
    data = published.read(product, "api.json")
    source = json.loads(data)
    service = spec().services[product, update.PRODUCTS[product]]
    assert set(service.actions) == set(source["actions"])
    for name, action in source["actions"].items():
        assert (service.actions[name].request.name, service.actions[name].response.name) == (
            action["input"],
            action["output"],
        )
    assert set(service.shapes) == set(source["objects"])
    for name, value in source["objects"].items():
        assert list(service.shapes[name].members.values()) == [
            Member(
                one["name"],
                one["member"],
                one["type"] == "list",
                one.get("required", False),
                one.get("value_allowed_null", False),
                one.get("disabled", False),
            )
            for one in value["members"]
        ]
    shipped = (FOLDER / f"{product}-{service.version}.json").read_bytes()
    assert update.text(update.definition(product, data, f"tccli {update.pinned()}")) == shipped


def test_the_three_files_are_small_and_hold_facts_only() -> None:
    assert [path.name for path in FILES] == ["adp-2026-05-20.json", "lke-2023-11-30.json", "lkeap-2024-05-22.json"]
    assert sum(path.stat().st_size for path in FILES) < 350_000
    for path in FILES:
        assert path.read_bytes().isascii()  # the descriptions are Chinese
        assert max(map(len, path.read_text().splitlines())) < 5_000  # one action or shape a line


def test_loading_reads_no_members() -> None:
    loaded = load()
    shapes = [shape for service in loaded.services.values() for shape in service.shapes.values()]
    assert not [shape for shape in shapes if "members" in vars(shape)]
    assert loaded.by_key["lke.DescribeTokenUsage"].request.members["ModelName"].type == "string"
    assert [shape.name for shape in shapes if "members" in vars(shape)] == ["DescribeTokenUsageRequest"]


def test_a_call_finds_its_action_by_look_ups_alone() -> None:
    known = spec()
    assert known.products == {"lke", "lkeap", "adp"}
    action = known.services["lke", "2023-11-30"].actions["DescribeTokenUsage"]
    assert action is known.by_key["lke.DescribeTokenUsage"]
    assert (action.product, action.version, action.name) == ("lke", "2023-11-30", "DescribeTokenUsage")
    assert (action.request.name, action.response.name) == ("DescribeTokenUsageRequest", "DescribeTokenUsageResponse")
    assert known.product_of_version == {"2023-11-30": "lke", "2024-05-22": "lkeap", "2026-05-20": "adp"}
    assert known.product_of_action["ChatCompletions"] == "lkeap"
    assert known.product_of_action["ListApp"] == "lke"


def test_an_action_name_that_several_products_have_is_lke_s_first() -> None:
    services = {product: service for (product, _), service in spec().services.items()}
    shared = set(services["lke"].actions) & set(services["adp"].actions)
    assert shared
    assert {spec().product_of_action[name] for name in shared} == {"lke"}


def test_the_first_product_has_a_version_that_two_share() -> None:
    first, second = (Service(Definition(product, "2024-01-01", "test", {}, {})) for product in ("one", "two"))
    assert Spec([first, second]).product_of_version == {"2024-01-01": "one"}


def test_a_shape_may_hold_itself() -> None:
    shape = spec().services["lke", "2023-11-30"].shapes["CateInfo"]
    children = shape.members["Children"]
    assert (children.many, children.scalar) == (True, False)
    assert shape.of(children) is shape


def test_every_response_has_a_request_id_that_is_never_null() -> None:
    """A client fails without it (documented), so no reply may leave it out."""
    for action in spec().by_key.values():
        assert action.response.members["RequestId"] == Member("RequestId", "string"), action.key


def test_no_shape_needs_itself_without_end() -> None:
    """A zero object would never end: single members that are never null must not lead back to their shape."""
    for service in spec().services.values():
        for shape in service.shapes.values():
            reached, ahead = set(), [shape]
            while ahead:
                inner = ahead.pop()
                for one in inner.members.values():
                    if not (one.scalar or one.many or one.nullable) and (target := inner.of(one)) not in reached:
                        reached.add(target)
                        ahead.append(target)
            assert shape not in reached


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("string", Member("X", "string")),
        ("int64!", Member("X", "int64", required=True)),
        ("[Stat]?", Member("X", "Stat", many=True, nullable=True)),
        ("[string]!?~", Member("X", "string", True, True, True, True)),
    ],
)
def test_the_grammar_of_types(text: str, expected: Member) -> None:
    assert member("X", text) == expected


@pytest.mark.parametrize("text", ["", "[string", "string]", "string?!", "~string", "str ing", "string!!", "[[string]]"])
def test_what_is_no_type_is_refused(text: str) -> None:
    with pytest.raises(SpecError, match="X"):
        member("X", text)


GOOD: dict[str, Any] = {
    "service": "lke",
    "version": "2023-11-30",
    "source": "test",
    "actions": {"A": ["ARequest", "AResponse"]},
    "shapes": {"ARequest": {"Limit": "int64!"}, "AResponse": {"RequestId": "string", "List": "[Item]"}, "Item": {}},
}


def changed(**parts: Any) -> bytes:
    return json.dumps(GOOD | parts).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (changed(extra=1), "extra"),
        (json.dumps({name: value for name, value in GOOD.items() if name != "source"}).encode(), "source"),
        (changed(version=3), "version"),
        (changed(actions={"A": ["ARequest"]}), "actions"),
        (changed(actions={"A": ["ARequest", "Nowhere"]}), "actions.A: unknown shape `Nowhere`"),
        (changed(shapes=GOOD["shapes"] | {"Item": {"X": "text"}}), "shapes.Item.X: unknown type `text`"),
        (changed(shapes=GOOD["shapes"] | {"Item": {"X": "string!!"}}), "shapes.Item.X: unknown type `string!!`"),
        (changed(shapes=GOOD["shapes"] | {"Item": {"X": 3}}), "shapes"),
        (b"{", "truncated"),
        (b"\xff", "lke.json"),
    ],
)
def test_a_file_that_is_not_understood_stops_the_load_and_says_where(data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "lke.json").write_bytes(data)
    with pytest.raises(SpecError) as stopped:
        load(tmp_path)
    assert "lke.json" in str(stopped.value)
    assert said in str(stopped.value)


def test_a_folder_without_definitions_names_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="make spec"):
        load(tmp_path)


def source() -> dict[str, Any]:
    """A product's api.json in tccli's form, as small as it gets."""
    item = {"name": "Name", "type": "string", "member": "string", "document": "", "example": "", "disabled": False}
    return {
        "metadata": {"apiVersion": "2023-11-30", "api_brief": "", "serviceNameCN": "", "serviceShortName": "lke"},
        "version": "1.0",
        "actions": {"A": {"name": "", "document": "", "input": "ARequest", "output": "AResponse", "status": "online"}},
        "objects": {
            "ARequest": {
                "document": "",
                "type": "object",
                "members": [
                    {**item, "name": "Limit", "type": "int", "member": "uint64", "required": True},
                    {**item, "name": "Filters", "type": "list", "member": "Item", "required": False},
                ],
            },
            "AResponse": {
                "document": "",
                "type": "object",
                "members": [{"name": "RequestId", "type": "string", "member": "string", "document": ""}],
            },
            "Item": {
                "document": "",
                "usage": "both",
                "members": [{**item, "value_allowed_null": True, "output_required": False, "disabled": True}],
            },
        },
    }


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
    assert read(update.text(made), "lke.json") == made


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
    assert read((tmp_path / "lke-2023-11-30.json").read_bytes(), "") == second


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
    assert load(to).by_key.keys() == spec().by_key.keys()


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
    service = Service(read(changed(), "lke.json"))
    assert repr(service.shapes["Item"]) == "<Shape lke.Item>"
