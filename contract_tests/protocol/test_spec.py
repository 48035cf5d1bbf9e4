"""The shipped definitions are the cloud's, whole and in their compact form; what is not understood is refused."""

import json
from pathlib import Path

import pytest

from contract_tests.products import published
from contract_tests.protocol.definition import FILES, GOOD, changed
from lke_emulator.protocol.definitions import update
from lke_emulator.protocol.spec import FOLDER, Definition, Member, Service, Spec, SpecError, load_spec, member, spec


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
    assert update.json_text(update.definition(product, data, f"tccli {update.pinned()}")) == shipped


def test_the_three_files_are_small_and_hold_facts_only() -> None:
    assert [path.name for path in FILES] == ["adp-2026-05-20.json", "lke-2023-11-30.json", "lkeap-2024-05-22.json"]
    assert sum(path.stat().st_size for path in FILES) < 350_000
    for path in FILES:
        assert path.read_bytes().isascii()  # the descriptions are Chinese
        assert max(map(len, path.read_text().splitlines())) < 5_000  # one action or shape a line


def test_loading_reads_no_members() -> None:
    loaded = load_spec()
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
        load_spec(tmp_path)
    assert "lke.json" in str(stopped.value)
    assert said in str(stopped.value)


def test_a_folder_without_definitions_names_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="make spec"):
        load_spec(tmp_path)
