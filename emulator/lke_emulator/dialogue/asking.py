"""What callers of v1 and v2 send. Members that are not named here are not looked at, for real clients send many."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from lke_emulator.dialogue.errors import DialogueError, bad
from lke_emulator.dialogues.contents import form_of
from lke_emulator.dialogues.msg_record import SentFile
from lke_emulator.dialogues.question import Question, Switch
from lke_emulator.dialogues.said import Content

INPUT_LENGTH, ROLE_LENGTH = 12_000, 4_000
"""Characters (documented: ListModel tells them)."""
SESSION = r"^[a-zA-Z0-9_-]{2,64}$"
CONVERSATION = r"^[a-zA-Z0-9_-]{32,64}$"
REQUEST = re.compile(CONVERSATION)
"""Documented forms."""
PICTURE = re.compile(r"!\[[^\[\]]*\]\(([^\s()]+)\)")
"""How a v1 question holds a picture (documented: Markdown)."""
TYPES = frozenset(
    (
        *("text", "image", "file", "option_cards", "custom_params", "sandbox", "web_search", "file_collection"),
        *("json_text", "custom_variables", "e_chart", "widget", "tasks", "questionnaire", "widget_action"),
    )
)
"""Types of a content (documented)."""
MEMBERS = {
    name.lower(): name
    for name in (
        *(
            "Type",
            "Text",
            "Image",
            "File",
            "CustomVariables",
            "WidgetAction",
            "OptionCards",
            "CustomParams",
            "Questionnaire",
        ),
        *("Url", "FileName", "FileSize", "FileUrl", "FileType", "DocId", "DocBizId"),
    )
}
"""Public clients write some of them small."""
OWNED = {"image": "Image", "file": "File", "custom_variables": "CustomVariables"}
"""Type -> the member that a content of no other type has."""
Key = Annotated[str, Meta(min_length=1, max_length=128)]
Name64 = Annotated[str, Meta(max_length=64)]
Throttle = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class V1File(Struct):
    file_name: str = ""
    file_size: str | int = ""
    file_url: str = ""
    file_type: str = ""
    doc_id: str | int = ""


class VisitorLabel(Struct):
    name: str = ""
    values: list[str] = []


class V1Request(Struct, kw_only=True):
    """Over the socket the app and the visitor are the token's."""

    session_id: Annotated[str, Meta(pattern=SESSION)]
    bot_app_key: Key | None = None
    visitor_biz_id: Name64 | None = None
    content: str | None = None
    request_id: Annotated[str, Meta(max_length=255)] | None = None
    file_infos: list[V1File] | None = None
    streaming_throttle: Throttle | None = None
    custom_variables: dict[str, str] | None = None
    system_role: str | None = None
    incremental: bool | None = None
    search_network: Switch | None = None
    stream: Switch | None = None
    workflow_status: Switch | None = None
    model_name: str | None = None
    visitor_labels: list[VisitorLabel] | None = None


class V2Request(Struct, rename="pascal", kw_only=True):
    conversation_id: Annotated[str, Meta(pattern=CONVERSATION)]
    app_key: Key | None = None
    request_id: str | None = None
    visitor_id: Name64 | None = None
    user_id: Name64 | None = None
    visitor_biz_id: Name64 | None = None
    user_name: str | None = None
    contents: Annotated[list[dict[str, Any]], Meta(min_length=1)]
    streaming_throttle: Throttle | None = None
    system_role: str | None = None
    incremental: bool | None = None
    search_network: Switch | None = None
    model_name: str | None = None
    stream: Switch | None = None
    workflow_status: Switch | None = None
    enable_multi_intent: bool | None = None
    generate_again: bool | None = None


class Asking(Struct, frozen=True, kw_only=True):
    """A request of either protocol, in one form."""

    conversation: str
    key: str = ""
    visitor: str = ""
    request_id: str = ""
    question: Question

    def by(self, visitor: str) -> "Asking":
        return msgspec.structs.replace(self, visitor=visitor)


R = TypeVar("R", V1Request, V2Request)


def read(body: Any, kind: type[R]) -> R:
    try:
        return msgspec.convert(body, kind)
    except msgspec.ValidationError as error:
        raise bad(str(error)) from None


def is_v2(body: Any) -> bool:
    """Told apart by their members, for a public client posts v2 bodies to the path of v1."""
    return isinstance(body, dict) and any(name in body for name in ("ConversationId", "Contents", "AppKey"))


def of_v1(body: Any, over_socket: bool) -> Asking:
    """DialogueError 400 for what is missing or has another form, 460034 for a text that is too long."""
    request = read(body, V1Request)
    if not over_socket and not (request.bot_app_key and request.visitor_biz_id):
        raise bad("bot_app_key and visitor_biz_id are required")
    text = request.content or ""
    if not text and not request.file_infos:
        raise bad("content is required where there are no file_infos")
    files = [
        SentFile(
            name=one.file_name, size=str(one.file_size), url=one.file_url, type=one.file_type, doc_id=str(one.doc_id)
        )
        for one in request.file_infos or ()
    ]
    images = PICTURE.findall(text)
    check_lengths(text, request.system_role)
    contents: list[Content] = [{"Type": "text", "Text": text}]
    contents += [{"Type": "image", "Image": {"Url": url}} for url in images]
    contents += [{"Type": "file", "File": file_content(file)} for file in files]
    question = Question(
        text=text,
        contents=contents,
        images=images,
        files=files,
        variables=request.custom_variables or {},
        labels={label.name: label.values for label in request.visitor_labels or ()},
        search_network=request.search_network or "",
        stream=request.stream or "",
        workflow=request.workflow_status or "",
        model=request.model_name or "",
        role=request.system_role or "",
        throttle=request.streaming_throttle or 0,
        incremental=bool(request.incremental),
    )
    return Asking(
        conversation=request.session_id,
        key=request.bot_app_key or "",
        visitor=request.visitor_biz_id or "",
        request_id=request.request_id or "",
        question=question,
    )


def of_v2(body: Any, checks_request_id: bool, requires_user: bool) -> Asking:
    """As `of_v1`; `checks_request_id`: whether a RequestId that is there must have the documented form."""
    request = read(body, V2Request)
    if checks_request_id and request.request_id and not REQUEST.match(request.request_id):
        raise bad("RequestId does not have the documented form")
    visitor = request.user_id or request.visitor_id or request.visitor_biz_id or ""
    if requires_user and not visitor:
        raise bad("UserId is required")
    contents = [normal(content) for content in request.contents]
    text = "\n".join([content["Text"] for content in contents if content["Type"] == "text" and content.get("Text")])
    check_lengths(text, request.system_role)
    variables: dict[str, str] = {}
    for content in contents:
        if content["Type"] == "custom_variables":
            variables |= content.get("CustomVariables") or {}
    question = Question(
        text=text or done_to_widget(contents),
        contents=contents,
        images=[content["Image"]["Url"] for content in contents if content["Type"] == "image"],
        files=[sent_file(content) for content in contents if content["Type"] == "file"],
        variables=variables,
        search_network=request.search_network or "",
        stream=request.stream or "",
        workflow=request.workflow_status or "",
        model=request.model_name or "",
        role=request.system_role or "",
        throttle=request.streaming_throttle or 0,
        incremental=bool(request.incremental),
        widgets=[str(action.get("WidgetId", "")) for action in widget_actions(contents)],
        multi_intent=bool(request.enable_multi_intent),
        variant=int(bool(request.generate_again)),
    )
    return Asking(
        conversation=request.conversation_id,
        key=request.app_key or "",
        visitor=visitor,
        request_id=request.request_id or "",
        question=question,
    )


def check_lengths(text: str, role: str | None) -> None:
    if len(text) > INPUT_LENGTH or len(role or "") > ROLE_LENGTH:
        raise DialogueError(460034)


def normal(content: dict[str, Any]) -> Content:
    """A content with its members as documented. DialogueError 400 for one that has no known Type, or not what it needs."""
    told = {MEMBERS.get(name.lower(), name): value for name, value in content.items() if value is not None}
    kind = told.get("Type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise bad(f"{kind!r} is no Type of a content")
    if kind == "text":
        told.setdefault("Text", "")
    try:
        form_of(told)
    except msgspec.ValidationError as error:
        raise bad(str(error)) from None
    for owner, member in OWNED.items():
        if owner != kind:
            told.pop(member, None)
    if kind == "image":
        image = told.get("Image") or {"Url": told.pop("Url", None)}
        told["Image"] = image = inner(image)
        if not isinstance(image.get("Url"), str):
            raise bad("an image has a Url")
    if kind == "file":
        flat = {
            name: told.pop(name)
            for name in ("FileName", "FileSize", "FileUrl", "FileType", "DocId", "Url")
            if name in told
        }
        if "Url" in flat:
            flat["FileUrl"] = flat.pop("Url")
        file = {name: str(value) for name, value in inner(told.get("File") or flat).items() if value is not None}
        told["File"] = file
    if kind == "custom_variables":
        variables = told.get("CustomVariables")
        if not isinstance(variables, dict) or not all(isinstance(value, str) for value in variables.values()):
            raise bad("CustomVariables is a map of strings")
    return told


def inner(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise bad("an image and a file are objects")
    return {MEMBERS.get(str(name).lower(), str(name)): each for name, each in value.items()}


def sent_file(content: Content) -> SentFile:
    """DocBizId is taken for DocId, as a public client sends it."""
    file = content["File"]
    return SentFile(
        name=file.get("FileName", ""),
        size=file.get("FileSize", ""),
        url=file.get("FileUrl", ""),
        type=file.get("FileType", ""),
        doc_id=file.get("DocId") or file.get("DocBizId", ""),
    )


def file_content(file: SentFile) -> dict[str, str]:
    return {
        "FileName": file.name,
        "FileSize": file.size,
        "FileUrl": file.url,
        "FileType": file.type,
        "DocId": file.doc_id,
    }


def done_to_widget(contents: Sequence[Content]) -> str:
    """What a question without a text asks: what was done to a widget."""
    for action in widget_actions(contents):
        return str(action.get("Payload") or action.get("ActionType") or "")
    return ""


def widget_actions(contents: Sequence[Content]) -> list[dict[str, Any]]:
    actions = [content.get("WidgetAction") for content in contents if content["Type"] == "widget_action"]
    return [action for action in actions if isinstance(action, dict)]
