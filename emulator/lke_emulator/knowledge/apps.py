"""The apps of an account: how they are set up in draft, and the keys that open them."""

from collections.abc import Iterator

import msgspec

from lke_emulator.knowledge.assumptions import KnowledgeAssumptions
from lke_emulator.knowledge.configuration import Configuration
from lke_emulator.knowledge.refusals import no_such
from lke_emulator.primitives.bounds import Moment
from lke_emulator.primitives.ids import Ids
from lke_emulator.primitives.snowflakes import Snowflakes


class App(msgspec.Struct, frozen=True, kw_only=True):
    """Never changed: a new one takes its place. Moments are Unix seconds on the account's clock."""

    biz_id: str
    type: str = "knowledge_qa"
    """AppType: knowledge_qa, plugin_parsing_qa, shared_knowledge or evaluate_test (documented)."""
    space: str = ""
    agent_type: str = "dialogue"
    """dialogue or wechat (documented)."""
    key: str = ""
    draft: Configuration
    creator: str = ""
    """A uin, as the updater's."""
    created: Moment = 0.0
    updater: str = ""
    updated: Moment = 0.0
    disabled: bool = False
    """Whether somebody stopped it: AppStatus 3 (documented)."""

    @property
    def name(self) -> str:
        return self.draft.name


class Apps:
    """Those of one account by AppBizId, in the order in which they were made."""

    class State(msgspec.Struct, frozen=True):
        apps: tuple[App, ...]

    def __init__(self, seed: int, ids: Ids, snowflakes: Snowflakes, assumptions: KnowledgeAssumptions) -> None:
        self._seed = seed
        self._ids = ids
        self._snowflakes = snowflakes
        self._assumptions = assumptions
        self._apps: dict[str, App] = {}
        self._by_key: dict[str, str] = {}

    def saved(self) -> State:
        return self.State(tuple(self._apps.values()))

    def restored(self, state: State) -> None:
        self._apps.clear()
        self._by_key.clear()
        for app in state.apps:
            self._put(app)

    @staticmethod
    def check_state(state: State) -> None:
        for number, app in enumerate(state.apps):
            app.draft.check_members(f".apps[{number}].draft")

    def __contains__(self, biz_id: object) -> bool:
        return biz_id in self._apps

    def __len__(self) -> int:
        return len(self._apps)

    def __iter__(self) -> Iterator[App]:
        return iter(self._apps.values())

    def get(self, biz_id: str) -> App | None:
        return self._apps.get(biz_id)

    def find(self, biz_id: str) -> App:
        """A refusal that names it where there is no such app, or not any more."""
        app = self._apps.get(biz_id)
        if app is None:
            raise no_such("app", biz_id)
        return app

    def by_key(self, key: str) -> App | None:
        """The app that an AppKey opens."""
        biz_id = self._by_key.get(key)
        return None if biz_id is None else self._apps[biz_id]

    def declare(self, app: App) -> App:
        """An app as a scenario describes it; a key that it leaves open is made from the seed and the app alone."""
        if not app.key:
            ids = Ids((self._seed, "app key", app.biz_id))
            app = msgspec.structs.replace(app, key=ids.word(self._assumptions.app_key_length))
        return self._put(app)

    def create(self, draft: Configuration, space: str, agent_type: str, caller: str, now: float) -> App:
        return self._put(
            App(
                biz_id=self._snowflakes.next(now),
                space=space,
                agent_type=agent_type,
                key=self._ids.word(self._assumptions.app_key_length),
                draft=draft,
                creator=caller,
                created=now,
                updater=caller,
                updated=now,
            )
        )

    def modify(self, app: App, draft: Configuration, caller: str, now: float) -> App:
        return self._put(msgspec.structs.replace(app, draft=draft, updater=caller, updated=now))

    def disable(self, app: App, disabled: bool) -> App:
        return self._put(msgspec.structs.replace(app, disabled=disabled))

    def renew(self, ids: Ids) -> None:
        """Give every app an AppKey of its own: what opens a copy is not what opens the original."""
        self._by_key.clear()
        for app in list(self._apps.values()):
            self._put(msgspec.structs.replace(app, key=ids.word(self._assumptions.app_key_length)))

    def forget(self, biz_id: str) -> None:
        app = self._apps.pop(biz_id, None)
        if app is not None:
            self._by_key.pop(app.key, None)

    def _put(self, app: App) -> App:
        self._apps[app.biz_id] = app
        self._by_key[app.key] = app.biz_id
        return app
