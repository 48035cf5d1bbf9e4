"""The `questions` of a scenario's app or shared knowledge base: Q&A written by hand, or made up."""

from typing import Literal

from lke_emulator.knowledge.qas import ACCEPTED, NOT_ACCEPTED, UNVERIFIED, Qa, Similar
from lke_emulator.knowledge.rejected import Rejected
from lke_emulator.knowledge.validity import EVERYWHERE
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.item import (
    OVER_CAPACITY,
    Count,
    DeclaredItem,
    ItemSection,
    Setting,
    Shelving,
    declared_items,
)
from lke_emulator.scenario.section import Section, Text

RUNNING = {"learning": "learn", "auditing": "audit"}
FAILED = {"audit_failed": "audit", "learn_failed": "learn"}
ACCEPTANCE = {"waiting": UNVERIFIED, "not_adopted": NOT_ACCEPTED}


class QuestionStates(Section, frozen=True):
    """How many Q&A are in a state."""

    there: Count = 0
    waiting: Count = 0
    """Generated, and not verified yet."""
    not_adopted: Count = 0
    auditing: Count = 0
    learning: Count = 0
    audit_failed: Count = 0
    learn_failed: Count = 0
    expired: Count = 0
    over_capacity: Count = 0
    restoring: Count = 0


class QuestionSection(ItemSection, frozen=True, kw_only=True):
    """A Q&A, or a number of them that are made up."""

    question: Text | None = None
    """Left out: made up, with answer and similar questions."""
    answer: str = ""
    similar: list[Text] = []
    """Other ways to ask the same."""
    state: Literal[
        "there",
        "waiting",
        "not_adopted",
        "auditing",
        "learning",
        "audit_failed",
        "learn_failed",
        "expired",
        "over_capacity",
        "restoring",
    ] = "there"
    states: QuestionStates = QuestionStates()
    """How many of them are in another state."""


def build_questions(value: int | QuestionSection | list[QuestionSection], setting: Setting, at: Place) -> None:
    account, shelving = setting.account, Shelving(setting, "qa")
    for item in declared_items(QuestionSection, value, at, setting, RUNNING):
        if item.section.question is not None and item.section.count != 1:
            raise (item.place / "count").wrong("a question that is written out is there once")
        account.qas.declare(declared_qa(item, setting, shelving))


def declared_qa(item: DeclaredItem, setting: Setting, shelving: Shelving) -> Qa:
    section, account, topics = item.section, setting.account, setting.topics
    made = topics.qa(item.made_up)
    is_written = section.question is not None
    question, *similar = (section.question, *section.similar) if is_written else made.asked
    flakes, created = account.snowflakes, item.created
    return Qa(
        base=setting.base,
        id=flakes.next(created),
        category=shelving.category(section.category or ("" if is_written else made.area), item.place / "category"),
        question=question,
        answer=section.answer if is_written else made.answer,
        similar=tuple([Similar(flakes.next(created), each) for each in similar]),
        accept=ACCEPTANCE.get(item.state, ACCEPTED),
        validity=item.validity(setting),
        created=created,
        updated=created,
        editor=topics.pick((account.uin, *account.sub_accounts), "editor of", item.made_up),
        work=item.work(setting, RUNNING, FAILED),
        isolated=item.state == OVER_CAPACITY,
        restored=item.restored(setting),
    )


def build_rejected(questions: list[Text], setting: Setting, at: Place) -> None:
    account, now = setting.account, setting.now
    for i, question in enumerate(questions):
        if question in questions[:i]:
            raise (at / i).wrong("this is rejected twice")
        account.rejected.create(
            Rejected(
                base=setting.base,
                id="",
                question=question,
                scope=EVERYWHERE,
                created=now,
                updated=now,
                editor=account.uin,
            ),
            now,
        )
