"""An account: the unit of isolation. Its own credentials, state, clock, seed and limits."""

from collections.abc import Iterator, Mapping
from operator import methodcaller
from typing import Any, Literal

from lke_emulator.account.access_tokens import AccessTokens
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.audit import Audit
from lke_emulator.account.concurrency import Concurrency
from lke_emulator.account.dialogue_limits import DialogueLimits
from lke_emulator.account.faults import Faults
from lke_emulator.account.key_limits import Throttle
from lke_emulator.account.keys import Keys
from lke_emulator.account.part import Forgetful, Part
from lke_emulator.account.rate_limits import Limits
from lke_emulator.account.records import Messages, Model, Space, SubAccount
from lke_emulator.account.replies import Replies
from lke_emulator.account.storage import StorageCredentials
from lke_emulator.account.watch import Watch
from lke_emulator.billing.billing import Billing
from lke_emulator.dialogues.attachments import Attachments, ByApp
from lke_emulator.dialogues.bot import BotAgent, BotWorkflow
from lke_emulator.dialogues.conversations import Conversations
from lke_emulator.dialogues.runs import Runs
from lke_emulator.dialogues.tickets import Tickets
from lke_emulator.knowledge.agents import Agents
from lke_emulator.knowledge.apps import App, Apps
from lke_emulator.knowledge.belongings import Belongings
from lke_emulator.knowledge.categories import Categories
from lke_emulator.knowledge.characters import Characters
from lke_emulator.knowledge.documents import Documents
from lke_emulator.knowledge.failures import Failures
from lke_emulator.knowledge.files import Files
from lke_emulator.knowledge.jobs import Jobs
from lke_emulator.knowledge.labels import Labels
from lke_emulator.knowledge.multipart import MultipartUploads
from lke_emulator.knowledge.objects import Objects
from lke_emulator.knowledge.qas import Qas
from lke_emulator.knowledge.rejected import RejectedQuestions
from lke_emulator.knowledge.releases import Draft, Releases
from lke_emulator.knowledge.retrieval import Retrieval
from lke_emulator.knowledge.shared import SharedKnowledge
from lke_emulator.knowledge.source import RemoteFile
from lke_emulator.knowledge.tasks import Tasks
from lke_emulator.knowledge.unsatisfied import UnsatisfiedReplies
from lke_emulator.knowledge.variables import Variables
from lke_emulator.models.moderation import Moderation
from lke_emulator.models.rules import Rules
from lke_emulator.primitives.change import AccountChange, Noted
from lke_emulator.primitives.clock import Clock
from lke_emulator.primitives.differences import differences, differences_of_marks
from lke_emulator.primitives.ids import Ids, drawn
from lke_emulator.primitives.register import Register
from lke_emulator.primitives.seeds import number
from lke_emulator.primitives.snowflakes import Snowflakes
from lke_emulator.usage.ledger import Ledger

Order = Literal["sharded", "asc"]
"""Of points in graphs: unsorted as the cloud gives them, or ascending."""
PARTS: Mapping[str, type[Part[Any]]] = {
    "access_tokens": AccessTokens,
    "agents": Agents,
    "apps": Apps,
    "attachments": Attachments,
    "audit": Audit,
    "belongings": Belongings,
    "billing": Billing,
    "categories": Categories,
    "chat_rules": Rules,
    "clock": Clock,
    "concurrency": Concurrency,
    "conversations": Conversations,
    "crews": ByApp[tuple[BotAgent, ...]],
    "dialogue_limits": DialogueLimits,
    "documents": Documents,
    "failures": Failures,
    "faults": Faults,
    "files": Files,
    "ids": Ids,
    "jobs": Jobs,
    "keys": Keys,
    "knowledge": Characters,
    "labels": Labels,
    "ledger": Ledger,
    "limits": Limits,
    "messages": Messages,
    "models": Register[Model],
    "moderation": Moderation,
    "multipart": MultipartUploads,
    "objects": Objects,
    "qas": Qas,
    "rejected": RejectedQuestions,
    "releases": Releases,
    "remote_files": Register[RemoteFile],
    "replies": Replies,
    "runs": Runs,
    "shared": SharedKnowledge,
    "snowflakes": Snowflakes,
    "spaces": Register[Space],
    "storage": StorageCredentials,
    "sub_accounts": Register[SubAccount],
    "tasks": Tasks,
    "throttle": Throttle,
    "tickets": Tickets,
    "unsatisfied": UnsatisfiedReplies,
    "variables": Variables,
    "workflows": ByApp[BotWorkflow],
}
"""Everything that an account knows, by the member that holds it. Saving, copying and resetting are loops over this list."""
GROWN = ("conversations", "ledger", "runs")
"""They grow with every call, and are never compared as a whole."""
NOTING = ("billing", *GROWN, "keys")
"""Calls change them all the time, so they note what becomes of them."""
PASSING = ("concurrency", "ids", "snowflakes")
"""What every call counts or draws."""
SEEN = {
    name: methodcaller("seen" if hasattr(part, "seen") else "saved")
    for name, part in PARTS.items()
    if name not in GROWN + PASSING
}
"""What people can see of a part; most show all that they know."""
ASKED = tuple([name for name in SEEN if name not in NOTING])
"""Those that have to be asked what has become of them."""


class Account:
    """Everything behind one root uin. `zone` is seconds east of UTC; days, weeks and labels are cut in it."""

    def __init__(
        self,
        uin: str,
        *,
        name: str = "",
        seed: int = 0,
        zone: int = 8 * 3600,
        clock: Clock | None = None,
        chance: object = None,
        order: Order = "sharded",
        assumptions: Assumptions | None = None,
    ) -> None:
        """`chance` seeds the identifiers; without it nobody can guess them."""
        self.uin = uin
        self.name = name
        self.seed = seed
        self.zone = zone
        self.order = order
        self.clock = clock or Clock()
        self.ids = Ids((drawn() if chance is None else chance, uin))
        self.ledger = Ledger(zone)
        self.limits = Limits()
        self.sub_accounts: Register[SubAccount] = Register()
        self.spaces: Register[Space] = Register()
        self.models: Register[Model] = Register()
        self.files = Files(uin, self.ids.take(16))
        self.remote_files: Register[RemoteFile] = Register()
        """FileUrl -> what a scenario puts there."""
        self.jobs = Jobs()
        self.messages = Messages({"ModelReplyCount": 1}, 0.0, 0.0)
        self.replies = Replies()
        self.keys = Keys(uin, self.ids)
        self.access_tokens = AccessTokens(self.ids)
        self.throttle = Throttle()
        self.dialogue_limits = DialogueLimits()
        self.chat_rules = Rules()
        self.assumptions = assumptions or Assumptions()
        self.snowflakes = flakes = Snowflakes(Ids(("snowflakes", seed, uin)))
        self.failures = Failures()
        self.apps = Apps(number("apps", seed, uin), self.ids, flakes, self.assumptions)
        self.shared = SharedKnowledge(flakes)
        self.categories = Categories(flakes, self.assumptions)
        self.objects = Objects()
        self.multipart = MultipartUploads()
        self.storage = StorageCredentials(uin, self.ids)
        self.documents = Documents(flakes, self.failures, self.assumptions)
        self.qas = Qas(flakes, self.failures, self.assumptions)
        self.labels = Labels(self.ids, flakes)
        self.rejected = RejectedQuestions(flakes)
        self.releases = Releases(flakes, self.failures, self.assumptions)
        self.tasks = Tasks(flakes, self.failures)
        self.agents = Agents(self.ids)
        self.belongings = Belongings()
        self.unsatisfied = UnsatisfiedReplies(flakes)
        self.variables = Variables(self.ids)
        self.knowledge = Characters(self.documents, self.qas)
        self.retrieval = Retrieval(
            self.documents, self.qas, self.rejected, self.releases, self.shared, self.labels, self.assumptions
        )
        self.billing = Billing(uin, self.ledger, self.knowledge, self.clock.now(), self.assumptions)
        self.concurrency = Concurrency(self.concurrency_of, zone)
        self.clock.watch(self.billing.turn_back)
        self.clock.watch(self.concurrency.turn_back)
        self.moderation = Moderation()
        self.faults = Faults(seed)
        self.conversations = Conversations()
        self.runs = Runs()
        self.attachments = Attachments()
        self.audit = Audit()
        self.crews: ByApp[tuple[BotAgent, ...]] = ByApp()
        """The agents of apps that have several, the first of which the user talks to."""
        self.workflows: ByApp[BotWorkflow] = ByApp()
        self.tickets = Tickets(self.ids)
        self.watch = Watch(self)
        self.billing.watch(self.watch.passing)

    def seen(self) -> dict[str, Any]:
        """What people can see of the parts that do not note what becomes of them."""
        return {name: self.seen_of(name) for name in ASKED}

    def seen_of(self, name: str) -> Any:
        return SEEN[name](getattr(self, name))

    def noted(self, goes_on: bool) -> list[Noted]:
        """What has become of the others since this was asked last; unless it `goes_on` they note no more than they must."""
        return [
            *self.billing.noted(),
            *self.conversations.noted(goes_on),
            *self.ledger.noted(),
            *self.runs.noted(),
            *self.keys.noted(),
        ]

    def whole(self) -> dict[str, Any]:
        """These parts as they can be held against others."""
        return {name: getattr(self, name).marks() if name in GROWN else self.seen_of(name) for name in NOTING}

    def changes_since(self, whole: Mapping[str, Any]) -> Iterator[AccountChange]:
        """The same that was noted meanwhile; or, of another account, what the two have not in common."""
        for name, now in self.whole().items():
            yield from (differences_of_marks if name in GROWN else differences)(name, whole[name], now)

    def concurrency_of(self, model: str, now: float) -> int | None:
        """Calls of a model that may be in flight: what is dedicated to it, else `shared_concurrency`; None is no limit."""
        return self.dedicated(model, now) or self.assumptions.shared_concurrency or None

    def dedicated(self, model: str, now: float) -> int:
        """Calls of a model that may be in flight by what was bought for it."""
        declared = self.models.get(model)
        return (declared.concurrency if declared else 0) + self.billing.resources.dedicated(model, now)

    def most_places(self, model: str, start: int, stop: int) -> int:
        """The most calls of a model that may have been in flight at any moment of [start, stop); 0 where nothing is dedicated to
        it and nothing limits it."""
        declared = self.models.get(model)
        bought = self.billing.resources.most_dedicated(model, start, stop)
        return (declared.concurrency if declared else 0) + bought or self.assumptions.shared_concurrency

    def forget(self, base: str) -> None:
        """An app or a shared knowledge base is gone, and everything in it; what was used stays in the ledger."""
        for name in PARTS:
            part = getattr(self, name)
            if isinstance(part, Forgetful):
                part.forget(base)
        self.retrieval.forget(base)

    def draft(self, app: App, now: float) -> Draft:
        """What a release of the app would look at."""
        base = app.biz_id
        return Draft(
            app.draft,
            self.documents.of(base),
            self.qas.of(base, now),
            self.rejected.of(base),
            self.labels.editions(base),
            self.agents.editions(base),
        )

    def name_of(self, uin: str) -> str:
        """What a person is called: by a sub-account's name, or the account's."""
        known = self.sub_accounts.get(uin)
        return known.name if known else self.name or uin
