"""The scenario that is served: which there are, and another one in its place."""

from collections.abc import Generator
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from lke_emulator.account.call import ANY_TIME, Wait
from lke_emulator.account.snapshot import restore, save
from lke_emulator.account.world import World
from lke_emulator.control.table import Body, ControlCall, Invalid, YamlText, not_both, route
from lke_emulator.control.values import Names, names
from lke_emulator.primitives.aside import aside
from lke_emulator.primitives.refused import Refused
from lke_emulator.scenario.section import Seed

TEXT = "sent.yaml"
"""What a scenario is called that came as text."""


class ScenarioRow(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    about: str
    """The comment at the head of the file."""


class ScenarioList(msgspec.Struct, frozen=True, kw_only=True):
    current: str
    """A name, or the path that the emulator was started with."""
    started: str
    """What it was started with: SIGHUP and `--watch` load that one."""
    scenarios: list[ScenarioRow]
    """Those that can be loaded by name."""


class WantedScenario(Body):
    """Give a name or a text; without either the present one is loaded again."""

    BETWEEN: ClassVar[dict[str, Any]] = not_both({"name": {"minLength": 1}, "text": {"minLength": 1}})

    name: str = ""
    text: Annotated[str, Meta(description="A scenario as its file would be.")] = ""
    seed: Seed | None = None


class LoadedScenario(msgspec.Struct, frozen=True, kw_only=True):
    scenario: str
    accounts: list[str]
    kept: list[str]
    """Accounts that were opened before and stay as they are."""
    gone: dict[str, str]
    """Uin -> why the account is there no more."""
    warnings: list[str]
    """What is likely not meant, each with its place."""


@route("GET", "/scenarios")
def list_scenarios(call: ControlCall) -> ScenarioList:
    """The scenarios that are shipped, and the present one."""
    from lke_emulator.scenario.load import shipped

    return ScenarioList(
        current=call.world.scenario,
        started=call.running.settings.scenario,
        scenarios=[ScenarioRow(name=name, about=head_of(path.read_text("utf-8"))) for name, path in shipped().items()],
    )


class RetoldQuery(Body):
    sections: Annotated[
        Names, Meta(description="Names of an account's sections, such as keys,billing; empty for all.")
    ] = ""


@route("GET", "/accounts/{uin}/scenario")
def retell_account(call: ControlCall, query: RetoldQuery) -> Generator[Wait, None, YamlText]:
    """Sections of a scenario that would make the account so, as YAML, with those whose things they name: what `POST /accounts`
    takes as `account`. The statistics of what was used and said come out the same; many real calls are folded, which a comment
    says. Not in it are secrets, bills, notifications, the wallet's history, what single real calls cost, the steps of answers,
    and files, workflows and variables of apps."""
    from lke_emulator.scenario.retold import SECTIONS, retold

    wanted = names(query.sections) or tuple(SECTIONS)
    if unknown := sorted(set(wanted) - set(SECTIONS)):
        raise LookupError(f"sections: there is no {unknown[0][:80]}; there are {', '.join(SECTIONS)}")
    kept, now = save(call.account), call.account.clock.now()
    with aside(lambda: retold(restore(kept), wanted, now)) as (ear, text):
        yield Wait(ANY_TIME, ear)
        return YamlText(text.result())


def head_of(text: str) -> str:
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# "))
    return "\n".join(lines)


@route("POST", "/scenario")
def load_scenario(call: ControlCall, body: WantedScenario) -> LoadedScenario:
    """Serve another scenario, or the present one again: its accounts begin anew, opened ones stay. A bad one changes nothing, and
    the answer says where it is bad."""
    from lke_emulator.scenario.document import ScenarioError

    warnings: list[str] = []
    try:
        world = wanted(call, body, warnings)
    except ScenarioError as error:
        raise Refused(str(error)) from None
    return put(call, world, world.keep(call.world), warnings)


@route("POST", "/scenario/undo")
def undo_scenario(call: ControlCall) -> LoadedScenario:
    """Serve again the world that was there before the last scenario was loaded, as it was left; opened accounts go on as they
    are now. Once more brings back the later one."""
    before = call.running.before
    if before is None:
        raise Refused("no scenario was loaded in place of another one: there is nothing to go back to")
    return put(call, before, before.come_back(call.world), [])


def put(call: ControlCall, world: World, gone: dict[str, str], warnings: list[str]) -> LoadedScenario:
    call.running.replace_world(world)
    return LoadedScenario(
        scenario=world.scenario,
        accounts=list(world.accounts),
        kept=sorted(world.opened),
        gone=gone,
        warnings=warnings,
    )


def wanted(call: ControlCall, body: WantedScenario, warnings: list[str]) -> World:
    """Raises ScenarioError."""
    from lke_emulator.scenario.load import load, shipped, world_of_text

    seed = call.running.settings.seed if body.seed is None else body.seed
    if body.name and body.text:
        raise Invalid("text: give it or a name, not both")
    if body.text:
        return world_of_text(body.text, TEXT, seed=seed, warn=warnings.append)
    name = body.name or call.world.scenario
    if name == TEXT:
        raise Refused("text: the present scenario came as text; send it again")
    if name not in shipped() and name != call.running.settings.scenario:
        raise LookupError(f"there is no scenario {name[:80]}; shipped are {', '.join(shipped())}")
    return load(name, seed, warn=warnings.append)
