"""An account: the unit of isolation. Its own credentials, state, clock, seed and limits."""

from typing import Literal

from emulator.api3.limits import Limits
from emulator.world.access_tokens import AccessTokens
from emulator.world.assumptions import Assumptions
from emulator.world.billing.billing import Billing
from emulator.world.billing.concurrency import Concurrency
from emulator.world.billing.moderation import Moderation
from emulator.world.chat.rules import Rules
from emulator.world.clock import Clock
from emulator.world.documents.files import Files
from emulator.world.documents.jobs import Jobs
from emulator.world.documents.source import FileSection
from emulator.world.ids import Ids
from emulator.world.keys import Keys
from emulator.world.records import App, Knowledge, Messages, Model, Reply, Space, SubAccount
from emulator.world.throttle import Throttle
from emulator.world.usage.ledger import Ledger

RATE_LIMIT = 20
RATE_LIMITS = {"lke.GetWsToken": 100, "lke.DescribeStorageCredential": 100}
"""Calls a second; the default and the two exceptions are documented, others than these are assumed to have the default."""


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
        deterministic: bool = False,
        assumptions: Assumptions | None = None,
    ) -> None:
        self.uin = uin
        self.name = name
        self.seed = seed
        self.zone = zone
        self.clock = clock or Clock()
        self.ids = Ids((seed, uin) if deterministic else None)
        self.ledger = Ledger(zone)
        self.limits = Limits()
        self.rate_limit = RATE_LIMIT
        self.rate_limits = dict(RATE_LIMITS)
        self.sub_accounts: dict[str, SubAccount] = {}
        self.spaces: dict[str, Space] = {}
        self.apps: dict[str, App] = {}
        self.models: dict[str, Model] = {}
        self.knowledge = Knowledge(0, {})
        self.files = Files(uin, self.ids.take(16))
        self.remote_files: dict[str, FileSection] = {}
        """FileUrl -> what a scenario puts there."""
        self.jobs = Jobs()
        self.messages = Messages({"ModelReplyCount": 1}, 0.0, 0.0)
        self.order: Literal["sharded", "asc"] = "sharded"
        self.replies: dict[str, list[Reply]] = {}
        self.keys = Keys(uin, self.ids)
        self.access_tokens = AccessTokens(self.ids)
        self.throttle = Throttle()
        self.chat_rules = Rules()
        self.assumptions = assumptions or Assumptions()
        self.billing = Billing(uin, self.ledger, lambda: self.knowledge, self.clock.now(), self.assumptions)
        self.concurrency = Concurrency(self.concurrency_of, zone)
        self.moderation = Moderation()

    def limit_of(self, action: str) -> int:
        """Calls a second that `product.Action` may have; 0 is no limit."""
        return self.rate_limits.get(action, self.rate_limit)

    def concurrency_of(self, model: str, now: float) -> int | None:
        """Calls of a model that may be in flight: what is dedicated to it, else `shared_concurrency`; None is no limit."""
        declared = self.models.get(model)
        dedicated = (declared.concurrency if declared else 0) + self.billing.resources.dedicated(model, now)
        return dedicated or self.assumptions.shared_concurrency or None

    def canned(self, action: str, params: dict[str, object]) -> dict[str, object] | None:
        """The scenario's reply for these parameters, if it has one."""
        for reply in self.replies.get(action, ()):
            if all(params.get(name) == value for name, value in reply.match.items()):
                return reply.result
        return None
