"""The `labels` of a scenario's app: what its knowledge can be for."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from lke_emulator.scenario.document import Place
from lke_emulator.scenario.item import Setting
from lke_emulator.scenario.section import Section, Text


class LabelSection(Section, frozen=True, kw_only=True):
    """An attribute label, such as a customer group, and its labels."""

    name: Text
    key: str = ""
    """What visitors' labels name it by. Left out: made from the seed."""
    labels: Annotated[list[Text], Meta(min_length=1)]
    """Such as companies and private customers."""


def build_labels(sections: Sequence[LabelSection], setting: Setting, at: Place) -> None:
    labels, base = setting.account.labels, setting.base
    for i, section in enumerate(sections):
        words = [(name, ()) for name in section.labels]
        setting.accepted(at / i, labels.create, base, section.name, section.key, words, setting.now)
