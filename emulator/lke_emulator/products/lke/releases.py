"""Releases, and previews of what one changes or changed."""

from collections.abc import Callable, Collection, Iterable
from time import gmtime, strftime
from typing import Any, TypeVar

from lke_emulator.account.call import Call
from lke_emulator.knowledge.config_changes import ConfigChange, config_changes
from lke_emulator.knowledge.documents import Document
from lke_emulator.knowledge.qas import Qa
from lke_emulator.knowledge.refusals import invalid
from lke_emulator.knowledge.rejected import Rejected
from lke_emulator.knowledge.releases import (
    AUDIT_FAILED,
    AUDITING,
    DELETED,
    FAILED,
    KINDS,
    MODIFIED,
    NEW,
    PAUSED,
    RELEASING,
    SUCCEEDED,
    UNDER_WAY,
    Change,
    ChangeKind,
    Changes,
    Release,
)
from lke_emulator.products import action
from lke_emulator.products.lke.apps import found_app
from lke_emulator.products.lke.paging import moment, paged
from lke_emulator.products.lke.qas import SOURCES

NEVER = 1
"""Status of an app's releases where there is none: pending (documented)."""
STATUSES = {
    NEVER: "待发布",
    RELEASING: "发布中",
    SUCCEEDED: "发布成功",
    FAILED: "发布失败",
    AUDITING: "审核中",
    AUDIT_FAILED: "审核失败",
    PAUSED: "发布暂停",
}
"""Documented."""
ACTIONS = {NEW: "新增", MODIFIED: "修改", DELETED: "删除"}
"""Documented."""
LATEST = ("", "0")
"""The ReleaseBizId that stands for the latest release (documented by example)."""
PENDING_ROW, RELEASING_ROW, RELEASED_ROW, FAILED_ROW = 2, 3, 4, 5
"""ReleaseStatus of a preview's row (documented)."""
VERSION_ZONE = 8 * 3600
"""Versions are named in +08:00 (exact in the one documented example)."""


def version(release: Release, now: float) -> str:
    return strftime("v%Y%m%d%H%M%S", gmtime(release.moment(now) + VERSION_ZONE))


@action("lke.CreateRelease")
def create_release(call: Call) -> dict[str, Any]:
    app, params = found_app(call, "BotBizId"), call.params
    release = call.account.releases.create(
        app.biz_id,
        call.account.draft(app, call.now),
        params.get("Desc", ""),
        params.get("ChannelBizIds", ()),
        call.caller,
        call.now,
    )
    return {"ReleaseBizId": release.id}


@action("lke.ListRelease")
def list_release(call: Call) -> dict[str, Any]:
    """The newest first (inferred)."""
    app = found_app(call, "BotBizId")
    rows = call.account.releases.of(app.biz_id)[::-1]
    return {"Total": len(rows), "List": [release_row(each, call) for each in paged(call, rows)]}


def counts(release: Release, now: float) -> tuple[int, int]:
    """(succeeded, failed): all or nothing, as what is carried over is one (inferred)."""
    status, count = release.status(now), release.changes.count
    if status == SUCCEEDED:
        return count, 0
    return 0, 0 if status in UNDER_WAY else count


def can_roll_back(release: Release, call: Call) -> bool:
    """What succeeded, but is not what runs (inferred)."""
    live = call.account.releases.live(release.app, call.now)
    return release.status(call.now) == SUCCEEDED and live is not None and live.release != release.id


def release_row(release: Release, call: Call) -> dict[str, Any]:
    now = call.now
    status = release.status(now)
    succeeded, lost = counts(release, now)
    return {
        "ReleaseBizId": release.id,
        "Operator": call.account.name_of(release.operator),
        "Desc": release.description,
        "UpdateTime": str(release.moment(now)),
        "Status": status,
        "StatusDesc": STATUSES[status],
        "Reason": "" if status in (*UNDER_WAY, SUCCEEDED) else release.work.reason,
        "SuccessCount": succeeded,
        "FailCount": lost,
        "ReleaseVersion": version(release, now),
        "CanRollback": can_roll_back(release, call),
    }


@action("lke.DescribeRelease")
def describe_release(call: Call) -> dict[str, Any]:
    app, id, releases = found_app(call, "BotBizId"), call.params.get("ReleaseBizId", ""), call.account.releases
    latest = releases.latest(app.biz_id)
    release = latest if id in LATEST and latest else releases.find(app.biz_id, id)
    status = release.status(call.now)
    return {
        "CreateTime": str(int(release.created)),
        "Description": release.description,
        "Status": status,
        "StatusDesc": STATUSES[status],
    }


@action("lke.DescribeReleaseInfo")
def describe_release_info(call: Call) -> dict[str, Any]:
    app, now = found_app(call, "BotBizId"), call.now
    releases = call.account.releases
    latest = releases.latest(app.biz_id)
    status = latest.status(now) if latest else NEVER
    done = [release for release in releases.of(app.biz_id) if release.status(now) == SUCCEEDED]
    return {
        "LastTime": str(done[-1].moment(now)) if done else "0",
        "Status": status,
        "IsUpdated": status not in UNDER_WAY and is_changed(call, app.biz_id),
        "Msg": latest.work.reason if latest and status not in (*UNDER_WAY, SUCCEEDED) else "",
    }


def is_changed(call: Call, app: str) -> bool:
    """Whether a preview of the next release has anything."""
    _, configs = pending(call, app, ())
    return bool(configs) or any(pending(call, app, (kind,))[0].count for kind in KINDS)


def pending(call: Call, app: str, kinds: Collection[ChangeKind]) -> tuple[Changes, list[ConfigChange]]:
    account, found = call.account, call.account.apps.find(app)
    live = account.releases.live(app, call.now)
    changes = account.releases.pending(app, account.draft(found, call.now), call.now, kinds)
    return changes, config_changes(live.configuration if live else None, found.draft)


@action("lke.RetryRelease")
def retry_release(call: Call) -> dict[str, Any]:
    call.account.releases.retry(found_app(call, "BotBizId").biz_id, call.params["ReleaseBizId"], call.now)
    return {}


# previews


def previewed(call: Call, *kinds: ChangeKind) -> tuple[Changes, list[ConfigChange], int, int]:
    """What a release contained, or what the next one would of these kinds (inferred); when, and the status of its rows."""
    app, id = found_app(call, "BotBizId"), call.params.get("ReleaseBizId", "")
    if id in LATEST:
        return *pending(call, app.biz_id, kinds), int(app.updated), PENDING_ROW
    release = call.account.releases.find(app.biz_id, id)
    status = release.status(call.now)
    row = RELEASED_ROW if status == SUCCEEDED else RELEASING_ROW if status in UNDER_WAY else FAILED_ROW
    return release.changes, config_changes(release.before, release.configuration), int(release.created), row


T = TypeVar("T", Document, Qa, Rejected)
Row = dict[str, Any]
Passes = Callable[[str, int, float], bool]


def passing(call: Call, status: int = 0) -> Passes:
    """Whether Query, Actions, times and ReleaseStatus let something pass: its words, what is done to it, and when it changed."""
    params = call.params
    query, actions = params.get("Query", "").casefold(), set(params.get("Actions", ()))
    for each in actions:
        if each not in ACTIONS:
            raise invalid("Actions", f"must be 1, 2 or 3, not {each}")
    start = moment("StartTime", params.get("StartTime", ""), call.account.zone)
    end = moment("EndTime", params.get("EndTime", ""), call.account.zone) or 1 << 60
    statuses = params.get("ReleaseStatus", ())
    if statuses and status not in statuses:
        return lambda words, action, updated: False
    return lambda words, action, updated: (
        start <= int(updated) <= end and (not actions or action in actions) and query in words.casefold()
    )


def listed(
    call: Call, changes: Iterable[Change[T]], words: Callable[[T], str], row: Callable[[T], Row], status: int = 0
) -> dict[str, Any]:
    """The page of those changes that the request lets pass."""
    passes = passing(call, status)
    found = [change for change in changes if passes(words(change.thing), change.action, change.thing.updated)]
    rows = [
        {
            "UpdateTime": str(int(change.thing.updated)),
            "Action": change.action,
            "ActionDesc": ACTIONS[change.action],
            "Message": "",
            **row(change.thing),
        }
        for change in paged(call, found)
    ]
    return {"Total": len(found), "List": rows}


@action("lke.ListReleaseDocPreview")
def list_release_doc_preview(call: Call) -> dict[str, Any]:
    changes, _, _, _ = previewed(call, "documents")

    def row(document: Document) -> Row:
        return {"FileName": document.shown_name, "FileType": document.type, "DocBizId": document.id}

    return listed(call, changes.documents, lambda document: document.shown_name, row)


@action("lke.ListReleaseQAPreview")
def list_release_qa_preview(call: Call) -> dict[str, Any]:
    changes, _, _, status = previewed(call, "qas")

    def row(qa: Qa) -> Row:
        document = call.account.documents.get(qa.base, qa.document)
        return {
            "Question": qa.question,
            "Source": qa.source,
            "SourceDesc": document.name if document and qa.source == 1 else SOURCES[qa.source],
            "FileName": document.name if document else "",
            "FileType": document.type if document else "",
            "ReleaseStatus": status if status != PENDING_ROW else 0,
            "QaBizId": qa.id,
            "DocBizId": document.id if document else "0",
        }

    return listed(call, changes.qas, lambda qa: qa.question, row, status)


@action("lke.ListRejectedQuestionPreview")
def list_rejected_question_preview(call: Call) -> dict[str, Any]:
    changes, _, _, _ = previewed(call, "rejected")
    return listed(call, changes.rejected, lambda one: one.question, lambda one: {"Question": one.question})


@action("lke.ListReleaseConfigPreview")
def list_release_config_preview(call: Call) -> dict[str, Any]:
    _, configs, updated, status = previewed(call)
    by_action = call.assumptions.config_preview_action == "action"
    rows: list[Row] = [
        {
            "ConfigItem": change.item,
            "UpdateTime": str(updated),
            "Action": NEW if by_action and not change.before else MODIFIED,
            "Value": change.after,
            "LastValue": change.before,
            "Content": change.content,
            "Message": "",
        }
        for change in configs
    ]
    passes = passing(call, status)
    found = [row for row in rows if passes(row["ConfigItem"], row["Action"], updated)]
    return {"Total": len(found), "List": paged(call, found)}
