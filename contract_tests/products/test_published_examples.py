"""Every published example of lke and adp is answered, in a world where what it names is there, with its members and types.

What an example names is replaced by what is here (`prepared`), and what narrows a list (words, times, states) is left out.
Where an example describes something that was set up, it is set up so before: then it is told as the cloud tells it.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from contract_tests.conftest import Control, Target
from contract_tests.lke.worlds import ROOT, SHOP, Ask, account_of
from contract_tests.products.prepared import TEAM, WORLD, Prepared, prepared
from contract_tests.products.published import Example, examples
from lke_emulator.account.snapshot import restore, save
from lke_emulator.protocol.spec import spec

NARROWING = frozenset(
    ("Query", "Keyword", "FilterList", "Status", "AcceptStatus", "ReleaseStatus", "Actions", "Reasons", "FileName")
) | frozenset(("CreateTime", "UpdateTime", "SearchAfter", "ModelCategory", "Pattern", "LastRecordId", "ReleaseBizId"))
READS = ("Describe", "List", "Get", "Check")
MASKED = "names and ids of it are hidden by asterisks"
UNKNOWN = "what it names comes from a workflow that calls out, which the emulator does not run"
EXCEPTIONS: dict[str, dict[str, str]] = {
    "lke.CallbackWorkflowToolNode[0]": {"*": UNKNOWN},
    "adp.SaveWorkflowToolNodeOutput[0]": {"*": UNKNOWN},
    "adp.DescribeNodeBatchRun[0]": {"*": "no workflow here runs a node in batches"},
    "lke.GetMsgRecord[0]": {"*": "its Type is 2, where the text beside it says that 5 alone is supported"},
    "adp.CreateVariable[0]": {"*": MASKED},
    "adp.ModifyVariable[0]": {"*": MASKED},
    "lke.DescribeRefer[0]": {".List[].PageInfos": "the reference here is to a Q&A, which has no pages"},
    "lke.CheckAttributeLabelRefer[0]": {".List": "no workflow here refers to labels"},
    "lke.DescribeApp[0]": {
        ".AppConfig.KnowledgeQa.Plugins": "disabled",
        ".AppConfig.KnowledgeQa.SingleWorkflow": "a reply's",
    },
    "lke.DescribeAppAgentList[0]": {".Agents[].Plugins": "", ".Agents[].Tools": ""},
    "lke.ListChannel[0]": {".ListChannel[].YuanQiInfo": "of one kind of channel alone"},
    "adp.DescribeConcurrencyLimitDetailList[0]": {".ConcurrencyLimitDetailList": "nobody was refused here"},
    "adp.DescribeConversation[0]": {".Workspace": "a workspace is a sandbox, which is in no document"},
    "adp.SearchKnowledge[0]": {".TokenUsageList": "a search is not metered in tokens here"},
    "adp.DescribeSkillDetail[0]": {".SkillDetail.SkillSummary.PermissionIdList": "roles are in no document"},
    "adp.DescribeAgentReleasePreviewList[0]": {".ReleaseList": "it asks for page 20"},
    "adp.DescribeDoc[0]": {
        ".Summary.Metadata.RefFieldNameList": "what refers to a document by a field is in no document"
    },
    "adp.DescribeApp[0]": {
        ".App.SecretInfo": "the text says that a mask leaves out what it does not name",
        ".App.ShareUrlInfo": "as SecretInfo",
    },
    "adp.DescribeModelList[0]": {".ModelList[].ParameterList": "no list of a model's parameters is public"},
}
"""Example -> path, or `*` for all of it -> why it is not so here."""
EXAMPLES = [each for each in examples() if each.product in ("lke", "adp")]


class Clients(NamedTuple):
    lke: Ask
    adp: Ask

    def ask(self, example: Example, params: dict[str, Any]) -> dict[str, Any]:
        return (self.lke if example.product == "lke" else self.adp)(example.action, **params)


@pytest.fixture
def clients(target: Target, emulator: Control) -> Clients:
    emulator.load(WORLD)

    def client(product: str, version: str) -> Ask:
        credential = Credential(target.secret_id, target.secret_key)
        made = CommonClient(product, version, credential, target.region, target.profile())
        return lambda action, **params: made.call_json(action, params)["Response"]

    return Clients(client("lke", "2023-11-30"), client("adp", "2026-05-20"))


def filled(example: Example, known: Prepared, now: int) -> dict[str, Any]:
    """The parameters of an example, about what is here."""
    names, reads = known.named(example.action), example.action.startswith(READS)
    needed = {
        one.name for one in spec().by_key[f"{example.product}.{example.action}"].request.members.values() if one.needed
    }
    times = {"StatStartTime": now - 86_400, "StatEndTime": now, "StartTime": now - 86_400, "EndTime": now + 3600}

    def value(given: Any, name: str) -> Any:
        if isinstance(given, dict):
            return {
                inner: value(each, inner)
                for inner, each in given.items()
                if not reads or inner in needed or inner not in NARROWING
            }
        if isinstance(given, list):
            return [value(each, name) for each in given]
        if name in times and reads:
            return type(given)(times[name])
        return names.get(name, given)

    filled: dict[str, Any] = value(example.params, "")
    return filled


def written_app(reply: dict[str, Any], clients: Clients) -> None:
    clients.adp("ModifyApp", AppId=SHOP, Config=reply["App"]["Config"], UpdateMask={"Paths": ["Config"]})


def written_app_of_lke(reply: dict[str, Any], clients: Clients) -> None:
    config = dict(reply["AppConfig"]["KnowledgeQa"])
    for told in ("Plugins", "SingleWorkflow"):
        del config[told]
    base = {"AppBizId": SHOP, "AppType": reply["AppType"], "BaseConfig": reply["BaseConfig"]}
    clients.lke("ModifyApp", **base, AppConfig={"KnowledgeQa": config})


def written_plugin(reply: dict[str, Any], clients: Clients) -> dict[str, str]:
    plugin = reply["Plugin"]
    spec = {name: plugin[name] for name in ("Profile", "Config", "ToolList")}
    return {"PluginId": clients.adp("CreatePlugin", SpaceId="default_space", **spec)["PluginId"]}


def written_channel(reply: dict[str, Any], clients: Clients) -> dict[str, str]:
    channels = reply.get("ChannelList") or [reply["Channel"]]
    made = [clients.adp("CreateChannel", AppId=SHOP, Spec=channel["Spec"])["ChannelId"] for channel in channels]
    return {} if "ChannelList" in reply else {"ChannelId": made[0]}


def written_trigger(reply: dict[str, Any], clients: Clients) -> dict[str, str]:
    made = spec().by_key["adp.CreateAppTrigger"].request.members
    given = {name: value for name, value in reply["Trigger"].items() if name in made and name != "AppId"}
    return {"TriggerId": clients.adp("CreateAppTrigger", AppId=SHOP, **given)["TriggerId"]}


def written_agent(reply: dict[str, Any], clients: Clients) -> dict[str, str]:
    agent = {**reply["Agent"]}
    agent.pop("AgentId")
    tools = {name: [{"Config": each["Config"]} for each in agent[name]] for name in ("ToolList",)}
    plugins = [each["Config"] for each in agent["PluginList"]]
    skill = clients.adp("DescribeSkillSummaryList", SpaceId="default_space")["SkillSummaryList"][0]["SkillId"]
    given = {
        **agent,
        **tools,
        "PluginList": plugins,
        "Profile": {"Name": "Clerk", "Role": 1},
        "SkillList": [{"SkillId": skill}],
    }
    return {"AgentId": clients.adp("CreateAgent", AppId=TEAM, Agent=given)["AgentId"]}


def written_document(reply: dict[str, Any], clients: Clients) -> None:
    fields = {name: reply[name] for name in ("ParseConfig", "Switch", "UpdatePeriod", "UserAccessConfig")}
    fields["ExternalLink"] = reply["DocLink"]["ExternalLink"]
    fields["ExpirationPolicy"] = reply["Summary"]["Lifecycle"]["ExpirationPolicy"]
    document = clients.adp("DescribeDocSummaryList", KbId=SHOP)["DocList"][-1]["DocId"]
    clients.adp("ModifyDoc", KbId=SHOP, DocId=document, Fields=fields, UpdateMask={"Paths": list(fields)})
    clients.adp("CreateQAGenerationTask", KbId=SHOP, DocIdList=[document])


def written_qas(reply: dict[str, Any], clients: Clients) -> None:
    policy = {"EffectivePeriod": {"StartTime": "1735689600", "EndTime": "0"}, "ExpireBehavior": 1}
    ids = [each["QaId"] for each in clients.adp("DescribeQASummaryList", KbId=SHOP)["QaList"]]
    clients.adp("ModifyQAList", KbId=SHOP, QaIdList=ids, ExpirationPolicy=policy)


def written_changes(reply: dict[str, Any], clients: Clients) -> None:
    """Something of every noun that a release would carry over."""
    app = {"BotBizId": SHOP}
    written = {"AppBizId": SHOP, "AppType": "knowledge_qa", "BaseConfig": {"Name": "Store", "Avatar": "a", "Desc": "d"}}
    clients.lke("ModifyApp", **written, AppConfig={"KnowledgeQa": {"Greeting": "Welcome"}})
    document = clients.adp("DescribeDocSummaryList", KbId=SHOP)["DocList"][-1]["DocId"]
    clients.lke("ModifyDoc", **app, DocBizId=document, IsRefer=True, AttrRange=1, EnableScope=4)
    clients.lke("CreateRejectedQuestion", **app, Question="And you?", BusinessSource=2, EnableScope=4)
    clients.adp("CreateAgent", AppId=TEAM, Agent={"Profile": {"Name": "Another", "Role": 1}})


def written_synonyms(reply: dict[str, Any], clients: Clients) -> None:
    terms = [{"Term": "Lamp", "SynonymList": ["Light"]}]
    clients.adp("CreateLabel", KbId=SHOP, Name="Goods", TermList=terms)


PREVIEWS = ("ListRejectedQuestionPreview", "ListReleaseConfigPreview", "ListReleaseDocPreview")
WRITTEN: dict[str, Callable[[dict[str, Any], Clients], dict[str, str] | None]] = {
    "adp.DescribeApp": written_app,
    "lke.DescribeApp": written_app_of_lke,
    "adp.DescribePlugin": written_plugin,
    "adp.DescribeChannel": written_channel,
    "adp.DescribeChannelList": written_channel,
    "adp.DescribeAppTrigger": written_trigger,
    "adp.DescribeAgentDetail": written_agent,
    "adp.DescribeDoc": written_document,
    "adp.DescribeQA": written_qas,
    "adp.DescribeQASummaryList": written_qas,
    "adp.DescribeLabelSummaryList": written_synonyms,
    "adp.DescribeAgentReleasePreviewList": written_changes,
    **{f"lke.{name}": written_changes for name in PREVIEWS},
}
"""Sets up what an example's reply describes, and names it."""


def together(rows: list[Any]) -> Any:
    """What the rows of a list have between them: the first that says something of a member."""
    found: dict[str, Any] = {}
    for row in rows:
        for name, value in row.items():
            before = found.get(name)
            if isinstance(value, dict) and isinstance(before, dict):
                found[name] = together([before, value])
            elif isinstance(value, list) and isinstance(before, list):
                found[name] = before + value
            elif before is None or before == "":
                found[name] = value
    return found


def kind(value: Any) -> str:
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def lacking(published: Any, told: Any, path: str = "") -> Iterator[str]:
    """Where a reply has not the members of the published one, or has them of another type; its nulls say nothing."""
    if published is None:
        return
    if kind(published) != kind(told):
        yield f"{path}: {kind(told)} in place of {kind(published)}"
    elif isinstance(published, dict):
        for name, value in published.items():
            yield from lacking(value, told.get(name), f"{path}.{name}")
    elif isinstance(published, list) and published:
        if not told:
            yield f"{path}: empty"
        elif isinstance(published[0], dict):
            yield from lacking(together(published), together(told), f"{path}[]")


def test_a_lack_is_seen() -> None:
    """What the examples are held to."""
    assert list(lacking({"A": "x", "B": [{"C": 1}], "D": None}, {"A": "", "B": [{"C": 2.5}]})) == []
    assert list(lacking({"A": "x"}, {"A": 1})) == [".A: number in place of str"]
    assert list(lacking({"B": [{"C": True}]}, {"B": [{"C": 1}]})) == [".B[].C: number in place of bool"]
    assert list(lacking({"B": [{"C": True}]}, {"B": []})) == [".B: empty"]
    assert list(lacking({"B": [{"C": 1}, {"D": 2}]}, {"B": [{"D": 1}]})) == [".B[].C: NoneType in place of number"]


@pytest.mark.parametrize("product", ["lke", "adp"])
def test_a_published_example_is_answered_with_its_members(emulator: Control, clients: Clients, product: str) -> None:
    account = account_of(emulator)
    known = prepared(account, clients.lke, clients.adp)
    world, now = save(account), int(account.clock.now())
    lacks: dict[str, list[str]] = {}
    for example in EXAMPLES:
        if example.product != product:
            continue
        emulator.world.accounts[ROOT] = restore(world)
        excepted = EXCEPTIONS.get(str(example), {})
        params = filled(example, known, now)
        write = WRITTEN.get(f"{product}.{example.action}")
        if write is not None:
            params |= write(example.outputs[0], clients) or {}
            emulator.world.accounts[ROOT].clock.advance(60)
        try:
            reply = clients.ask(example, params)
        except TencentCloudSDKException as refused:
            found = [f"*: {refused.get_message()}"]
        else:
            found = list(lacking(example.outputs[0], reply))
        left = [lack for lack in found if not lack.startswith(tuple(f"{path}" for path in excepted))]
        needless = [path for path in excepted if not any(lack.startswith(path) for lack in found)]
        if left or needless:
            lacks[str(example)] = left + [f"needless: {path}" for path in needless]
    assert lacks == {}
