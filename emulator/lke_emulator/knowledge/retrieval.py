"""What an app knows about a question: whether it is rejected, the Q&A that answers it, the segments that speak of it.

Test calls look at the draft, production calls at what was released; shared knowledge bases have no releases and are seen as
they are. The same question finds the same, on any machine.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.assumptions import KnowledgeAssumptions
from lke_emulator.knowledge.configuration import Configuration, blank
from lke_emulator.knowledge.documents import Document, Documents
from lke_emulator.knowledge.index import Index, similarity
from lke_emulator.knowledge.labels import Labels
from lke_emulator.knowledge.qas import Qa, Qas
from lke_emulator.knowledge.rejected import Rejected, RejectedQuestions
from lke_emulator.knowledge.releases import Live, Releases
from lke_emulator.knowledge.segments import Segment, cut
from lke_emulator.knowledge.shared import SharedKnowledge
from lke_emulator.knowledge.validity import visible

QA_TOP, DOC_TOP = 2, 3
"""QaTopN and DocTopN where the app does not say (documented defaults)."""
DOC_CONFIDENCE = 0.2
"""Documented by example."""
LOOKED_AT = 200
"""Hits that are looked at for those that may be seen."""


class QaHit(NamedTuple):
    qa: Qa
    question: str
    """The way of asking that was nearest."""
    confidence: float
    """0 to 1."""


class SegmentHit(NamedTuple):
    document: Document
    segment: Segment
    confidence: float
    """0 to 1."""


class Found(NamedTuple):
    """The best first. What is rejected is to be refused, whatever else there is."""

    rejected: Rejected | None
    qas: Sequence[QaHit]
    segments: Sequence[SegmentHit]


SLICE = 40_000
"""Characters that are placed at a time, in some five milliseconds."""
FEW = 500
"""Characters that a text counts as beside its own."""
NOTHING = Found(None, (), ())
BEGINNING = blank("")


class Retrieval:
    """Over the knowledge of one account. It keeps nothing but indexes, which are built when they are asked, or before that in
    slices."""

    def __init__(
        self,
        documents: Documents,
        qas: Qas,
        rejected: RejectedQuestions,
        releases: Releases,
        shared: SharedKnowledge,
        labels: Labels,
        assumptions: KnowledgeAssumptions,
    ) -> None:
        self.documents = documents
        self.qas = qas
        self._rejected = rejected
        self._releases = releases
        self._shared = shared
        self._labels = labels
        self._assumptions = assumptions
        self._drafts: dict[str, Shelf] = {}
        """Base -> what is in it."""
        self._lives: dict[str, tuple[str, Shelf]] = {}
        """App -> a release, and what it made live."""

    def forget(self, base: str) -> None:
        self._drafts.pop(base, None)
        self._lives.pop(base, None)

    def ask(
        self,
        app: App,
        question: str,
        now: float,
        *,
        released: bool,
        visitor: Mapping[str, Sequence[str]] | None = None,
    ) -> Found:
        """What an app finds. `visitor` is labels: an attribute's key or name -> names of labels."""
        live = self._releases.live(app.biz_id, now) if released else None
        if released and live is None:
            return NOTHING
        configuration = live.configuration if live else app.draft
        shelves = self._shelves(app, now, released)
        return self._found(shelves, question, configuration, Seen(self, now, released, visitor or {}))

    def prepare(self, app: App, now: float, *, released: bool) -> Iterator[None]:
        """Build the indexes that `ask` needs in slices: thousands of documents would hold everybody else up."""
        while any(shelf.place_some(SLICE) for shelf in self._shelves(app, now, released)):
            yield

    def prepare_base(self, base: str, now: float, *, released: bool) -> Iterator[None]:
        """The same of what `ask_base` and `segments` need."""
        live = self._releases.live(base, now) if released else None
        shelf = self._live(base, live) if live else self._draft(base)
        while shelf.place_some(SLICE):
            yield

    def ask_base(self, base: str, question: str, now: float, *, released: bool) -> Found:
        """What one base knows, with the settings that an app begins with and whatever labels there are."""
        live = self._releases.live(base, now) if released else None
        if released and live is None and base not in self._shared:
            return NOTHING
        shelf = self._live(base, live) if live else self._draft(base)
        return self._found([shelf], question, BEGINNING, Seen(self, now, released, None))

    def _shelves(self, app: App, now: float, released: bool) -> list["Shelf"]:
        """Of the app itself, and of the shared bases that it refers to; none where it was never released."""
        live = self._releases.live(app.biz_id, now) if released else None
        if released and live is None:
            return []
        own = self._live(app.biz_id, live) if live else self._draft(app.biz_id)
        return [own, *[self._draft(base) for base in self._shared.of(app.biz_id)]]

    def _found(self, shelves: Sequence["Shelf"], question: str, configuration: Configuration, seen: "Seen") -> Found:
        for shelf in shelves:
            shelf.place_some()
        return Found(
            next(self._refusing(shelves[0], question, seen.released), None),
            self._answering(shelves, question, configuration, seen),
            self._speaking(shelves, question, configuration, seen),
        )

    def segments(self, base: str, ids: Iterable[str]) -> list[tuple[Document, Segment]]:
        """Those of a base's documents that have these ids, in the order asked for; unknown ids are left out."""
        shelf = self._draft(base)
        shelf.place_some()
        places = [shelf.places[id] for id in ids if id in shelf.places]
        return [(shelf.documents[document], shelf.segments[document][place]) for document, place in places]

    def labels_admit(self, base: str, record: Document | Qa, visitor: Mapping[str, Sequence[str]]) -> bool:
        return self._labels.admits(base, record.validity, visitor)

    # the three kinds

    def _refusing(self, shelf: "Shelf", question: str, released: bool) -> Iterator[Rejected]:
        for hit in shelf.rejected_index.search(question)[:LOOKED_AT]:
            rejected = shelf.rejected[hit.key[0]]
            if visible(rejected.scope, released) and (
                similarity(question, rejected.question) >= self._assumptions.qa_similarity
            ):
                yield rejected

    def _answering(
        self, shelves: Sequence["Shelf"], question: str, configuration: Configuration, seen: "Seen"
    ) -> list[QaHit]:
        setting = configuration.search("qa")
        if setting.get("IsEnabled") is False:
            return []
        least = setting.get("Confidence") or self._assumptions.qa_similarity
        hits = []
        for shelf in shelves:
            looked = {hit.key[0] for hit in shelf.qa_index.search(question)[:LOOKED_AT]}
            for id in sorted(looked):
                qa = shelf.qas[id]
                nearest, confidence = max(
                    ((each, similarity(question, each)) for each in qa.questions), key=lambda pair: pair[1]
                )
                if confidence >= least and seen.qa(qa):
                    hits.append(QaHit(qa, nearest, confidence))
        hits.sort(key=lambda hit: (-hit.confidence, hit.qa.id))
        return hits[: setting.get("QaTopN") or QA_TOP]

    def _speaking(
        self, shelves: Sequence["Shelf"], question: str, configuration: Configuration, seen: "Seen"
    ) -> list[SegmentHit]:
        setting = configuration.search("doc")
        if setting.get("IsEnabled") is False:
            return []
        least = setting.get("Confidence") or DOC_CONFIDENCE
        most = setting.get("DocTopN") or DOC_TOP
        ranked = []
        for shelf in shelves:
            taken = 0
            for hit in shelf.segment_index.search(question)[:LOOKED_AT]:
                document = shelf.documents[hit.key[0]]
                if hit.coverage >= least and seen.document(document):
                    segment = shelf.segments[document.id][hit.key[1]]
                    ranked.append((hit.score, SegmentHit(document, segment, hit.coverage)))
                    taken += 1
                    if taken == most:
                        break
        ranked.sort(key=lambda pair: (-pair[0], pair[1].segment.id))
        return [hit for _, hit in ranked[:most]]

    # shelves

    def _draft(self, base: str) -> "Shelf":
        shelf = self._drafts.get(base)
        if shelf is None:
            shelf = self._drafts[base] = Shelf(partial(self._records, base))
        changed = self.documents.changes(base) | self.qas.changes(base) | self._rejected.changes(base)
        shelf.todo.update(dict.fromkeys(sorted(changed)))
        return shelf

    def _records(self, base: str, id: str) -> "Records":
        return self.documents.get(base, id), self.qas.get(base, id), self._rejected.get(base, id)

    def _live(self, app: str, live: Live) -> "Shelf":
        known = self._lives.get(app)
        if known is None or known[0] != live.release:
            shelf = known[1] if known else Shelf(live.records)
            shelf.become(live)
            known = self._lives[app] = live.release, shelf
        return known[1]


Records = tuple[Document | None, Qa | None, Rejected | None]
"""What has an id; one of them at most."""


class Shelf:
    """The texts of one base, in draft or as released, with their indexes."""

    def __init__(self, find: Callable[[str], Records]) -> None:
        self._find = find
        self.todo: dict[str, None] = {}
        """The ids of what is to be placed, in order: what is new, other or gone."""
        self.documents: dict[str, Document] = {}
        self.segments: dict[str, list[Segment]] = {}
        self.places: dict[str, tuple[str, int]] = {}
        """Segment -> its document, and where it is in it."""
        self.qas: dict[str, Qa] = {}
        self.rejected: dict[str, Rejected] = {}
        self.segment_index = Index()
        self.qa_index = Index()
        self.rejected_index = Index()
        self._course: Iterator[int] | None = None
        """Of what is being placed."""

    def place_some(self, characters: int = 0) -> bool:
        """Place what is to be placed: of so many characters, or all; whether anything is left."""
        left = characters
        while self._course is not None or self.todo:
            if self._course is None:
                id = next(iter(self.todo))
                del self.todo[id]
                self._course = self._place(id, *self._find(id))
            for placed in self._course:
                left -= placed
                if characters and left <= 0:
                    return True
            self._course = None
        return False

    def _place(self, id: str, document: Document | None, qa: Qa | None, rejected: Rejected | None) -> Iterator[int]:
        """What has this id now, in place of what had it; step by step, of so many characters each."""
        yield FEW
        yield from self._place_document(id, document)
        self._place_qa(id, qa)
        if self.rejected.pop(id, None) is not None:
            self.rejected_index.remove((id, 0))
        if rejected is not None:
            self.rejected[id] = rejected
            self.rejected_index.add((id, 0), rejected.question)

    def become(self, live: Live) -> None:
        """Be about to hold exactly what a release made live."""
        self._find = live.records
        known = {**self.documents, **self.qas, **self.rejected}
        wanted = {**live.documents, **live.qas, **live.rejected}
        self.todo = {id: None for id in [*known, *wanted] if known.get(id) is not wanted.get(id)}

    def _place_document(self, id: str, document: Document | None) -> Iterator[int]:
        before = self.documents.pop(id, None)
        if document is not None:
            self.documents[id] = document
            if before is not None and (before.text, before.name) == (document.text, document.name):
                return
        for place, segment in enumerate(self.segments.pop(id, ())):
            self.segment_index.remove((id, place))
            del self.places[segment.id]
            yield len(segment.text)
        if document is not None:
            placed = self.segments[id] = []
            for place, segment in enumerate(cut(document)):
                placed.append(segment)
                self.segment_index.add((id, place), f"{document.name}\n{segment.text}")
                self.places[segment.id] = id, place
                yield len(segment.text)

    def _place_qa(self, id: str, qa: Qa | None) -> None:
        before = self.qas.pop(id, None)
        for place in range(len(before.questions) if before else 0):
            self.qa_index.remove((id, place))
        if qa is not None:
            self.qas[id] = qa
            for place, question in enumerate(qa.questions):
                self.qa_index.add((id, place), question)


class Seen(NamedTuple):
    """Who looks, and when."""

    retrieval: Retrieval
    now: float
    released: bool
    visitor: Mapping[str, Sequence[str]] | None
    """None is somebody whom everything is for."""

    def document(self, document: Document) -> bool:
        current = self.retrieval.documents.get(document.base, document.id)
        record = document if self.released and current is None else current
        return record is not None and self._sees(document if self.released else record, record)

    def qa(self, qa: Qa) -> bool:
        current = self.retrieval.qas.get(qa.base, qa.id)
        record = qa if self.released and current is None else current
        return record is not None and self._sees(qa if self.released else record, record)

    def _sees(self, shown: Document | Qa, current: Document | Qa) -> bool:
        """`current` is what tells whether it is isolated by now."""
        return (
            shown.validity.covers(self.released)
            and shown.findable(self.now)
            and not current.isolated
            and shown.validity.starts <= self.now
            and (self.visitor is None or self.retrieval.labels_admit(shown.base, shown, self.visitor))
        )
