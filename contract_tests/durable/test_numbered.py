"""The law of pieces: whatever becomes of a State, what was written of it piece by piece comes to the same."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from lke_emulator.durable.numbered import all_pieces, assembled, changed, encode, numbered
from lke_emulator.primitives.piece import Piece


class Shelf(msgspec.Struct, frozen=True):
    name: str | None
    books: tuple[str, ...]
    pairs: tuple[tuple[str, int], ...]
    marks: dict[str, int]


Written = dict[str, dict[int, bytes]]
names = st.sampled_from(["a", "b", "a longer one", "another"])
shelves = st.builds(
    Shelf,
    name=st.none() | names,
    books=st.lists(names).map(tuple),
    pairs=st.lists(st.tuples(names, st.integers(0, 3))).map(tuple),
    marks=st.dictionaries(names, st.integers(0, 3)),
)


def put(written: Written, piece: Piece) -> None:
    items = written.setdefault(piece.thing, {})
    if piece.value is None:
        del items[piece.item]
    else:
        items[piece.item] = encode(piece.value)


def read(written: Written) -> Shelf:
    things = {thing: [items[number] for number in sorted(items)] for thing, items in written.items()}
    return msgspec.msgpack.decode(assembled(things), type=Shelf)


@given(first=shelves, then=st.lists(shelves))
def test_what_is_written_piece_by_piece_comes_to_the_state(first: Shelf, then: list[Shelf]) -> None:
    known, written = numbered(first), Written()
    for piece in all_pieces(known):
        put(written, piece)
    assert read(written) == first
    for state in then:
        known, pieces = changed(known, state)
        for piece in pieces:
            put(written, piece)
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
        _, pieces = changed(known, msgspec.structs.replace(before, books=after))
        assert [piece[:2] for piece in pieces] == expected
