"""The `knowledge` of a scenario's account: how many characters its knowledge base holds."""

from lke_emulator.account.records import App
from lke_emulator.billing.capacity import Knowledge
from lke_emulator.scenario.directory import Directory
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.section import Section, Whole


class KnowledgeSection(Section, frozen=True):
    """The knowledge base, in characters."""

    capacity: Whole = 0
    """How many characters it can hold."""
    used: dict[str, Whole] = {}
    """An app's name or biz id, and how many characters its knowledge has."""


def build_knowledge(section: KnowledgeSection, apps: Directory[App], at: Place) -> Knowledge:
    used: dict[str, int] = {}
    for key, characters in section.used.items():
        biz_id = apps.one(key, at / "used" / key).biz_id
        if biz_id in used:
            raise (at / "used" / key).wrong("this app is here already, by its name or its biz id")
        used[biz_id] = characters
    return Knowledge(section.capacity, used)
