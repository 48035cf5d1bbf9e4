"""What lists, saving and retrieval cost in CPU time in an app of 10,000 documents and as many Q&A: handlers alone, the best of a
few runs."""

from collections.abc import Callable
from itertools import count
from time import process_time
from typing import Any

from benchmarks.ledger import cost, warm
from lke_emulator.account.account import Account
from lke_emulator.account.call import Call
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.categories import Kind
from lke_emulator.knowledge.configuration import blank
from lke_emulator.knowledge.documents import Document
from lke_emulator.knowledge.qas import Qa
from lke_emulator.knowledge.validity import EVERYWHERE, LabelRef, Validity
from lke_emulator.knowledge.work import finished
from lke_emulator.products import load_handlers
from lke_emulator.protocol.shapes import encode
from lke_emulator.protocol.spec import spec
from lke_emulator.scenario.load import load

DOCUMENTS = 10_000
KINDS: tuple[Kind, ...] = ("doc", "qa")
OTHERS: tuple[tuple[str, dict[str, object]], ...] = (
    ("lke.ListQA", {}),
    ("lke.ListQA", {"Query": "lamp 77"}),
    ("lke.ListQA", {"Query": "red", "QueryType": "attribute"}),
    ("lke.ListQACate", {}),
    ("lke.ListReleaseDocPreview", {}),
    ("lke.ListReleaseQAPreview", {}),
    ("lke.DescribeReleaseInfo", {}),
    ("lke.DescribeKnowledgeUsage", {}),
    ("lke.DescribeKnowledgeUsagePieGraph", {}),
    ("lke.ListAppKnowledgeDetail", {}),
    ("adp.DescribeDocSummaryList", {}),
    ("adp.DescribeQASummaryList", {}),
    ("adp.DescribeLabelSummaryList", {}),
)
"""Those that read over all of it, and cannot let others in between."""
HANDLERS = load_handlers()


def filled() -> tuple[Account, App]:
    account = Account("100000000009", chance=1)
    account.billing.open(postpaid=["FileParse"], balance=10**12)
    now = account.clock.now()
    app = account.apps.create(blank("Shop"), "", "dialogue", "100000000009", now)
    sorted_out = {kind: account.categories.place(app.biz_id, kind, "") for kind in KINDS}
    color = account.labels.create(app.biz_id, "color", "", [("red", ()), ("blue", ())], now)
    for i in range(DOCUMENTS):
        validity = Validity(scope=EVERYWHERE, labels=(LabelRef(color.id, (color.labels[i % 2].id,)),))
        known: dict[str, Any] = {"base": app.biz_id, "id": "", "created": now, "updated": now, "validity": validity}
        qa = Qa(
            category=sorted_out["qa"],
            question=f"What costs lamp {i}?",
            answer=f"It is {i}.",
            work=finished(now),
            **known,
        )
        account.qas.create(qa, [], now)
        document = Document(
            category=sorted_out["doc"],
            name=f"document {i}.txt",
            type="txt",
            cos_url=f"/corp/1/{app.biz_id}/doc/{i}.txt",
            hash=str(i),
            size=100,
            characters=100,
            work=finished(now),
            **known,
        )
        account.documents.save(document, now)
    account.clock.advance(60)
    return account, app


def main() -> None:
    account, app = filled()
    numbers = count()

    def call(name: str, **params: object) -> Callable[[], object]:
        action = spec().by_key[name]
        asked = Call(
            account=account,
            caller=account.uin,
            action=action,
            params={"BotBizId": app.biz_id, **params},
            now=account.clock.now(),
            region="ap-guangzhou",
            request_id="r",
            assumptions=account.assumptions,
            host="",
            entry=None,  # type: ignore[arg-type]
        )
        return lambda: encode(action.response, {**HANDLERS[name](asked), "RequestId": "r"})  # type: ignore[dict-item]

    def save() -> Callable[[], object]:
        name = f"new {next(numbers)}.md"
        file = {"FileName": name, "FileType": "md", "CosUrl": f"/{name}", "ETag": "", "CosHash": name, "Size": "2000"}
        return call("lke.SaveDoc", **file)

    def asks(question: str) -> Callable[[], object]:
        return lambda: account.retrieval.ask(app, question, account.clock.now(), released=False)

    def row(name: str, aim: str, figure: float) -> None:
        print(f"{name:<78} {aim:>10} {figure:>10.3f}")

    slices = []
    preparing = account.retrieval.prepare(app, account.clock.now(), released=False)
    is_over = False
    while not is_over:
        began = process_time()
        is_over = next(preparing, preparing) is preparing
        slices.append(1000 * (process_time() - began))

    page = {"PageNumber": 1, "PageSize": 15}
    print(f"\n{f'{DOCUMENTS} documents and Q&A, milliseconds':<78} {'aim':>10} {'measured':>10}")
    row("ListDoc, a word in the name", "< 5", cost(lambda: call("lke.ListDoc", **page, Query="document 77")))
    row("ListDoc, a status", "< 5", cost(lambda: call("lke.ListDoc", **page, Status=[10])))
    both = {"Query": "1", "Status": [10], "FileTypes": ["txt"], "EnableScope": 2}
    row("ListDoc, four filters", "< 5", cost(lambda: call("lke.ListDoc", **page, **both)))
    words = {"Query": "red", "QueryType": "attribute"}
    row("ListDoc, a word in a label", "< 5", cost(lambda: call("lke.ListDoc", **page, **words)))
    for key, params in OTHERS:
        own = {name: app.biz_id for name in ("AppId", "KbId") if name in spec().by_key[key].request.members}
        row(f"{key} {' '.join(params)}", "< 20", cost(lambda: call(key, **{**page, **own, **params})))  # noqa: B023
    row("SaveDoc", "< 1", cost(save))
    row("the first question to the app: its index", "", sum(slices))
    row("the first question to the app: the longest that nobody else is served", "< 50", max(slices))
    row("a question to the app, its index is there", "< 5", cost(lambda: warm(asks("document 4711"))))
    row("the scenario support-bot is loaded", "< 150", cost(lambda: lambda: load("support-bot")))
