"""The apps of an account with their ids and keys, and what shall go wrong with documents, Q&A, releases, runs and tasks."""

from typing import Annotated, Literal

import msgspec

from lke_emulator.control.table import Body, ControlCall, Invalid, route
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.failures import STAGES, FailureSection, Kind

APPS, FAILURES = "/accounts/{uin}/apps", "/accounts/{uin}/failures"


class AppRow(msgspec.Struct, frozen=True, kw_only=True):
    biz_id: str
    name: str
    type: str
    space: str
    key: str
    """What opens its dialogues."""
    pattern: str
    status: Literal["not_online", "running", "disabled"]
    documents: int
    qas: int


class AppList(msgspec.Struct, frozen=True, kw_only=True):
    apps: list[AppRow]
    """The oldest first."""


class AppChange(Body):
    disabled: bool
    """Whether it is stopped: its dialogues are refused then."""


class FailureList(msgspec.Struct, frozen=True, kw_only=True):
    failures: list[FailureSection]
    """The first that fits holds."""


class FailDocument(Body):
    stage: Annotated[str, msgspec.Meta(extra_json_schema={"enum": STAGES["document"]})]
    reason: str = ""


class FailRelease(Body):
    stage: Annotated[str, msgspec.Meta(extra_json_schema={"enum": STAGES["release"]})]
    reason: str = ""


def app_row(app: App, call: ControlCall) -> AppRow:
    account = call.account
    released = account.releases.is_released(app.biz_id, call.now)
    return AppRow(
        biz_id=app.biz_id,
        name=app.name,
        type=app.type,
        space=app.space,
        key=app.key,
        pattern=app.draft.pattern,
        status="disabled" if app.disabled else "running" if released else "not_online",
        documents=len(account.documents.of(app.biz_id)),
        qas=len(account.qas.of(app.biz_id, call.now)),
    )


def app_named(call: ControlCall) -> App:
    app = call.account.apps.get(call.names["id"])
    if app is None:
        raise LookupError(f"there is no app {call.names['id']}: GET /accounts/{call.account.uin}/apps lists them")
    return app


@route("GET", APPS)
def list_apps(call: ControlCall) -> AppList:
    """Every app, also one whose id the scenario left open."""
    return AppList(apps=[app_row(app, call) for app in call.account.apps])


@route("GET", APPS + "/{id}")
def get_app(call: ControlCall) -> AppRow:
    """One app by its AppBizId."""
    return app_row(app_named(call), call)


@route("PATCH", APPS + "/{id}")
def change_app(call: ControlCall, body: AppChange) -> AppRow:
    """Stop an app, or let it run again."""
    return app_row(call.account.apps.disable(app_named(call), body.disabled), call)


@route("GET", FAILURES)
def list_failures(call: ControlCall) -> FailureList:
    """What goes wrong from now on."""
    return FailureList(failures=call.account.failures.all())


@route("POST", FAILURES, status=201)
def add_failure(call: ControlCall, body: FailureSection) -> FailureList:
    """Let documents, Q&A, releases, workflow runs or tasks fail at a stage."""
    call.account.failures.add(body)
    return list_failures(call)


@route("DELETE", FAILURES, status=204)
def end_failures(call: ControlCall) -> None:
    """Let nothing go wrong any more."""
    call.account.failures.clear()


def check_stage(kind: Kind, stage: str) -> None:
    if stage not in STAGES[kind]:
        raise Invalid(f"stage: a {kind} fails at {', '.join(STAGES[kind])}, not at {stage}")


@route("POST", "/accounts/{uin}/documents/{id}/fail", status=204)
def fail_document(call: ControlCall, body: FailDocument) -> None:
    """Make one document have failed, now."""
    check_stage("document", body.stage)
    documents, id = call.account.documents, call.names["id"]
    document = next((each for each in documents.everything() if each.id == id), None)
    if document is None:
        raise LookupError(f"there is no document {id}")
    documents.fail(document, body.stage, body.reason, call.now)


@route("POST", "/accounts/{uin}/releases/{id}/fail", status=204)
def fail_release(call: ControlCall, body: FailRelease) -> None:
    """Make one release have failed, now."""
    check_stage("release", body.stage)
    releases, id = call.account.releases, call.names["id"]
    release = next((each for app in call.account.apps for each in releases.of(app.biz_id) if each.id == id), None)
    if release is None:
        raise LookupError(f"there is no release {id}")
    releases.fail(release.app, id, body.stage, body.reason, call.now)
