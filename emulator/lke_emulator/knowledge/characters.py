"""How many characters each base holds: of documents and Q&A, and of what a scenario says without telling them."""

from collections.abc import Iterator, Mapping

import msgspec

from lke_emulator.knowledge.documents import Document, Documents
from lke_emulator.knowledge.qas import Qa, Qas


class Characters:
    """The one count of an account: statistics, capacity and billing read it."""

    class State(msgspec.Struct, frozen=True):
        capacity: int
        declared: dict[str, int]
        isolated: int

    def __init__(self, documents: Documents, qas: Qas) -> None:
        self._documents = documents
        self._qas = qas
        self.capacity = 0
        """What the account may hold without any package."""
        self._declared: dict[str, int] = {}
        self._isolated = 0
        """Of what is declared."""

    def saved(self) -> State:
        return self.State(self.capacity, dict(self._declared), self._isolated)

    def restored(self, state: State) -> None:
        self.capacity, self._declared, self._isolated = state.capacity, dict(state.declared), state.isolated

    def forget(self, base: str) -> None:
        gone = self._declared.pop(base, 0)
        self._isolated = min(self._isolated, sum(self._declared.values())) if gone else self._isolated

    def declare(self, capacity: int, used: Mapping[str, int]) -> None:
        """What a scenario says: what may be held, and base -> characters that nothing more is known of."""
        self.capacity, self._declared = capacity, dict(used)

    @property
    def used(self) -> dict[str, int]:
        """Base -> its characters, isolated ones too."""
        counts = dict(self._declared)
        for part in (self._documents.characters, self._qas.characters):
            for base, count in part.items():
                if count:
                    counts[base] = counts.get(base, 0) + count
        return counts

    @property
    def isolated(self) -> int:
        """Kept, but not to be searched until somebody restores it."""
        return self._isolated + self._documents.isolated + self._qas.isolated

    def isolates(self, base: str) -> bool:
        """Whether anything in a base cannot be searched."""
        if not (self._documents.isolated or self._qas.isolated):
            return False
        return any(item.isolated for item in self._items() if item.base == base)

    def isolate(self, characters: int) -> None:
        """At least so many, the newest documents and Q&A first; whole ones."""
        left = characters
        for item in self._items():
            if left <= 0:
                return
            if not item.isolated and item.characters:
                left -= item.characters
                if isinstance(item, Document):
                    self._documents.isolate(item)
                else:
                    self._qas.isolate(item)
        rest = sum(self._declared.values()) - self._isolated
        self._isolated += max(0, min(left, rest))

    def restore(self, now: float) -> None:
        """Make all of it searchable again."""
        for item in self._items():
            if not item.isolated:
                continue
            if isinstance(item, Document):
                self._documents.restore(item, now)
            else:
                self._qas.restore(item, now)
        self._isolated = 0

    def _items(self) -> Iterator[Document | Qa]:
        """The newest first."""
        items: list[Document | Qa] = [*self._documents.everything(), *self._qas.everything()]
        items.sort(key=lambda item: (item.created, item.id), reverse=True)
        return iter(items)
