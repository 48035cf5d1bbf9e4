"""The `moderation` of a scenario's account: what content moderation refuses."""

from lke_emulator.models.moderation import Moderation
from lke_emulator.scenario.section import NonEmpty, Section


class ModerationSection(Section, frozen=True, kw_only=True):
    """The filter before the models."""

    on: bool = True
    """Whether it filters."""
    words: list[NonEmpty] = []
    """What it refuses, in any case, in questions and in answers."""


def build_moderation(section: ModerationSection) -> Moderation:
    return Moderation(section.words, section.on)
