"""Attributes with their labels: what a piece of knowledge is for, and what a visitor comes with."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from lke_emulator.knowledge.collection import Collection
from lke_emulator.knowledge.refusals import failed, invalid, no_such
from lke_emulator.knowledge.validity import BY_CONDITION, LabelRef, Validity
from lke_emulator.primitives.ids import Ids
from lke_emulator.primitives.snowflakes import Snowflakes

EVERY = "0"
"""The id that stands for all labels of an attribute (documented by example)."""


class Label(msgspec.Struct, frozen=True):
    """A standard word, and others for the same."""

    id: str
    name: str
    similar: tuple[str, ...] = ()


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    base: str
    id: str
    key: str
    """What visitors' labels name it by."""
    name: str
    labels: tuple[Label, ...]
    created: float
    updated: float
    edition: int = 1

    def named(self, ids: Iterable[str]) -> list[Label]:
        """Those of its labels; ids of labels that are gone are left out."""
        wanted = set(ids)
        return [label for label in self.labels if label.id in wanted]


class Labels:
    """The attributes of every base of an account."""

    class State(msgspec.Struct, frozen=True):
        attributes: tuple[Attribute, ...]

    def __init__(self, ids: Ids, snowflakes: Snowflakes) -> None:
        self._ids = ids
        self._snowflakes = snowflakes
        self._kept: Collection[Attribute] = Collection("attribute label")

    def saved(self) -> State:
        return self.State(tuple(self._kept.everything()))

    def restored(self, state: State) -> None:
        self._kept.fill(state.attributes)

    def forget(self, base: str) -> None:
        self._kept.forget(base)

    def of(self, base: str) -> Mapping[str, Attribute]:
        """By id, the oldest first."""
        return self._kept.of(base)

    def find(self, base: str, id: str) -> Attribute:
        return self._kept.find(base, id)

    def found(self, base: str, ids: Iterable[str]) -> list[Attribute]:
        return [self._kept.find(base, id) for id in dict.fromkeys(ids)]

    def create(
        self, base: str, name: str, key: str, labels: Sequence[tuple[str, Sequence[str]]], now: float
    ) -> Attribute:
        """`labels` are names with other words for them. A refusal for a name or key that another attribute has."""
        self._check(base, name, key, "")
        attribute = Attribute(
            base=base,
            id=self._snowflakes.next(now),
            key=key or self._ids.word(8),
            name=name,
            labels=tuple([Label(self._snowflakes.next(now), each, tuple(similar)) for each, similar in labels]),
            created=now,
            updated=now,
        )
        check_labels(attribute.labels)
        self._kept.put(attribute)
        return attribute

    def modified(
        self,
        base: str,
        id: str,
        name: str,
        key: str,
        labels: Sequence[tuple[str, str, Sequence[str]]],
        deleted: Iterable[str],
        now: float,
    ) -> Attribute:
        """The attribute as it would be; `put` makes it so. `labels` are (id or nothing, name, other words)."""
        attribute = self.find(base, id)
        self._check(base, name, key, id)
        kept = {label.id: label for label in attribute.labels}
        for each in deleted:
            if kept.pop(each, None) is None:
                raise no_such("label", each)
        for label_id, label_name, similar in labels:
            if label_id and label_id not in kept:
                raise no_such("label", label_id)
            made = Label(label_id or self._snowflakes.next(now), label_name, tuple(similar))
            kept[made.id] = made
        check_labels(kept.values())
        return msgspec.structs.replace(
            attribute,
            name=name,
            key=key or attribute.key,
            labels=tuple(kept.values()),
            updated=now,
            edition=attribute.edition + 1,
        )

    def editions(self, base: str) -> dict[str, int]:
        """Attribute -> how often it was changed."""
        return {attribute.id: attribute.edition for attribute in self.of(base).values()}

    def put(self, attribute: Attribute) -> None:
        self._kept.put(attribute)

    def delete(self, attribute: Attribute) -> None:
        self._kept.remove(attribute)

    def check(self, base: str, refs: Iterable[LabelRef]) -> None:
        """A refusal that names the attribute or label that is not there."""
        for ref in refs:
            attribute = self.find(base, ref.attribute)
            known = {label.id for label in attribute.labels} | {EVERY}
            lost = next((id for id in ref.labels if id not in known), None)
            if lost is not None:
                raise no_such("label", lost)

    def admits(self, base: str, validity: Validity, visitor: Mapping[str, Sequence[str]]) -> bool:
        """Whether a visitor with these labels (attribute's key or name -> label names) may see what is valid so: one of
        its labels must be the visitor's (inferred)."""
        if validity.attr_range != BY_CONDITION:
            return True
        attributes = self.of(base)
        for ref in validity.labels:
            attribute = attributes.get(ref.attribute)
            if attribute is None:
                continue
            given = {*visitor.get(attribute.key, ()), *visitor.get(attribute.name, ())}
            meant = attribute.labels if EVERY in ref.labels else attribute.named(ref.labels)
            if given and any(label.name in given or not given.isdisjoint(label.similar) for label in meant):
                return True
        return False

    def _check(self, base: str, name: str, key: str, own: str) -> None:
        if not name:
            raise invalid("AttrName", "must not be empty")
        for attribute in self.of(base).values():
            if attribute.id != own and attribute.name == name:
                raise failed(f"there is an attribute label {name} already")
            if attribute.id != own and key and attribute.key == key:
                raise failed(f"there is an attribute label with the key {key} already")


def check_labels(labels: Iterable[Label]) -> None:
    names: set[str] = set()
    for label in labels:
        if not label.name:
            raise invalid("LabelName", "must not be empty")
        for word in (label.name, *label.similar):
            if word in names:
                raise failed(f"the label {word} is in this attribute already")
            names.add(word)


def uses(validity: Validity, attribute: str, labels: Iterable[str] = ()) -> bool:
    """Whether the attribute, or one of these labels of it, is referred to."""
    wanted = set(labels)
    return any(
        ref.attribute == attribute and (not wanted or EVERY in ref.labels or not wanted.isdisjoint(ref.labels))
        for ref in validity.labels
    )
