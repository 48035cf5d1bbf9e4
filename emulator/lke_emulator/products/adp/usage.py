"""Usage in adp's members: differences of the same counters that lke's statistics show."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from lke_emulator.account.call import Call
from lke_emulator.billing.packages import Kind as PackageKind
from lke_emulator.dialogues.msg_record import MsgRecord
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.refusals import invalid
from lke_emulator.products import action
from lke_emulator.products.adp.apps import check_space, found_app
from lke_emulator.products.adp.listing import paged_rows, plain, test
from lke_emulator.products.lke.paging import seconds
from lke_emulator.products.lke.usage import record_id
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.ledger import CallDetail, Ledger, difference, until
from lke_emulator.usage.line import Line
from lke_emulator.usage.metered import Metered
from lke_emulator.usage.series import Series

CORP, SPACE, APP = 1, 2, 3
"""ViewType (documented)."""
MODEL, PLUGIN, PLATFORM = 1, 2, 3
"""ResourceType (documented); plugins are not metered here."""
TOKEN, PAGE, TIMES = 0, 1, 2
"""Unit (documented)."""
APP_SOURCE = 1
"""MetricSourceType of apps (documented)."""
SOURCE_NAME = "METRIC_SOURCE_TYPE_APP"
WITHOUT_TOKENS = ("SearchEngine", "FileParse")
"""SubBizTypes that are counted in searches and pages."""
EVERYTHING = Filter()
TOKEN_PACKAGES: tuple[PackageKind, ...] = ("tokens",)


class UsageQuestion(NamedTuple):
    """[start, stop) in whole Unix seconds, and the series that the view and the filters choose."""

    view: int
    start: int
    stop: int
    ledger: Ledger


def time_range(call: Call) -> tuple[int, int]:
    """[start, stop): the end is included, and nothing to come is told."""
    given = call.params["TimeRange"]
    start, end = (seconds(f"TimeRange.{name}", given[name]) for name in ("StartTime", "EndTime"))
    if end < start:
        raise invalid("TimeRange.EndTime", f"must not be before StartTime, as {end} is")
    return start, min(end, int(call.now)) + 1


FILTERS: Mapping[str, Callable[[Line], object]] = {
    "model_name": lambda line: line.model,
    "space_id": lambda line: line.space,
    "resource_id": lambda line: line.app,
    "source_id": lambda line: line.app,
    "source_ids": lambda line: line.app,
    "metric_source_type": lambda line: frozenset((str(APP_SOURCE), SOURCE_NAME)),
    "call_type": lambda line: line.call_type,
}
"""Names of filters, and what they look at (documented names; what they look at is inferred)."""


def asked(call: Call, views: Iterable[int], names: Iterable[str], kind: Callable[[Line], bool]) -> UsageQuestion:
    """What a request asks about. InvalidParameter for a view or a filter that there is not."""
    view = call.params["ViewScope"]
    type, scope = view["ViewType"], view.get("ScopeId", "")
    if type not in views:
        raise invalid("ViewScope.ViewType", f"must be one of {', '.join(map(str, views))}, not {type}")
    if type == SPACE and scope not in call.account.spaces:
        check_space(call._replace(params={"SpaceId": scope}))
    if type == APP:
        found_app(call._replace(params={"AppId": scope}))
    lines = Filter(space=scope if type == SPACE else "", apps=(scope,) if type == APP else ())
    chosen = [series for series in call.account.ledger.select(lines) if kind(series.line)]
    known = {plain(name): FILTERS.get(name) for name in names}
    for i, given in enumerate(call.params.get("FilterList") or ()):
        name = plain(given.get("Name", ""))
        read = known.get(name)
        if name in known and read is None:
            chosen = of_users(call, chosen, test(given, f"FilterList.{i}"))
            continue
        if read is None:
            raise invalid(f"FilterList.{i}.Name", f"must be one of {', '.join(names)}, not {given.get('Name', '')}")
        passes = test(given, f"FilterList.{i}")
        chosen = [series for series in chosen if passes(read(series.line))]
    start, stop = time_range(call)
    return UsageQuestion(type, start, stop, Ledger(call.account.zone, chosen))


def of_users(call: Call, chosen: Iterable[Series], passes: Callable[[object], bool]) -> list[Series]:
    """Of each series the calls of the users who pass: a line can have calls of many visitors."""
    found: list[Series] = []
    for series in chosen:
        line = series.line
        if isinstance(series, Metered):
            found.append(series.where(lambda visitor, line=line: passes(user_of(call, line, visitor))))  # type: ignore[misc]
        elif passes(user_of(call, line, "")):
            found.append(series)
    return found


def user_of(call: Call, line: Line, visitor: str) -> str:
    """UserId: whom a dialogue calls so, else who called."""
    return (visitor if call.assumptions.usage_user == "visitor" else "") or line.sub_account


def of_models(line: Line) -> bool:
    """What has tokens: everything but searches and parsing."""
    return line.sub_biz_type not in WITHOUT_TOKENS


def resource(call: Call, known: Iterable[int]) -> int:
    type: int = call.params["ResourceType"]
    if type not in known:
        raise invalid("ResourceType", f"must be one of {', '.join(map(str, known))}, not {type}")
    return type


def used(series: Series, about: UsageQuestion) -> Amounts:
    return difference(until(series, about.stop), until(series, about.start))


def summed(rows: Iterable[Amounts]) -> Amounts:
    return Amounts(*map(sum, zip(*rows, strict=True)))


def tokens(amounts: Amounts) -> list[dict[str, Any]]:
    """Total tokens without a label, then their parts; pages where there are some."""
    rows = [
        {"Label": "", "Unit": TOKEN, "Value": amounts.total},
        {"Label": "input", "Unit": TOKEN, "Value": amounts.input},
        {"Label": "output", "Unit": TOKEN, "Value": amounts.output},
    ]
    return rows + ([{"Label": "", "Unit": PAGE, "Value": amounts.pages}] if amounts.pages else [])


def units(call: Call, amounts: Amounts) -> float:
    """PU of tokens: as in the one documented example."""
    return amounts.total / call.assumptions.tokens_per_pu


@action("adp.DescribeUsageSummaryList")
def describe_usage_summary_list(call: Call) -> dict[str, Any]:
    """A row for each source and model, or for each source; the largest first (inferred)."""
    type = resource(call, (MODEL, PLUGIN, PLATFORM))
    names = ("model_name", "user_id", "space_id", "resource_id", "source_id", "metric_source_type")
    about = asked(call, (CORP, SPACE, APP), names, of_models if type == MODEL else anything)
    sums: dict[tuple[str, str], list[Amounts]] = {}
    for series in about.ledger.select(EVERYTHING) if type != PLUGIN else ():
        line = series.line
        source = line.space if about.view == CORP else line.app
        sums.setdefault((source, line.model if type == MODEL else ""), []).append(used(series, about))
    rows = [(summed(amounts), source, model) for (source, model), amounts in sums.items()]
    rows = sorted([row for row in rows if row[0].calls], key=lambda row: (-row[0].calls, row[1:]))
    return {
        "TotalCount": str(len(rows)),
        "UsageSummaryList": [usage_summary(call, about.view, type, *row) for row in paged_rows(call, rows)],
    }


def anything(line: Line) -> bool:
    return True


def usage_summary(call: Call, view: int, type: int, amounts: Amounts, source: str, model: str) -> dict[str, Any]:
    row: dict[str, Any] = {"SourceId": source, "SourceName": source_name(call, view, source), "ViewType": view}
    if type == MODEL:
        row["Model"] = {
            "CallCount": amounts.calls,
            "ModelName": model_name(call, model),
            "ResourceConsumptionList": tokens(amounts),
            "ConsumptionPU": units(call, amounts),
        }
    else:
        counts = {"WEB_SEARCH": amounts.internet, "APP_INVOKE": amounts.calls}
        row["Platform"] = {
            "ResourceConsumptionList": [
                {"Label": f"PLATFORM_BIZ_TYPE_{name}", "Unit": TIMES, "Value": count}
                for name, count in counts.items()
                if count
            ]
        }
    return row


def source_name(call: Call, view: int, source: str) -> str:
    account = call.account
    if view == CORP:
        space = account.spaces.get(source)
        return space.name if space else source
    app = account.apps.get(source)
    return app.name if app else source


def model_name(call: Call, name: str) -> str:
    model = call.account.models.get(name)
    return model.display_name if model else name


@action("adp.DescribeUsageDetailList")
def describe_usage_detail_list(call: Call) -> dict[str, Any]:
    """Call by call, the oldest first (documented as in time order)."""
    type = resource(call, (MODEL, PLUGIN))
    names = ("model_name", "user_id", "space_id", "resource_id", "source_id", "metric_source_type", "call_type")
    about = asked(call, (CORP, SPACE, APP), names, of_models if type == MODEL else nothing)
    total, found = calls_of(call, about)
    return {"TotalCount": str(total), "UsageDetailList": [usage_detail(call, each) for each in found]}


def nothing(line: Line) -> bool:
    return False


def calls_of(call: Call, about: UsageQuestion) -> tuple[int, list[CallDetail]]:
    """How many calls there are, and the page of them that is asked for, the oldest first."""
    total = about.ledger.totals(EVERYTHING, about.start, about.stop).calls
    page = paged_rows(call, range(total))
    if not page:
        return total, []
    newest_first = about.ledger.calls(EVERYTHING, about.start, about.stop, total - 1 - page[-1], len(page))
    return total, newest_first[::-1]


def call_source(line: Line) -> dict[str, Any]:
    return {"SubjectId": line.app, "SubjectName": line.app_name, "SubjectType": APP_SOURCE if line.app else 0}


def usage_detail(call: Call, detail: CallDetail) -> dict[str, Any]:
    line = detail.line
    id = detail.id or record_id(detail, call.account.zone)
    return {
        "CallSource": call_source(line),
        "DosageId": id,
        "EventTime": str(detail.moment),
        "Model": {
            "CallType": line.call_type,
            "ModelName": model_name(call, line.model),
            "ResourceConsumptionList": tokens(detail.amounts),
            "ConsumptionPU": units(call, detail.amounts),
        },
        "TraceId": id,
        "UserId": user_of(call, line, detail.visitor),
    }


@action("adp.DescribeConsumptionDetailList")
def describe_consumption_detail_list(call: Call) -> dict[str, Any]:
    """What each call consumed, the oldest first (inferred); which package paid is not kept."""
    names = ("metric_source_type", "source_ids", "resource_id", "source_id", "space_id", "user_id")
    about = asked(call, (CORP, SPACE), names, anything)
    total, found = calls_of(call, about)
    return {"TotalCount": str(total), "ConsumptionDetailList": [consumption(call, each) for each in found]}


def consumption(call: Call, detail: CallDetail) -> dict[str, Any]:
    line, amounts = detail.line, detail.amounts
    space = call.account.spaces.get(line.space)
    amount, unit = (
        (amounts.total, TOKEN) if line.model else (amounts.pages, PAGE) if amounts.pages else (amounts.search, TIMES)
    )
    return {
        "Classification": {
            "ConsumptionScene": line.call_type or line.sub_biz_type,
            "ConsumptionTarget": model_name(call, line.model) if line.model else line.sub_biz_type,
            "ConsumptionType": "model" if line.model else "platform",
        },
        "EventTime": str(detail.moment),
        "MetricSourceType": APP_SOURCE if line.app else 0,
        "Name": line.app_name,
        "SpaceName": space.name if space else line.space,
        "Usage": {"ConsumptionPU": units(call, amounts) if line.model else 0, "Usage": amount, "UsageUnit": unit},
        "UserName": user_name(call, user_of(call, line, detail.visitor)),
    }


def user_name(call: Call, user: str) -> str:
    """Visitors are called as they are known by."""
    account = call.account
    return account.name_of(user) if user == account.uin or user in account.sub_accounts else user


class Overrun(NamedTuple):
    """A call that found no place. Of a dialogue its record says where it was asked; of others nothing is known."""

    second: int
    model: str
    app: App | None = None
    query: str = ""

    @property
    def app_id(self) -> str:
        return self.app.biz_id if self.app else ""

    @property
    def space(self) -> str:
        return self.app.space if self.app else ""


OVERRUNS: Mapping[str, Callable[[Overrun], object]] = {
    "modelname": lambda one: one.model,
    "spaceid": lambda one: one.space,
    "appid": lambda one: one.app_id,
    "resourceid": lambda one: one.app_id,
    "sourceid": lambda one: one.app_id,
    "metricsourcetype": lambda one: frozenset((str(APP_SOURCE), SOURCE_NAME)) if one.app else "",
    "concurrencytype": lambda one: frozenset(("qpm_tpm", "dedicated")),
}
"""Filters (documented). Of what kind the place was that a call did not find is not kept."""


def overruns(call: Call, start: int, stop: int) -> list[Overrun]:
    """The oldest first."""
    account = call.account
    said: dict[tuple[int, str], list[Overrun]] = {}
    for record in account.conversations.answers(start, stop):
        if record.found_no_place:
            one = Overrun(int(record.time), record.found_no_place, account.apps.get(record.app), question(call, record))
            said.setdefault(one[:2], []).append(one)
    rows = []
    for model in account.models:
        for row in account.concurrency.refused(model, start, stop):
            known = said.get((row.second, model), [])[: row.refusals]
            rows += [*known, *[Overrun(row.second, model)] * (row.refusals - len(known))]
    return sorted(rows, key=lambda one: (one.second, one.model))


def question(call: Call, answer: MsgRecord) -> str:
    found = call.account.conversations.record(answer.related)
    return found.content if found else ""


@action("adp.DescribeConcurrencyLimitDetailList")
def describe_concurrency_limit_detail_list(call: Call) -> dict[str, Any]:
    """Every call that found no place, the oldest first."""
    scope = call.params["ViewScope"]
    view, id = scope["ViewType"], scope.get("ScopeId", "")
    if view not in (CORP, SPACE, APP):
        raise invalid("ViewScope.ViewType", f"must be 1, 2 or 3, not {view}")
    rows = overruns(call, *time_range(call))
    if view != CORP:
        rows = [one for one in rows if id == (one.space if view == SPACE else one.app_id)]
    for i, given in enumerate(call.params.get("FilterList") or ()):
        read = OVERRUNS.get(plain(given.get("Name", "")))
        if read is None:
            raise invalid(
                f"FilterList.{i}.Name", f"must be model_name or concurrency_type, not {given.get('Name', '')}"
            )
        passes = test(given, f"FilterList.{i}")
        rows = [one for one in rows if passes(read(one))]
    return {
        "ConcurrencyLimitDetailList": [
            {
                "CallSource": source_of(one.app) if one.app else {},
                "EventTime": str(one.second),
                "ModelName": model_name(call, one.model),
                "RequestQuery": one.query,
                "SpaceId": one.space,
            }
            for one in paged_rows(call, rows)
        ],
        "TotalCount": str(len(rows)),
    }


def source_of(app: App) -> dict[str, Any]:
    return {"SubjectId": app.biz_id, "SubjectName": app.name, "SubjectType": APP_SOURCE}


METRICS: dict[str, tuple[int, Callable[[Amounts], int]]] = {
    "total_calls": (TIMES, lambda amounts: amounts.calls),
    "total_tokens": (TOKEN, lambda amounts: amounts.total),
    "input_tokens": (TOKEN, lambda amounts: amounts.input),
    "output_tokens": (TOKEN, lambda amounts: amounts.output),
}
"""Key -> unit and value; the first is documented, the list of keys is not."""


@action("adp.DescribeMetricOverviewList")
def describe_metric_overview_list(call: Call) -> dict[str, Any]:
    """Mom compares with the range of the same length before (inferred: month over month by its name)."""
    type = resource(call, (MODEL, PLUGIN, PLATFORM))
    names = ("model_name", "user_id", "space_id", "resource_id", "source_id", "metric_source_type")
    about = asked(call, (CORP, SPACE), names, of_models if type == MODEL else anything)
    now = about.ledger.totals(EVERYTHING, about.start, about.stop)
    length = about.stop - about.start
    before = about.ledger.totals(EVERYTHING, about.start - length, about.start)
    rows = []
    for key, (unit, value) in METRICS.items():
        was = value(before)
        rows.append(
            {"Key": key, "Unit": unit, "Value": value(now), "Mom": round(value(now) / was - 1, 4) if was else 0}
        )
    return {"MetricList": rows, "TotalCount": str(len(rows))}


@action("adp.DescribeResourceSummary")
def describe_resource_summary(call: Call) -> dict[str, Any]:
    """What the account bought of tokens, and what its knowledge base holds."""
    resources = call.account.billing.resources
    packages = resources.list(call.now, kinds=TOKEN_PACKAGES)
    capacity = resources.capacity(call.now)
    bought = [row for row in packages if row.source == "purchased"]
    return {
        "ResourcePackage": {
            "PackageType": 2 if bought else 1,
            "ResourceTotal": sum(row.total for row in packages),
            "ResourceUsage": sum(row.used for row in packages),
            "KnowledgeCapacity": capacity.total,
            "KnowledgeUsage": capacity.used,
            "ResourceStatus": 1 if packages else 3,
        },
        "AddOnPackage": {
            "ExclusiveConcurrency": sum(model.concurrency for model in call.account.models.values()),
            "ResourceStatus": 1,
            "ConcurrencyStatus": 1,
        },
    }
