"""Resource packages: what an account has been given or has bought beforehand.

Usage-based ones are deducted from (tokens, searches, pages, split, images: RL-11, RL-12), prepaid ones are held for a time
(concurrency, knowledge: RL-13, RL-14).
"""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

import msgspec

from lke_emulator.primitives.millionths import MILLION
from lke_emulator.usage.amounts import Amounts

Kind = Literal["tokens", "searches", "pages", "split", "images", "concurrency", "knowledge"]
Source = Literal["trial", "purchased"]
Status = Literal["not-begun", "available", "exhausted", "expired"]
"""A page lists the last three (BA-10); a scenario can have a package begin later."""
Period = Literal["", "month", "year"]
MONTHS = {"month": 1, "year": 12}
UNITS: dict[Kind, str] = {
    "tokens": "token",
    "searches": "search",
    "pages": "page",
    "split": "token",
    "images": "image",
    "concurrency": "call in flight",
    "knowledge": "character",
}
FIELDS: dict[Kind, tuple[str, ...]] = {
    "tokens": ("input", "output"),
    "searches": ("rag", "internet"),
    "pages": ("pages",),
    "split": ("split",),
    "images": ("calls",),
}
"""Usage-based kind -> the members of Amounts that it covers, in the order in which one call takes them."""
SUMS: dict[Kind, str] = {"tokens": "total", "searches": "search", "pages": "pages", "split": "split", "images": "calls"}
"""Usage-based kind -> the member of Amounts that is its consumption."""
IMAGES = "ImageGeneration"
APIS: dict[str, Kind] = {
    "ChatCompletions": "tokens",
    "GetEmbedding": "tokens",
    "QueryRewrite": "tokens",
    "RunRerank": "tokens",
    "CreateReconstructDocumentFlow": "pages",
    "CreateSplitDocumentFlow": "split",
    "SearchPro": "searches",
    IMAGES: "images",
    # Usage of apps has no action of its own; its SubBizType is what is billed.
    "KnowledgeQA": "tokens",
    "KnowledgeSummary": "tokens",
    "Rewrite": "tokens",
    "Embedding": "tokens",
    "FileParse": "pages",
    "SearchEngine": "searches",
}
"""What is billed by itself and has a postpaid switch (BA-14) -> what a call of it needs."""
GENERATIVE = ("ChatCompletions", "KnowledgeQA", "KnowledgeSummary")
"""The APIs whose models can have dedicated concurrency (RL-13)."""


def amount_of(kind: Kind, amounts: Amounts) -> int:
    """How much of this kind calls consumed."""
    amount: int = getattr(amounts, SUMS[kind])
    return amount


def kinds_of(api: str) -> tuple[Kind, ...]:
    """What calls of an API can consume: an image is paid apiece, nothing else by the call."""
    return ("images",) if api == IMAGES else ("tokens", "searches", "pages", "split")


class Package(msgspec.Struct, kw_only=True):
    """Moments are whole Unix seconds; a package holds from `start` to before `expires`."""

    id: Annotated[str, msgspec.Meta(pattern="^[0-9]+$")]
    name: str = ""
    kind: Kind
    source: Source
    total: int
    used: int = 0
    models: tuple[str, ...] = ()
    """Empty for every model."""
    apis: tuple[str, ...] = ()
    """Names of APIS; empty for every one that consumes this kind."""
    bought: int
    start: int
    expires: int
    period: Period = ""
    """Of a prepaid package; empty for a usage-based one."""
    day: int = 0
    """Of the month, on which periods end that begin one after the other: from 31 January to 28 February to 31 March."""
    past: tuple[tuple[int, int], ...] = ()
    """[start, expires) of the times for which it held before it was renewed too late."""
    price: int = 0
    """Micro-units, what it cost."""

    @property
    def remaining(self) -> int:
        return self.total - self.used

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Every [start, expires) that it ever had."""
        return (*self.past, (self.start, self.expires))

    def fits(self, model: str) -> bool:
        return not self.models or model in self.models

    def covers(self, kind: Kind, api: str, model: str) -> bool:
        return self.kind == kind and self.fits(model) and (not self.apis or api in self.apis)

    def holds(self, moment: int) -> bool:
        return self.start <= moment < self.expires

    def status(self, moment: int) -> Status:
        """A usage-based package is expired when its validity ends, whatever is left of it (RL-12)."""
        if moment >= self.expires:
            return "expired"
        if moment < self.start:
            return "not-begun"
        return "available" if self.remaining else "exhausted"


class PackageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the resource list (RL-7 to RL-10)."""

    id: str
    name: str
    kind: Kind
    source: Source
    status: Status
    total: int
    used: int
    remaining: int
    unit: str
    models: tuple[str, ...]
    apis: tuple[str, ...]
    bought: int
    start: int
    expires: int
    period: Period
    price: int


def package_row(package: Package, status: Status, used: int) -> PackageRow:
    fields = {name: getattr(package, name) for name in PackageRow.__struct_fields__ if hasattr(package, name)}
    told = {"unit": UNITS[package.kind], "used": used, "remaining": package.total - used, "status": status}
    return PackageRow(**(fields | told))


class TrialGrant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A package that an account is given when it registers (RL-8)."""

    kind: Kind
    total: Annotated[int, msgspec.Meta(ge=1, le=10**15)]
    apis: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    days: Annotated[int, msgspec.Meta(ge=1, le=36_500)] = 30

    def __post_init__(self) -> None:
        """ValueError for an API that is not billed."""
        for api in self.apis:
            if api not in APIS:
                raise ValueError(f"apis: `{api}` is no API that is billed; known: {', '.join(APIS)}")


TRIAL_GRANTS = (
    TrialGrant(kind="tokens", total=500_000, apis=("QueryRewrite",)),
    TrialGrant(kind="tokens", total=500_000, apis=("ChatCompletions",)),
    TrialGrant(kind="tokens", total=500_000, apis=("GetEmbedding",)),
    TrialGrant(kind="tokens", total=500_000, apis=("RunRerank",)),
    TrialGrant(kind="pages", total=100),
    TrialGrant(kind="split", total=500_000),
    TrialGrant(kind="searches", total=100),
    TrialGrant(kind="tokens", total=500_000, apis=("KnowledgeQA", "KnowledgeSummary", "Rewrite", "Embedding")),
)
"""Only the first is documented; the others are of its size, so that every API can be tried."""


class Offer(NamedTuple):
    kind: Kind
    api: str
    total: int
    price: int


def offers(kind: Kind, api: str, prices: Mapping[int, int]) -> list[Offer]:
    return [Offer(kind, api, total, price * MILLION) for total, price in prices.items()]


OFFERS = [
    # The page writes `10,000 Pages` a second time where 100,000 must be meant.
    *offers(
        "pages",
        "CreateReconstructDocumentFlow",
        {
            500: 42,
            1_000: 75,
            10_000: 708,
            50_000: 2_333,
            100_000: 4_083,
            500_000: 16_667,
            1_000_000: 31_250,
            5_000_000: 120_834,
        },
    ),
    *offers("split", "CreateSplitDocumentFlow", {5_000_000: 59, 100_000_000: 1_084}),
    *offers("tokens", "GetEmbedding", {50_000_000: 42, 100_000_000: 83, 5_000_000_000: 375, 10_000_000_000: 750}),
]
"""List prices in USD (documented, 1255/70373); no others are public."""


def list_price(kind: Kind, apis: tuple[str, ...], total: int, currency: str) -> int | None:
    """Micro-units, or None where no list says it."""
    if currency != "USD":
        return None
    return next(
        (offer.price for offer in OFFERS if (offer.kind, (offer.api,), offer.total) == (kind, apis, total)), None
    )


def rest(api: str, amounts: Amounts, taken: Mapping[Kind, int]) -> Amounts:
    """What packages left of an amount, when they took so much of each kind: what goes in is taken before what comes out.

    Calls are left where they are what is paid for.
    """
    left = dict.fromkeys(Amounts._fields, 0)
    for kind in kinds_of(api):
        gone = taken.get(kind, 0)
        for field in FIELDS[kind]:
            amount: int = getattr(amounts, field)
            left[field] = max(0, amount - gone)
            gone = max(0, gone - amount)
    return Amounts(**left)
