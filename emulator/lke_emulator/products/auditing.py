"""Which actions of adp the audit log of an account tells, and what it tells of them."""

import re
from hashlib import sha256
from typing import Any, NamedTuple

from lke_emulator.account.audit import AuditEntry
from lke_emulator.account.call import Call, Handler

VERBS = {
    "Create": ("create", "新建"),
    "Modify": ("modify", "编辑"),
    "Delete": ("delete", "删除"),
    "Copy": ("copy", "复制"),
    "Import": ("import", "导入"),
    "Export": ("export", "导出"),
    "Release": ("release", "发布"),
}
NOUNS = {
    "App": ("app", "应用"),
    "Agent": ("agent", "智能体"),
    "KB": ("kb", "知识库"),
    "Doc": ("doc", "文档"),
    "QA": ("qa", "问答"),
    "Category": ("category", "分类"),
    "Label": ("label", "标签"),
    "Variable": ("variable", "变量"),
    "Plugin": ("plugin", "插件"),
    "Skill": ("skill", "技能"),
    "Channel": ("channel", "渠道"),
    "AppTrigger": ("trigger", "触发器"),
}
"""In the name of an action -> key and name. Those of creating and deleting an app are documented, the others are inferred."""
FORM = re.compile(rf"adp\.({'|'.join(VERBS)})({'|'.join(NOUNS)})(?:List|FromApp)?")
IN_OTHER_WORDS = {"adp.CreateRelease": ("Release", "App")}


class Audited(NamedTuple):
    verb: str
    """A key of VERBS."""
    noun: str


def audited(key: str) -> Audited | None:
    """What an action does to what; None for one that the log does not tell."""
    match = FORM.fullmatch(key)
    pair = match.groups() if match else IN_OTHER_WORDS.get(key)
    return Audited(*pair) if pair else None


def logged(handler: Handler, kind: Audited) -> Handler:
    """The handler, which leaves a line in the log when it has done what it does."""

    def told(call: Call) -> Any:
        name, app_name = given_name(call), app_name_of(call, call.params)
        result = handler(call)
        assert isinstance(result, dict)
        rows = result.get("ResultList")
        if rows is None or any(row["Succeeded"] for row in rows):
            record(call, kind, result, name, app_name)
        return result

    return told


def record(call: Call, kind: Audited, result: dict[str, Any], name: str, app_name: str) -> None:
    params, account = call.params, call.account
    app = params.get("AppId") or result.get("AppId", "") or params.get("KbId", "")
    found = account.apps.get(app)
    account.audit.add(
        AuditEntry(
            id=sha256(f"{account.uin} {call.request_id}".encode()).hexdigest(),
            time=call.now,
            uin=call.caller,
            verb=VERBS[kind.verb][0],
            noun=NOUNS[kind.noun][0],
            name=name or app_name,
            space=params.get("SpaceId") or (found.space if found else ""),
            app=app,
            app_name=app_name or (found.name if found else ""),
        )
    )


def app_name_of(call: Call, params: dict[str, Any]) -> str:
    found = call.account.apps.get(params.get("AppId", ""))
    return found.name if found else ""


def given_name(call: Call) -> str:
    """What the request calls it, at the top or in the one object that describes it."""
    inner = [value for value in call.params.values() if isinstance(value, dict)]
    inner += [value["Profile"] for value in inner if isinstance(value.get("Profile"), dict)]
    names = [value[name] for value in (call.params, *inner) for name in NAMES if isinstance(value.get(name), str)]
    return next((name for name in names if name), "")


NAMES = ("Name", "ChannelName", "TriggerName", "DisplayName")
