"""The `knowledge` of a scenario's account: how many characters its knowledge base holds."""

from lke_emulator.account.account import Account
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.failures import FailureSection
from lke_emulator.scenario.directory import Directory
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.section import Section, Whole


class KnowledgeSection(Section, frozen=True):
    """The knowledge base, in characters."""

    capacity: Whole = 0
    """How many characters it can hold."""
    used: dict[str, Whole] = {}
    """An app's name or biz id, and how many characters its knowledge has beside the documents that are told of."""
    failures: list[FailureSection] = []
    """What goes wrong from now on; the first that fits holds."""


def build_knowledge(section: KnowledgeSection, account: Account, apps: Directory[App], at: Place) -> None:
    used: dict[str, int] = {}
    for key, characters in section.used.items():
        biz_id = apps.one(key, at / "used" / key).biz_id
        if biz_id in used:
            raise (at / "used" / key).wrong("this app is here already, by its name or its biz id")
        used[biz_id] = characters
    account.knowledge.declare(section.capacity, used)
    for failure in section.failures:
        account.failures.add(failure)
