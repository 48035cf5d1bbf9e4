"""Documents, Q&A, categories and releases against a small model: whatever is done in whatever order, lists, totals, previews
and what is live agree with it."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contract_tests.lke.asked import asked
from contract_tests.lke.saving import save_params
from lke_emulator.account.account import Account
from lke_emulator.knowledge.configuration import blank
from lke_emulator.primitives.clock import Clock
from lke_emulator.protocol.spec import spec

START = 1_790_000_000.0
SCOPES = st.sampled_from([1, 2, 3, 4])
RELEASED = (3, 4)


class Knowledge(RuleBasedStateMachine):
    """The model: id -> what is known of it. A category is there for documents and for Q&A: `id/id` -> its parent."""

    @initialize()
    def begin(self) -> None:
        self.account = Account("100000000009", chance=1, clock=Clock(START, frozen=True))
        self.account.billing.open(postpaid=["FileParse"], balance=10**12)
        app = self.account.apps.create(blank("Shop"), "", "dialogue", "1", START)
        self.app = app.biz_id
        self.documents: dict[str, dict[str, Any]] = {}
        self.qas: dict[str, dict[str, Any]] = {}
        self.categories: dict[str, str] = {}
        self.live: dict[str, int] = {}
        """What the last release carried over: id -> its edition in the model."""
        self.made = 0

    def ask(self, name: str, **params: Any) -> dict[str, Any]:
        action = spec().by_key[f"lke.{name}"]
        own = {"BotBizId": self.app} if "BotBizId" in action.request.members else {}
        return asked(self.account, action.key, **{**own, **params})

    def rows(self, action: str, **params: Any) -> dict[str, dict[str, Any]]:
        id = "DocBizId" if action == "ListDoc" else "QaBizId"
        reply = self.ask(action, PageNumber=1, PageSize=200, **params)
        assert int(reply["Total"]) == len(reply["List"])
        return {row[id]: row for row in reply["List"]}

    def number(self) -> int:
        self.made += 1
        return self.made

    def settle(self) -> None:
        self.account.clock.advance(20)

    @rule(scope=SCOPES, data=st.data())
    def save(self, scope: int, data: st.DataObject) -> None:
        category = data.draw(st.sampled_from(["0", *self.categories]))
        n = self.number()
        params = save_params(f"file {n}.txt", EnableScope=scope, CateBizId=category.partition("/")[0])
        id = self.ask("SaveDoc", **{**params, "BotBizId": self.app})["DocBizId"]
        self.documents[id] = {"scope": scope, "category": category, "edition": n}
        self.settle()

    @rule(scope=SCOPES, data=st.data())
    def write(self, scope: int, data: st.DataObject) -> None:
        category = data.draw(st.sampled_from(["0", *self.categories]))
        n = self.number()
        id = self.ask(
            "CreateQA",
            Question=f"Question {n}?",
            Answer="So.",
            AttrRange=1,
            EnableScope=scope,
            CateBizId=category.rpartition("/")[2],
        )["QaBizId"]
        self.qas[id] = {"scope": scope, "category": category, "edition": n}
        self.settle()

    @rule(data=st.data())
    def make_category(self, data: st.DataObject) -> None:
        parent = data.draw(st.sampled_from(["0", *self.categories]))
        name = f"c{self.number()}"
        if self.depth(parent) < self.account.assumptions.category_depth:
            doc = self.ask("CreateDocCate", ParentBizId=parent.partition("/")[0], Name=name)["CateBizId"]
            qa = self.ask("CreateQACate", ParentBizId=parent.rpartition("/")[2], Name=name)["CateBizId"]
            self.categories[f"{doc}/{qa}"] = parent

    def depth(self, category: str) -> int:
        return 0 if category == "0" else 1 + self.depth(self.categories[category])

    @precondition(lambda self: self.documents)
    @rule(scope=SCOPES, data=st.data())
    def change_document(self, scope: int, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.documents)))
        self.ask("ModifyDoc", DocBizId=id, IsRefer=True, AttrRange=1, EnableScope=scope)
        self.documents[id] |= {"scope": scope, "edition": self.number()}
        self.settle()

    @precondition(lambda self: self.qas)
    @rule(scope=SCOPES, data=st.data())
    def change_qa(self, scope: int, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.qas)))
        n = self.number()
        self.ask("ModifyQA", QaBizId=id, Question=f"Question {n}?", Answer="Thus.", EnableScope=scope)
        self.qas[id] |= {"scope": scope, "edition": n}
        self.settle()

    @precondition(lambda self: self.documents)
    @rule(data=st.data())
    def delete_document(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.documents)))
        self.ask("DeleteDoc", DocBizIds=[id])
        del self.documents[id]

    @precondition(lambda self: self.qas)
    @rule(data=st.data())
    def delete_qa(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.qas)))
        self.ask("DeleteQA", QaBizIds=[id])
        del self.qas[id]

    @precondition(lambda self: self.documents and self.categories)
    @rule(data=st.data())
    def regroup(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.documents)))
        category = data.draw(st.sampled_from(sorted(self.categories)))
        self.ask("GroupDoc", BizIds=[id], CateBizId=category.partition("/")[0])
        self.documents[id]["category"] = category

    @precondition(lambda self: self.categories)
    @rule(data=st.data())
    def delete_category(self, data: st.DataObject) -> None:
        gone = {data.draw(st.sampled_from(sorted(self.categories)))}
        doc, _, qa = next(iter(gone)).partition("/")
        self.ask("DeleteDocCate", CateBizId=doc)
        self.ask("DeleteQACate", CateBizId=qa)
        for _ in range(len(self.categories)):
            gone |= {id for id, parent in self.categories.items() if parent in gone}
        for each in gone:
            del self.categories[each]
        for item in (*self.documents.values(), *self.qas.values()):
            if item["category"] in gone:
                item["category"] = "0"

    @rule()
    def release(self) -> None:
        """A clock that was set back into an earlier release finds it under way."""
        self.settle()
        self.ask("CreateRelease")
        self.settle()
        items = {**self.documents, **self.qas}
        self.live = {id: item["edition"] for id, item in items.items() if item["scope"] in RELEASED}

    @rule(seconds=st.integers(-(10**6), 10**6))
    def move_the_clock(self, seconds: int) -> None:
        self.account.clock.advance(seconds)

    @rule()
    def copy(self) -> None:
        """Another account of the same parts goes on from here."""
        other = Account("100000000009", chance=2, clock=Clock(START, frozen=True))
        for name in (
            "apps",
            "categories",
            "documents",
            "qas",
            "releases",
            "snowflakes",
            "clock",
            "knowledge",
            "billing",
        ):
            getattr(other, name).restored(getattr(self.account, name).saved())
        self.account = other

    def under(self, category: str) -> set[str]:
        found = {category}
        for _ in range(len(self.categories)):
            found |= {id for id, parent in self.categories.items() if parent in found}
        return found

    @invariant()
    def lists_and_trees_agree(self) -> None:
        for action, tree, model in (("ListDoc", "ListDocCate", self.documents), ("ListQA", "ListQACate", self.qas)):
            assert set(self.rows(action)) == set(model)
            (whole,) = self.ask(tree)["List"]
            totals: dict[str, int] = {}
            left = [whole]
            while left:
                branch = left.pop()
                totals[branch["CateBizId"]] = branch["Total"]
                left += branch["Children"]
            assert totals["0"] == len(model)
            assert len(totals) == len(self.categories) + 2
            for category in self.categories:
                inside = {id for id, item in model.items() if item["category"] in self.under(category)}
                own = category.partition("/")[0] if action == "ListDoc" else category.rpartition("/")[2]
                assert totals[own] == len(inside)
                assert set(self.rows(action, CateBizId=own)) == inside

    @invariant()
    def characters_agree(self) -> None:
        counted = sum(int(row["DocCharSize"]) for row in self.rows("ListDoc").values())
        counted += sum(int(row["QaCharSize"]) for row in self.rows("ListQA").values())
        assert int(self.ask("GetAppKnowledgeCount", AppBizId=self.app, Type="doc")["Total"]) == len(self.documents)
        assert sum(self.account.knowledge.used.values()) == counted

    @invariant()
    def previews_are_the_difference(self) -> None:
        items = {**self.documents, **self.qas}
        wanted = {}
        for id, item in items.items():
            if item["scope"] in RELEASED and self.live.get(id) != item["edition"]:
                wanted[id] = 2 if id in self.live else 1
            elif item["scope"] not in RELEASED and id in self.live:
                wanted[id] = 3
        wanted |= {id: 3 for id in self.live if id not in items}
        found: dict[str, int] = {}
        for action, id in (("ListReleaseDocPreview", "DocBizId"), ("ListReleaseQAPreview", "QaBizId")):
            reply = self.ask(action, PageNumber=1, PageSize=200)
            found |= {row[id]: row["Action"] for row in reply["List"]}
        assert found == wanted


Knowledge.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestKnowledge = Knowledge.TestCase
