"""The documents of the bases: saved, parsed, audited and learned as the clock goes, then there to be found."""

from collections.abc import Iterable, Mapping, Set
from typing import Any

import msgspec

from lke_emulator.knowledge.assumptions import KnowledgeAssumptions
from lke_emulator.knowledge.collection import Collection
from lke_emulator.knowledge.failures import Failures
from lke_emulator.knowledge.reading import seeded_text
from lke_emulator.knowledge.refusals import failed
from lke_emulator.knowledge.validity import Validity
from lke_emulator.knowledge.work import DONE, Work, work
from lke_emulator.primitives.bounds import Moment, Natural
from lke_emulator.primitives.snowflakes import Snowflakes

DELETED, AUDITING, AUDIT_FAILED, THERE, LEARNING, LEARN_FAILED = 6, 7, 8, 10, 13, 14
PARSING, PARSE_FAILED, IMPORT_FAILED, EXPIRED, ISOLATED, RESTORING = 17, 18, 19, 20, 21, 22
"""Status of a document (documented)."""
RUNNING = {"parse": PARSING, "import": PARSING, "audit": AUDITING, "learn": LEARNING}
FAILED = {"parse": PARSE_FAILED, "import": IMPORT_FAILED, "audit": AUDIT_FAILED, "learn": LEARN_FAILED}
UNDER_WAY = frozenset(RUNNING.values())
BROKEN = frozenset(FAILED.values())
STOPPED = "stopped by StopDocParse"


class ContentFilter(msgspec.Struct, frozen=True):
    """Which pictures of a document are left out (adp): those below so many pixels, and those of these names."""

    min_width: int = 0
    min_height: int = 0
    names: str = ""
    """Regular expressions with semicolons between them."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """Never changed: a new one takes its place. Moments are Unix seconds on the account's clock."""

    base: str
    id: str
    category: str
    name: str
    """FileName, with its extension."""
    new_name: str = ""
    """What it is called from the next release on (documented)."""
    type: str
    cos_url: str
    etag: str = ""
    hash: str = ""
    """CosHash: equal ones are the same document, whatever they are called (documented)."""
    size: Natural = 0
    text: str | None = None
    """None where it is seeded."""
    problem: str = ""
    """Why it cannot be parsed."""
    pages: Natural = 1
    characters: Natural = 0
    source: Natural = 0
    web_url: str = ""
    refer_url_type: Natural = 0
    is_refer: bool = False
    is_download: bool = False
    split_rule: str = ""
    update_hours: Natural = 0
    customer_id: str = ""
    external_url: str = ""
    is_public: bool = True
    """Whether a customer's document is for everybody, as adp's UserAccessConfig says."""
    content_filter: ContentFilter = ContentFilter()
    validity: Validity = Validity()
    created: Moment
    updated: Moment
    editor: str = ""
    """The uin of who changed it last."""
    work: Work
    generation: Work | None = None
    """Of Q&A from it, the last time."""
    isolated: bool = False
    restored: Work | None = None
    edition: int = 1
    """Counts what a release would carry over."""

    def status(self, now: float) -> int:
        work = self.work
        if work.began <= now < work.ends:
            return RUNNING[work.stage(now)]
        if work.outcome != DONE:
            return FAILED[work.outcome]
        if self.isolated:
            return ISOLATED
        if self.restored is not None and self.restored.running(now):
            return RESTORING
        return EXPIRED if self.validity.expired(now) else THERE

    def findable(self, now: float) -> bool:
        status = self.status(now)
        return status == THERE or (status == EXPIRED and self.validity.outlives)

    @property
    def shown_name(self) -> str:
        return self.new_name or self.name

    def content(self) -> str:
        """Its text, of which `characters` are counted; pages end with a form feed."""
        return seeded_text(self.name, self.pages, self.hash) if self.text is None else self.text

    def moment(self, now: float) -> int:
        """UpdateTime: when it was changed last, or came to another stage (documented: set at each step)."""
        reached = self.work.ends if self.work.ends <= now else self.work.began
        return int(max(self.updated, reached)) if self.work.began <= now else int(self.updated)


class Documents:
    """Those of one account. Whoever changes one also says who did, and when."""

    class State(msgspec.Struct, frozen=True):
        documents: tuple[Document, ...]

    @staticmethod
    def check_state(state: State) -> None:
        for number, document in enumerate(state.documents):
            document.work.check_stages(RUNNING, f".documents[{number}]")

    def __init__(self, snowflakes: Snowflakes, failures: Failures, assumptions: KnowledgeAssumptions) -> None:
        self._snowflakes = snowflakes
        self._failures = failures
        self._assumptions = assumptions
        self._kept: Collection[Document] = Collection("document")
        self._characters: dict[str, int] = {}
        self._by_hash: dict[tuple[str, str], str] = {}
        """Base and hash -> the document."""
        self.isolated = 0
        """Characters of those that are isolated."""

    def saved(self) -> State:
        return self.State(tuple(self._kept.everything()))

    def restored(self, state: State) -> None:
        self._kept.fill(state.documents)
        self._characters.clear()
        self._by_hash.clear()
        self.isolated = 0
        for document in state.documents:
            self._count(document, 1)

    def forget(self, base: str) -> None:
        for document in self._kept.of(base).values():
            self._count(document, -1)
        self._kept.forget(base)

    # what there is

    def of(self, base: str) -> Mapping[str, Document]:
        """By id, the oldest first."""
        return self._kept.of(base)

    def get(self, base: str, id: str) -> Document | None:
        return self._kept.get(base, id)

    def find(self, base: str, id: str) -> Document:
        return self._kept.find(base, id)

    def found(self, base: str, ids: Iterable[str]) -> list[Document]:
        """All of them, each once; a refusal that names the first that is not there."""
        return [self._kept.find(base, id) for id in dict.fromkeys(ids)]

    def everything(self) -> Iterable[Document]:
        return self._kept.everything()

    def with_hash(self, base: str, hash: str) -> Document | None:
        """The document of the base that has the same content."""
        id = self._by_hash.get((base, hash))
        return None if id is None else self._kept.get(base, id)

    @property
    def characters(self) -> Mapping[str, int]:
        """Base -> the characters of its documents."""
        return self._characters

    def placed(self, base: str) -> dict[str, int]:
        """Category -> how many documents are in it."""
        counts: dict[str, int] = {}
        for document in self._kept.of(base).values():
            counts[document.category] = counts.get(document.category, 0) + 1
        return counts

    def changes(self, base: str) -> set[str]:
        """The ids of what is new, other or gone since this was asked last."""
        return self._kept.changes(base)

    # what happens to them

    def save(self, document: Document, now: float) -> Document:
        """Take in a new document, whose id and work are given to it here."""
        return self.declare(
            msgspec.structs.replace(document, id=self._snowflakes.next(now), work=self._begun(document, now))
        )

    def declare(self, document: Document) -> Document:
        """A document as it stands."""
        self._put(document)
        return document

    def change(self, document: Document, caller: str, now: float, carried: bool = True, **members: Any) -> Document:
        """Give it other members; `carried` says whether a release carries them over."""
        changed = msgspec.structs.replace(
            document, edition=document.edition + carried, editor=caller, updated=now, **members
        )
        self._put(changed)
        return changed

    def delete(self, document: Document) -> None:
        self._kept.remove(document)
        self._count(document, -1)

    def regroup(self, base: str, gone: Set[str], category: str) -> None:
        """What was in a category that is gone is in this one."""
        for document in list(self._kept.of(base).values()):
            if document.category in gone:
                self._put(msgspec.structs.replace(document, category=category))

    def retry(self, document: Document, audit: bool, now: float) -> Document:
        """Begin again, from the audit or from the beginning. A refusal where nothing failed."""
        self.check_broken(document, audit, now)
        begun = self._begun(document, now, first=2 if audit else 0)
        again = msgspec.structs.replace(document, work=begun, updated=now)
        self._put(again)
        return again

    def check_broken(self, document: Document, audit: bool, now: float) -> None:
        status = document.status(now)
        if status not in ((AUDIT_FAILED,) if audit else BROKEN):
            if audit:
                raise failed(f"the document {document.id} did not fail its audit: its status is {status}")
            raise failed(f"the document {document.id} did not fail: its status is {status}")

    def stop(self, document: Document, now: float) -> Document:
        """End its parsing, which then has failed. A refusal where it is not being parsed."""
        status = document.status(now)
        if status != PARSING:
            raise failed(f"the document {document.id} is not being parsed: its status is {status}")
        return self.fail(document, "parse", STOPPED, now)

    def fail(self, document: Document, stage: str, reason: str, now: float) -> Document:
        """Make it have failed at a stage, now."""
        ended = msgspec.structs.replace(document, work=Work(now, now, (), stage, reason), updated=now)
        self._put(ended)
        return ended

    def isolate(self, document: Document) -> None:
        self._put(msgspec.structs.replace(document, isolated=True, restored=None))

    def restore(self, document: Document, now: float) -> None:
        restoring = work(now, [("restore", self._assumptions.restoring_s)])
        self._put(msgspec.structs.replace(document, isolated=False, restored=restoring))

    def _begun(self, document: Document, now: float, first: int = 0) -> Work:
        known = self._assumptions
        stages = [
            ("parse", known.document_parsing_s),
            ("import", 0.0),
            ("audit", known.document_auditing_s),
            ("learn", known.document_learning_s),
        ][first:]
        if document.problem:
            return work(now, stages, "parse", document.problem)
        return self._failures.begin("document", document.name, now, stages)

    def _put(self, document: Document) -> None:
        before = self._kept.get(document.base, document.id)
        if before is not None:
            self._count(before, -1)
        self._kept.put(document)
        self._count(document, 1)

    def _count(self, document: Document, sign: int) -> None:
        self._characters[document.base] = self._characters.get(document.base, 0) + sign * document.characters
        if document.isolated:
            self.isolated += sign * document.characters
        if sign > 0:
            self._by_hash[document.base, document.hash] = document.id
        else:
            self._by_hash.pop((document.base, document.hash), None)
