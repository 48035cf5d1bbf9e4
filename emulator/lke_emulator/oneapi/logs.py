"""The log of a user: consumption from the ledger, top-ups from the wallet, settled hours from the bills. No second book.

What real calls cost is charged by the call: each is a line with its quota. What a scenario describes is billed by the hour,
API and model: its calls are lines without quota, and each bill of theirs is one more. So the quota of all lines that
consume is what the balance has lost.
"""

from collections.abc import Iterator
from typing import Any

from lke_emulator.account.access_tokens import user_id
from lke_emulator.account.journal import Entry as Journalled
from lke_emulator.account.keys import Key
from lke_emulator.billing.bills import Bill
from lke_emulator.billing.wallet import Movement
from lke_emulator.oneapi.call import OneapiCall, like, page, paged
from lke_emulator.primitives.money import quota, text
from lke_emulator.primitives.seeds import number
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.ledger import CallDetail
from lke_emulator.usage.line import Line

TOP_UP, CONSUME, MANAGE, SYSTEM = 1, 2, 3, 4
MINUTE = 60
OF_KEY = 1000
"""Lines that /api/log/token gives, as New API does."""
BITS = 11
"""Cut from a call's 64, so that JavaScript reads the rest exactly."""


class Consumption(Filter, frozen=True, kw_only=True):
    """Calls by what a log is asked for."""

    keys: tuple[str, ...] | None = None
    """Ids of API keys; None for every call."""
    model_name: str = ""
    """With `%` for anything."""

    def matches(self, line: Line) -> bool:
        return (
            super().matches(line)
            and (self.keys is None or line.key in self.keys)
            and (not self.model_name or like(line.model, self.model_name))
        )


def asked(call: OneapiCall) -> tuple[Consumption, int, int]:
    """The calls that the query means, and its range [start, stop), no further than now."""
    token_name, end = call.query.get("token_name", ""), call.whole("end_timestamp")
    keys = [key.id for key in call.account.keys.all(call.own) if key.label == token_name] if token_name else None
    chosen = Consumption(
        sub_accounts=call.usage.sub_accounts,
        keys=None if keys is None else tuple(keys),
        model_name=call.query.get("model_name", ""),
    )
    stop = int(call.now) + 1
    return chosen, call.whole("start_timestamp"), min(stop, end + 1) if end else stop


def list_logs(call: OneapiCall) -> Any:
    """Newest first, of all kinds or of one."""
    chosen, start, stop = asked(call)
    kind = call.whole("type")
    others = sorted(
        [line for line in other_lines(call, start, stop) if kind in (0, line["type"])],
        key=lambda line: -line["created_at"],
    )
    if kind not in (0, CONSUME):
        offset, size = page(call)
        return paged(call, others[offset : offset + size], len(others))
    total = call.account.ledger.totals(chosen, start, stop).calls + len(others)
    return paged(call, merged(call, chosen, start, stop, others), total)


def merged(
    call: OneapiCall, chosen: Filter, start: int, stop: int, others: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The page of calls and other lines together. Of the calls before it, so many can matter as there are other lines."""
    offset, size = page(call)
    first = max(0, offset - len(others))
    calls = consumption(call, call.account.ledger.calls(chosen, start, stop, first, offset + size - first))
    lines = sorted([*others, *calls], key=lambda line: -line["created_at"])
    return lines[offset - first : offset - first + size]


def search_logs(call: OneapiCall) -> Any:
    """Lines whose model begins with the keyword; a number means a type, as in One API."""
    keyword = call.query.get("keyword", "")
    if keyword.isdecimal():
        return list_logs(call._replace(query={**call.query, "type": keyword}))
    return list_logs(call._replace(query={**call.query, "model_name": f"{keyword}%"}))


def logs_of_key(call: OneapiCall) -> Any:
    """The newest calls of the key that was shown."""
    keys = () if call.key is None else (call.key.id,)
    details = call.account.ledger.calls(Consumption(keys=keys), 0, int(call.now) + 1, 0, OF_KEY)
    return consumption(call, details)


def statistics(call: OneapiCall) -> Any:
    """The quota of all lines, and the requests and tokens of the last minute."""
    chosen, start, stop = asked(call)
    ledger, now = call.account.ledger, int(call.now) + 1
    recent = ledger.totals(chosen, now - MINUTE, now)
    spent = quota(ledger.charged(chosen, start, stop)) + sum(line["quota"] for line in other_lines(call, start, stop))
    return {"quota": spent, "rpm": recent.calls, "tpm": recent.total}


def consumption(call: OneapiCall, details: list[CallDetail]) -> list[dict[str, Any]]:
    remembered = call.world.journal.named({detail.id for detail in details if detail.id})
    keys = {key.id: key for key in call.account.keys.all()}
    return [consumed(call, detail, keys.get(detail.line.key), remembered.get(detail.id)) for detail in details]


def consumed(call: OneapiCall, detail: CallDetail, key: Key | None, entry: Journalled | None) -> dict[str, Any]:
    """A call. How long it took and whether it was a stream is known while the journal remembers it."""
    person = detail.line.sub_account or call.account.uin
    return line(
        call,
        CONSUME,
        detail.moment,
        detail.seed >> BITS,
        person,
        token_name=key_name(detail.line.key, key),
        token_id=int(detail.line.key or 0),
        model_name=detail.line.model,
        quota=quota(detail.charge),
        prompt_tokens=detail.amounts.input,
        completion_tokens=detail.amounts.output,
        group=key.group if key else "",
        request_id=detail.id,
        use_time=round(entry.latency_us / 1e6) if entry else 0,
        is_stream=bool(entry and entry.streamed),
    )


def key_name(id: str, key: Key | None) -> str:
    """The name that the key has now; a deleted one has none any more."""
    return key.label if key else f"#{id}" if id else ""


def other_lines(call: OneapiCall, start: int, stop: int) -> Iterator[dict[str, Any]]:
    """Of the whole account, so only for its root; a token has none, and only bills have a model."""
    if call.own or call.query.get("token_name"):
        return
    pattern = call.query.get("model_name", "")
    for bill in call.account.billing.bills(call.now, start, stop):
        if any(bill.usage) and (not pattern or like(bill.model, pattern)):
            yield settled(call, bill)
    for entry in call.account.billing.wallet(call.now).history:
        if start <= entry.time < stop and not pattern and entry.kind != "settlement":
            yield paid(call, entry)


def settled(call: OneapiCall, bill: Bill) -> dict[str, Any]:
    cost = call.account.billing.cost(bill.api, bill.model, bill.usage)
    content = f"{bill.usage.calls} calls of {bill.api}, billed for the hour"
    id = number("bill", bill.hour, bill.api, bill.model) >> BITS
    return line(
        call, SYSTEM, bill.hour, id, call.account.uin, content=content, model_name=bill.model, quota=quota(cost)
    )


def paid(call: OneapiCall, entry: Movement) -> dict[str, Any]:
    if entry.kind == "top-up":
        content = f"Top-up of {text(entry.paid)} by {entry.method}: {text(entry.amount)} credited"
        return line(call, TOP_UP, int(entry.time), int(entry.id), call.account.uin, content=content)
    content = f"{entry.kind.capitalize()} of package {entry.package} for {text(entry.paid)}"
    return line(call, MANAGE, int(entry.time), int(entry.id), call.account.uin, content=content)


def line(call: OneapiCall, kind: int, moment: int, id: int, person: str, **members: Any) -> dict[str, Any]:
    """A line of the log; what is not said is 0 or empty."""
    sub_account = call.account.sub_accounts.get(person)
    return {
        "id": id,
        "user_id": user_id(person),
        "created_at": moment,
        "type": kind,
        "content": "",
        "username": sub_account.name if sub_account else call.account.name or person,
        "token_name": "",
        "token_id": 0,
        "model_name": "",
        "quota": 0,
        "prompt_tokens": 0,
        "completion_tokens": 0,
        "use_time": 0,
        "is_stream": False,
        "group": "",
        "request_id": "",
        **members,
    }
