"""Who may talk to which app, as the actions of both products ask it."""

from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.knowledge.apps import App
from lke_emulator.protocol.errors import ApiError

VISITOR_LENGTH = 64
"""Characters of a visitor's id (documented)."""


def app_of_key(call: Call, name: str) -> App:
    """The app of an AppKey. Refused with the business code of the dialogues in the text, as live refusals have one."""
    app = call.account.apps.by_key(call.params.get(name, ""))
    if app is None:
        raise ApiError("FailedOperation", f"4505004 {name} is not valid", "4505004 应用密钥无效")
    return app


def issue(call: Call, app: App, visitor: str, channel: int, labels: dict[str, tuple[str, ...]] | None = None) -> str:
    """A token that opens a socket."""
    seconds = call.assumptions.ws_token_ttl_s
    return call.account.tickets.issue(app.biz_id, visitor, channel, call.caller, call.now, seconds, labels)


def pattern_of(app: App, call: Call) -> tuple[str, dict[str, Any]]:
    """How the app works, and the workflow of one that has a single one; as released, or in draft before."""
    live = call.account.releases.live(app.biz_id, call.now)
    configuration = live.configuration if live else app.draft
    declared = call.account.workflows.get(app.biz_id)
    workflow = dict(configuration.qa.get("SingleWorkflow") or {})
    if declared is not None:
        workflow = {
            "WorkflowId": declared.id,
            "WorkflowName": declared.name,
            "WorkflowDesc": declared.description,
            "Status": "PUBLISHED" if live else "UNPUBLISHED",
            "IsEnable": True,
            "AsyncWorkflow": declared.is_async,
        }
    return configuration.pattern, workflow
