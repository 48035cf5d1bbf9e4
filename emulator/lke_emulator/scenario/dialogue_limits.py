"""The `dialogue_limits` of a scenario's account: how much its apps and spaces may be asked."""

from collections.abc import Sequence

import msgspec

from lke_emulator.account.account import Account
from lke_emulator.account.dialogue_limits import DialogueLimit, Named
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.section import Text
from lke_emulator.scenario.things import Things


class DialogueLimitSection(DialogueLimit, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A limit of the dialogues of one app, or of all apps of a space."""

    app: Text | None = None
    """The app's name or AppBizId."""
    space: Text | None = None
    """The space's name or id."""


def build_dialogue_limits(
    sections: Sequence[DialogueLimitSection], account: Account, things: Things, at: Place
) -> None:
    named = []
    for i, section in enumerate(sections):
        limit = msgspec.convert(section, DialogueLimit, from_attributes=True)
        if (section.app is None) == (section.space is None):
            raise (at / i).wrong("a limit is of one app or of one space: give `app` or `space`")
        if section.app is not None:
            named.append(Named("app", things.apps.one(section.app, at / i / "app").biz_id, limit))
        else:
            if limit.questions_per_second:
                raise (at / i / "questions_per_second").wrong("a space has none; they are an app's")
            named.append(Named("space", things.spaces.one(str(section.space), at / i / "space").id, limit))
    account.dialogue_limits.limits = tuple(named)
