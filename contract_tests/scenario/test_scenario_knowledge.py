"""What an app of a scenario knows and has lived through: written out, or made up."""

import re

import pytest

from contract_tests.scenario.scenario_text import ACCOUNT, NOON
from contract_tests.scenario.test_scenario_reader import account_of
from lke_emulator.account.account import Account
from lke_emulator.knowledge.labels import Attribute

MIDNIGHT = NOON - 12 * 3600
APP = "1800000000000000001"
WRITTEN = f"""{ACCOUNT}
    sub_accounts: [{{uin: 7, name: anna}}]
    apps:
      - name: Shop
        biz_id: {APP}
        created: -9d
        labels: [{{name: Region, key: region, labels: [North, South]}}]
        documents:
          - name: prices.md
            text: "# Prices\\n\\nA lamp costs nine."
            category: Sales/Lists
            at: -8d
            labels: {{Region: [South]}}
          - {{name: old.txt, text: old, at: -6d, expires: -1d}}
          - {{name: broken.docx, at: -2d, state: parse_failed, reason: no luck}}
          - {{name: late.pdf, state: parsing, lasts: 2h}}
          - {{name: more.txt, count: 3, since: -7d, scope: test}}
        questions:
          - {{question: When?, answer: At nine., similar: [At what time?], category: Hours, at: -8d}}
          - {{question: Who?, answer: Anna., state: waiting}}
        rejected: [Why?]
        releases: [{{at: -5d, description: first}}, {{at: -4d, fails: release, reason: no luck}}]
        conversations:
          - at: -2h
            visitor: bob
            turns:
              - {{question: When?, how: knowledge, rating: liked}}
              - {{question: And then?, answer: Home., rating: disliked, reasons: [Rude], feedback: Hm, after: 5m}}
"""


@pytest.fixture(scope="module")
def shop() -> Account:
    return account_of(WRITTEN)


def test_documents_stand_as_they_are_written(shop: Account) -> None:
    found = {each.name: each for each in shop.documents.of(APP).values()}
    assert next(iter(found)) == "prices.md"
    prices = found["prices.md"]
    assert (prices.content(), prices.pages, prices.created) == (
        "# Prices\n\nA lamp costs nine.",
        1,
        MIDNIGHT - 8 * 86_400,
    )
    assert [step.name for step in shop.categories.path(APP, "doc", prices.category)] == ["Sales", "Lists"]
    (region,) = shop.labels.of(APP).values()
    assert named(region, prices.validity.labels[0].labels) == ["South"]
    statuses = {name: each.status(NOON) for name, each in found.items()}
    assert statuses == {
        "prices.md": 10,
        "old.txt": 20,
        "broken.docx": 18,
        "late.pdf": 17,
        "more 1.txt": 10,
        "more 2.txt": 10,
        "more 3.txt": 10,
    }
    assert found["late.pdf"].status(NOON + 7199) == 17
    assert found["late.pdf"].status(NOON + 7200) == 10
    assert found["broken.docx"].work.reason == "no luck"
    assert {found[f"more {i}.txt"].validity.scope for i in (1, 2, 3)} == {2}


def named(attribute: Attribute, ids: tuple[str, ...]) -> list[str]:
    return [label.name for label in attribute.named(ids)]


def test_questions_stand_as_they_are_written(shop: Account) -> None:
    when, who = sorted(shop.qas.of(APP, NOON), key=lambda qa: qa.question)
    assert (when.questions, when.answer, when.status(NOON)) == (
        ("When?", "At nine.", "At what time?")[::2],
        "At nine.",
        2,
    )
    assert (who.question, who.status(NOON)) == ("Who?", 1)
    assert [each.question for each in shop.rejected.of(APP).values()] == ["Why?"]


def test_a_release_carried_what_was_there_at_its_moment(shop: Account) -> None:
    first, second = shop.releases.of(APP)
    assert (first.description, first.created, first.status(NOON)) == ("first", MIDNIGHT - 5 * 86_400, 3)
    assert (second.status(NOON), second.work.reason) == (4, "no luck")
    live = shop.releases.live(APP, NOON)
    assert live
    assert [each.name for each in live.documents.values()] == [
        each.name
        for each in shop.documents.of(APP).values()
        if each.created <= first.created and each.name[:4] != "more"
    ]
    assert [each.question for each in live.qas.values()] == ["When?"]


def test_conversations_are_as_they_were_had(shop: Account) -> None:
    (conversation,) = shop.conversations.select(app=APP)
    asked, told, again, last = conversation.records
    assert (conversation.visitor, conversation.title, asked.time) == ("bob", "When?", NOON - 7200)
    assert (told.content, told.references[0].question, told.score) == ("At nine.", "When?", 1)
    assert (again.time - asked.time, last.content, last.score, last.reasons) == (300, "Home.", 2, ["Rude"])
    (waiting,) = shop.unsatisfied.of(APP).values()
    assert (waiting.answer, waiting.feedback, waiting.created) == ("Home.", "Hm", last.time)


@pytest.mark.parametrize(("locale", "letters"), [("en_US", "[A-Za-z]"), ("zh_CN", "[\u4e00-\u9fff]")])
def test_what_is_made_up_is_in_the_language_of_the_scenario(locale: str, letters: str) -> None:
    app = "{name: a, documents: 130, questions: 400, conversations: {messages: 30}}"
    account = account_of(f"locale: {locale}\n{ACCOUNT}    apps: [{app}]\n")
    (base,) = (app.biz_id for app in account.apps)
    documents, qas = account.documents.of(base).values(), account.qas.of(base, NOON)
    assert len({each.name for each in documents}) == 130
    assert len({each.question for each in qas}) == 400
    assert all(re.search(letters, text) for text in [*(each.name for each in documents), *(qa.answer for qa in qas)])
    answers = list(account.conversations.answers(0, NOON + 1))
    assert len(answers) == 30
    assert all(answer.content for answer in answers)


def test_a_shared_base_has_knowledge_too() -> None:
    account = account_of(
        f"{ACCOUNT}    apps: [{{name: a, biz_id: {APP}, type: shared_knowledge, documents: 2, questions: 3}}]\n"
    )
    assert (len(account.documents.of(APP)), len(account.qas.of(APP, NOON))) == (2, 3)


def test_an_app_without_knowledge_is_released_as_its_clock_starts() -> None:
    account = account_of(f"{ACCOUNT}    apps: [{{name: a, biz_id: {APP}}}, {{name: b, status: not_online}}]\n")
    (release,) = account.releases.of(APP)
    assert int(release.created) == NOON
    assert [len(account.releases.of(app.biz_id)) for app in account.apps] == [1, 0]
