"""Records of one kind, each in the base that it belongs to: an app, or a shared knowledge base."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, Protocol, TypeVar

from lke_emulator.knowledge.refusals import no_such


class Record(Protocol):
    @property
    def base(self) -> str: ...
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Record)
NOTHING: Mapping[str, object] = {}


class Collection(Generic[T]):
    """Each base's records stay in the order in which they were made; a record that is put again keeps its place."""

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._bases: dict[str, dict[str, T]] = {}
        self._changed: dict[str, set[str]] = {}
        """Base -> what was put or removed since somebody asked; only of bases that somebody asked about."""

    def of(self, base: str) -> Mapping[str, T]:
        """A base's records by id."""
        return self._bases.get(base) or NOTHING  # type: ignore[return-value]

    def get(self, base: str, id: str) -> T | None:
        return self.of(base).get(id)

    def find(self, base: str, id: str) -> T:
        """The record; a refusal that names it where there is none."""
        record = self.of(base).get(id)
        if record is None:
            raise no_such(self._noun, id)
        return record

    def put(self, record: T) -> None:
        self._bases.setdefault(record.base, {})[record.id] = record
        self._note(record)

    def remove(self, record: T) -> None:
        del self._bases[record.base][record.id]
        self._note(record)

    def changes(self, base: str) -> set[str]:
        """The ids of what was put or removed since this was asked last; of everything when it is asked first."""
        known = self._changed.get(base)
        self._changed[base] = set()
        return set(self.of(base)) if known is None else known

    def forget(self, base: str) -> None:
        """The base is gone, and everything in it."""
        self._bases.pop(base, None)
        self._changed.pop(base, None)

    def everything(self) -> Iterator[T]:
        for records in self._bases.values():
            yield from records.values()

    def fill(self, records: Iterable[T]) -> None:
        """Instead of what there is."""
        self._bases.clear()
        for record in records:
            self.put(record)

    def _note(self, record: T) -> None:
        changed = self._changed.get(record.base)
        if changed is not None:
            changed.add(record.id)
