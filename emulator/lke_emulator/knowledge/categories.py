"""The categories of documents and of Q&A: two trees in every base, each with a category for what is in no other."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

import msgspec

from lke_emulator.knowledge.assumptions import KnowledgeAssumptions
from lke_emulator.knowledge.collection import Collection
from lke_emulator.knowledge.refusals import check_length, failed, invalid
from lke_emulator.primitives.seeds import number
from lke_emulator.primitives.snowflakes import Snowflakes

Kind = Literal["doc", "qa"]
ROOT = "0"
"""The id of the whole tree, and of no category (documented)."""
ROOT_NAME, UNSORTED_NAME = "全部分类", "未分类"
"""Documented by example."""
MOST = 2000
"""Categories of a kind in a base (documented)."""
NAME_LENGTH = 64
"""Documented for adp."""


class Category(msgspec.Struct, frozen=True, kw_only=True):
    base: str
    id: str
    kind: Kind
    name: str
    parent: str = ROOT


class Branch(NamedTuple):
    """A category with what is under it."""

    id: str
    name: str
    total: int
    """Of the items in it and under it."""
    can_add: bool
    can_change: bool
    """Whether it can be renamed and deleted: neither the whole tree nor what is unsorted can (documented by example)."""
    children: "list[Branch]"


class Categories:
    class State(msgspec.Struct, frozen=True):
        categories: tuple[Category, ...]

    def __init__(self, snowflakes: Snowflakes, assumptions: KnowledgeAssumptions) -> None:
        self._snowflakes = snowflakes
        self._assumptions = assumptions
        self._kept: dict[Kind, Collection[Category]] = {"doc": Collection("category"), "qa": Collection("category")}

    def saved(self) -> State:
        return self.State(tuple(each for kept in self._kept.values() for each in kept.everything()))

    def restored(self, state: State) -> None:
        for kind, kept in self._kept.items():
            kept.fill(each for each in state.categories if each.kind == kind)

    def forget(self, base: str) -> None:
        for kept in self._kept.values():
            kept.forget(base)

    def find(self, base: str, kind: Kind, id: str) -> Category:
        """Also what is unsorted; a refusal that names it where there is none."""
        if id == unsorted(base, kind):
            return Category(base=base, id=id, kind=kind, name=UNSORTED_NAME)
        return self._kept[kind].find(base, id)

    def place(self, base: str, kind: Kind, id: str) -> str:
        """Where an item goes for which a request names this category; nothing and `0` are what is unsorted."""
        return self.find(base, kind, id).id if id not in ("", ROOT) else unsorted(base, kind)

    def top(self, base: str, kind: Kind, name: str) -> Category | None:
        """The category at the top of the tree that has this name."""
        found = self._kept[kind].of(base).values()
        return next((each for each in found if each.parent == ROOT and each.name == name), None)

    def create(self, base: str, kind: Kind, parent: str, name: str, now: float) -> Category:
        """A refusal for a second name beside the same parent, a parent that is not there, or too many."""
        kept = self._kept[kind]
        if parent == unsorted(base, kind):
            raise failed(f"the category {UNSORTED_NAME} has no categories under it")
        deepest = self._assumptions.category_depth
        if parent not in ("", ROOT) and len(self.path(base, kind, parent)) >= deepest:
            raise failed(f"categories are at most {deepest} deep")
        check_length("Name", name, NAME_LENGTH)
        self._check_name(base, kind, parent or ROOT, name)
        if len(kept.of(base)) >= MOST:
            raise failed(f"a knowledge base has at most {MOST} categories of a kind")
        category = Category(base=base, id=self._snowflakes.next(now), kind=kind, name=name, parent=parent or ROOT)
        kept.put(category)
        return category

    def rename(self, base: str, kind: Kind, id: str, name: str) -> None:
        category = self._changeable(base, kind, id)
        check_length("Name", name, NAME_LENGTH)
        if name != category.name:
            self._check_name(base, kind, category.parent, name)
        self._kept[kind].put(msgspec.structs.replace(category, name=name))

    def delete(self, base: str, kind: Kind, id: str) -> set[str]:
        """It and everything under it; the ids of the categories that are gone, whose items are unsorted now."""
        self._changeable(base, kind, id)
        gone = self.under(base, kind, id)
        for each in gone:
            self._kept[kind].remove(self._kept[kind].find(base, each))
        return gone

    def under(self, base: str, kind: Kind, id: str) -> set[str]:
        """The category and all that are under it."""
        children = self._children(base, kind)
        found = {id}
        left = [id]
        while left:
            inner = [category.id for category in children.get(left.pop(), ())]
            found.update(inner)
            left += inner
        return found

    def path(self, base: str, kind: Kind, id: str) -> list[Category]:
        """From the top of the tree down to the category, which is the last."""
        steps = [self.find(base, kind, id)]
        while steps[0].parent != ROOT:
            steps.insert(0, self._kept[kind].find(base, steps[0].parent))
        return steps

    def tree(self, base: str, kind: Kind, placed: Mapping[str, int]) -> Branch:
        """The whole tree; `placed` says how many items are in each category itself."""
        children = self._children(base, kind)

        def grown(category: Category) -> Branch:
            inner = [grown(each) for each in children.get(category.id, ())]
            total = placed.get(category.id, 0) + sum(branch.total for branch in inner)
            return Branch(category.id, category.name, total, True, True, inner)

        rest = unsorted(base, kind)
        lost = placed.get(rest, 0)
        branches = [Branch(rest, UNSORTED_NAME, lost, False, False, [])]
        branches += [grown(each) for each in children.get(ROOT, ())]
        return Branch(ROOT, ROOT_NAME, sum(branch.total for branch in branches), True, False, branches)

    def _changeable(self, base: str, kind: Kind, id: str) -> Category:
        if id in (ROOT, unsorted(base, kind)):
            raise failed(f"the category {ROOT_NAME if id == ROOT else UNSORTED_NAME} cannot be changed or deleted")
        return self._kept[kind].find(base, id)

    def _check_name(self, base: str, kind: Kind, parent: str, name: str) -> None:
        if name in (ROOT_NAME, UNSORTED_NAME):
            raise invalid("Name", f"must be another one than {name}")
        if any(each.name == name and each.parent == parent for each in self._kept[kind].of(base).values()):
            raise failed(f"there is a category {name} already in this place")

    def _children(self, base: str, kind: Kind) -> dict[str, list[Category]]:
        """Parent -> its categories."""
        found: dict[str, list[Category]] = {}
        for category in self._kept[kind].of(base).values():
            found.setdefault(category.parent, []).append(category)
        return found


def unsorted(base: str, kind: Kind) -> str:
    """The id of the category for what is in no other: the base and the kind alone decide it."""
    return str(1_800_000_000_000_000_000 + number("unsorted", base, kind) % 10**17)


def found_by_name(branches: Iterable[Branch], keyword: str) -> Iterator[Branch]:
    """Every branch of the trees whose name has the keyword, from the top."""
    for branch in branches:
        if keyword.casefold() in branch.name.casefold():
            yield branch
        yield from found_by_name(branch.children, keyword)
