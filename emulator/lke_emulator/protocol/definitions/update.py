"""Rewrite the definitions from the pinned `tccli` package, as `make spec` does.

The package is not installed: its wheel is downloaded and read. Facts only (names, types, required, nullable, disabled),
nothing of its prose. What is printed is the change log.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from lke_emulator.protocol.spec import FOLDER, SCALARS, Definition, SpecError, read_definition

PRODUCTS = {"lke": "2023-11-30", "lkeap": "2024-05-22", "adp": "2026-05-20"}
PYPROJECT = Path(__file__).parents[4] / "pyproject.toml"
KINDS = {"string": "string", "int64": "int", "uint64": "int", "float": "float", "bool": "bool"}
NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)


class Metadata(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    api_version: str
    service_short_name: str
    service_name: str = msgspec.field(name="serviceNameCN")
    brief: str = msgspec.field(name="api_brief")


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A product's api.json."""

    metadata: Metadata
    actions: dict[str, Any]
    objects: dict[str, Any]
    version: Literal["1.0"]


class SourceAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    input: str
    output: str
    status: Literal["online"]
    name: str
    document: str


class SourceMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    type: Literal["string", "int", "float", "bool", "object", "list"]
    member: str
    """The scalar or the object; of a list, that of its items."""
    document: str
    example: str = ""
    required: bool = False
    disabled: bool = False
    value_allowed_null: bool = False
    output_required: bool = False


class SourceObject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    members: list[SourceMember]
    document: str
    type: Literal["object"] = "object"
    usage: Literal["in", "out", "both"] = "both"


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object as a dict; two members of one name are a fault that a plain dict would swallow."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise SpecError(f"`{next(name for name in names if names.count(name) > 1)}` is defined twice")
    return made


def understood(value: Any, kind: Any, where: str) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise SpecError(f"{where}: {error}") from None


def type_of(member: SourceMember, objects: dict[str, Any], where: str) -> str:
    """A member's type in the grammar of `lke_emulator.protocol.spec`."""
    name = member.member
    if name not in SCALARS and name not in objects:
        raise SpecError(f"{where}: unknown type `{name}`")
    if member.type not in ("list", KINDS.get(name, "object")):
        raise SpecError(f"{where}: a `{member.type}` cannot hold `{name}`")
    return (
        (f"[{name}]" if member.type == "list" else name)
        + "!" * member.required
        + "?" * member.value_allowed_null
        + "~" * member.disabled
    )


def members_of(value: SourceObject, objects: dict[str, Any], where: str) -> dict[str, str]:
    made: dict[str, str] = {}
    for member in value.members:
        place = f"{where}.{member.name}"
        if member.name in made or not NAME.fullmatch(member.name):
            raise SpecError(f"{place}: no name for a member, or its second use")
        made[member.name] = type_of(member, objects, place)
    return made


def definition(product: str, data: bytes, origin: str) -> Definition:
    """A product's api.json as our definition; SpecError at the first thing that is not understood."""
    try:
        raw = json.loads(data, object_pairs_hook=unique)
    except (SpecError, ValueError) as error:
        raise SpecError(f"{product}: {error}") from None
    source = understood(raw, Source, product)
    if (source.metadata.service_short_name, source.metadata.api_version) != (product, PRODUCTS[product]):
        raise SpecError(f"{product}: is {source.metadata.service_short_name} {source.metadata.api_version}")
    shapes: dict[str, dict[str, str]] = {}
    for name, value in source.objects.items():
        where = f"{product}.objects.{name}"
        if name in SCALARS or not NAME.fullmatch(name):
            raise SpecError(f"{where}: not a name for an object")
        shapes[name] = members_of(understood(value, SourceObject, where), source.objects, where)
    actions: dict[str, tuple[str, str]] = {}
    for name, value in source.actions.items():
        action: SourceAction = understood(value, SourceAction, f"{product}.actions.{name}")
        actions[name] = (action.input, action.output)
    return Definition(product, PRODUCTS[product], origin, actions, shapes)


def json_text(definition: Definition) -> bytes:
    """The file of a definition: one action and one shape a line, so that its diff can be read."""
    encode = msgspec.json.encode

    def lines(table: dict[str, Any]) -> bytes:
        return b",\n".join(encode(name) + b":" + encode(value) for name, value in table.items())

    head = {"service": definition.service, "version": definition.version, "source": definition.source}
    tables = b'"actions":{\n' + lines(definition.actions) + b'\n},\n"shapes":{\n' + lines(definition.shapes) + b"\n}"
    return b"{\n" + lines(head) + b",\n" + tables + b"\n}\n"


def changes(old: Definition, new: Definition) -> Iterator[str]:
    """What is added (+), removed (-) and changed (~) from the old definition of a service to the new one."""
    yield from differences("action", old.actions, new.actions)
    yield from differences("shape", {name: old.shapes[name] for name in old.shapes.keys() - new.shapes.keys()}, {})
    for name, after in sorted(new.shapes.items()):
        before = old.shapes.get(name)
        if before is None:
            yield from differences("shape", {}, {name: after})
            continue
        yield from differences("member", before, after, name + ".")
        if before.keys() == after.keys() and list(before) != list(after):
            yield f"~ order of members {name}: {words(after)}"


def differences(noun: str, before: dict[str, Any], after: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        place = f"{noun} {prefix}{name}"
        if name not in before:
            yield f"+ {place}: {words(after[name])}"
        elif name not in after:
            yield f"- {place}: {words(before[name])}"
        elif before[name] != after[name]:
            yield f"~ {place}: {words(before[name])} => {words(after[name])}"


def words(value: str | tuple[str, str] | dict[str, str]) -> str:
    """A member's type, an action's two shapes, or a shape's members, in a line of the log."""
    if isinstance(value, dict):
        return ", ".join(value) or "no members"
    return value if isinstance(value, str) else " -> ".join(value)


def pinned() -> str:
    """The version of tccli that pyproject.toml names."""
    project = tomllib.loads(PYPROJECT.read_text("utf-8"))
    try:
        version: str = project["tool"]["lke-emulator"]["tccli"]
    except KeyError:
        raise SpecError(f"{PYPROJECT.name} pins no tccli: [tool.lke-emulator] tccli = VERSION") from None
    return version


def download(version: str, to: str) -> Path:
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--dest", to]
    command = [sys.executable, "-m", "pip", "download", *options, f"tccli=={version}"]
    if subprocess.run(command, check=False).returncode:
        raise SpecError(f"tccli {version} could not be downloaded; `--wheel PATH` reads one that you have")
    return next(Path(to).glob("tccli-*.whl"))


def read_wheel(wheel: Path) -> list[Definition]:
    """The definitions of every product; SpecError also when the wheel knows a version of a product that we do not."""
    origin = "tccli " + wheel.name.removeprefix("tccli-").partition("-")[0]
    try:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                match = re.fullmatch(r"tccli/services/(\w+)/v(\d{4})(\d\d)(\d\d)/api\.json", name)
                if match and match[1] in PRODUCTS and "-".join(match.groups()[1:]) != PRODUCTS[match[1]]:
                    raise SpecError(f"{name}: a version of {match[1]} that PRODUCTS does not name")
            return [
                definition(product, archive.read(f"tccli/services/{product}/{folder(version)}/api.json"), origin)
                for product, version in PRODUCTS.items()
            ]
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise SpecError(f"{wheel}: {error}") from None


def folder(version: str) -> str:
    """2023-11-30 is v20231130 in tccli."""
    return "v" + version.replace("-", "")


def write(definitions: list[Definition], to: Path) -> Iterator[str]:
    """Write the files and give the change log. Nothing is written unless every file can be read back."""
    files = [(to / f"{new.service}-{new.version}.json", json_text(new), new) for new in definitions]
    for path, data, _ in files:
        read_definition(data, path.name)
    for path, data, new in files:
        title = f"{new.service} {new.version} ({new.source})"
        if path.exists():
            log = list(changes(read_definition(path.read_bytes(), path.name), new))
            yield f"{title}: {len(log)} changes" if log else f"{title}: no change"
            yield from (f"  {line}" for line in log)
        else:
            yield f"{title}: new, {len(new.actions)} actions and {len(new.shapes)} shapes"
        path.write_bytes(data)


def main(arguments: list[str] | None = None) -> int:
    parser = ArgumentParser(prog="python -m lke_emulator.protocol.definitions.update", description=__doc__)
    parser.add_argument("--tccli", metavar="VERSION", help="another version than the pinned one")
    parser.add_argument("--wheel", metavar="PATH", type=Path, help="a wheel of tccli that is here already")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as temporary:
            wheel = options.wheel or download(options.tccli or pinned(), temporary)
            for line in write(read_wheel(wheel), FOLDER):
                print(line)
    except SpecError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
