"""The `apps` of a scenario's account: applications as they stand when its clock starts."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta
from msgspec.structs import replace

from lke_emulator.account.account import Account
from lke_emulator.account.bots import PLAN_AND_EXECUTE
from lke_emulator.account.records import Model, Space
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.configuration import blank, merged
from lke_emulator.knowledge.shared import Base
from lke_emulator.primitives.ids import Ids
from lke_emulator.scenario import moments
from lke_emulator.scenario.agents import AgentSection, build_agents
from lke_emulator.scenario.conversations import ConversationSection, ConversationsSection
from lke_emulator.scenario.directory import Directory
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.documents import DocumentSection, build_documents
from lke_emulator.scenario.item import Count, Setting
from lke_emulator.scenario.labels import LabelSection, build_labels
from lke_emulator.scenario.making import Making
from lke_emulator.scenario.questions import QuestionSection, build_questions, build_rejected
from lke_emulator.scenario.releases import ReleaseSection, build_releases
from lke_emulator.scenario.section import Copies, Digits, HeaderText, Moment, Section, Text
from lke_emulator.scenario.topics import Topics
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
    opening_questions: list[Text] = []
    """Questions to begin with, shown with the greeting."""
    recommends: bool = False
    """Whether questions to go on with come after its answers, over v2."""
    clarifies: bool = False
    """Whether it asks back what is meant, where its knowledge has several things that a question can mean."""
    clarify_keywords: list[Text] = []
    """It asks back only about questions with one of these. Left out: about every one."""
    plans: bool = False
    """Of several agents: whether the first tells its plan."""
    agents: list[AgentSection] = []
    """Of the pattern agent: who answers in it."""
    workflow: WorkflowSection | None = None
    """Of the pattern single_workflow: what it does."""
    created: Moment | None = None
    """When it was made. Left out: as the account's clock starts."""
    labels: list[LabelSection] = []
    """What its knowledge can be for."""
    documents: Count | DocumentSection | list[DocumentSection] = 0
    """What it knows: so many documents that are made up, or what they are."""
    questions: Count | QuestionSection | list[QuestionSection] = 0
    """Its Q&A: so many that are made up, or what they are."""
    rejected: list[Text] = []
    """Questions that it does not answer."""
    releases: Annotated[int, Meta(ge=1, le=1000)] | list[ReleaseSection] | None = None
    """What went live: so many releases, the last one now, or those that were made. Left out: of an app that is online all
    that it has."""
    conversations: ConversationsSection | list[ConversationSection] = []
    """What was asked and answered in it."""


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
        created = account.clock.now()
        if section.created is not None:
            created = float((place / "created").checked(moments.moment, section.created, created, account.zone))
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
                created=created,
                updater=account.uin,
                updated=created,
                disabled=section.status == "disabled",
            )
            directory.place(app, biz_id, name, place)
            declare(app, account)
            build_agents(section.agents, app, account)
            if section.workflow is not None:
                build_workflow(section.workflow, app, account)
            build_life(section, app, account, making, place)
        directory.group(section.name, first, place)
    return directory


def configured(section: AppSection, name: str, model: str) -> Any:
    draft = blank(name, "", section.description, section.pattern, model)
    said: dict[str, Any] = {"Greeting": section.greeting, "RoleDescription": section.role}
    if section.opening_questions:
        said["OpeningQuestions"] = section.opening_questions
    output: dict[str, Any] = {"BareAnswer": section.bare_answer} if section.bare_answer else {}
    if section.recommends:
        output["UseRecommended"] = True
    if section.clarifies:
        output |= {"UseQuestionClarify": True, "QuestionClarifyKeywords": section.clarify_keywords}
    if output:
        said["Output"] = output
    if section.plans:
        said["Agent"] = {"AgentCollaboration": PLAN_AND_EXECUTE}
    return replace(draft, members=merged(draft.members, {"KnowledgeQa": said}))


def build_life(section: AppSection, app: App, account: Account, making: Making, at: Place) -> None:
    """What the app knows, what of it went live, and what was asked; of an app without any the release alone."""
    now = float(int(account.clock.now()))
    setting = Setting(account, app.biz_id, Topics((making.seed, app.biz_id), making.locale), now, at)
    build_labels(section.labels, setting, at / "labels")
    build_documents(section.documents, setting, at / "documents")
    build_questions(section.questions, setting, at / "questions")
    if app.type == SHARED:
        for key in ("rejected", "releases", "conversations"):
            if getattr(section, key):
                raise (at / key).wrong("a shared knowledge base has none; they are an app's")
        return
    build_rejected(section.rejected, setting, at / "rejected")
    if section.status != "not_online":
        build_releases(section.releases or 1, app, setting, at / "releases")
    elif section.releases:
        raise (at / "releases").wrong("an app that was never released (`status: not_online`) has none")
    if section.conversations:
        from lke_emulator.scenario.turns import build_conversations

        build_conversations(section.conversations, app, setting, at / "conversations")


def declare(app: App, account: Account) -> None:
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
