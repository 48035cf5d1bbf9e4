"""What documents and Q&A of a scenario have in common: how many, since when, in which category, for whom, in what state."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple, ParamSpec, TypeVar

from msgspec import Meta
from msgspec.structs import asdict

from lke_emulator.account.account import Account
from lke_emulator.knowledge.categories import ROOT, Kind
from lke_emulator.knowledge.labels import Attribute
from lke_emulator.knowledge.validity import ALL, BY_CONDITION, DRAFT, EVERYWHERE, NOWHERE, RELEASED, LabelRef, Validity
from lke_emulator.knowledge.work import DONE, Work
from lke_emulator.protocol.errors import ApiError
from lke_emulator.scenario import moments
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.section import Duration, Moment, Section, Share
from lke_emulator.scenario.topics import Topics

Count = Annotated[int, Meta(ge=0, le=100_000)]
SCOPES = {"nowhere": NOWHERE, "test": DRAFT, "live": RELEASED, "everywhere": EVERYWHERE}
OVER_CAPACITY, RESTORING, EXPIRED = "over_capacity", "restoring", "expired"
MILLION = 1_000_000
P = ParamSpec("P")
T = TypeVar("T")


class ItemSection(Section, frozen=True, kw_only=True):
    count: Count = 1
    """So many of them."""
    at: Moment | None = None
    """When it was made. Left out: one after the other since `since`."""
    since: Moment | None = None
    """They were made one after the other from this moment to now. Left out: for 90 days."""
    category: str = ""
    """Names of categories from the top, such as `Returns/Parcels`. Left out: of what is made up its area, else none."""
    labels: dict[str, list[str]] = {}
    """For visitors with one of these: the name of an attribute label -> names of its labels. Left out: for everybody."""
    labelled: Share = 0.0
    """The share that is for visitors with one of the app's labels, made up which."""
    scope: Literal["nowhere", "test", "live", "everywhere"] = "everywhere"
    """EnableScope: which calls see it."""
    expires: Moment | None = None
    """From when on it is not found any more."""
    reason: str = ""
    """What is said of one that failed."""
    lasts: Duration | None = None
    """How long one that is under way still takes. Left out: an hour."""


S = TypeVar("S", bound=ItemSection)


class Setting(NamedTuple):
    """Where items are put, and when it is."""

    account: Account
    base: str
    topics: Topics
    now: float
    at: Place
    """The app's place."""

    def moment(self, text: str, at: Place) -> int:
        """Of something that has happened."""
        found = at.checked(moments.moment, text, self.now, self.account.zone)
        if found > self.now:
            raise at.wrong("this is still to come")
        return found

    def accepted(self, at: Place, make: Callable[P, T], *args: P.args, **members: P.kwargs) -> T:
        """What `make` gives; a refusal of what a call would be refused is a mistake."""
        try:
            return make(*args, **members)
        except ApiError as error:
            raise at.wrong(error.message("en-US")) from None


class DeclaredItem(NamedTuple):
    """One of a section's things."""

    section: Any
    place: Place
    nth: int
    """Its place in the section, from 0."""
    made_up: int
    """Its place among all of the app's that are made up."""
    state: str
    created: float

    def validity(self, setting: Setting) -> Validity:
        section, ends = self.section, 0
        if section.expires is not None:
            at = self.place / "expires"
            ends = at.checked(moments.moment, section.expires, setting.now, setting.account.zone)
        if self.state == EXPIRED:
            ends = min(ends or int(setting.now), int((self.created + setting.now) / 2))
        labels = self.labels(setting)
        return Validity(SCOPES[section.scope], BY_CONDITION if labels else ALL, labels, 0, ends)

    def labels(self, setting: Setting) -> tuple[LabelRef, ...]:
        known = {each.name: each for each in setting.account.labels.of(setting.base).values()}
        if self.section.labels:
            return tuple(refs(self.section.labels, known, self.place / "labels"))
        chance = setting.topics.chance("labels", self.place.path, self.nth)
        if not known or chance % MILLION >= self.section.labelled * MILLION:
            return ()
        attribute = list(known.values())[chance // MILLION % len(known)]
        return (LabelRef(attribute.id, (setting.topics.pick(attribute.labels, chance).id,)),)

    def work(self, setting: Setting, running: Mapping[str, str], failed: Mapping[str, str]) -> Work:
        """What is behind its state; the stages of those that are under way and of those that failed are given."""
        if self.state in running:
            return Work(self.created, self.created + self.lasts, ((running[self.state], self.lasts),))
        stage = failed.get(self.state, DONE)
        return Work(self.created, self.created, (), stage, self.section.reason if stage != DONE else "")

    def restored(self, setting: Setting) -> Work | None:
        if self.state != RESTORING:
            return None
        return Work(setting.now, setting.now + self.lasts, (("restore", self.lasts),))

    @property
    def lasts(self) -> float:
        return float((self.place / "lasts").checked(moments.duration, self.section.lasts or "1h"))


def refs(given: Mapping[str, Sequence[str]], known: Mapping[str, Attribute], at: Place) -> Iterator[LabelRef]:
    for name, names in given.items():
        attribute = known.get(name)
        if attribute is None:
            raise (at / name).wrong(
                f"no attribute label of this app has this name; known: {', '.join(known) or 'none'}"
            )
        labels = {label.name: label.id for label in attribute.labels}
        for i, label in enumerate(names):
            if label not in labels:
                raise (at / name / i).wrong(f"`{label}` is no label of `{name}`; known: {', '.join(labels)}")
        yield LabelRef(attribute.id, tuple(labels[label] for label in names))


def declared_items(
    kind: type[S], value: int | S | list[S], at: Place, setting: Setting, running: Mapping[str, str]
) -> list[DeclaredItem]:
    """All of an app's, the oldest first. What is under way was made just now."""
    found: list[DeclaredItem] = []
    for section, place in each_section(kind, value, at):
        given = states_in_order(section, place, running)
        for i, (state, created) in enumerate(zip(given, spread(section, place, setting), strict=True)):
            found.append(
                DeclaredItem(section, place, i, len(found), state, setting.now if state in running else created)
            )
    return sorted(found, key=lambda item: item.created)


def each_section(kind: type[S], value: int | S | list[S], at: Place) -> Iterator[tuple[S, Place]]:
    if isinstance(value, int):
        yield kind(count=value), at
    elif isinstance(value, list):
        yield from ((section, at / i) for i, section in enumerate(value))
    else:
        yield value, at


def states_in_order(section: Any, at: Place, running: Mapping[str, str]) -> list[str]:
    """Of each, the oldest first: what is under way, or does not fit, is newest."""
    others = {name: many for name, many in asdict(section.states).items() if many}
    left = section.count - sum(others.values())
    if left < 0:
        raise (at / "states").wrong(f"these are {section.count - left} together, and there are {section.count}")
    late = [name for name in (RESTORING, OVER_CAPACITY, *running) if name in others]
    early = [name for name, many in others.items() if name not in late for _ in range(many)]
    mixed = [section.state] * left
    for place, name in enumerate(early, 1):
        mixed.insert(place * (left + len(early)) // (len(early) + 1), name)
    return mixed + [name for name in late for _ in range(others[name])]


def spread(section: Any, at: Place, setting: Setting) -> list[float]:
    """When each was made, in order."""
    count = section.count
    if section.at is not None:
        return [float(setting.moment(section.at, at / "at"))] * count
    begin = setting.moment(section.since or "-90d", at / "since")
    step = (setting.now - begin) / (count or 1)
    shares = [setting.topics.chance("when", at.path, i) % MILLION / MILLION for i in range(count)]
    return [float(int(begin + (i + share) * step)) for i, share in enumerate(shares)]


class Shelving:
    """The categories of one kind in a base, made when something is put into them."""

    def __init__(self, setting: Setting, kind: Kind) -> None:
        self._setting = setting
        self._kind = kind
        self._known: dict[str, str] = {}
        """Path -> category."""

    def category(self, path: str, at: Place) -> str:
        """The id of the category; of no path what is unsorted."""
        if path not in self._known:
            self._known[path] = self._setting.accepted(at, self._made, path)
        return self._known[path]

    def _made(self, path: str) -> str:
        setting, categories = self._setting, self._setting.account.categories
        if not path:
            return categories.place(setting.base, self._kind, "")
        above, _, name = path.rpartition("/")
        if above and above not in self._known:
            self._known[above] = self._made(above)
        parent = self._known[above] if above else ROOT
        return categories.create(setting.base, self._kind, parent, name, setting.now).id
