"""What made-up knowledge is about: a shop's subjects, what is asked about them and answered, and documents that speak of them.

Everything depends on the seed and the thing's own place. The words are this project's own, in English and Chinese.
"""

import json
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from lke_emulator.primitives.seeds import noise, number

PAGE_END = "\f"
HEADINGS = 3
"""Of a page."""


class Subject(NamedTuple):
    area: str
    """The category that it belongs to."""
    name: str


class MadeQa(NamedTuple):
    area: str
    asked: tuple[str, ...]
    """The question, and other ways to ask the same."""
    answer: str


class MadeDocument(NamedTuple):
    area: str
    title: str
    text: str
    """Pages end with a form feed."""


@cache
def wordbook(language: str) -> dict[str, Any]:
    """Read when a first scenario leaves knowledge to be made up."""
    known: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("topics.json").read_text("utf-8"))
    return known[language]


class Topics:
    """Of one app. `locale` is the scenario's: Chinese for zh locales, else English."""

    def __init__(self, seed: object, locale: str) -> None:
        self._key = number("topics", seed)
        self._language = "zh" if locale.startswith("zh") else "en"

    @cached_property
    def words(self) -> dict[str, Any]:
        return wordbook(self._language)

    @cached_property
    def subjects(self) -> list[Subject]:
        return [Subject(area, name) for area, names in self.words["areas"].items() for name in names]

    def chance(self, *what: object) -> int:
        return number(self._key, *what)

    def pick(self, of: Sequence[Any], *what: object) -> Any:
        return of[self.chance(*what) % len(of)]

    def filled(self, text: str, subject: Subject, key: int) -> str:
        """A text about a subject; its gaps are filled by what `key` decides."""
        teams: list[str] = self.words["teams"]
        said = text.format(
            subject=subject.name,
            area=subject.area,
            team=teams[key % len(teams)],
            number=2 + key // 7 % 12,
            amount=10 * (2 + key // 91 % 15),
        )
        return said[0].upper() + said[1:]

    def qa(self, place: int) -> MadeQa:
        """No two places ask the same."""
        forms = self.words["answers"]
        turn, at = divmod(place, len(self.subjects))
        again, turn = divmod(turn, len(forms))
        subject, form, key = self.subjects[at], forms[(turn + at) % len(forms)], self.chance("qa", place)
        asked = [self.filled(each, subject, key) for each in form["asked"]]
        if again:
            asked = [f"{each} ({again + 1})" for each in asked]
        return MadeQa(subject.area, tuple(asked), self.filled(form["answer"], subject, key))

    def document(self, place: int, pages: int) -> MadeDocument:
        """No two places have the same title."""
        subjects, titles = self.subjects, self.words["titles"]
        turn, at = divmod(place, len(subjects))
        subject = subjects[(at * 7 + turn) % len(subjects)]
        title = self.filled(titles[turn % len(titles)], subject, 0)
        if turn >= len(titles):
            title += f" {turn // len(titles) + 1}"
        key = self.chance("document", place)
        text = PAGE_END.join(self.page(title, subject, noise(key, page), page) for page in range(pages))
        return MadeDocument(subject.area, title, text)

    def page(self, title: str, subject: Subject, key: int, page: int) -> str:
        headings, sentences = self.words["headings"], self.words["sentences"]
        parts = [f"# {title}\n"] if not page else []
        for place in range(HEADINGS):
            own = noise(key, place)
            first = own % len(sentences)
            said = [
                self.filled(sentences[(first + 3 * step) % len(sentences)], subject, noise(own, step))
                for step in range(3 + own // 64 % 2)
            ]
            heading = headings[(HEADINGS * page + place) % len(headings)]
            parts.append(f"## {heading}\n\n{' '.join(said)}\n")
        return "\n".join(parts)
