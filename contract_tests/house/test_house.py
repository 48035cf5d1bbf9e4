"""The house rules of ARCHITECTURE.md, held: who may import whom, where time and chance come from, what a start loads."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "emulator" / "lke_emulator"
MODULES = sorted(PACKAGE.rglob("*.py"))
LAYERS = (
    "primitives",
    "protocol",
    "usage",
    "billing",
    "models",
    "knowledge",
    "dialogues",
    "account",
    "scenario",
    "products",
    "exchange",
    "durable",
    "gateway",
    "openai",
    "oneapi",
    "dialogue",
    "objects",
    "control",
    "console",
    "app",
    "server",
    "replaying",
    "serve",
    "client",
    "log",
    "testing",
    "recording",
    "verification",
    "commands",
    "cli",
    "__main__",
)
"""Folders and modules of the package; each may import from those before it. The plan of the house, held."""
STARLETTE = ("app", "server", "exchange", "dialogue/sockets")
SEEDED = ("primitives/clock", "primitives/ids")


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports(path: Path) -> list[str]:
    """Every module that a file imports, wherever in the file."""
    return list(imported(path))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def under(path: Path, places: tuple[str, ...]) -> bool:
    inner = path.relative_to(PACKAGE).with_suffix("").as_posix()
    return any(inner == place or inner.startswith(place + "/") for place in places)


def layer(module: str) -> int:
    """Its place in LAYERS; ValueError for a folder that has none."""
    return LAYERS.index(module.split(".")[1])


NAMES = {name_of(module) for module in MODULES} - {"lke_emulator"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    if path == PACKAGE / "__init__.py":
        return
    mine = layer(name_of(path))
    assert not {module for module in imports(path) if module in NAMES and layer(module) > mine}


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


@pytest.mark.parametrize(
    "module",
    [
        *("faker", "yaml", "watchfiles", "websockets", "zipfile", "sqlite3", "httpx"),
        *("lke_emulator.dialogue.surface", "lke_emulator.control", "lke_emulator.openai", "lke_emulator.oneapi"),
        *("lke_emulator.console", "lke_emulator.protocol.attempts", "lke_emulator.products.generated"),
        *("lke_emulator.products.lke", "lke_emulator.products.adp", "lke_emulator.products.lkeap.chat"),
    ],
)
def test_the_gateway_starts_without(module: str) -> None:
    """What costs tens of milliseconds is imported when it is asked for."""
    assert module not in started()


@cache
def started() -> frozenset[str]:
    """The modules of a process that has the gateway."""
    code = "import sys, lke_emulator.app; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert "lke_emulator.app" in ran.stdout.split()
    return frozenset(ran.stdout.split())


def test_a_scenario_without_conversations_is_read_without_what_makes_them_up() -> None:
    code = "import sys, lke_emulator.serve; sys.exit('lke_emulator.models.prose' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_one_place_answers_what_nobody_foresaw() -> None:
    """A second one would hide a failure from the journal, or tell it in another form."""
    caught = [name_of(path) for path in MODULES if re.search(r"except (Base)?Exception\b|except:", path.read_text())]
    assert caught == ["lke_emulator.exchange.exchange"]


def test_checks_that_are_shipped_import_nothing_that_is_not() -> None:
    """`lke-emulator verify` collects them where the rest of the suite is not."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    shipped = [name for name in build["force-include"] if name.startswith("contract_tests/")]
    modules = tuple(name.removesuffix(".py").replace("/", ".") for name in shipped)
    found = [path for name in shipped for path in [ROOT / name, *(ROOT / name).rglob("*.py")] if path.suffix == ".py"]
    assert len(found) > 40
    for path in found:
        for module in re.findall(r"^from (contract_tests[\w.]*) import", path.read_text(), re.MULTILINE):
            assert module == "contract_tests" or module.startswith(modules), f"{path.name} imports {module}"
