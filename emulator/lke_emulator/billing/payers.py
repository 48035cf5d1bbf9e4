"""Which packages hold and pay at a moment."""

from lke_emulator.billing.books import Books
from lke_emulator.billing.packages import Kind, Package

NEVER = 1 << 60
ROOM = 256


class Payers:
    """Worked out once and kept until a package begins or ends; `forget` when one is had, renewed, ended or used up.

    So a call costs the same however many packages an account has ever had.
    """

    def __init__(self, books: Books) -> None:
        self._books = books
        self.forget()

    def forget(self) -> None:
        self._since = self._until = 0
        self._holding: list[Package] = []
        self._chains: dict[tuple[Kind, str, str], list[Package]] = {}
        self._places: dict[str, int] = {}

    def chain(self, kind: Kind, api: str, model: str, moment: int) -> list[Package]:
        """The packages that pay for this usage, first to last."""
        self._look(moment)
        chain = self._chains.get((kind, api, model))
        if chain is None:
            if len(self._chains) == ROOM:
                self._chains.clear()
            chain = [package for package in self._holding if package.covers(kind, api, model) and package.remaining]
            self._chains[kind, api, model] = chain
        return chain

    def held(self, kind: Kind, moment: int) -> list[Package]:
        self._look(moment)
        return [package for package in self._holding if package.kind == kind]

    def dedicated(self, model: str, moment: int) -> int:
        """Calls in flight that concurrency packages allow for a model."""
        self._look(moment)
        places = self._places.get(model)
        if places is None:
            if len(self._places) == ROOM:
                self._places.clear()
            held = self.held("concurrency", moment)
            places = self._places[model] = sum([package.total for package in held if package.fits(model)])
        return places

    def _look(self, moment: int) -> None:
        if self._since <= moment < self._until:
            return
        self.forget()
        packages = self._books.packages
        bounds = [bound for package in packages for bound in (package.start, package.expires)]
        self._since = max([bound for bound in bounds if bound <= moment], default=0)
        self._until = min([bound for bound in bounds if bound > moment], default=NEVER)
        self._holding = [package for package in packages if package.holds(moment)]
