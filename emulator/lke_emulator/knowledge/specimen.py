"""Pages for documents that cannot be read here (scans, office files, far-away addresses): seeded, always the same."""

from collections.abc import Sequence
from typing import overload

from lke_emulator.knowledge.tables import table
from lke_emulator.primitives.seeds import number

SUBJECTS = ("The service", "A project", "Each account", "The archive", "An application", "The committee", "A document")
VERBS = ("keeps", "describes", "reviews", "shares", "compares", "records", "prepares")
OBJECTS = ("the figures of the year", "its own rules", "every open question", "the agreed schedule", "a list of parts")
MANNERS = ("in order", "for the reader", "without delay", "with two examples", "on request", "page by page")
TOPICS = ("Scope", "Method", "Findings", "Schedule", "Costs", "Duties", "Results", "Outlook")
SENTENCES = 5


class Specimen(Sequence[str]):
    """A document of so many pages, each made when it is asked for."""

    def __init__(self, title: str, pages: int, seed: object) -> None:
        self.title = title
        self.pages = range(1, pages + 1)
        self.seed = seed

    def __len__(self) -> int:
        return len(self.pages)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...

    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [specimen_page(self.title, each, self.seed) for each in self.pages[index]]
        return specimen_page(self.title, self.pages[index], self.seed)


def specimen_page(title: str, page_number: int, seed: object) -> str:
    """The markdown of one page: a heading, a paragraph, and a table on every third page."""

    def pick(words: tuple[str, ...], *what: object) -> str:
        return words[number(seed, title, page_number, *what) % len(words)]

    lines = [
        " ".join((pick(SUBJECTS, n, "s"), pick(VERBS, n, "v"), pick(OBJECTS, n, "o"), pick(MANNERS, n, "m"))) + "."
        for n in range(SENTENCES)
    ]
    head = f"# {title}\n\n" if page_number == 1 else ""
    text = f"{head}## {page_number}. {pick(TOPICS)}\n\n{' '.join(lines)}\n"
    if page_number % 3:
        return text
    rows = [(pick(TOPICS, n, "row"), str(number(seed, title, page_number, n) % 1000)) for n in range(3)]
    return f"{text}\n{table([('Item', 'Amount'), *rows])}"
