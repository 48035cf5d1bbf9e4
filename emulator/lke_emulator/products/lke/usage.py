"""Token, call and search statistics: differences of the ledger's counters, in the members of the cloud."""

from collections.abc import Callable
from functools import lru_cache
from time import gmtime, strftime
from typing import Any, TypeVar

import msgspec

from lke_emulator.account.account import Account
from lke_emulator.account.call import Call, Prepared
from lke_emulator.primitives.ids import ALPHABET
from lke_emulator.primitives.seeds import digest, noise
from lke_emulator.products import action
from lke_emulator.products.lke.period import A_DAY, Period, label, period
from lke_emulator.protocol import shapes
from lke_emulator.protocol.errors import refusal
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.box import Box, Bucket
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.ledger import CallDetail

GRAPH_ROWS = 100
"""What the text of three series of a day's five minutes takes, measured in the rows of a ledger's answers."""
ANSWER_SECONDS = 3
"""How long before CallTime the id of a call is stamped: 3 to 4 seconds in the documented rows."""
SHARDS = 2
"""Each series of a graph is the answers of so many shards, one after the other, each newest first (inferred)."""
T = TypeVar("T")
Sheet = dict[str, list[bytes]]
STATS = msgspec.json.Encoder()


def usage_filter(call: Call) -> Filter:
    """The lines of usage a request asks about. Empty lists and values do not filter; unknown ones match nothing."""
    params = call.params
    uins = tuple(uin.removeprefix("uin:") for uin in params.get("UinAccount", ()))
    if call.account.uin in uins:
        uins = () if call.assumptions.root_uin_selects == "all" else (*uins, "")
    call_type = params.get("CallType", "")
    return filter_of(
        uins,
        tuple(params.get("AppBizIds", ())),
        tuple(params.get("SubScenes", ())),
        params.get("SpaceId", ""),
        params.get("AppType", ""),
        params.get("ModelName", ""),
        params.get("SubBizType", ""),
        "" if call_type == "AllCallType" else call_type,
        params.get("BillingTag", ""),
    )


@lru_cache(1024)
def filter_of(
    uins: tuple[str, ...],
    apps: tuple[str, ...],
    sub_scenes: tuple[str, ...],
    space: str,
    app_type: str,
    model: str,
    sub_biz_type: str,
    call_type: str,
    billing_tag: str,
) -> Filter:
    """The same object for the same lines: it is looked up many times, and what is identical is not compared."""
    return Filter(
        sub_accounts=uins,
        apps=apps,
        sub_scenes=sub_scenes,
        space=space,
        app_type=app_type,
        model=model,
        sub_biz_type=sub_biz_type,
        call_type=call_type,
        billing_tag=billing_tag,
    )


def counted(lines: Filter, call: Call) -> Filter:
    """Those of the lines whose calls ApiCallStats counts."""
    return of_types(lines, call.assumptions.api_call_types)


@lru_cache(1024)
def of_types(lines: Filter, sub_biz_types: tuple[str, ...]) -> Filter:
    return msgspec.structs.replace(lines, sub_biz_types=sub_biz_types)


@action("lke.DescribeTokenUsage")
def describe_token_usage(call: Call) -> Prepared:
    lines, asked = usage_filter(call), period(call)
    ledger = call.account.ledger

    def counted_up() -> bytes:
        used = ledger.totals(lines, asked.start, asked.stop)
        figures = {
            "TotalTokenUsage": used.total,
            "InputTokenUsage": used.input,
            "OutputTokenUsage": used.output,
            "ApiCallStats": ledger.totals(counted(lines, call), asked.start, asked.stop).calls,
            "SearchUsage": used.search,
            "PageUsage": used.pages,
            "SplitTokenUsage": used.split,
            "RagSearchUsage": used.rag,
            "InternetSearchUsage": used.internet,
            "DosageTypeLimit": call.assumptions.dosage_type_limit,
            "DosageTypeCurr": call.assumptions.dosage_type_curr,
        }
        return shapes.prepare_figures(call.action.response, figures)

    return Prepared(ledger.derived(("usage", lines, asked.start, asked.stop), asked.stop, counted_up))


@action("lke.DescribeTokenUsageGraph")
def describe_token_usage_graph(call: Call) -> Prepared:
    return graph(call, usage_filter(call), {"Total": total, "Input": taken_in, "Output": given_out})


@action("lke.DescribeCallStatsGraph")
def describe_call_stats_graph(call: Call) -> Prepared:
    return graph(call, counted(usage_filter(call), call), {"List": calls})


@action("lke.DescribeSearchStatsGraph")
def describe_search_stats_graph(call: Call) -> Prepared:
    return graph(call, usage_filter(call), {"List": searches})


def total(amounts: Amounts) -> int:
    return amounts.total


def taken_in(amounts: Amounts) -> int:
    return amounts.input


def given_out(amounts: Amounts) -> int:
    return amounts.output


def calls(amounts: Amounts) -> int:
    return amounts.calls


def searches(amounts: Amounts) -> int:
    return amounts.search


def graph(call: Call, lines: Filter, members: dict[str, Callable[[Amounts], int]]) -> Prepared:
    """A series of Stat for each member, over one set of X: the buckets in which any of them is above zero."""
    asked = period(call)
    ledger = call.account.ledger

    def drawn() -> bytes:
        boxes = ledger.boxes(lines, asked.drawn, asked.stop, asked.width)
        if call.assumptions.graph_fill_zero:
            buckets = [bucket for box in boxes for bucket in box.buckets]
            boxes = [Box(filled(buckets, asked, call.account.zone))]
        sheets = [
            box.drawn(call.action.key, lambda buckets: sheet(buckets, call, asked.width, members)) for box in boxes
        ]
        if call.account.order != "asc":
            sheets.reverse()
        body = shapes.prepare(call.action.response, dict.fromkeys(members, ()))
        for name in members:
            shards = list(zip(*[one[name] for one in sheets], strict=True)) or [()]
            stats = b",".join([text for shard in in_turn(shards, name, call.account) for text in shard if text])
            body = body.replace(b'"%s":[]' % name.encode(), b'"%s":[%s]' % (name.encode(), stats), 1)
        return body

    key = ("stats", call.action.key, lines, asked)
    return Prepared(ledger.derived(key, asked.stop, drawn, GRAPH_ROWS))


def filled(buckets: list[Bucket], asked: Period, zone: int) -> list[Bucket]:
    """With the empty buckets between the first and the last of the range; only where they are few enough to send."""
    if not buckets:
        return []
    begin = max(asked.drawn, buckets[0].start - A_DAY)
    first = begin - (begin + zone) % asked.width
    known = {bucket.start: bucket for bucket in buckets}
    starts = range(first, asked.stop, asked.width)
    return [known.get(start, Bucket(start, Amounts())) for start in starts]


def sheet(buckets: list[Bucket], call: Call, width: int, members: dict[str, Callable[[Amounts], int]]) -> Sheet:
    """The Stats of some buckets in JSON: for each member one text for every shard, newest first."""
    account, measures = call.account, members.values()
    if not call.assumptions.graph_fill_zero:
        buckets = [bucket for bucket in buckets if any(measure(bucket.amounts) for measure in measures)]
    edge = call.assumptions.graph_label_edge
    labelled = [(label(bucket.start, width, account.zone, edge), bucket.amounts) for bucket in buckets]
    shards = sharded(labelled, account)
    return {
        name: [STATS.encode([{"X": x, "Y": measure(amounts)} for x, amounts in shard])[1:-1] for shard in shards]
        for name, measure in members.items()
    }


def sharded(rows: list[tuple[str, T]], account: Account) -> list[list[tuple[str, T]]]:
    """Rows by X, as the cloud has them: in shards, each newest first. One shard and oldest first for people."""
    if account.order == "asc":
        return [rows]
    shards: list[list[tuple[str, T]]] = [[] for _ in range(SHARDS)]
    for row in reversed(rows):
        shards[noise(account.seed, int(row[0])) % SHARDS].append(row)
    return shards


def in_turn(shards: list[T], name: str, account: Account) -> list[T]:
    """Unsorted as the cloud's own: the documented series are runs of falling X, in another order in each series.

    Clients have to join the series of one answer by X.
    """
    turn = digest(account.seed, name)[0] % len(shards)
    return shards[turn:] + shards[:turn]


@action("lke.ListUsageCallDetail")
def list_usage_call_detail(call: Call) -> dict[str, Any]:
    offset, limit = page_asked(call)
    lines, asked = usage_filter(call), period(call)
    ledger = call.account.ledger
    found = ledger.calls(lines, asked.start, asked.stop, offset, limit)
    return {
        "Total": ledger.totals(lines, asked.start, asked.stop).calls,
        "List": [call_detail(each, call) for each in found],
    }


def page_asked(call: Call) -> tuple[int, int]:
    """(offset, size) of a page counted from 1 (documented)."""
    number, size = call.params["PageNumber"], call.params["PageSize"]
    if number < 1:
        raise refusal("parameter-value", name="PageNumber", value=number)
    if not 1 <= size <= call.assumptions.page_size_max:
        raise refusal("parameter-value", name="PageSize", value=size)
    return (number - 1) * size, size


def call_detail(detail: CallDetail, call: Call) -> dict[str, Any]:
    line, used = detail.line, detail.amounts
    model = call.account.models.get(line.model)
    return {
        "Id": detail.id or record_id(detail, call.account.zone),
        "CallTime": str(detail.moment),
        "TotalTokenUsage": used.total,
        "InputTokenUsage": used.input,
        "OutputTokenUsage": used.output,
        "SearchUsage": used.search,
        "ModelName": model.display_name if model else line.model,
        "CallType": line.call_type,
        "UinAccount": line.sub_account or call.account.uin,
        "AppName": line.app_name,
        "PageUsage": used.total if call.assumptions.detail_page_usage_quirk else used.pages,
        "SubScene": line.sub_scene,
        "BillingTag": line.billing_tag or "null",
    }


def record_id(detail: CallDetail, zone: int) -> str:
    """The message's RecordId, as the documented rows have it: 3 characters, local date, time, milliseconds, 8 characters."""
    bits = detail.seed
    word = letters(bits, 3), letters(noise(bits, 0), 8)
    local = strftime("%Y%m%d_%H%M%S", gmtime(detail.moment - ANSWER_SECONDS + zone))
    return f"{word[0]}_{local}_{bits % 1000:03d}_{word[1]}"


def letters(bits: int, count: int) -> str:
    text = ""
    for _ in range(count):
        bits, place = divmod(bits, 62)
        text += ALPHABET[place]
    return text
