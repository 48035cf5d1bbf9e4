"""The `moderation` of a scenario's account: what content moderation refuses."""

from lke_emulator.models.moderation import Moderation
from lke_emulator.scenario.section import Section


class ModerationSection(Section, frozen=True, kw_only=True):
    """The filter before the models."""

    on: bool = True
    """Whether it filters."""
    words: list[str] = []
    """What it refuses, in any case, in questions and in answers."""


def build_moderation(section: ModerationSection) -> Moderation:
    return Moderation([word for word in section.words if word], section.on)
