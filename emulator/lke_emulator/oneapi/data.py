"""Consumption by hour and model, for the charts of a dashboard (New API)."""

from typing import Any

from lke_emulator.account.access_tokens import user_id
from lke_emulator.account.report import OfSubject
from lke_emulator.billing.bills import HOUR
from lke_emulator.oneapi.call import Denied, OneapiCall
from lke_emulator.oneapi.user import display_name
from lke_emulator.primitives.money import quota

MONTH = 2_592_000
"""Seconds that one question may span."""
TOO_LONG = "时间跨度不能超过 1 个月"
"""Documented text: the span may not exceed one month."""


def data(call: OneapiCall) -> Any:
    """A row for each hour and model with calls; hours that begin within the two timestamps."""
    start, end = call.whole("start_timestamp"), call.whole("end_timestamp")
    if end - start > MONTH:
        raise Denied(TOO_LONG)
    ledger, billing, zone = call.account.ledger, call.account.billing, call.account.zone
    start += -(start + zone) % HOUR
    stop = min(end - (end + zone) % HOUR + HOUR, int(call.now) + 1)
    # Usage that a scenario describes is billed by the hour, not by the call.
    settled: dict[tuple[int, str], int] = {}
    for bill in [] if call.own else billing.bills(call.now, start, stop):
        place = bill.hour, bill.model or bill.api
        settled[place] = settled.get(place, 0) + billing.cost(bill.api, bill.model, bill.usage)
    rows = []
    for model in ledger.breakdown(call.usage, start, stop, "subject"):
        chosen = OfSubject(sub_accounts=call.usage.sub_accounts, subject=model)
        is_charged = ledger.charged(chosen, start, stop) > 0
        for hour, amounts in ledger.graph(chosen, start, stop, HOUR):
            cost = ledger.charged(chosen, hour, min(hour + HOUR, stop)) if is_charged else 0
            rows.append((hour, model, amounts, cost + settled.get((hour, model), 0)))
    return [
        {
            "id": place,
            "user_id": user_id(call.uin),
            "username": display_name(call.account, call.uin),
            "model_name": model,
            "created_at": hour,
            "token_used": amounts.total,
            "count": amounts.calls,
            "quota": quota(cost),
        }
        for place, (hour, model, amounts, cost) in enumerate(sorted(rows), 1)
    ]
