"""Knowledge bases that several apps share, and which app uses which."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from lke_emulator.knowledge.refusals import check_length, failed, no_such
from lke_emulator.primitives.bounds import Moment
from lke_emulator.primitives.snowflakes import Snowflakes

ORDINARY, OFFICIAL_ACCOUNT = 0, 1
"""KnowledgeType (documented)."""
NAME_LENGTH, DESCRIPTION_LENGTH, MODEL_LENGTH = 50, 2000, 128
"""Characters (documented)."""
EMBEDDING_MODEL, QA_MODEL = "general-text-embedding-v2.7", "general-qa-extract-v1.8"
"""Documented by example."""


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """Never changed: a new one takes its place. Moments are Unix seconds on the account's clock."""

    id: str
    name: str
    description: str = ""
    type: int = ORDINARY
    space: str = ""
    embedding_model: str = EMBEDDING_MODEL
    qa_model: str = QA_MODEL
    owner: str = ""
    """A uin, as the editor's."""
    storage: int = 1
    """StorageType of EsConfig."""
    instance: str = ""
    """Of Elasticsearch, as the user's name in it; its password is not kept."""
    user_name: str = ""
    schema_model: str = ""
    created: Moment
    updated: Moment
    editor: str = ""


class Reference(msgspec.Struct, frozen=True):
    """Which bases an app uses."""

    app: str
    bases: tuple[str, ...]


class SharedKnowledge:
    class State(msgspec.Struct, frozen=True):
        bases: tuple[Base, ...]
        references: tuple[Reference, ...]

    def __init__(self, snowflakes: Snowflakes) -> None:
        self._snowflakes = snowflakes
        self._bases: dict[str, Base] = {}
        self._references: dict[str, tuple[str, ...]] = {}

    def saved(self) -> State:
        references = [Reference(app, bases) for app, bases in self._references.items()]
        return self.State(tuple(self._bases.values()), tuple(references))

    def restored(self, state: State) -> None:
        self._bases = {base.id: base for base in state.bases}
        self._references = {each.app: each.bases for each in state.references}

    def forget(self, base: str) -> None:
        """A base or an app is gone."""
        self._bases.pop(base, None)
        self._references.pop(base, None)
        for app, bases in self._references.items():
            self._references[app] = tuple([each for each in bases if each != base])

    def __contains__(self, id: object) -> bool:
        return id in self._bases

    def __iter__(self) -> Iterator[Base]:
        return iter(self._bases.values())

    def find(self, id: str) -> Base:
        base = self._bases.get(id)
        if base is None:
            raise no_such("shared knowledge base", id)
        return base

    def of(self, app: str) -> Sequence[str]:
        """The ids of the bases that an app uses."""
        return self._references.get(app, ())

    def users(self, base: str) -> list[str]:
        """The apps that use a base."""
        return [app for app, bases in self._references.items() if base in bases]

    def declare(self, base: Base) -> Base:
        """A base as it stands."""
        self._bases[base.id] = base
        return base

    def create(self, base: Base, now: float) -> Base:
        """A refusal for a name that is taken or a text that is too long."""
        self._check(base)
        return self.declare(msgspec.structs.replace(base, id=self._snowflakes.next(now)))

    def change(self, base: Base) -> Base:
        """Put it in place of what it was."""
        self._check(base)
        return self.declare(base)

    def refer(self, app: str, bases: Iterable[str]) -> None:
        """An app uses these, and no others any more (documented)."""
        self._references[app] = tuple([self.find(id).id for id in dict.fromkeys(bases)])

    def _check(self, base: Base) -> None:
        check_length("KnowledgeName", base.name, NAME_LENGTH)
        check_length("KnowledgeDescription", base.description, DESCRIPTION_LENGTH, least=0)
        check_length("EmbeddingModel", base.embedding_model, MODEL_LENGTH, least=0)
        if any(each.name == base.name and each.id != base.id for each in self._bases.values()):
            raise failed(f"there is a shared knowledge base {base.name} already")
