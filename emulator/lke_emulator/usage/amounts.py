"""What calls consume."""

from typing import NamedTuple


class Amounts(NamedTuple):
    """Whole numbers: calls, tokens in and out, parsed pages, split tokens, RAG retrievals, online searches."""

    calls: int = 0
    input: int = 0
    output: int = 0
    pages: int = 0
    split: int = 0
    rag: int = 0
    internet: int = 0

    @property
    def total(self) -> int:
        return self.input + self.output

    @property
    def search(self) -> int:
        """RAG retrievals and online searches are the two kinds of search (inferred from the captions of the fields)."""
        return self.rag + self.internet


NOTHING = Amounts()
