"""A file of which nothing was read yet, and where its pages are to be cut."""

from typing import NamedTuple


class Unread(NamedTuple):
    content: bytes
    type: str
    """In capitals, as lkeap's FileType."""
    page_characters: int
    """Of a page of a text, at most."""
