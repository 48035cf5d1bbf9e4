"""Releases in adp's members: the same list as lke's."""

from typing import Any

from msgspec.structs import replace

from lke_emulator.account.call import Call
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.releases import UNDER_WAY, Release
from lke_emulator.knowledge.validity import DRAFT, EVERYWHERE
from lke_emulator.products import action
from lke_emulator.products.adp.apps import found_app
from lke_emulator.products.adp.listing import paged_rows, unix_text
from lke_emulator.products.lke.releases import STATUSES, can_roll_back, counts, is_changed, version

SHARES = ("AppShareAccessControl", "CorpShareConfig", "PortalShareConfig")
"""Members of a request that say whom a release is shared with, and of what shows it."""


@action("adp.CreateRelease")
def create_release(call: Call) -> dict[str, Any]:
    app, params, releases = found_app(call), call.params, call.account.releases
    releases.check_idle(app.biz_id, call.now)
    if params.get("IsDevToRelease"):
        lift(app, call)
    release = releases.create(
        app.biz_id,
        call.account.draft(app, call.now),
        params.get("Description", ""),
        params.get("ChannelIdList", ()),
        call.caller,
        call.now,
        {name: params[name] for name in SHARES if name in params},
    )
    return {"ReleaseId": release.id, "NeedApproval": False}


def lift(app: App, call: Call) -> None:
    """What is for test calls alone in the app's own base is for everybody now (documented)."""
    account, now = call.account, call.now
    for document in list(account.documents.of(app.biz_id).values()):
        if document.validity.scope == DRAFT:
            good = replace(document.validity, scope=EVERYWHERE)
            account.documents.change(document, document.editor, document.updated, validity=good)
    for qa in account.qas.of(app.biz_id, now):
        if qa.validity.scope == DRAFT:
            account.qas.rescope(qa, EVERYWHERE)
    for rejected in list(account.rejected.of(app.biz_id).values()):
        if rejected.scope == DRAFT:
            account.rejected.lift(rejected, EVERYWHERE)


def release_summary(release: Release, call: Call) -> dict[str, Any]:
    status = release.status(call.now)
    return {
        "CreateTime": unix_text(release.created),
        "Description": release.description,
        "ReleaseId": release.id,
        "Status": status,
        "StatusDescription": STATUSES[status],
        "ChannelIdList": list(release.channels),
        **release.shares,
    }


@action("adp.DescribeReleaseSummary")
def describe_release_summary(call: Call) -> dict[str, Any]:
    release = call.account.releases.find(found_app(call).biz_id, call.params["ReleaseId"])
    return {"ReleaseSummary": release_summary(release, call)}


@action("adp.DescribeLatestRelease")
def describe_latest_release(call: Call) -> dict[str, Any]:
    app = found_app(call)
    latest = call.account.releases.latest(app.biz_id)
    busy = latest is not None and latest.status(call.now) in UNDER_WAY
    return {
        "IsChanged": not busy and is_changed(call, app.biz_id),
        "ReleaseSummary": release_summary(latest, call) if latest else {"ReleaseId": "0"},
    }


@action("adp.DescribeReleaseList")
def describe_release_list(call: Call) -> dict[str, Any]:
    """The newest first (inferred)."""
    rows = call.account.releases.of(found_app(call).biz_id)[::-1]
    return {"ReleaseList": [release_record(each, call) for each in paged_rows(call, rows)], "TotalCount": len(rows)}


def release_record(release: Release, call: Call) -> dict[str, Any]:
    now = call.now
    status = release.status(now)
    succeeded, lost = counts(release, now)
    return {
        "CanExport": True,
        "CanRollback": can_roll_back(release, call),
        "Description": release.description,
        "FailCount": lost,
        "Reason": release.work.reason if lost else "",
        "ReleaseId": release.id,
        "ReleaseVersion": version(release, now),
        "Status": status,
        "StatusDescription": STATUSES[status],
        "SuccessCount": succeeded,
        "UpdateTime": str(release.moment(now)),
        "Updater": call.account.name_of(release.operator),
    }


@action("adp.RetryRelease")
def retry_release(call: Call) -> dict[str, Any]:
    call.account.releases.retry(found_app(call).biz_id, call.params["ReleaseId"], call.now)
    return {}


@action("adp.RollbackRelease")
def rollback_release(call: Call) -> dict[str, Any]:
    """Releases again what an earlier release had made live (inferred)."""
    call.account.releases.roll_back(found_app(call).biz_id, call.params["ReleaseId"], call.caller, call.now)
    return {}
