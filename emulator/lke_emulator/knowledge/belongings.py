"""What accounts keep beside apps and knowledge, such as plugins, skills, channels and triggers: as it was given."""

from collections.abc import Iterable
from typing import Any

import msgspec

from lke_emulator.knowledge.kept import check_kept
from lke_emulator.knowledge.refusals import no_such
from lke_emulator.primitives.bounds import Moment, Natural

SHAPES = {
    "plugin": "adp.CreatePluginRequest",
    "skill": "adp.CreateSkillRequest",
    "channel": "adp.ChannelSpec",
    "trigger": "adp.AppTrigger",
    "message category": "adp.CreateMsgRecordCategoryRequest",
}
"""Noun -> what has its members."""


class TriggerRun(msgspec.Struct, frozen=True):
    id: str
    at: Natural
    """Unix seconds on the account's clock."""


class Belonging(msgspec.Struct, frozen=True, kw_only=True):
    """Never changed: a new one takes its place. Moments are Unix seconds on the account's clock."""

    noun: str
    id: str
    owner: str
    """The id of the space or the app that it is in."""
    members: dict[str, Any] = {}
    """By the cloud's names, as its description shows them."""
    created: Moment
    updated: Moment
    creator: str = ""
    """A uin, as the editor's."""
    editor: str = ""
    share: dict[str, Any] | None = None
    """adp's SkillShare, of a skill that is shared."""
    runs: tuple[TriggerRun, ...] = ()
    """Of a trigger, the oldest first."""


class Belongings:
    class State(msgspec.Struct, frozen=True):
        belongings: tuple[Belonging, ...]
        favourites: tuple[tuple[str, str], ...]
        ignored: tuple[str, ...]

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, Belonging]] = {}
        """Noun -> id -> what it is, the oldest first."""
        self._favourites: dict[tuple[str, str], None] = {}
        """(uin, id) of what somebody likes."""
        self.ignored: dict[str, None] = {}
        """Groups of conflicting Q&A that nobody wants to see."""

    def saved(self) -> State:
        everything = [each for kept in self._kept.values() for each in kept.values()]
        return self.State(tuple(everything), tuple(self._favourites), tuple(self.ignored))

    def restored(self, state: State) -> None:
        self._kept.clear()
        for each in state.belongings:
            self.put(each)
        self._favourites = dict.fromkeys(state.favourites)
        self.ignored = dict.fromkeys(state.ignored)

    @staticmethod
    def check_state(state: State) -> None:
        for number, each in enumerate(state.belongings):
            place = f".belongings[{number}]"
            if each.noun not in SHAPES:
                raise ValueError(f"{place}.noun: must be one of {', '.join(SHAPES)}, not {each.noun!r}")
            check_kept(SHAPES[each.noun], each.members, f"{place}.members")
            check_kept("adp.SkillShare", each.share or {}, f"{place}.share")

    def forget(self, owner: str) -> None:
        """An app or a space is gone, and everything in it."""
        for kept in self._kept.values():
            for each in [each for each in kept.values() if each.owner == owner]:
                self.remove(each)

    def of(self, noun: str, owner: str | None = None) -> list[Belonging]:
        """The oldest first; of everybody where no owner is named."""
        return [each for each in self._kept.get(noun, {}).values() if owner in (None, each.owner)]

    def find(self, noun: str, id: str, owner: str | None = None) -> Belonging:
        """A refusal that names it where it is not there."""
        found = self._kept.get(noun, {}).get(id)
        if found is None or owner not in (None, found.owner):
            raise no_such(noun, id)
        return found

    def name_of(self, noun: str, id: str) -> str:
        """What it is called; nothing where it is not there."""
        found = self._kept.get(noun, {}).get(id)
        profile: dict[str, Any] = found.members.get("Profile") or {} if found else {}
        name: str = profile.get("Name", "")
        return name

    def put(self, belonging: Belonging) -> None:
        self._kept.setdefault(belonging.noun, {})[belonging.id] = belonging

    def remove(self, belonging: Belonging) -> None:
        del self._kept[belonging.noun][belonging.id]
        for like in [like for like in self._favourites if like[1] == belonging.id]:
            del self._favourites[like]

    def favour(self, uin: str, id: str, likes: bool) -> None:
        if likes:
            self._favourites[uin, id] = None
        else:
            self._favourites.pop((uin, id), None)

    def likes(self, uin: str, id: str) -> bool:
        return (uin, id) in self._favourites

    def ignore(self, groups: Iterable[str]) -> None:
        self.ignored |= dict.fromkeys(groups)
