"""The law of fragments: whatever becomes of a State, what was written of it fragment by fragment comes to the same."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from lke_emulator.durable.numbered import all_fragments, assembled, changed, encode, numbered
from lke_emulator.primitives.fragment import Fragment


class Drawer(msgspec.Struct):
    label: str | None
    sheets: list[str]


class Shelf(msgspec.Struct, frozen=True):
    name: str | None
    books: tuple[str, ...]
    pairs: tuple[tuple[str, int], ...]
    marks: dict[str, int]
    drawer: Drawer = msgspec.field(default_factory=lambda: Drawer(None, []))


Written = dict[str, dict[int, bytes]]
names = st.sampled_from(["a", "b", "a longer one", "another"])
shelves = st.builds(
    Shelf,
    name=st.none() | names,
    books=st.lists(names).map(tuple),
    pairs=st.lists(st.tuples(names, st.integers(0, 3))).map(tuple),
    marks=st.dictionaries(names, st.integers(0, 3)),
    drawer=st.builds(Drawer, label=st.none() | names, sheets=st.lists(names)),
)


def put(written: Written, fragment: Fragment) -> None:
    items = written.setdefault(fragment.thing, {})
    if fragment.value is None:
        del items[fragment.item]
    else:
        items[fragment.item] = encode(fragment.value)


def read(written: Written) -> Shelf:
    things = {thing: [items[number] for number in sorted(items)] for thing, items in written.items()}
    return msgspec.msgpack.decode(assembled(things), type=Shelf)


@given(first=shelves, then=st.lists(shelves))
def test_what_is_written_fragment_by_fragment_comes_to_the_state(first: Shelf, then: list[Shelf]) -> None:
    known, written = numbered(first), Written()
    for fragment in all_fragments(known):
        put(written, fragment)
    assert read(written) == first
    for state in then:
        known, fragments = changed(known, state)
        for fragment in fragments:
            put(written, fragment)
        assert read(written) == state


def test_of_a_thousand_elements_only_the_new_one_is_written() -> None:
    books = tuple([f"book {number}" for number in range(5000)])
    before = Shelf("a", books, (), {})
    known = numbered(before)
    for after, expected in (
        ((*books, "new"), [("books", 5001)]),
        ((*books[:77], "new", *books[78:]), [("books", 78)]),
        ((*books[:77], *books[78:]), [("books", 78)]),
        ((*books[1:], "new"), [("books", 5001), ("books", 1)]),
        (books, []),
    ):
        _, fragments = changed(known, msgspec.structs.replace(before, books=after))
        assert [fragment[:2] for fragment in fragments] == expected
