"""Whatever an action writes is read back by the action that shows it, member by member, and is nowhere once it was deleted.

Requests have everything that their shapes let them say; an action that writes and has no row here fails.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, NamedTuple

import pytest

from contract_tests.account.reads import reads
from contract_tests.lke.asked import asked
from lke_emulator.protocol.errors import ApiError
from lke_emulator.protocol.spec import Shape, spec
from lke_emulator.scenario.load import world_of_text

APP, APP_KEY, SESSION = "1800000000000000001", "keyOfTheDesk", "session-0123456789-0123456789-012"
SCENARIO = f"""
accounts:
  - uin: 100000000001
    clock: {{frozen_at: 1742452818}}
    credentials: [{{secret_id: a, secret_key: b}}]
    spaces: [{{id: lab}}]
    apps: [{{name: desk, space: lab, biz_id: {APP}, key: {APP_KEY}}}]
    models: [{{name: cs-normal}}]
    knowledge: {{capacity: 1000000}}
    billing: {{balance: 1000, postpaid: all}}
"""
WRITES = re.compile(r"(lke|adp)\.(Create|Modify|Update|Save|Import|Rename|Group|Refer|Verify|Copy)")
ELSEWHERE = {
    "lke.CreateWorkflowRun": "a run is told by its states",
    "lke.RenameDoc": "ListDoc shows it beside the old name; held by the tests of documents",
    "lke.VerifyQA": "is for what was generated; held by the tests of Q&A",
    "adp.CreateWorkflowRun": "a run is told by its states",
    "lke.ReferShareKnowledge": "held by the tests of shared knowledge",
    "adp.CopyAgentFromApp": "writes what another app says",
    "adp.CopyApp": "writes what another app says",
    "adp.CreateQAGenerationTask": "a task is told by the Q&A that it makes",
    "adp.CreateSimilarQuestion": "makes words up, and keeps nothing",
    "adp.CreateWebSocketToken": "opens a socket",
    "adp.CreateWorkspaceCredential": "answers generated values, and says so",
    "adp.ModifyConflictQA": "is an answer to what the emulator never finds",
    "adp.SaveWorkflowDebugContext": "is told by the run that it is for",
    "adp.SaveWorkflowToolNodeOutput": "is told by the run that it is for",
}
"""Actions that write something other than what they are given."""


class Noun(NamedTuple):
    create: str
    made: str
    """Where its id is in the reply."""
    id: str
    """The member of other requests that holds its id."""
    read: str
    """The action that shows it."""
    modify: tuple[str, ...] = ()
    delete: str = ""
    said: Mapping[str, Any] = {}
    """Members that cannot be anything, by name; a text that begins with `@` is the id of what is there, None is left out."""
    told: Mapping[str, str] = {}
    """Members that are shown under another name, and with none where they are not shown."""
    fields: str = ""
    """The member of what modifies it whose members a mask names."""


LKE = {"AttrRange": 2, "EnableScope": 3, "ExpireStart": "1742400000", "ExpireEnd": "1942400000"}
LKE |= {"AttributeBizId": "@label", "LabelBizIds": "@term", "Source": 1, "DocBizId": None}
ADP = {"EffectiveDomain": 3, "ExpireBehavior": 2, "StartTime": "1742400000", "EndTime": "1942400000"}
ADP |= {"LabelId": "@label", "LabelTermIdList": "@term", "DocId": None}
SHOWN_LKE = {"AttributeBizId": "AttrBizId", "LabelBizIds": "LabelBizId"}
NOUNS = (
    Noun(
        "lke.CreateQA",
        "QaBizId",
        "QaBizId",
        "lke.DescribeQA",
        ("lke.ModifyQA", "lke.ModifyQAAttrRange", "lke.GroupQA"),
        "lke.DeleteQA",
        {
            **LKE,
            "CateBizId": "@lke qa",
            "BizIds": "@made",
            "QaBizIds": "@made",
            "UpdateQuestions": None,
            "DeleteQuestions": None,
        },
        {**SHOWN_LKE, "SimilarQuestions": "Question", "AddQuestions": "Question"},
    ),
    Noun(
        "lke.SaveDoc",
        "DocBizId",
        "DocBizId",
        "lke.DescribeDoc",
        ("lke.ModifyDoc", "lke.ModifyDocAttrRange", "lke.GroupDoc"),
        "lke.DeleteDoc",
        {
            **LKE,
            "CateBizId": "@lke doc",
            "BizIds": "@made",
            "FileType": "txt",
            "Size": "9",
            "Opt": 2,
            "ReferUrlType": 1,
            "UpdatePeriodH": 24,
            "FileUrl": None,
            "CheckType": 1,
            "HandleType": 1,
            "ModifyTypes": None,
        },
        SHOWN_LKE,
    ),
    Noun(
        "adp.CreateQAList",
        "ResultList.0.Id",
        "QaId",
        "adp.DescribeQA",
        ("adp.ModifyQA", "adp.ModifyQAList"),
        "adp.DeleteQAList",
        {**ADP, "CategoryId": "@lke qa", "ModifyAction": 1, "SimilarQuestionId": None},
        {"SimilarQuestionList": "Content"},
        "Fields",
    ),
    Noun(
        "adp.ImportDocList",
        "ResultList.0.Id",
        "DocId",
        "adp.DescribeDoc",
        ("adp.ModifyDoc", "adp.ModifyDocList"),
        "adp.DeleteDocList",
        {
            **ADP,
            "CategoryId": "@lke doc",
            "FileId": "a.txt",
            "Name": "b.txt",
            "PeriodHour": 24,
            "CheckType": 1,
            "HandleType": 1,
        },
        {},
        "Fields",
    ),
    Noun(
        "lke.CreateRejectedQuestion",
        "",
        "RejectedBizId",
        "lke.ListRejectedQuestion",
        ("lke.ModifyRejectedQuestion",),
        "lke.DeleteRejectedQuestion",
        {"BusinessSource": 2, "BusinessId": None, "EnableScope": 3},
    ),
    Noun(
        "lke.CreateSharedKnowledge",
        "KnowledgeBizId",
        "KnowledgeBizId",
        "lke.DescribeSharedKnowledge",
        ("lke.UpdateSharedKnowledge",),
        "lke.DeleteSharedKnowledge",
    ),
    Noun(
        "adp.CreateKB",
        "KbId",
        "KbId",
        "adp.DescribeKB",
        ("adp.ModifyKB",),
        "adp.DeleteKB",
        {"KbType": 2, "Action": 1},
        {"EncryptedPassword": ""},
        "Spec",
    ),
    Noun(
        "lke.CreateVar",
        "VarId",
        "VarId",
        "lke.GetVarList",
        ("lke.UpdateVar",),
        "lke.DeleteVar",
        {"VarType": "STRING", "VarName": "some_name"},
    ),
    Noun(
        "adp.CreateVariable",
        "VariableId",
        "VariableId",
        "adp.DescribeVariable",
        ("adp.ModifyVariable",),
        "adp.DeleteVariable",
        {"Name": "some_name", "IsBuiltin": False},
        {"VariableId": ""},
    ),
    Noun(
        "lke.CreateAttributeLabel",
        "AttrBizId",
        "AttributeBizId",
        "lke.DescribeAttributeLabel",
        ("lke.ModifyAttributeLabel",),
        "lke.DeleteAttributeLabel",
        {"LabelBizId": None, "DeleteLabelBizIds": None, "QueryScope": None},
        {"SimilarLabels": "SimilarLabels"},
    ),
    Noun(
        "adp.CreateLabel",
        "LabelId",
        "LabelId",
        "adp.DescribeLabel",
        ("adp.ModifyLabel",),
        "adp.DeleteLabelList",
        {"TermId": None, "ModifyAction": 1},
        {},
        "Fields",
    ),
    Noun(
        "lke.CreateDocCate",
        "CateBizId",
        "CateBizId",
        "lke.ListDocCate",
        ("lke.ModifyDocCate",),
        "lke.DeleteDocCate",
        {"ParentBizId": "0"},
    ),
    Noun(
        "lke.CreateQACate",
        "CateBizId",
        "CateBizId",
        "lke.ListQACate",
        ("lke.ModifyQACate",),
        "lke.DeleteQACate",
        {"ParentBizId": "0"},
    ),
    Noun(
        "adp.CreateCategory",
        "CategoryId",
        "CategoryId",
        "adp.DescribeCategoryList",
        ("adp.ModifyCategory",),
        "adp.DeleteCategory",
        {"CategoryType": 1, "ParentCategoryId": "0", "FilterList": None},
        {},
        "Fields",
    ),
    Noun(
        "adp.CreateMsgRecordCategory",
        "CategoryId",
        "CategoryId",
        "adp.DescribeMsgRecordCategoryList",
        ("adp.ModifyMsgRecordCategory",),
        "adp.DeleteMsgRecordCategory",
        {"ParentId": "0"},
    ),
    Noun(
        "lke.CreateApp",
        "AppBizId",
        "AppBizId",
        "lke.DescribeApp",
        ("lke.ModifyApp",),
        "lke.DeleteApp",
        {
            "AppType": "knowledge_qa",
            "Pattern": "agent",
            "AgentType": "wechat",
            "Confidence": 0.5,
            "ShareKnowledgeBases": None,
        },
    ),
    Noun(
        "adp.CreateApp",
        "AppId",
        "AppId",
        "adp.DescribeApp",
        ("adp.ModifyApp",),
        "adp.DeleteApp",
        {"AppMode": 2, "SharedKbIdList": None},
    ),
    Noun(
        "adp.CreateAgent",
        "AgentId",
        "AgentId",
        "adp.DescribeAgentDetail",
        ("adp.ModifyAgent",),
        "adp.DeleteAgent",
        {"ParentAgentId": None},
        {"AppName": "", "Developer": ""},
        "Agent",
    ),
    Noun(
        "adp.CreateAppTrigger",
        "TriggerId",
        "TriggerId",
        "adp.DescribeAppTrigger",
        ("adp.ModifyAppTrigger",),
        "adp.DeleteAppTrigger",
        {"TriggerStatus": None, "FailedCount": None, "SuccessCount": None},
        {},
        "Trigger",
    ),
    Noun(
        "adp.CreateChannel",
        "ChannelId",
        "ChannelId",
        "adp.DescribeChannel",
        ("adp.ModifyChannel",),
        "adp.DeleteChannel",
        {},
        {},
        "Spec",
    ),
    Noun(
        "adp.CreatePlugin",
        "PluginId",
        "PluginId",
        "adp.DescribePlugin",
        ("adp.ModifyPlugin",),
        "adp.DeletePlugin",
        told={"PluginId": ""},
    ),
    Noun(
        "adp.CreateSkill",
        "SkillId",
        "SkillId",
        "adp.DescribeSkillDetail",
        ("adp.ModifySkill", "adp.CreateSkillShare"),
        "adp.DeleteSkill",
        {"VersionId": "@version"},
        {"SkillVersion": "Version", "UpdateDescription": "UpdateDesc", "FileUrl": "SkillUrl"},
    ),
    Noun(
        "adp.CreateSpace",
        "SpaceId",
        "SpaceId",
        "adp.DescribeSpaceList",
        ("adp.ModifySpace",),
        "adp.DeleteSpace",
    ),
    Noun(
        "adp.CreateConversation",
        "ConversationId",
        "ConversationId",
        "adp.DescribeConversation",
        ("adp.ModifyConversation",),
        "adp.DeleteConversation",
        {"Type": 5, "ShareCode": None, "AgentId": None},
    ),
    Noun("lke.CreateRelease", "ReleaseBizId", "ReleaseBizId", "lke.DescribeRelease", said={"ChannelBizIds": None}),
    Noun("adp.CreateRelease", "ReleaseId", "ReleaseId", "adp.DescribeReleaseSummary"),
)
REMEMBERING = ("DescribeAuditLogList",)
"""What tells of what was."""
NAMELESS = re.compile("Login|AuditStatus|UpdateMask|FieldMask|Paths")
NUMBERS = {"int64": 1, "uint64": 1, "float": 0.5, "bool": True}


class Things:
    """An account with something of everything, and the ids of these by the names of the members that hold them."""

    def __init__(self) -> None:
        self.account = next(iter(world_of_text(SCENARIO, "scenario.yaml").accounts.values()))
        self.numbers = count(1)
        self.ids: dict[str, Any] = {
            **dict.fromkeys(("AppId", "AppBizId", "BotBizId", "KbId"), APP),
            "SpaceId": "lab",
            "AppKey": APP_KEY,
            "BotAppKey": APP_KEY,
            "UserId": "v",
            "VisitorId": "v",
        }

        self.there: dict[str, str] = {}
        label = self.ask("adp.CreateLabel", {"Name": "color", "TermList": [{"Term": "red"}]})
        self.there |= {"@label": label["LabelId"], "@term": label["TermList"][0]["TermId"]}
        for kind, cased in (("doc", "Doc"), ("qa", "QA")):
            made = self.ask(f"lke.Create{cased}Cate", {"ParentBizId": "0", "Name": kind})
            self.there[f"@lke {kind}"] = made["CateBizId"]

    def ask(self, key: str, params: Mapping[str, Any]) -> dict[str, Any]:
        own = spec().by_key[key].request.members
        return asked(
            self.account, key, **{name: value for name, value in {**self.ids, **params}.items() if name in own}
        )

    def know(self, name: str, id: str) -> None:
        self.ids |= dict.fromkeys((name, f"{name}s", f"{name}List"), id)
        self.there["@made"] = id
        self.there["@version"] = f"{id}-1"

    def about(self, noun: Noun) -> dict[str, Any]:
        """What the action that shows it is asked."""
        page = {"PageNumber": 1, "PageSize": 100} if noun.read.startswith("lke.") else {}
        return self.request(spec().by_key[noun.read].request, {"Limit": 100, **page, **noun.said}, all=False)

    def read(self, noun: Noun) -> dict[str, Any]:
        return self.ask(noun.read, self.about(noun))

    def read_anything(self, key: str, params: Mapping[str, Any]) -> object:
        """The reply; nothing where it is refused."""
        try:
            return asked(self.account, key, **params)
        except ApiError:
            return None

    def request(
        self, shape: Shape, said: Mapping[str, Any], within: tuple[str, ...] = (), all: bool = True
    ) -> dict[str, Any]:
        """All that the shape lets one say, or only what is known."""
        whole: dict[str, Any] = {}
        for member in shape.members.values():
            name = member.name
            if member.type in within or NAMELESS.match(name):
                continue
            if name in said or name in self.ids:
                value = said[name] if name in said else self.ids[name]
                if str(value).startswith("@"):
                    value = self.there[value]
            elif not all:
                continue
            elif member.type == "string":
                value = f"{name} {next(self.numbers)}"
            elif member.scalar:
                value = NUMBERS[member.type]
            else:
                value = self.request(shape.of(member), said, (*within, member.type))
            if value is not None and value != {}:
                whole[name] = [value] if member.many and not isinstance(value, list) else value
        return whole


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for inner, each in value.items():
            yield from leaves(each, inner)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each, name)
    else:
        yield name, value


def names_in(shape: Shape, seen: tuple[str, ...] = ()) -> set[str]:
    found = set()
    for member in shape.members.values():
        if member.scalar:
            found.add(member.name)
        elif member.type not in seen:
            found |= names_in(shape.of(member), (*seen, member.type))
    return found


def lost(given: Any, reply: Any, key: str, told: Mapping[str, str]) -> list[tuple[str, Any]]:
    """What was written, has a place in the reply, and is not there."""
    known, shown = names_in(spec().by_key[key].response), set()
    for name, value in leaves(reply):
        shown.add((name, str(value)))
    wanted = [(told.get(name, name), str(value)) for name, value in leaves(given) if name != "Paths"]
    return [(name, value) for name, value in wanted if name in known and (name, value) not in shown]


def reached(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value[int(step)] if step.isdecimal() else value[step]
    return value


@pytest.fixture
def things() -> Things:
    return Things()


@pytest.mark.parametrize("noun", NOUNS, ids=[noun.create for noun in NOUNS])
def test_what_is_written_is_read_back_until_it_is_deleted(things: Things, noun: Noun) -> None:
    said = things.request(spec().by_key[noun.create].request, noun.said)
    reply = things.ask(noun.create, said)
    if noun.made:
        id = reached(reply, noun.made)
    else:
        (id,) = {value for name, value in leaves(things.read(noun)) if name == noun.id}
    things.know(noun.id, id)
    found = {noun.create: lost(said, things.read(noun), noun.read, noun.told)}
    for key in noun.modify:
        things.account.clock.advance(60)
        said = things.request(spec().by_key[key].request, noun.said)
        inner = said.get(noun.fields, said)
        mask = {"UpdateMask": {"Paths": [name for name in inner if name not in things.ids]}}
        things.ask(key, {**said, **mask})
        found[key] = lost(said, things.read(noun), noun.read, noun.told)
    assert not any(found.values()), found
    if noun.delete:
        things.ask(noun.delete, things.request(spec().by_key[noun.delete].request, noun.said))
        things.account.clock.advance(60)
        for product, name, params in reads(APP, APP_KEY, SESSION):
            if name not in REMEMBERING:
                assert id not in str(things.read_anything(f"{product}.{name}", params)), name
        assert id not in str(things.read_anything(noun.read, things.about(noun)))


def test_every_action_that_writes_has_a_row() -> None:
    writing = {key for key in spec().by_key if WRITES.match(key)}
    rows = {key for noun in NOUNS for key in (noun.create, *noun.modify)}
    assert writing == rows | set(ELSEWHERE)
