"""The exact versions that the suite is run with."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "requirements" / "test.txt").read_text().splitlines()


def plain(name: str) -> str:
    """A name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_line_is_a_name_and_an_exact_version() -> None:
    assert LINES
    assert [line for line in LINES if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+!]*", line)] == []


def test_everything_that_the_project_asks_for_has_an_exact_version() -> None:
    """One that is missing was added without `make lock`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"].values()
    asked = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(x for one in extras for x in one),
    ]
    exact = {plain(line.partition("==")[0]) for line in LINES}
    assert {plain(re.split(r"[^\w.-]", one)[0]) for one in asked} - exact - {"lke-emulator"} == set()
