"""What an app finds about a question: in its draft or as released, for the visitor's labels, in Chinese and in English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.lke.saving import save, save_qa, upload
from contract_tests.lke.worlds import SHOP, Ask
from lke_emulator.account.account import Account
from lke_emulator.account.snapshot import restore
from lke_emulator.account.snapshot import save as save_account
from lke_emulator.knowledge.index import Index, similarity
from lke_emulator.knowledge.retrieval import Found

LAMPS = "# 灯具\n\n绿色台灯的价格是九欧元。\n\n# Chairs\n\nA wooden chair costs twelve euros.\n"


def found(shop: Account, question: str, released: bool = False, **labels: list[str]) -> Found:
    return shop.retrieval.ask(shop.apps.find(SHOP), question, shop.clock.now(), released=released, visitor=labels)


def filled(ask: Ask, shop: Account) -> None:
    ask("SaveDoc", **upload(shop, "prices.md", LAMPS.encode(), EnableScope=4))
    save_qa(ask, "你们几点开门？", "九点。", SimilarQuestions=["营业时间是什么"], EnableScope=4)
    save_qa(ask, "Do you repair chairs?", "Yes.", EnableScope=4)
    ask("CreateRejectedQuestion", BotBizId=SHOP, Question="What did the boss earn?", BusinessSource=2, EnableScope=4)
    shop.clock.advance(10)


@pytest.mark.parametrize(
    ("question", "text"),
    [("绿色台灯多少钱", "九欧元"), ("绿色台灯的价格", "九欧元"), ("How much is a wooden chair?", "twelve euros")],
)
def test_segments_speak_of_the_question(ask: Ask, shop: Account, question: str, text: str) -> None:
    filled(ask, shop)
    best = found(shop, question).segments[0]
    assert text in best.segment.text
    assert best.document.name == "prices.md"


@pytest.mark.parametrize(
    ("question", "answer"),
    [("你们几点开门", "九点。"), ("营业时间是什么？", "九点。"), ("do you repair chairs", "Yes."), ("Can I fly?", "")],
)
def test_a_qa_answers_what_is_asked_alike(ask: Ask, shop: Account, question: str, answer: str) -> None:
    filled(ask, shop)
    assert [hit.qa.answer for hit in found(shop, question).qas] == ([answer] if answer else [])


def test_what_is_rejected_is_told(ask: Ask, shop: Account) -> None:
    filled(ask, shop)
    assert found(shop, "What did the boss earn").rejected is not None
    assert found(shop, "What does the chair cost").rejected is None


def test_production_calls_see_what_was_released(ask: Ask, shop: Account) -> None:
    filled(ask, shop)
    question = "Do you repair chairs?"
    assert found(shop, question, released=True).qas == []
    ask("CreateRelease", BotBizId=SHOP)
    shop.clock.advance(1)
    assert found(shop, question, released=True).qas == []
    shop.clock.advance(5)
    (hit,) = found(shop, question, released=True).qas
    ask("ModifyQA", BotBizId=SHOP, QaBizId=hit.qa.id, Question=question, Answer="No.")
    shop.clock.advance(5)
    assert [each.qa.answer for each in found(shop, question, released=True).qas] == ["Yes."]
    assert [each.qa.answer for each in found(shop, question).qas] == ["No."]
    ask("DeleteQA", BotBizId=SHOP, QaBizIds=[hit.qa.id])
    assert found(shop, question).qas == []
    assert len(found(shop, question, released=True).qas) == 1
    ask("CreateRelease", BotBizId=SHOP)
    shop.clock.advance(5)
    assert found(shop, question, released=True).qas == []


def test_labels_decide_who_sees_what(ask: Ask, shop: Account) -> None:
    made = ask(
        "CreateAttributeLabel", BotBizId=SHOP, AttrName="Region", AttrKey="region", Labels=[{"LabelName": "North"}]
    )
    ref = [{"Source": 1, "AttributeBizId": made["AttrBizId"], "LabelBizIds": [made["Labels"][0]["LabelBizId"]]}]
    save_qa(ask, "Where is the shop?", "In the north.", AttrRange=2, AttrLabels=ref)
    shop.clock.advance(5)
    question = "Where is the shop?"
    assert found(shop, question).qas == found(shop, question, region=["South"]).qas == []
    assert len(found(shop, question, region=["North"]).qas) == len(found(shop, question, Region=["North"]).qas) == 1


def test_a_shared_base_is_seen_by_the_apps_that_use_it(ask: Ask, shop: Account) -> None:
    shared = ask("CreateSharedKnowledge", KnowledgeName="Manuals")["KnowledgeBizId"]
    ask("CreateQA", BotBizId=shared, Question="Is it safe?", Answer="Very.", AttrRange=1)
    shop.clock.advance(5)
    assert found(shop, "Is it safe?").qas == []
    ask("ReferShareKnowledge", AppBizId=SHOP, KnowledgeBizId=[shared])
    assert [hit.qa.answer for hit in found(shop, "Is it safe?", released=True).qas] == ["Very."]


def test_the_settings_of_the_app_hold(ask: Ask, shop: Account) -> None:
    filled(ask, shop)
    base = ask("DescribeApp", AppBizId=SHOP)["BaseConfig"]
    search = [{"Type": "qa", "IsEnabled": False}, {"Type": "doc", "IsEnabled": True, "DocTopN": 1, "Confidence": 0.01}]
    config = {"KnowledgeQa": {"Search": search}}
    ask("ModifyApp", AppBizId=SHOP, AppType="knowledge_qa", BaseConfig=base, AppConfig=config)
    seen = found(shop, "Do you repair chairs?")
    assert (seen.qas, len(seen.segments)) == ([], 1)


WORDS = st.text(alphabet="abc 灯具椅子", min_size=1, max_size=12)


@given(WORDS, WORDS)
def test_similarity_is_a_measure(one: str, other: str) -> None:
    assert 0 <= similarity(one, other) == similarity(other, one) <= 1
    assert similarity(one, one) == 1


@given(st.lists(WORDS, min_size=1, max_size=8), WORDS, st.data())
def test_an_index_does_not_remember_what_was_removed(texts: list[str], question: str, data: st.DataObject) -> None:
    kept, index = Index(), Index()
    gone = data.draw(st.sets(st.integers(0, len(texts) - 1)))
    for i, text in enumerate(texts):
        index.add((str(i), 0), "something else")
        index.add((str(i), 0), text)
    for i in gone:
        index.remove((str(i), 0))
    for i, text in enumerate(texts):
        if i not in gone:
            kept.add((str(i), 0), text)
    assert index.search(question) == kept.search(question)


def test_an_index_is_built_in_slices_and_finds_what_it_finds_at_once(ask: Ask, shop: Account) -> None:
    for i in range(200):
        save(ask, f"document {i}.txt")
    shop.clock.advance(10)
    (app,) = shop.apps
    other = restore(save_account(shop))
    slices = list(shop.retrieval.prepare(app, shop.clock.now(), released=False))
    assert slices
    save(ask, "new lighthouse.txt")
    shop.clock.advance(10)
    other.documents.declare(list(shop.documents.of(SHOP).values())[-1])
    for question in ("document 77", "new lighthouse"):
        found = [each.retrieval.ask(app, question, shop.clock.now(), released=False) for each in (shop, other)]
        assert found[0].segments == found[1].segments
        assert found[0].segments
    assert not list(shop.retrieval.prepare(app, shop.clock.now(), released=False))


def test_what_a_search_needs_is_built_step_by_step(ask: Ask, shop: Account) -> None:
    """And nothing is left to build for the next one."""
    for number in range(4):
        text = f"Chair {number} is made of ash. " * 2000
        ask("SaveDoc", **upload(shop, f"{number}.txt", text.encode()))
    shop.clock.advance(10)

    def steps() -> int:
        return sum(1 for _ in shop.retrieval.prepare_base(SHOP, shop.clock.now(), released=False))

    assert steps() > 1
    assert steps() == 0
    assert found(shop, "Chair 3 is made of ash.").segments


def test_a_long_document_that_goes_while_it_is_built_is_not_found(ask: Ask, shop: Account) -> None:
    """It alone takes several steps, too."""
    id = ask("SaveDoc", **upload(shop, "chairs.txt", b"A chair is made of ash. " * 8000))["DocBizId"]
    shop.clock.advance(10)
    steps = shop.retrieval.prepare_base(SHOP, shop.clock.now(), released=False)
    next(steps), next(steps)
    ask("DeleteDoc", BotBizId=SHOP, DocBizIds=[id])
    other = save(ask, "a table is made of oak.txt")
    shop.clock.advance(10)
    assert [hit.document.id for hit in found(shop, "A chair is made of ash, a table of oak.").segments] == [other]
