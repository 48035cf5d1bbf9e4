"""A scenario file becomes a World: found by name or path, read strictly, built section by section.

What is wrong with it is one ScenarioError with file, line, path and the way out; there is never a half-loaded world.
"""

import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from lke_emulator.account.world import MadeOf, World
from lke_emulator.primitives.clock import machine_at, real_now
from lke_emulator.primitives.garbage import uncollected
from lke_emulator.primitives.ids import drawn
from lke_emulator.scenario.document import Place, ScenarioError, read_yaml
from lke_emulator.scenario.mismatch import mismatch, nearest
from lke_emulator.scenario.section import Section, Text
from lke_emulator.scenario.world import Scenario, build_world, unheard

PACKAGE = Path(__file__).parents[1]
FOLDERS = (PACKAGE / "scenarios", PACKAGE.parents[1] / "scenarios")
"""The wheel's; in a checkout there is none, and they are at the top of it."""
Kind = TypeVar("Kind", bound=Section)
SUFFIXES = (".yaml", ".yml")


def shipped() -> dict[str, Path]:
    """The scenarios that can be loaded by name."""
    folder = next(folder for folder in FOLDERS if folder.is_dir())
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def find_scenario(name_or_path: str) -> Path:
    """The file of a shipped scenario, or the path itself. ScenarioError when there is no such thing."""
    path = Path(name_or_path)
    if path.suffix in SUFFIXES or len(path.parts) > 1:
        return path
    known = shipped()
    if name_or_path not in known:
        raise ScenarioError(
            f"{name_or_path}: no scenario, and no path (it would end in .yaml); {nearest(name_or_path, known)}"
        )
    return known[name_or_path]


def load(
    name_or_path: str,
    seed: int | None = None,
    now: float | None = None,
    warn: Callable[[str], None] = unheard,
    chance: str = "",
) -> World:
    """The world that a scenario describes. `seed` replaces the file's; `now` (Unix seconds) stands for the real moment;
    `warn` is told, with its place, what is likely not meant; `chance` is what a world has that is not deterministic, drawn
    where it is left out.

    Raises ScenarioError.
    """
    path = find_scenario(name_or_path)
    file = name_or_path if path == Path(name_or_path) else path.name
    return world_of_text(read_scenario(path), name_or_path, file, seed, now, warn, chance)


def read_scenario(path: Path) -> str:
    """ScenarioError where it cannot be read."""
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
            raise ScenarioError(f"{path}: this is a pipe or a device, which cannot be read again; give a file")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: this is not UTF-8 text (byte {error.start})") from None
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


@uncollected()
def world_of_text(
    text: str,
    name: str,
    file: str = "",
    seed: int | None = None,
    now: float | None = None,
    warn: Callable[[str], None] = unheard,
    chance: str = "",
) -> World:
    """The same of a scenario's text; `file` is what messages call it, if not by its name."""
    at = read_yaml(text, file or name)
    chance, moment = chance or drawn(), real_now()
    with machine_at(moment):
        world = build_world(typed(at), at, name, seed, now, chance, warn)
    world.made_of = MadeOf(text=text, seed=seed, chance=chance, moment=moment)
    return world


def typed(at: Place) -> Scenario:
    """The document as the sections of the format."""
    return section_of(at, Scenario)


def section_of(at: Place, kind: type[Kind]) -> Kind:
    """What is written at a place as a section of this kind."""
    try:
        return msgspec.convert(at.value, kind, dec_hook=as_text)
    except msgspec.ValidationError as error:
        raise mismatch(at, msgspec.inspect.type_info(kind)) or refused_within(at, str(error)) from None


def refused_within(at: Place, message: str) -> ScenarioError:
    """What a struct refuses as a whole: `error_texts: what is wrong - at `$.assumptions``."""
    what, _, path = message.rpartition(" - at `$.")
    key, _, why = what.partition(": ")
    place = at.inside(f"{path.removesuffix('`').replace('[', '.').replace(']', '')}.{key}")
    return place.wrong(why) if place.is_written else at.wrong(message)


def as_text(kind: type[Text], value: Any) -> str:
    if isinstance(value, (str, int)) and not isinstance(value, bool) and re.fullmatch(kind.form, str(value)):
        return str(value)
    raise ValueError(f"this is not {kind.meaning}")
