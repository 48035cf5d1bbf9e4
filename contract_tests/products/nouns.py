"""What lke and adp keep: the actions that make, show, change and delete each, and an account that has something of everything."""

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, NamedTuple

from contract_tests.lke.asked import asked
from lke_emulator.account.account import Account
from lke_emulator.protocol.errors import ApiError
from lke_emulator.protocol.spec import Shape, spec
from lke_emulator.scenario.load import world_of_text

OTHER_APP = "1800000000000000002"
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
  - uin: 100000000002
    clock: {{frozen_at: 1742452818}}
    credentials: [{{secret_id: c, secret_key: d}}]
    spaces: [{{id: den}}]
    apps: [{{name: hidden, space: den, biz_id: {OTHER_APP}, key: hiddenKey}}]
    models: [{{name: cs-normal}}]
    knowledge: {{capacity: 1000000}}
    billing: {{balance: 1000, postpaid: all}}
"""


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
        {"VarType": "STRING", "VarName": "name_in_lke"},
    ),
    Noun(
        "adp.CreateVariable",
        "VariableId",
        "VariableId",
        "adp.DescribeVariable",
        ("adp.ModifyVariable",),
        "adp.DeleteVariable",
        {"Name": "name_in_adp", "IsBuiltin": False},
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
NAMELESS = re.compile("Login|AuditStatus|UpdateMask|FieldMask|Paths")
NUMBERS = {"int64": 1, "uint64": 1, "float": 0.5, "bool": True}


class Things:
    """An account with something of everything, and the ids of these by the names of the members that hold them."""

    def __init__(self, account: Account | None = None, word: str = "") -> None:
        """Texts that are made up begin with the word."""
        self.account = account or next(iter(world_of_text(SCENARIO, "scenario.yaml").accounts.values()))
        self.word, self.numbers = word, count(1)
        app = next(iter(self.account.apps))
        self.ids: dict[str, Any] = {
            **dict.fromkeys(("AppId", "AppBizId", "BotBizId", "KbId"), app.biz_id),
            "SpaceId": app.space,
            "AppKey": app.key,
            "BotAppKey": app.key,
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

    def make(self, noun: Noun) -> tuple[str, dict[str, Any]]:
        """The id of a new one, and what was said of it."""
        said = self.request(spec().by_key[noun.create].request, noun.said)
        reply = self.ask(noun.create, said)
        if noun.made:
            return reached(reply, noun.made), said
        (id,) = {value for name, value in leaves(self.read(noun)) if name == noun.id}
        return id, said

    def make_all(self) -> dict[str, str]:
        """One of each, by what makes it."""
        ids = {}
        for noun in NOUNS:
            ids[noun.create] = self.make(noun)[0]
            self.account.clock.advance(60)
        return ids

    def change(self, noun: Noun, key: str) -> dict[str, Any]:
        """What an action that modifies one is asked: all that it can, and a mask that names it."""
        said = self.request(spec().by_key[key].request, noun.said)
        fields = said.get(noun.fields, said)
        return {**said, "UpdateMask": {"Paths": [name for name in fields if name not in self.ids]}}

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
                value = f"{self.word}{name} {next(self.numbers)}"
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


def reached(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value[int(step)] if step.isdecimal() else value[step]
    return value
