"""An account behind every surface, what may happen in it, and everything that it says of itself."""

import asyncio
import re
from collections.abc import Callable, Sequence
from hashlib import md5
from typing import Any

import msgspec
from hypothesis import strategies as st

from contract_tests.account.reads import reads
from lke_emulator.account.world import World
from lke_emulator.app import create_app
from lke_emulator.exchange.settings import Settings
from lke_emulator.primitives.crc64 import crc64
from lke_emulator.protocol.spec import spec
from lke_emulator.scenario.document import read_yaml
from lke_emulator.scenario.load import typed
from lke_emulator.scenario.world import build_world

ROOT, ALICE, BEGIN = "100000000001", "200000000001", 1742452818
APP = "1800000000000000001"
KEY, TOKEN, APP_KEY = "sk-there-from-the-beginning", "tokenOfTheRoot", "keyOfTheDesk"
SESSION = "session-0123456789-0123456789-012"
SCENARIO = f"""
seed: 3
accounts:
  - uin: {ROOT}
    clock: {{frozen_at: {BEGIN}}}
    rate_limit: 0
    credentials: [{{secret_id: a, secret_key: b}}]
    sub_accounts: [{{name: alice, uin: {ALICE}}}]
    spaces: [{{id: lab}}, {{id: annex}}]
    apps: [{{name: desk, space: lab, biz_id: {APP}, key: {APP_KEY}}}]
    models: [{{name: cs-normal, concurrency: 3, call_seconds: 60}}, {{name: deepseek-v3.2}}]
    keys: [{{label: first, secret: {KEY}}}]
    access_tokens: [{{token: {TOKEN}}}]
    knowledge: {{capacity: 1000, used: {{desk: 900}}}}
    limits: [{{model: "*r1*", requests_per_minute: 2, tokens_per_minute: 300}}]
    chat: [{{match: {{text: rain}}, times: 2, content: It rains.}}]
    moderation: {{words: [fireworks]}}
    replies: [{{action: lke.ListModel, match: {{AppType: canned}}, result: {{List: []}}}}]
    files: [{{url: "https://example.com/a.txt", text: "Hello\\n\\nWorld"}}]
    billing:
      balance: 3
      postpaid: [ChatCompletions, KnowledgeQA]
      packages:
        - {{kind: tokens, total: 4000, apis: [ChatCompletions], start: -3d, expires: +2d}}
        - {{kind: pages, total: 20, start: -3d}}
        - {{kind: split, total: 9000, start: -3d}}
        - {{kind: concurrency, total: 2, models: [cs-normal], period: month, source: purchased, start: -3d}}
    usage:
      - {{kind: generated, app: desk, model: cs-normal, sub_account: alice, since: -9d, calls_a_day: 40,
          per_call: {{input_tokens: 30, output_tokens: 9}}, rhythm: office}}
      - {{kind: steady, model: deepseek-v3.2, api: ChatCompletions, since: -2d, calls: 10, per_call: {{input_tokens: 5}}}}
      - {{kind: points, app: desk, points: [{{at: -1h, calls: 3, input_tokens: 8}}]}}
      - {{kind: points, app: desk, points: [{{at: -1h, calls: 3, input_tokens: 8}}]}}
"""
EMBEDDING = {"Model": "lke-text-embedding-v1", "Inputs": ["Hello"]}

VERSIONS = {service.product: service.version for service in spec().services.values()}
Step = tuple[Any, ...]
Said = tuple[int, bytes]


class Emulated:
    """A world behind its surfaces, in this process."""

    def __init__(self, world: World, tasks: Sequence[str] = (), made: Sequence[bytes] = ()) -> None:
        self.app = create_app(Settings(port=0, auth="off"), world)
        self.tasks = [*tasks]
        self.made = [*made]
        """Answers of adp that name what was made."""

    @property
    def world(self) -> World:
        return self.app.running.world

    def again(self) -> "Emulated":
        """The same, made from what is saved of it. What happened is no part of it, so both forget that."""
        text = msgspec.json.encode(self.world.saved(), order="sorted")
        again = World.restored(msgspec.json.decode(text, type=World.State))
        assert msgspec.json.encode(again.saved(), order="sorted") == text
        self.world.journal = type(self.world.journal)()
        return Emulated(again, self.tasks, self.made)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Said:
        return asyncio.run(self.asked(method, path, body, **headers))

    async def asked(self, method: str, path: str, body: Any = None, **headers: str) -> Said:
        content = b"" if body is None else body if isinstance(body, bytes) else msgspec.json.encode(body)
        path, _, query = path.partition("?")
        shown = {"host": "127.0.0.1", "content-length": str(len(content)), **headers}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in shown.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        status, answer = 0, b""
        incoming = iter([{"type": "http.request", "body": content, "more_body": False}])

        async def receive() -> Any:
            for message in incoming:
                return message
            return await asyncio.Event().wait()

        async def send(message: Any) -> None:
            nonlocal status, answer
            status = message.get("status", status)
            answer += message.get("body", b"")

        await self.app(scope, receive, send)
        return status, answer

    def signed(self, product: str, action: str, params: Any) -> Said:
        head = {"x_tc_action": action, "x_tc_version": VERSIONS[product], "x_tc_region": "ap-guangzhou"}
        return self.ask("POST", "/", params, content_type="application/json", **head)

    def control(self, method: str, path: str, body: Any = None) -> Said:
        return self.ask(method, f"/_emulator/accounts/{ROOT}{path}", body)

    def document(self) -> Any:
        """What control can do."""
        return msgspec.json.decode(self.ask("GET", "/_emulator/openapi.json")[1])

    def step(self, step: Step) -> Said:
        name, *args = step
        return STEPS[name](self, *args)


def chat(it: Emulated, secret: str, model: str, text: str, stream: bool) -> Said:
    body = {"model": model, "messages": [{"role": "user", "content": text}], "stream": stream, "max_tokens": 20}
    return it.ask("POST", "/v1/chat/completions", body, authorization=f"Bearer {secret}")


def signed_chat(it: Emulated, model: str, text: str, stream: bool) -> Said:
    params = {"Model": model, "Messages": [{"Role": "user", "Content": text}], "Stream": stream, "MaxTokens": 20}
    return it.signed("lkeap", "ChatCompletions", params)


def document(it: Emulated, kind: str) -> Said:
    params = {"FileType": "TXT", "FileUrl": "https://example.com/a.txt"}
    said = it.signed("lkeap", f"Create{kind}DocumentFlow", params)
    it.tasks.append(msgspec.json.decode(said[1])["Response"].get("TaskId", "none"))
    return said


def task(it: Emulated, action: str, which: int) -> Said:
    return it.signed("lkeap", action, {"TaskId": it.tasks[which % len(it.tasks)] if it.tasks else "none"})


def reset(it: Emulated) -> Said:
    return it.control("POST", "/reset")


def dialogue(it: Emulated, version: int, text: str, members: Any) -> Said:
    if version == 1:
        body = {"session_id": SESSION, "bot_app_key": APP_KEY, "visitor_biz_id": "v", "content": text}
        return it.ask("POST", "/v1/qbot/chat/sse", body | members)
    contents = [{"Type": "text", "Text": text}]
    asked = {"ConversationId": SESSION, "AppKey": APP_KEY, "VisitorId": "v", "Contents": contents}
    return it.ask("POST", "/adp/v2/chat", asked | members)


def socket(it: Emulated, version: int, text: str) -> Said:
    """A whole connection by long polling: a token, a question, its answer, the end."""
    issued = it.signed("lke", "GetWsToken", {"Type": 5, "BotAppKey": APP_KEY, "VisitorBizId": "v"})[1]
    token = msgspec.json.decode(issued)["Response"].get("Token", "")
    path = ("/v1/qbot/chat/conn/", "/adp/v2/chat/conn/")[version - 1]
    asked: Any = ["send", {"payload": {"session_id": SESSION, "content": text}}]
    if version == 2:
        contents = [{"Type": "text", "Text": text}]
        asked = ["request", {"Request": {"ConversationId": SESSION, "Contents": contents}}]

    async def connection() -> Said:
        query = "?EIO=4&transport=polling"
        opened = (await it.asked("GET", path + query))[1]
        query += "&sid=" + msgspec.json.decode(opened[1:])["sid"]
        said = opened
        await it.asked("POST", path + query, b"40" + msgspec.json.encode({"token": token}))
        await it.asked("POST", path + query, b"42" + msgspec.json.encode(asked))
        while not LAST.search(said):
            status, more = await it.asked("GET", path + query)
            said += more
            if status != 200:
                break
        await it.asked("POST", path + query, b"1")
        return 200, said

    return asyncio.run(connection())


LAST = re.compile(rb'"token_stat",.*"status_summary":"success"|42\["response.completed"|42\["error"')
"""What no event of a turn follows."""


def uploaded(it: Emulated, name: str, content: str) -> Said:
    """A file from a client's disk to a saved document."""
    asked = {"BotBizId": APP, "FileType": "txt", "IsPublic": False, "TypeKey": "offline"}
    up = msgspec.json.decode(it.signed("lke", "DescribeStorageCredential", asked)[1])["Response"]
    if "Error" in up:
        return 200, msgspec.json.encode(up["Error"])
    data = content.encode()
    path = up["UploadUrl"].partition("//")[2].partition("/")[2]
    status, answer = it.ask("PUT", "/" + path, data)
    saved = {
        "BotBizId": APP,
        "FileName": name,
        "FileType": "txt",
        "CosUrl": up["UploadPath"],
        "ETag": md5(data, usedforsecurity=False).hexdigest(),
        "CosHash": str(crc64(data)),
        "Size": str(len(data)),
    }
    return status, answer + it.signed("lke", "SaveDoc", saved)[1]


def about_made(it: Emulated, action: str, id: str, params: Any) -> Said:
    """An action of adp on the newest thing of its kind."""
    found = re.findall(id.encode() + rb'":"([^"]+)"', b"".join(it.made)) or [b"none"]
    return it.signed("adp", action, {id: found[-1].decode(), **params})


def adp(it: Emulated, action: str, params: Any) -> Said:
    said = it.signed("adp", action, params)
    it.made.append(said[1])
    return said


def oneapi(it: Emulated, method: str, path: str, body: Any) -> Said:
    return it.ask(method, f"/api/{path}", body, authorization=TOKEN)


STEPS: dict[str, Callable[..., Said]] = {
    "any": Emulated.ask,
    "oneapi": oneapi,
    "chat": chat,
    "signed chat": signed_chat,
    "document": document,
    "task": task,
    "control": Emulated.control,
    "signed": Emulated.signed,
    "reset": reset,
    "dialogue": dialogue,
    "socket": socket,
    "uploaded": uploaded,
    "adp": adp,
    "adp on": about_made,
}
numbers = st.integers(1, 3)
secrets = st.sampled_from([KEY, KEY, "sk-history-1", "sk-history-2"])
models = st.sampled_from(["deepseek-v3.2", "deepseek-r1", "cs-normal", "nobody-knows"])
texts = st.sampled_from(["Hello", "Will it rain?", "Where are the fireworks?"])
paths = st.builds("/keys/{}{}".format, numbers, st.sampled_from(["/disable", "/enable"]))
apis = st.sampled_from(["ChatCompletions", "GetEmbedding", "CreateReconstructDocumentFlow", "KnowledgeQA"])
kinds = st.sampled_from(["tokens", "pages", "split", "knowledge", "concurrency"])
seconds = st.integers(-9 * 86400, 9 * 86400) | st.sampled_from([1, 30, 61, 3600, -3600, 86400])


def body(**members: Any) -> Any:
    return st.fixed_dictionaries({name: one if hasattr(one, "map") else st.just(one) for name, one in members.items()})


def post(path: Any, given: Any) -> Any:
    return st.tuples(st.just("control"), st.just("POST"), path if hasattr(path, "map") else st.just(path), given)


CHANGES: Any = st.one_of(
    st.tuples(st.just("chat"), secrets, models, texts, st.booleans()),
    st.tuples(st.just("signed chat"), models, texts, st.booleans()),
    st.tuples(st.just("document"), st.sampled_from(["Reconstruct", "Split"])),
    st.tuples(st.just("task"), st.just("CancelTask"), numbers),
    st.tuples(
        st.just("signed"),
        st.just("lkeap"),
        st.just("GetEmbedding"),
        st.just(EMBEDDING),
    ),
    post("/clock/advance", body(by=seconds)),
    post("/clock/freeze", body(at=st.integers(BEGIN - 90 * 86400, BEGIN + 90 * 86400))),
    post("/keys", body(secret=secrets, quota=st.none() | st.integers(0, 1))),
    post("/keys", body(label=texts)),
    post(paths, st.none()),
    st.builds(lambda number: ("control", "DELETE", f"/keys/{number}"), numbers),
    st.builds(lambda api, on: ("control", "PUT", f"/postpaid/{api}", {"on": on}), apis, st.booleans()),
    post("/packages/grant", body(kind=kinds, total=st.integers(1, 3000))),
    post("/packages/buy", body(kind=kinds, total=st.integers(1, 3000), price=st.integers(0, 2))),
    post(st.builds("/packages/{}/expire".format, numbers), st.none()),
    post("/wallet/top-up", body(amount=st.sampled_from([10, 20, 33]), method=st.sampled_from(["card", "paypal"]))),
    post("/access-tokens", body(owner=ALICE)),
    st.builds(
        lambda on, words: ("control", "PATCH", "/moderation", {"on": on, "words": words}),
        st.booleans(),
        st.lists(texts),
    ),
    st.just(("reset",)),
)
KNOWLEDGE: Any = st.sampled_from(
    [
        ("CreateQACate", {"BotBizId": APP, "ParentBizId": "0", "Name": "category"}),
        ("CreateQA", {"BotBizId": APP, "Question": "Q?", "Answer": "A", "AttrRange": 1}),
        ("CreateRejectedQuestion", {"BotBizId": APP, "Question": "No?", "BusinessSource": 2}),
        ("CreateRelease", {"BotBizId": APP, "Desc": "x"}),
        ("ExportAttributeLabel", {"BotBizId": APP, "Filters": {"Query": ""}}),
        ("CreateVar", {"AppBizId": APP, "VarName": "name", "VarType": "STRING"}),
        ("CreateSharedKnowledge", {"KnowledgeName": "shared", "KnowledgeDescription": "", "EmbeddingModel": ""}),
        ("GetWsToken", {"Type": 5, "BotAppKey": "", "VisitorBizId": "v"}),
        ("CreateApp", {"AppType": "knowledge_qa", "BaseConfig": {"Name": "new", "Avatar": "", "Desc": ""}}),
        ("DeleteApp", {"AppBizId": APP, "AppType": "knowledge_qa"}),
    ]
)
CHANGES |= KNOWLEDGE.map(lambda call: ("signed", "lke", *call))
MADE = {"AppId": APP}
MADE_BY_ADP: list[Step] = [
    ("adp", "CreateApp", {"SpaceId": "lab", "Name": "other", "AppMode": 2}),
    (
        "adp",
        "ModifyApp",
        {**MADE, "Name": "desk", "UpdateMask": {"Paths": ["Name", "Config.Memory", "Config.Model"]}},
    ),
    (
        "adp",
        "ModifyApp",
        {
            **MADE,
            "Config": {"Greeting": {"Greeting": "Hello", "OpeningQuestionList": ["When?"]}},
            "UpdateMask": {"Paths": ["Config.Greeting"]},
        },
    ),
    ("adp", "CreateAgent", {**MADE, "Agent": {"Profile": {"Name": "helper"}, "Instructions": "Help."}}),
    (
        "adp",
        "CreatePlugin",
        {"SpaceId": "lab", "Profile": {"Name": "p"}, "Config": {}, "ToolList": [{"Name": "t"}]},
    ),
    ("adp", "CreateSkill", {"SpaceId": "lab", "CreateType": 1, "FileUrl": "https://a.example.com/s.zip"}),
    ("adp", "CreateChannel", {**MADE, "Spec": {"ChannelName": "c", "ChannelType": 10000}}),
    ("adp", "CreateAppTrigger", {**MADE, "TriggerName": "t", "TriggerType": 1, "ExecuteType": 1}),
    ("adp", "CreateMsgRecordCategory", {**MADE, "Name": "praise"}),
    ("adp", "CreateConversation", {"Type": 5, "AppKey": APP_KEY, "UserId": "v"}),
    (
        "adp",
        "CreateKB",
        {"KbType": 2, "SpaceId": "lab", "Spec": {"Name": "shared", "EsConfig": {"StorageType": 1}}},
    ),
    ("adp", "CreateRelease", {**MADE, "Description": "x"}),
    ("adp", "CreateWorkflowRun", {**MADE, "Domain": 1, "Query": "Go", "UserId": "v"}),
    ("adp on", "ModifyAgent", "AgentId", {**MADE, "Agent": {}, "UpdateMask": {"Paths": ["Model", "Profile.Role"]}}),
    ("adp on", "FavoritePlugin", "PluginId", {"SpaceId": "lab"}),
    ("adp on", "DeleteSkill", "SkillId", {"SpaceId": "lab"}),
    ("adp on", "RunAppTriggerNow", "TriggerId", MADE),
    ("adp on", "DeleteAgent", "AgentId", MADE),
]
ADP: Any = st.sampled_from([*MADE_BY_ADP, ("adp", "DeleteApp", MADE)])
TALK: Any = st.one_of(
    st.tuples(
        st.just("dialogue"),
        st.sampled_from([1, 2]),
        texts,
        st.sampled_from([{}, {"incremental": True, "Incremental": True}]),
    ),
    st.tuples(st.just("socket"), st.sampled_from([1, 2]), texts),
    st.tuples(st.just("uploaded"), st.sampled_from(["a.txt", "b.txt"]), texts),
)
CHANGES |= ADP | TALK
CHANGES |= st.sampled_from(
    [
        ("oneapi", "POST", "token/", {"name": "new", "unlimited_quota": True}),
        ("oneapi", "PUT", "token/", {"id": 1, "name": "first", "status": 2}),
        ("oneapi", "DELETE", "token/2", None),
        ("oneapi", "POST", "user/pay", {"amount": 10, "payment_method": "card"}),
    ]
)
RANGE = {"StatStartTime": BEGIN - 9 * 86400, "StatEndTime": BEGIN + 9 * 86400}
"""Unlike most, far around the clock's moments: what is metered at any of them shows."""


def everything(it: Emulated) -> list[Said]:
    """What the account says to those who read it, on every surface."""
    said = [
        it.signed("lke", name, RANGE)
        for name in ("DescribeTokenUsage", "DescribeTokenUsageGraph", "DescribeSearchStatsGraph")
    ]
    said += [it.signed("lke", "DescribeCallStatsGraph", {**RANGE, "ModelName": "cs-normal"})]
    said += [it.signed("lke", "DescribeConcurrencyUsageGraph", {**RANGE, "ModelName": "cs-normal"})]
    page = {"ModelName": "cs-normal", "PageNumber": 1, "PageSize": 50}
    said += [it.signed("lke", "ListUsageCallDetail", {**RANGE, **page, "StartTime": "", "EndTime": ""})]
    said += [it.signed("lke", "DescribeKnowledgeUsage", {}), it.signed("lke", "ListModel", {"AppType": "canned"})]
    said += [it.signed(*one) for one in reads(APP, APP_KEY, SESSION)]
    said += [task(it, f"Get{kind}DocumentResult", which) for kind in ("Reconstruct", "Split") for which in range(3)]
    for path in (
        "models",
        "dashboard/billing/subscription",
        "dashboard/billing/usage?start_date=2025-01-01&end_date=2025-12-01",
    ):
        said.append(it.ask("GET", f"/v1/{path}", authorization=f"Bearer {KEY}"))
    for path in (
        "user/self",
        "token/?p=1",
        "log/self?p=1&page_size=100",
        "log/self/stat",
        "data/self",
        "user/topup/self",
    ):
        said.append(it.ask("GET", f"/api/{path}", authorization=TOKEN))
    for path in (
        "",
        "/clock",
        "/keys",
        "/packages",
        "/postpaid",
        "/wallet",
        "/wallet/history",
        "/bills",
        "/notifications",
    ):
        said.append(it.control("GET", path))
    for path in ("/apps", "/knowledge", "/moderation", "/dashboard", "/report", "/permissions"):
        said.append(it.control("GET", path))
    return said


def begun() -> Emulated:
    at = read_yaml(SCENARIO, "histories.yaml")
    return Emulated(build_world(typed(at), at, "histories", None, None))
