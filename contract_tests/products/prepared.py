"""A world in which the things are that published examples name: of every noun one, made through the API where it can be."""

from collections.abc import Callable
from typing import NamedTuple

from contract_tests.lke.worlds import ROOT, SHOP, START, Ask
from lke_emulator.account.account import Account

FLOW, TEAM, SHARED = "1900000000000000002", "1900000000000000003", "1900000000000000004"
"""Apps of the patterns single_workflow and agent, and a shared knowledge base."""
CONVERSATION = "e0b7f1cc-cc54-4f51-a1e0-e7653a20ea9f"
WORLD = f"""
deterministic: true
accounts:
  - uin: {ROOT}
    name: Owner
    clock: {{ frozen_at: {START} }}
    rate_limit: 0
    credentials:
      - {{ secret_id: AKIDlocal, secret_key: local-secret-key }}
    sub_accounts:
      - {{ uin: 100000000029, name: Mara }}
    spaces:
      - {{ id: default_space, name: Default }}
    models:
      - {{ name: cs-normal-70b, concurrency: 2 }}
    apps:
      - name: Shop
        biz_id: {SHOP}
        space: default_space
        key: shop-key
        labels:
          - {{ name: Customers, key: customers, labels: [Companies, Private] }}
        documents:
          - {{ name: a.pdf, at: -20d, labels: {{ Customers: [Private] }} }}
          - {{ name: b.docx, at: -20d }}
          - {{ name: c.txt, at: -20d }}
          - {{ name: d.md, at: -20d, state: parse_failed }}
          - {{ name: e.md, at: -20d, state: audit_failed }}
          - {{ name: f.md, at: -1m, state: parsing }}
        questions:
          - {{ question: What is a lungfish?, answer: A fish that breathes air., similar: [Tell me of the lungfish], at: -15d,
               labels: {{ Customers: [Private] }} }}
          - {{ question: Shall we keep this?, state: waiting, at: -15d }}
          - {{ question: What is a newt?, answer: An amphibian., at: -15d }}
          - {{ question: what is a NEWT?, answer: A salamander., at: -14d }}
        rejected: [What do you think of the government?]
        releases:
          - {{ at: -12d, description: First }}
          - {{ at: -11d, fails: audit, reason: A price is missing, description: Second }}
          - {{ at: -10d, description: Third }}
        conversations:
          - id: {CONVERSATION}
            visitor: visitor
            channel: share
            at: -2d
            turns:
              - {{ question: What is a lungfish?, answer: A fish that breathes air., how: knowledge }}
              - {{ question: And a toad?, answer: I cannot say., how: unknown_issues, rating: disliked, reasons: [Wrong] }}
      - name: Flow
        biz_id: {FLOW}
        space: default_space
        key: flow-key
        pattern: single_workflow
        workflow:
          name: Read
          nodes: [{{ type: start }}, {{ type: llm }}, {{ type: option_card, option_cards: [Yes, No] }}, {{ type: end }}]
      - name: Team
        biz_id: {TEAM}
        space: default_space
        key: team-key
        pattern: agent
        agents: [{{ name: Host, instructions: You plan. }}, {{ name: Writer, instructions: You write. }}]
      - {{ name: Shelf, biz_id: {SHARED}, type: shared_knowledge, space: default_space, documents: 1 }}
    usage:
      - {{ kind: generated, app: Shop, model: cs-normal-70b, since: -5d, calls_a_day: 500,
         per_call: {{ input_tokens: 9, output_tokens: 9 }} }}
    billing: {{ postpaid: all, balance: 1000 }}
"""

QUESTION = "什么是肺鱼"
"""What the example of SearchKnowledge asks."""


class Prepared(NamedTuple):
    ids: dict[str, str]
    """Member of a request -> the id of what it names here."""
    of: dict[str, dict[str, str]]
    """Words of an action's name -> members that name another one there."""

    def named(self, action: str) -> dict[str, str]:
        found = dict(self.ids)
        for words, ids in self.of.items():
            if any(word in action for word in words.split()):
                found |= ids
        return found


def prepared(account: Account, lke: Ask, adp: Ask) -> Prepared:
    ids: dict[str, str] = {"SpaceId": "default_space", "TargetSpaceId": "default_space"}

    def name(id: str, *members: str) -> None:
        ids.update(dict.fromkeys(members, id))

    name(SHOP, "BotBizId", "AppBizId", "AppBizIds", "AppId", "KbId", "TargetAppId")
    of: Of = {"AppStatistics": {"ScopeId": SHOP}}
    name("shop-key", "AppKey", "BotAppKey")
    name("cs-normal-70b", "ModelName", "ModelId", "EmbeddingModel", "QaExtractModel")
    of["Workflow NodeRun NodeBatch"] = dict.fromkeys(("AppId", "AppBizId"), FLOW)
    of["DebugContext"] = dict.fromkeys(("AppId", "AppBizId"), SHOP)
    of["Agent"] = dict.fromkeys(("AppId", "AppBizId"), TEAM)
    knowledge(account, lke, adp, name, of)
    conversations(account, lke, adp, name, of)
    extensions(adp, name, of)
    runs(account, lke, adp, name)
    return Prepared(ids, of)


Name = Callable[..., None]
Of = dict[str, dict[str, str]]


def knowledge(account: Account, lke: Ask, adp: Ask, name: Name, of: Of) -> None:
    bot, base = {"BotBizId": SHOP}, {"KbId": SHOP}
    attribute = next(iter(account.labels.of(SHOP).values()))
    name(attribute.id, "AttributeBizId", "AttributeBizIds", "AttrBizId", "LabelId", "LabelIdList")
    name(attribute.labels[0].id, "LabelBizId", "LabelBizIds", "LabelTermIdList")
    name("", "LastLabelBizId", "LastTermId", "ParentId")
    papers = lke("CreateDocCate", **bot, ParentBizId="0", Name="Papers")["CateBizId"]
    inner = lke("CreateDocCate", **bot, ParentBizId=papers, Name="Inner")["CateBizId"]
    outer = lke("CreateQACate", **bot, ParentBizId="0", Name="Questions")["CateBizId"]
    questions = lke("CreateQACate", **bot, ParentBizId=outer, Name="Fish")["CateBizId"]
    name(inner, "CateBizId", "CategoryId")
    name("0", "ParentBizId")
    of["QA"] = {"CateBizId": questions, "CategoryId": questions}
    pdf, docx, txt, unread, refused, parsing = account.documents.of(SHOP)
    name(pdf, "DocBizId", "DocBizIds", "DocId", "DocIdList", "BizIds")
    of["RenameDoc"], of["ModifyDoc"] = {"DocBizId": docx}, {"DocId": txt}
    lke("GroupDoc", **bot, BizIds=[pdf], CateBizId=inner)
    for document, stage in ((unread, "RetryDocParse"), (refused, "RetryDocAudit"), (parsing, "StopDocParse")):
        of[stage] = {"DocBizId": document}
    fish, waiting, *_ = account.qas.of(SHOP, account.clock.now())
    name(fish.id, "QaBizId", "QaBizIds", "QaId", "QaIdList")
    of["VerifyQA"] = {"QaBizId": waiting.id}
    lke("GroupQA", **bot, QaBizIds=[fish.id], CateBizId=questions)
    adp("CreateQAList", **base, QaList=[{"Question": QUESTION, "Answer": "一种鱼", "EffectiveDomain": 4}])
    name(next(iter(account.rejected.of(SHOP))), "RejectedBizId", "RejectedBizIds")
    first, failed, third = account.releases.of(SHOP)
    name(third.id, "ReleaseId", "ReleaseBizId")
    of["RetryRelease"] = dict.fromkeys(("ReleaseId", "ReleaseBizId"), failed.id)
    of["RollbackRelease"] = {"ReleaseId": first.id}
    shelf = lke("CreateSharedKnowledge", KnowledgeName="Shelf of all", KnowledgeType=0)["KnowledgeBizId"]
    lke("ReferShareKnowledge", AppBizId=SHOP, KnowledgeBizId=[shelf])
    name(shelf, "KnowledgeBizId")
    unused = dict.fromkeys(("KbId", "KnowledgeBizId"), SHARED)
    of["DeleteSharedKnowledge DeleteKB ModifyKB DescribeKB"] = unused
    empty = adp("CreateSpace", Name="Empty")["SpaceId"]
    of["DeleteSpace ModifySpace"] = {"SpaceId": empty}
    variable = {
        "Name": "City",
        "Description": "Where",
        "DefaultValue": "Bremen",
        "DefaultFileName": "",
        "Type": 1,
        "VariableId": "",
    }
    for module in (0, 1):
        made = adp("CreateVariable", AppId=SHOP, Variable={**variable, "Name": f"City{module}", "ModuleType": module})[
            "VariableId"
        ]
        name(made, "VariableId") if module else name(made, "VarId")
    task = lke("ModifyAttributeLabel", **bot, AttributeBizId=attribute.id, AttrKey="customers", AttrName="Customers")
    name(task["TaskId"], "TaskId")
    groups = adp("DescribeConflictQASummaryList", **base)["ConflictQaList"]
    name(groups[0]["ConflictGroupId"], "ConflictGroupId")


def conversations(account: Account, lke: Ask, adp: Ask, name: Name, of: Of) -> None:
    found = account.conversations.find(CONVERSATION)
    assert found is not None
    name(found.id, "ConversationId", "SessionId")
    name(found.records[-1].id, "RecordId", "LastRecordId")
    (refer,) = found.records[1].references
    name(refer.id, "ReferBizIds")
    reply = lke("ListUnsatisfiedReply", BotBizId=SHOP, PageNumber=1, PageSize=1)["List"][0]["ReplyBizId"]
    name(reply, "ReplyBizId", "ReplyBizIds")
    adp("CreateConversation", AppId=SHOP, Type=2)
    life = adp("CreateMsgRecordCategory", AppId=SHOP, Name="Life")["CategoryId"]
    home = adp("CreateMsgRecordCategory", AppId=SHOP, Name="Home", ParentId=life)["CategoryId"]
    adp("CreateMsgRecordCategory", AppId=SHOP, Name="Garden", ParentId=home)
    of["MsgRecordCategory"] = {"CategoryId": life, "ParentId": life}


def extensions(adp: Ask, name: Name, of: Of) -> None:
    app, space = {"AppId": SHOP}, {"SpaceId": "default_space"}
    tools = [{"Name": "overtime_view_state"}]
    name(adp("CreatePlugin", **space, Profile={"Name": "Weather"}, Config={}, ToolList=tools)["PluginId"], "PluginId")
    skill = adp("CreateSkill", **space, CreateType=1, FileUrl="https://a.example.com/s.zip", DisplayName="s")
    name(skill["SkillId"], "SkillId")
    name(skill["VersionId"], "VersionId")
    adp("CreateSkillShare", **space, ApplyRemark="", SkillId=skill["SkillId"], VersionId=skill["VersionId"])
    name(adp("CreateChannel", **app, Spec={"ChannelName": "c", "ChannelType": 10000})["ChannelId"], "ChannelId")
    trigger = {"TriggerName": "t", "TriggerType": 1, "ExecuteType": 1}
    name(adp("CreateAppTrigger", **app, **trigger)["TriggerId"], "TriggerId")
    fired = adp("DescribeAppTriggerSummaryList", **app)["TriggerList"][0]["TriggerId"]
    name(adp("RunAppTriggerNow", **app, TriggerId=fired)["InstanceId"], "InstanceId")
    agent = adp(
        "CreateAgent",
        AppId=TEAM,
        Agent={"Profile": {"Name": "Reader", "Role": 1}, "SkillList": [{"SkillId": skill["SkillId"]}]},
    )
    name(agent["AgentId"], "AgentId", "ParentAgentId")


def runs(account: Account, lke: Ask, adp: Ask, name: Name) -> None:
    """One that waits for an answer."""
    variable = [{"Name": "Url", "Value": "https://a.example.com"}]
    run = lke("CreateWorkflowRun", AppBizId=FLOW, RunEnv=0, Query="Hello", CustomVariables=variable)["WorkflowRunId"]
    name(run, "WorkflowRunId", "WorkflowRunIdList")
    account.clock.advance(60)
    node = lke("DescribeWorkflowRun", AppBizId=FLOW, WorkflowRunId=run)["NodeRuns"][1]
    name(node["NodeRunId"], "NodeRunId")
    name(node["NodeId"], "NodeId")
