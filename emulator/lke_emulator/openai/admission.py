"""A call's way through the account: may it be served, what did it use."""

from functools import lru_cache
from types import TracebackType
from typing import Self

from lke_emulator.account.key_limits import Throttled
from lke_emulator.billing.billing import Unserved
from lke_emulator.openai.call import OpenaiCall
from lke_emulator.openai.errors import OpenaiError
from lke_emulator.usage.line import Line

BUSINESS = {"ChatCompletions": "KnowledgeQA", "GetEmbedding": "Embedding"}
"""Action -> SubBizType of the usage; other actions have none."""


@lru_cache(1024)
def line_of(api: str, model: str, owner: str, key: str) -> Line:
    return Line(sub_account=owner, model=model, sub_biz_type=BUSINESS.get(api, ""), call_type="API", key=key, api=api)


class Admission:
    """A call that is being served, from `with` to `settle`: its places in the limits, and the tokens it is charged for.

    Refused with 429 by the limits of key and model, 20031 where nothing pays for the call, 20034 over the concurrency.
    """

    def __init__(self, call: OpenaiCall, api: str, model: str) -> None:
        self.call = call
        self.api = api
        self.model = model
        self.input: int | None = None
        """Tokens; None as long as the model has not begun: then nothing is charged."""
        self.output = 0
        """Tokens that left so far."""
        self.calls = 1
        """How many calls it counts for, each of so many tokens."""
        self._settled = False

    def __enter__(self) -> Self:
        call = self.call
        account, key, model, now = call.account, call.key, self.model, call.now
        call.entry.key, call.entry.model = key.id, model
        limit = account.throttle.limit_of(key.label, model, call.assumptions.gateway_limits)
        try:
            account.billing.admit(self.api, model, key.owner, now)
            account.throttle.enter(key.id, model, limit, call.window())
        except Throttled as refused:
            if refused.kind == "concurrency":
                raise OpenaiError("20034", wait=refused.retry_after, reason="limit of the key") from None
            raise OpenaiError("rate", wait=refused.retry_after, kind=refused.kind, limit=refused.limit) from None
        except Unserved as refused:
            raise OpenaiError("20031", reason=refused.reason) from None
        try:
            account.concurrency.enter(model, now)
        except Unserved as refused:
            account.throttle.leave(key.id, model, 0, call.window())
            raise OpenaiError("20034", reason=refused.reason) from None
        return self

    def settle(self) -> None:
        """Give the places back and meter the call, once: before its last bytes leave, or when its caller has gone."""
        if self._settled:
            return
        self._settled = True
        entry, account, key = self.call.entry, self.call.account, self.call.key
        entry.input, entry.output = self.input or 0, self.output
        now = account.clock.now()
        account.concurrency.leave(self.model, now)
        account.throttle.leave(key.id, self.model, (self.input or 0) + self.output, self.call.window())
        if self.input is None:
            return
        line = line_of(self.api, self.model, key.owner, key.id)
        for _ in range(self.calls):
            cost = account.billing.record(line, now, input=self.input, output=self.output, id=self.call.request_id)
            account.keys.spend(key, cost)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.settle()
