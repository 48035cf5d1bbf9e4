"""The `apps` of a scenario's account: applications as they stand when its clock starts."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta
from msgspec.structs import replace

from lke_emulator.account.account import Account
from lke_emulator.account.records import Model, Space
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.configuration import blank, merged
from lke_emulator.knowledge.shared import Base
from lke_emulator.primitives.ids import Ids
from lke_emulator.scenario.agents import AgentSection, build_agents
from lke_emulator.scenario.directory import Directory
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.making import Making
from lke_emulator.scenario.section import Copies, Digits, HeaderText, Section, Text
from lke_emulator.scenario.workflow import WorkflowSection, build_workflow

SHARED = "shared_knowledge"


class AppSection(Section, frozen=True):
    """An application, or a group of them."""

    name: Text | None = None
    """Left out: made up in the scenario's locale."""
    biz_id: Digits | None = None
    """AppBizId, a number of 19 digits. Left out: made from the seed."""
    type: Literal["knowledge_qa", "plugin_parsing_qa", "shared_knowledge", "evaluate_test"] = "knowledge_qa"
    """AppType. What is `shared_knowledge` is a knowledge base of that name and id too, which apps can refer to."""
    space: Text | None = None
    """The id or name of the space it is in."""
    count: Copies = 1
    """So many of them, numbered; the name stands for them all."""
    pattern: Literal["standard", "agent", "single_workflow", "ClawAgent"] = "standard"
    """How it works."""
    status: Literal["running", "not_online", "disabled"] = "running"
    """Whether it was ever released (`not_online`: it was not), and whether somebody stopped it."""
    key: HeaderText | None = None
    """The AppKey that opens its dialogues. Left out: made from the seed."""
    model: Text | None = None
    """The model that answers in it. Left out: the account's first one."""
    description: str = ""
    greeting: Annotated[str, Meta(max_length=200)] = ""
    """What it says first."""
    role: Annotated[str, Meta(max_length=4000)] = ""
    """What it is told about its role."""
    bare_answer: Annotated[str, Meta(max_length=300)] = ""
    """What it says where it knows nothing."""
    agents: list[AgentSection] = []
    """Of the pattern agent: who answers in it."""
    workflow: WorkflowSection | None = None
    """Of the pattern single_workflow: what it does."""


def build_apps(
    sections: Sequence[AppSection],
    spaces: Directory[Space],
    models: Directory[Model],
    account: Account,
    making: Making,
    at: Place,
) -> Directory[App]:
    """Put them into the account, released where they are online."""
    directory: Directory[App] = Directory("app")
    taken = {str(section.name) for section in sections if section.name}
    keys: set[str] = set()
    for i, section in enumerate(sections):
        place = at / i
        for key in ("biz_id", "key"):
            if section.count > 1 and getattr(section, key) is not None:
                raise (place / key).wrong(
                    f"{section.count} cannot share one {key}; leave it out to have them made from the seed"
                )
        if section.key is not None and section.key in keys:
            raise (place / "key").wrong("this is used twice; each app needs its own")
        keys.add(str(section.key))
        space = "" if section.space is None else spaces.one(section.space, place / "space").id
        model = models.things[0].name if models.things else ""
        if section.model is not None:
            model = models.one(section.model, place / "model").name
        first = len(directory.things)
        names = making.names("app_name", section.name, section.count, first, taken, place)
        for j, name in enumerate(names, first):
            biz_id = section.biz_id or Ids((making.seed, "app", j)).snowflake()
            app = App(
                biz_id=biz_id,
                type=section.type,
                space=space,
                key=section.key or "",
                draft=configured(section, name, model),
                creator=account.uin,
                created=account.clock.now(),
                updater=account.uin,
                updated=account.clock.now(),
                disabled=section.status == "disabled",
            )
            directory.place(app, biz_id, name, place)
            declare(app, section.status != "not_online", account)
            build_agents(section.agents, app, account)
            if section.workflow is not None:
                build_workflow(section.workflow, app, account)
        directory.group(section.name, first, place)
    return directory


def configured(section: AppSection, name: str, model: str) -> Any:
    draft = blank(name, "", section.description, section.pattern, model)
    said: dict[str, Any] = {"Greeting": section.greeting, "RoleDescription": section.role}
    if section.bare_answer:
        said["Output"] = {"BareAnswer": section.bare_answer}
    return replace(draft, members=merged(draft.members, {"KnowledgeQa": said}))


def declare(app: App, released: bool, account: Account) -> None:
    now = app.created
    if app.type == SHARED:
        account.shared.declare(
            Base(
                id=app.biz_id,
                name=app.name,
                space=app.space,
                owner=account.uin,
                editor=account.uin,
                created=now,
                updated=now,
            )
        )
        return
    account.apps.declare(app)
    if released:
        account.releases.declare(app.biz_id, app.draft, account.uin, now)
