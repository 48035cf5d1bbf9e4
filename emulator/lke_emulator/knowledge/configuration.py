"""How an app is set up: the members of the cloud's AppConfig by their own names, in both products' shapes."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import msgspec

from lke_emulator.knowledge.kept import check_kept

STANDARD = "standard"
PATTERNS = ("standard", "agent", "single_workflow", "ClawAgent")
"""In the order of adp's AppMode, which counts from 1."""
AVATAR = "https://cdn.lke.example.com/static/app-default-avatar.png"
DEFAULT_MODEL = "cs-normal"
MOUNTS = "FileVolumeMountList"
"""Beside Config in an app of adp, and kept with it."""


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """The draft of an app, or what was released of it. Never changed: a new one takes its place."""

    name: str
    avatar: str = ""
    description: str = ""
    pattern: str = STANDARD
    members: dict[str, Any] = {}
    """lke's AppConfig: KnowledgeQa, Summary, Classify."""
    others: dict[str, Any] = {}
    """What adp's AppConfig says beyond that, by adp's names."""

    def check_members(self, place: str) -> None:
        """ValueError(place: what is wrong)."""
        mounts = {name: value for name, value in self.others.items() if name == MOUNTS}
        rest = {name: value for name, value in self.others.items() if name != MOUNTS}
        check_kept("lke.AppConfig", self.members, f"{place}.members")
        check_kept("adp.AppConfig", rest, f"{place}.others")
        check_kept("adp.App", mounts, f"{place}.others")

    @property
    def qa(self) -> dict[str, Any]:
        """AppConfig.KnowledgeQa."""
        found: dict[str, Any] = self.members.get("KnowledgeQa") or {}
        return found

    def search(self, kind: str) -> dict[str, Any]:
        """The entry of KnowledgeQa.Search of a type: qa, doc, search, taskflow."""
        return next((each for each in self.qa.get("Search") or () if each.get("Type") == kind), {})


def blank(
    name: str, avatar: str = "", description: str = "", pattern: str = STANDARD, model: str = ""
) -> Configuration:
    """How an app is set up when it is created, as the documented answers show (values of their example)."""
    members = {"KnowledgeQa": knowledge_qa(pattern, model or DEFAULT_MODEL)}
    return Configuration(name=name, avatar=avatar or AVATAR, description=description, pattern=pattern, members=members)


def knowledge_qa(pattern: str, model: str) -> dict[str, Any]:
    return {
        "Greeting": "",
        "RoleDescription": "",
        "Model": {
            "Name": model,
            "AliasName": model,
            "IsUseContext": True,
            "HistoryLimit": 5,
            "Temperature": "0.5",
            "TopP": "0.5",
        },
        "Search": [
            {"Type": "qa", "IsEnabled": True, "QaTopN": 2, "Confidence": 0.7, "ReplyFlexibility": 1},
            {"Type": "search", "IsEnabled": False},
            {"Type": "doc", "IsEnabled": True, "DocTopN": 3, "Confidence": 0.2},
            {"Type": "taskflow", "IsEnabled": False},
        ],
        "Output": {"Method": 1, "UseGeneralKnowledge": True, "BareAnswer": ""},
        "Workflow": {"IsEnabled": True},
        "Pattern": pattern,
        "SearchStrategy": {"StrategyType": 0},
        "ThoughtModel": {"Name": model, "AliasName": model, "Temperature": "0.5", "TopP": "0.5"},
    }


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The old members with the new ones in their place, objects member by member; lists are replaced as a whole."""
    whole = deepcopy(dict(old))
    for name, value in new.items():
        before = whole.get(name)
        whole[name] = merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else deepcopy(value)
    return whole
