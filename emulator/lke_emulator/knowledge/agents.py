"""The agents of apps, as they were made: by adp's names, which lke shows in its own."""

from collections.abc import Mapping
from typing import Any

import msgspec

from lke_emulator.knowledge.collection import Collection
from lke_emulator.knowledge.kept import check_kept
from lke_emulator.knowledge.refusals import failed, invalid
from lke_emulator.primitives.bounds import Moment
from lke_emulator.primitives.ids import Ids

MAIN, UNDER = 0, 1
"""Role (documented): the main agent of an app, or one under it."""
OF_APP, OF_USER = 0, 1
"""Kind (documented): set up in an app, or by one of its users."""
MOST = 20
"""Agents of an app (inferred)."""


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """Never changed: a new one takes its place. Moments are Unix seconds on the account's clock."""

    base: str
    """The app."""
    id: str
    kind: int = OF_APP
    spec: dict[str, Any] = {}
    """adp's AgentSpec as it was given."""
    created: Moment
    updated: Moment
    edition: int = 1

    @property
    def profile(self) -> dict[str, Any]:
        found: dict[str, Any] = self.spec.get("Profile") or {}
        return found

    @property
    def name(self) -> str:
        found: str = self.profile.get("Name", "")
        return found

    @property
    def role(self) -> int:
        found: int = self.profile.get("Role", MAIN)
        return found


class Agents:
    class State(msgspec.Struct, frozen=True):
        agents: tuple[Agent, ...]

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._kept: Collection[Agent] = Collection("agent")

    def saved(self) -> State:
        return self.State(tuple(self._kept.everything()))

    def restored(self, state: State) -> None:
        self._kept.fill(state.agents)

    @staticmethod
    def check_state(state: State) -> None:
        for number, agent in enumerate(state.agents):
            check_kept("adp.AgentSpec", agent.spec, f".agents[{number}].spec")

    def forget(self, base: str) -> None:
        self._kept.forget(base)

    def of(self, base: str) -> Mapping[str, Agent]:
        """By id, the oldest first."""
        return self._kept.of(base)

    def find(self, base: str, id: str) -> Agent:
        return self._kept.find(base, id)

    def everything(self) -> list[Agent]:
        return list(self._kept.everything())

    def create(self, agent: Agent) -> Agent:
        """A refusal for a name that another agent of the app has (documented), or too many."""
        self._check(agent)
        if len(self._kept.of(agent.base)) >= MOST:
            raise failed(f"an app has at most {MOST} agents")
        prefix = "user_" if agent.kind == OF_USER else ""
        made = msgspec.structs.replace(agent, id=prefix + self._ids.request_id())
        self._kept.put(made)
        return made

    def put(self, agent: Agent) -> None:
        """In place of what has its id."""
        self._check(agent)
        self._kept.put(agent)

    def editions(self, base: str) -> dict[str, int]:
        """Agent -> how often it was changed."""
        return {agent.id: agent.edition for agent in self._kept.of(base).values()}

    def delete(self, agent: Agent) -> None:
        self._kept.remove(agent)

    def _check(self, agent: Agent) -> None:
        if not agent.name:
            raise invalid("Agent.Profile.Name", "must not be empty")
        parent = agent.profile.get("ParentAgentId", "")
        if parent and parent not in self._kept.of(agent.base):
            self._kept.find(agent.base, parent)
        for each in self._kept.of(agent.base).values():
            if each.name == agent.name and each.id != agent.id and each.kind == agent.kind:
                raise failed(f"there is an agent {agent.name} in this app already")
