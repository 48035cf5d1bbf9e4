"""Usage that a test makes happen: calls that were never made, metered and paid for as real ones are."""

from typing import Annotated

import msgspec
from msgspec import Meta

from lke_emulator.billing.packages import APIS, IMAGES
from lke_emulator.control.table import Body, ControlCall, route
from lke_emulator.control.values import Moment, Money, moment_given, units
from lke_emulator.primitives.refused import Refused
from lke_emulator.products.lkeap.service import SUB_BIZ_TYPES
from lke_emulator.usage.line import Line

MOST_CALLS = 10_000
"""Of one request, which holds others up; whoever needs more describes it in a scenario, or in a PATCH of the account."""
Amount = Annotated[int, Meta(ge=0, le=10**12)]


class NewUsage(Body):
    """So many calls of one line of usage; the amounts are those of all of them together."""

    model: str = ""
    calls: Annotated[int, Meta(ge=1, le=MOST_CALLS)] = 1
    input_tokens: Amount = 0
    output_tokens: Amount = 0
    pages: Amount = 0
    split_tokens: Amount = 0
    searches: Amount = 0
    api: str = "ChatCompletions"
    """An API that has a postpaid switch, or the SubBizType of what apps use."""
    app: str = ""
    """AppBizId."""
    sub_account: str = ""
    key: str = ""
    """The id of an API key."""
    call_type: str = "API"
    at: Moment | None = None
    """When the calls ended; left out: now, on the account's clock."""


class MeteredUsage(msgspec.Struct, frozen=True, kw_only=True):
    calls: int
    charge: Money
    """What they cost the balance."""


@route("POST", "/accounts/{uin}/usage", status=201)
def add_usage(call: ControlCall, body: NewUsage) -> MeteredUsage:
    """Meter calls that nobody made: packages are deducted and postpaid is charged as for real ones."""
    account = call.account
    line = line_of(call, body)
    now = call.now if body.at is None else moment_given("at", body.at, call)
    if now > call.now:
        raise Refused(f"at: {body.at} is later than the account's clock; advance the clock first", until=now)
    totals = (body.input_tokens, body.output_tokens, body.pages, body.split_tokens, body.searches)
    charge = 0
    for place in range(body.calls):
        input, output, pages, split, searches = (share(total, body.calls, place) for total in totals)
        charge += account.billing.record(
            line, now, input=input, output=output, pages=pages, split=split, internet=searches
        )
    return MeteredUsage(calls=body.calls, charge=units(charge))


def line_of(call: ControlCall, body: NewUsage) -> Line:
    """LookupError for an API, an app or a person that is not there."""
    account = call.account
    if body.api not in APIS:
        raise LookupError(f"there is no API {body.api}; there are {', '.join(APIS)}")
    app = account.apps.get(body.app)
    if body.app and app is None:
        raise LookupError(
            f"account {account.uin} has no app {body.app}; it has {', '.join(one.biz_id for one in account.apps) or 'none'}"
        )
    return Line(
        sub_account=call.person(body.sub_account),
        space=app.space if app else "",
        app=body.app,
        app_name=app.name if app else "",
        app_type=app.type if app else "",
        model=body.model,
        sub_biz_type=SUB_BIZ_TYPES.get(body.api, "" if body.api == IMAGES else body.api),
        call_type=body.call_type,
        key=body.key,
        api=body.api if body.api in SUB_BIZ_TYPES or body.api == IMAGES else "",
    )


def share(total: int, parts: int, place: int) -> int:
    """The place's part of a total that is divided as evenly as whole numbers allow."""
    return total * (place + 1) // parts - total * place // parts
