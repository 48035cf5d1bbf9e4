"""What a scenario leaves open, made up: every name from the seed and the thing's own position."""

from functools import cache
from typing import Any

from lke_emulator.primitives.seeds import number
from lke_emulator.scenario.document import Place

ATTEMPTS = 40


class Making:
    """Makes names for one account. `seed` is the account's."""

    def __init__(self, seed: int, locale: str, at: Place) -> None:
        """`at` is the place of the locale."""
        self.seed = seed
        self.locale = locale
        self.at = at

    @property
    def faker(self) -> Any:
        try:
            return faker(self.locale)
        except AttributeError:
            raise self.at.wrong(f"Faker has no locale `{self.locale}`; take zh_CN or en_US, for instance") from None

    def name(self, kind: str, position: int, taken: set[str]) -> str:
        """A name that nothing of this kind has yet; `kind` is a method of LkeProvider."""
        make = self.faker
        make.seed_instance(number("name", self.seed, kind, position))
        for attempt in range(1, ATTEMPTS + 1):
            name: str = getattr(make, kind)()
            if attempt == ATTEMPTS:
                name += f" {position + 1}"
            if name not in taken:
                break
        taken.add(name)
        return name

    def names(self, kind: str, given: str | None, count: int, position: int, taken: set[str], at: Place) -> list[str]:
        """The names of a section's things: the given one, numbered where there are several, or made-up ones."""
        if given is not None:
            width = len(str(count))
            return [given] if count == 1 else [f"{given} {i + 1:0{width}}" for i in range(count)]
        if not self.locale:
            raise at.wrong("`name` is missing; write one, or set `locale` at the top to have it made up")
        return [self.name(kind, position + i, taken) for i in range(count)]


@cache
def faker(locale: str) -> Any:
    """Imported only where a scenario leaves names open: Faker costs a third of a start."""
    from lke_emulator.scenario.names import fake

    return fake(locale, 0)
