"""An account retold as a scenario would have it: what was clicked together becomes a file.

Each section is what a scenario's account has under that name, with members that are as by default left out. What it was used for,
what is left of packages and what was said comes out as it was. Not told are secrets; bills, the wallet's history and
notifications; what a real call cost, its id and its place in the hour where real calls are folded; of an answer its steps, with
their tokens, and whatever it showed beside its text; runs of workflows; files, workflows and variables of apps; and who was
made to wait.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from msgspec import NODEFAULT, UNSET, Struct
from msgspec.structs import asdict, fields

from lke_emulator.account.account import Account
from lke_emulator.account.bots import PLAN_AND_EXECUTE
from lke_emulator.account.rate_limits import RATE_LIMIT, RATE_LIMITS
from lke_emulator.billing.packages import APIS, FIELDS
from lke_emulator.knowledge import documents, qas
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.categories import unsorted
from lke_emulator.knowledge.validity import LabelRef
from lke_emulator.knowledge.work import DONE
from lke_emulator.models.rules import ChatRule
from lke_emulator.primitives.millionths import MILLION
from lke_emulator.scenario.agents import AgentSection, ToolSection
from lke_emulator.scenario.apps import AppSection
from lke_emulator.scenario.billing import BillingSection, PackageSection, PriceSection
from lke_emulator.scenario.clock import ClockSection
from lke_emulator.scenario.conversations import ConversationSection
from lke_emulator.scenario.dialogue_limits import DialogueLimitSection
from lke_emulator.scenario.documents import DocumentSection
from lke_emulator.scenario.events import Happening
from lke_emulator.scenario.faults import FaultSection
from lke_emulator.scenario.item import SCOPES
from lke_emulator.scenario.keys import KeySection
from lke_emulator.scenario.knowledge import KnowledgeSection
from lke_emulator.scenario.labels import LabelSection
from lke_emulator.scenario.limits import LimitSection
from lke_emulator.scenario.messages import METHODS, MessagesSection, ReplyMethods
from lke_emulator.scenario.moderation import ModerationSection
from lke_emulator.scenario.moments import moment_text
from lke_emulator.scenario.questions import QuestionSection
from lke_emulator.scenario.releases import ReleaseSection
from lke_emulator.scenario.replies import ReplySection
from lke_emulator.scenario.retold_conversations import retold_conversations
from lke_emulator.scenario.retold_usage import UsageRetelling
from lke_emulator.scenario.section import Digits, Moment, Text
from lke_emulator.scenario.things import ModelSection, SpaceSection, SubAccountSection
from lke_emulator.scenario.usage import AmountsSection, Gap, PerCall

SCOPE_NAMES = {number: name for name, number in SCOPES.items()}
DOCUMENT_STATES = {
    documents.PARSING: "parsing",
    documents.AUDITING: "auditing",
    documents.LEARNING: "learning",
    documents.PARSE_FAILED: "parse_failed",
    documents.IMPORT_FAILED: "import_failed",
    documents.AUDIT_FAILED: "audit_failed",
    documents.LEARN_FAILED: "learn_failed",
    documents.ISOLATED: "over_capacity",
    documents.RESTORING: "restoring",
}
QUESTION_STATES = {
    qas.WAITING: "waiting",
    qas.NOT_ADOPTED: "not_adopted",
    qas.AUDITING: "auditing",
    qas.LEARNING: "learning",
    qas.AUDIT_FAILED: "audit_failed",
    qas.LEARN_FAILED: "learn_failed",
    qas.ISOLATED: "over_capacity",
    qas.RESTORING: "restoring",
}


class FlowMapping(dict[str, Any]):
    """A mapping that is written on one line."""


class FlowList(list[Any]):
    """A list that is."""


FIGURES = (AmountsSection, PerCall, Gap, Happening)
"""Sections of numbers and moments alone."""


def as_written(section: Any) -> Any:
    """A section as its file has it, without what is as by default."""
    if isinstance(section, (list, tuple)):
        written = [as_written(each) for each in section]
        return written if any(isinstance(each, (dict, str)) for each in written) else FlowList(written)
    if not hasattr(section, "__struct_fields__"):
        return str(section) if isinstance(section, str) else section
    config = section.__struct_config__
    said: dict[str, Any] = {config.tag_field: config.tag} if config.tag else {}
    for name, default in defaults(section.__class__):
        value = getattr(section, name)
        if value is not UNSET and value != default:
            said[name] = as_written(value)
    if isinstance(section, FIGURES):
        return FlowMapping({name: said[name] for name in ("kind", "at") if name in said} | said)
    return said


@cache
def defaults(section: type[Struct]) -> list[tuple[str, Any]]:
    """Member -> what it is where nothing is said."""
    return [
        (field.name, field.default if field.default_factory is NODEFAULT else field.default_factory())
        for field in fields(section)
    ]


class Retelling:
    """Of one account at one moment of its clock."""

    def __init__(self, account: Account, now: float, says_conversations: bool = True) -> None:
        self.account = account
        self.now = now
        self.says_conversations = says_conversations
        self.notes: list[str] = []
        """What of it is not told one by one."""

    @cached_property
    def used(self) -> UsageRetelling:
        return UsageRetelling(self.account, self.now)

    def name(self) -> str | None:
        return self.account.name or None

    def time_zone(self) -> str | None:
        zone = self.account.zone
        hours, minutes = divmod(abs(zone) // 60, 60)
        said = f"{'-' if zone < 0 else '+'}{hours:02}:{minutes:02}"
        return None if said == "+08:00" else said

    def seed(self) -> str:
        return str(self.account.seed)

    def order(self) -> str | None:
        return None if self.account.order == "sharded" else self.account.order

    def messages(self) -> Any:
        said = self.account.messages
        methods = {name: said.methods.get(count, 0) for name, count in METHODS.items()}
        return MessagesSection(ReplyMethods(**methods), said.rated, said.liked)

    def events(self) -> Any:
        return self.used.events

    def usage(self) -> Any:
        entries = self.used.entries
        self.notes += self.used.notes
        return entries

    def moment(self, seconds: float) -> Moment:
        return Moment(moment_text(seconds, self.account.zone))

    def past(self, seconds: float) -> Moment:
        """Of what has happened, also where the clock was set back since."""
        return self.moment(min(seconds, self.now))

    def clock(self) -> Any:
        course, now = self.account.clock.saved().course, self.moment(self.now)
        if course == "real":
            return "real"
        return ClockSection(frozen_at=now) if course == "frozen" else ClockSection(started_at=now)

    def sub_accounts(self) -> Any:
        return [
            SubAccountSection(uin=Digits(one.uin), name=Text(one.name) if one.name else None)
            for one in self.account.sub_accounts.values()
        ]

    def spaces(self) -> Any:
        return [SpaceSection(id=Text(one.id), name=Text(one.name)) for one in self.account.spaces.values()]

    def models(self) -> Any:
        return [
            ModelSection(
                name=Text(one.name),
                display_name=None if one.display_name == one.name else Text(one.display_name),
                concurrency=one.concurrency,
                call_seconds=one.call_seconds,
            )
            for one in self.account.models.values()
        ]

    def keys(self) -> Any:
        account = self.account
        return [
            KeySection(
                id=Digits(key.id),
                label=key.label,
                remark=key.remark,
                sub_account=None if key.owner == account.uin else Text(key.owner),
                group=key.group,
                enabled=key.enabled,
                quota=None if key.quota is None else key.quota / MILLION,
                used=key.used / MILLION,
                models=list(key.models),
                created=self.past(key.created),
                expires=None if key.expires is None else self.moment(key.expires),
            )
            for key in account.keys.saved().keys
        ]

    def billing(self) -> Any:
        billing, now = self.account.billing, self.now
        wallet, switches = billing.wallet(now), billing.switches(now)
        books = billing.saved()
        on = [api for api, switch in switches.items() if switch.on]
        return BillingSection(
            activated=books.is_activated,
            since=self.moment(int(now) + 1),
            packages=[
                PackageSection(
                    kind=one.kind,
                    total=one.total,
                    source=one.source,
                    name=one.name,
                    models=list(one.models),
                    apis=list(one.apis),
                    start=self.moment(one.start),
                    expires=self.moment(one.expires),
                    used=one.used if one.kind in FIELDS else None,
                    period=one.period or None,
                )
                for one in books.packages
            ],
            postpaid="all" if len(on) == len(APIS) else on,
            permitted=[Text(uin) for uin in sorted(billing.permitted)],
            balance=(wallet.balance - wallet.pending) / MILLION,
            currency=wallet.currency,
            prices=[PriceSection(**asdict(price)) for price in books.prices],
            channels=tuple(billing.channels),  # type: ignore[arg-type]
        )

    def knowledge(self) -> Any:
        said = self.account.knowledge.saved()
        apps = {app.biz_id for app in self.account.apps}
        used = {base: many for base, many in said.declared.items() if base in apps}
        return KnowledgeSection(capacity=said.capacity, used=used, failures=list(self.account.failures.all()))

    def moderation(self) -> Any:
        return ModerationSection(on=self.account.moderation.on, words=list(self.account.moderation.words))

    def faults(self) -> Any:
        rules = [asdict(fault.rule) for fault in self.account.faults.values()]
        return [
            FaultSection(**rule | {"until": None if rule["until"] is None else self.moment(rule["until"])})
            for rule in rules
        ]

    def apps(self) -> Any:
        shared = [
            AppSection(
                name=Text(base.name),
                biz_id=Digits(base.id),
                type="shared_knowledge",
                space=self.space(base.space),
                created=self.past(base.created),
                **self.known(base.id),
            )
            for base in self.account.shared.saved().bases
        ]
        return [self.app(app) for app in self.account.apps] + shared

    def dialogue_limits(self) -> Any:
        return [
            DialogueLimitSection(
                app=Text(one.id) if one.whose == "app" else None,
                space=Text(one.id) if one.whose == "space" else None,
                **asdict(one.limit),
            )
            for one in self.account.dialogue_limits.limits
        ]

    def rate_limit(self) -> int | None:
        """None where the documented limits hold, or single ones beside them."""
        limits = self.account.limits
        return None if limits.every == RATE_LIMIT and RATE_LIMITS.keys() <= limits.single.keys() else limits.every

    def rate_limits(self) -> dict[str, int]:
        single = self.account.limits.single
        documented = RATE_LIMITS if self.rate_limit() is None else {}
        return {action: limit for action, limit in sorted(single.items()) if documented.get(action) != limit}

    def limits(self) -> list[LimitSection]:
        return [LimitSection(model=one.model, key=one.key, **asdict(one.limit)) for one in self.account.throttle.limits]

    def chat(self) -> Sequence[ChatRule]:
        return self.account.chat_rules.seen().rules

    def replies(self) -> list[ReplySection]:
        return [
            ReplySection(action=action, **asdict(one))
            for action, replies in self.account.replies.items()
            for one in replies
        ]

    def app(self, app: App) -> AppSection:
        account, draft, qa = self.account, app.draft, app.draft.qa
        model = qa.get("Model", {}).get("Name", "")
        was_released = account.releases.is_released(app.biz_id, self.now)
        return AppSection(
            name=Text(draft.name),
            biz_id=Digits(app.biz_id),
            type=app.type,  # type: ignore[arg-type]
            space=self.space(app.space),
            pattern=draft.pattern,  # type: ignore[arg-type]
            status="disabled" if app.disabled else "running" if was_released else "not_online",
            model=Text(model) if model in account.models else None,
            description=draft.description,
            greeting=qa.get("Greeting", ""),
            role=qa.get("RoleDescription", ""),
            bare_answer=qa.get("Output", {}).get("BareAnswer", ""),
            opening_questions=[Text(each) for each in qa.get("OpeningQuestions") or ()],
            recommends=qa.get("Output", {}).get("UseRecommended") is True,
            clarifies=qa.get("Output", {}).get("UseQuestionClarify") is True,
            clarify_keywords=[Text(each) for each in qa.get("Output", {}).get("QuestionClarifyKeywords") or ()],
            plans=(qa.get("Agent") or {}).get("AgentCollaboration") == PLAN_AND_EXECUTE,
            agents=[
                AgentSection(
                    name=Text(one.name),
                    icon=one.icon,
                    instructions=one.instructions,
                    model=Text(one.model) if one.model else None,
                    tools=[ToolSection(Text(tool.name), tool.title, tool.output, tool.fails) for tool in one.tools],
                )
                for one in account.crews.get(app.biz_id, ())
            ],
            created=self.past(app.created),
            **self.known(app.biz_id),
            rejected=[Text(each.question) for each in account.rejected.of(app.biz_id).values()],
            releases=self.releases(app.biz_id) if was_released else None,
            conversations=self.conversations(app.biz_id) if self.says_conversations else [],
        )

    def conversations(self, app: str) -> list[ConversationSection]:
        told, left_out = retold_conversations(self.account, app, self.now)
        if left_out:
            self.notes.append(f"{left_out} earlier answers of app {app} are not told.")
        return told

    def space(self, id: str) -> Text | None:
        return Text(id) if id in self.account.spaces else None

    def known(self, base: str) -> dict[str, Any]:
        """Labels, documents and Q&A of a base."""
        account, now = self.account, self.now
        return {
            "labels": [
                LabelSection(name=Text(each.name), key=each.key, labels=[Text(label.name) for label in each.labels])
                for each in account.labels.of(base).values()
            ],
            "documents": [
                DocumentSection(
                    name=Text(each.name),
                    text=each.content(),
                    state=DOCUMENT_STATES.get(each.status(now), "there"),  # type: ignore[arg-type]
                    web_url=each.web_url,
                    **self.item("doc", each),
                )
                for each in account.documents.of(base).values()
            ],
            "questions": [
                QuestionSection(
                    question=Text(each.question),
                    answer=each.answer,
                    similar=[Text(other.question) for other in each.similar],
                    state=QUESTION_STATES.get(each.status(now), "there"),  # type: ignore[arg-type]
                    **self.item("qa", each),
                )
                for each in account.qas.of(base, now)
            ],
        }

    def item(self, kind: Any, each: Any) -> dict[str, Any]:
        good, failed = each.validity, not each.work.running(self.now) and each.work.outcome != DONE
        path = (
            []
            if each.category == unsorted(each.base, kind)
            else self.account.categories.path(each.base, kind, each.category)
        )
        return {
            "at": self.past(each.created),
            "category": "/".join(step.name for step in path),
            "labels": self.labels(each.base, good.labels),
            "scope": SCOPE_NAMES.get(good.scope, "everywhere"),
            "expires": self.moment(good.ends) if good.ends else None,
            "reason": each.work.reason if failed else "",
        }

    def labels(self, base: str, refs: Sequence[LabelRef]) -> dict[str, list[str]]:
        known: Mapping[str, Any] = self.account.labels.of(base)
        named = {
            known[ref.attribute].name: known[ref.attribute].named(ref.labels) for ref in refs if ref.attribute in known
        }
        return {name: [label.name for label in labels] for name, labels in named.items() if labels}

    def releases(self, app: str) -> list[ReleaseSection]:
        ended = [each for each in self.account.releases.of(app) if not each.work.running(self.now)]
        return [
            ReleaseSection(
                at=self.past(each.work.ends),
                description=each.description,
                fails="" if each.work.outcome == DONE else each.work.outcome,  # type: ignore[arg-type]
                reason=each.work.reason if each.work.outcome != DONE else "",
            )
            for each in ended
        ]


SECTIONS: Mapping[str, Callable[[Retelling], Any]] = {
    "name": Retelling.name,
    "time_zone": Retelling.time_zone,
    "seed": Retelling.seed,
    "order": Retelling.order,
    "clock": Retelling.clock,
    "sub_accounts": Retelling.sub_accounts,
    "spaces": Retelling.spaces,
    "models": Retelling.models,
    "apps": Retelling.apps,
    "knowledge": Retelling.knowledge,
    "dialogue_limits": Retelling.dialogue_limits,
    "keys": Retelling.keys,
    "rate_limit": Retelling.rate_limit,
    "rate_limits": Retelling.rate_limits,
    "limits": Retelling.limits,
    "chat": Retelling.chat,
    "replies": Retelling.replies,
    "moderation": Retelling.moderation,
    "faults": Retelling.faults,
    "billing": Retelling.billing,
    "messages": Retelling.messages,
    "events": Retelling.events,
    "usage": Retelling.usage,
}
NEEDED = {
    "apps": ("spaces", "models"),
    "knowledge": ("spaces", "models", "apps"),
    "dialogue_limits": ("spaces", "models", "apps"),
    "keys": ("sub_accounts",),
    "rate_limits": ("rate_limit",),
    "billing": ("sub_accounts",),
    "usage": ("time_zone", "seed", "sub_accounts", "spaces", "models", "apps", "keys", "events"),
}
"""Section -> those whose things it names."""


@cache
def dumper() -> Any:
    """Of YAML in which figures stand on one line."""
    import yaml

    class FlowDumper(yaml.CSafeDumper):
        pass

    FlowDumper.add_representer(
        FlowMapping, lambda into, said: into.represent_mapping("tag:yaml.org,2002:map", said, flow_style=True)
    )
    FlowDumper.add_representer(
        FlowList, lambda into, said: into.represent_sequence("tag:yaml.org,2002:seq", said, flow_style=True)
    )
    return FlowDumper


def retold(account: Account, names: Collection[str], now: float) -> str:
    """The YAML of these sections, and of those that they name, in a scenario's order; those with nothing to say are left out."""
    import yaml

    wanted = {*names, *(needed for name in names for needed in NEEDED.get(name, ()))}
    retelling = Retelling(account, now, says_conversations="apps" in names)
    told = {name: as_written(tell(retelling)) for name, tell in SECTIONS.items() if name in wanted}
    said = {name: value for name, value in told.items() if value or value == 0 or (name in names and value is not None)}
    text: str = yaml.dump(said, Dumper=dumper(), sort_keys=False, allow_unicode=True, width=120)
    return "".join([f"# {note}\n" for note in retelling.notes]) + text
