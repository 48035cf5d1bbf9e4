"""The house rules of ARCHITECTURE.md, held: who may import whom, where time and chance come from, what a start loads."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "emulator").rglob("*.py"))
LOW = {"emulator.api3", *(f"emulator.api3.{name}" for name in ("errors", "signature", "limits", "spec", "shapes"))}
STARLETTE = ("app", "server", "control", "console", "openai", "files", "api3/transport", "api3/envelope")
SEEDED = ("world/clock", "world/ids")


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def under(path: Path, places: tuple[str, ...]) -> bool:
    inner = path.relative_to(ROOT / "emulator").with_suffix("").as_posix()
    return any(inner == place or inner.startswith(place + "/") for place in places)


def layer(module: str) -> int:
    """0 errors, spec, shapes; 1 world; 2 products; 3 the gateway; 4 the surfaces."""
    if module in LOW:
        return 0
    for prefix, number in (("emulator.world", 1), ("emulator.products", 2), ("emulator.api3", 3)):
        if module == prefix or module.startswith(prefix + "."):
            return number
    return 4


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    if under(path, ("settings", "names", "__init__")):
        return
    mine = layer(name_of(path))
    known = {name_of(module) for module in MODULES}
    beyond = {
        module
        for module in imports(path)
        if module in known
        and layer(module) > mine
        and module not in ("emulator", "emulator.settings", "emulator.names")
    }
    assert not beyond


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_edge_knows_starlette(path: Path) -> None:
    if not under(path, STARLETTE):
        assert not [module for module in imports(path) if module.split(".")[0] == "starlette"]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_time_and_chance_come_from_one_place(path: Path) -> None:
    if not under(path, SEEDED):
        used = set(imports(path))
        assert not used & {"random", "uuid", "secrets", "time.time", "os.urandom"}
        text = path.read_text()
        for call in ("time.time(", "datetime.now(", "datetime.utcnow(", "date.today(", "urandom("):
            assert call not in text


@pytest.mark.parametrize("module", ["faker", "yaml", "watchfiles", "websockets", "zipfile", "sqlite3", "httpx"])
def test_the_gateway_starts_without(module: str) -> None:
    """What costs tens of milliseconds is imported when it is asked for."""
    code = f"import sys, emulator.app; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
