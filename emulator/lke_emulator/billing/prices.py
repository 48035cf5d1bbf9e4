"""What postpaid usage costs, per API and model."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Literal

import msgspec

from lke_emulator.billing.packages import IMAGES
from lke_emulator.primitives.millionths import MILLION
from lke_emulator.primitives.money import QUOTA_PER_UNIT, money
from lke_emulator.usage.amounts import Amounts

Currency = Literal["USD", "CNY"]


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """In the account's currency: tokens by the thousand, everything else apiece. A figure that is left out is for another
    price to say: each comes from the first price whose patterns fit and that has it."""

    model: str = "*"
    api: str = "*"
    input: float | None = None
    output: float | None = None
    split: float | None = None
    page: float | None = None
    search: float | None = None
    image: float | None = None


GRAIN = MILLION // QUOTA_PER_UNIT
"""Every charge is a whole number of the gateway's quota, so that what its logs say adds up to what the balance loses."""
FIGURES = ("input", "output", "split", "page", "search", "image")


def chat(model: str, input: float, output: float) -> Price:
    """The model of a chat, by every name it has: `deepseek-v3.2`, `Deepseek/deepseek-v3.2`."""
    return Price(model=f"*{model}", input=input, output=output)


DOCUMENTED: dict[Currency, tuple[Price, ...]] = {
    "CNY": (
        chat("deepseek-r1-0528", 0.004, 0.016),
        chat("deepseek-r1-250528", 0.004, 0.016),
        chat("deepseek-r1", 0.004, 0.016),
        chat("deepseek-v3-0324", 0.002, 0.008),
        chat("deepseek-v3-250324", 0.002, 0.008),
        chat("deepseek-v3", 0.002, 0.008),
        chat("deepseek-v3.1-terminus", 0.004, 0.012),
        chat("deepseek-v3.2", 0.002, 0.003),
    ),
    "USD": (),
}
"""Postpaid prices from 2025-02-26; the output of R1 includes its chain of thought."""
INVENTED: dict[Currency, tuple[Price, ...]] = {
    "CNY": (
        Price(api="*Embedding", input=0.0007),
        Price(api="RunRerank", input=0.0008),
        Price(model="*claude*", input=0.021, output=0.105),
        Price(model="*gpt-4o*", input=0.018, output=0.07),
        Price(input=0.004, output=0.012, split=0.002, page=0.08, search=0.035, image=0.2),
    ),
    "USD": (
        Price(api="*Embedding", input=0.0001),
        Price(api="RunRerank", input=0.0001),
        Price(model="*claude*", input=0.003, output=0.015),
        Price(model="*gpt-4o*", input=0.0025, output=0.01),
        Price(input=0.0006, output=0.0018, split=0.0003, page=0.012, search=0.005, image=0.03),
    ),
}
"""No source: believable figures, so that postpaid costs something."""


class Prices:
    """The price list of one account: its own prices, then the documented ones, then (`price_table`) the invented ones."""

    def __init__(self, currency: Currency, own: Sequence[Price], with_invented: bool) -> None:
        self._table = (*own, *DOCUMENTED[currency], *(INVENTED[currency] if with_invented else ()))
        self._rates: dict[tuple[str, str], tuple[int, ...]] = {}

    def of(self, api: str, model: str) -> Price:
        """Every figure of it is there; what no price says is free."""
        fits = [one for one in self._table if fnmatchcase(api, one.api) and fnmatchcase(model, one.model)]
        said = {
            figure: next((value for one in fits if (value := getattr(one, figure)) is not None), 0)
            for figure in FIGURES
        }
        return Price(model=model, api=api, **said)

    def charge(self, api: str, model: str, amounts: Amounts) -> int:
        """Micro-units, rounded to the nearest GRAIN."""
        rates = self._rates.get((api, model))
        if rates is None:
            rates = self._rates[api, model] = rates_of(self.of(api, model))
        step = 1000 * GRAIN
        return (sum([rate * amount for rate, amount in zip(rates, amounts, strict=True)]) + step // 2) // step * GRAIN


def rates_of(price: Price) -> tuple[int, ...]:
    """Micro-units for a thousand of each member of Amounts; only an image is paid by the call."""
    micro = {figure: money(figure, getattr(price, figure)) for figure in FIGURES}
    search = 1000 * micro["search"]
    image = 1000 * micro["image"] if price.api == IMAGES else 0
    return image, micro["input"], micro["output"], 1000 * micro["page"], micro["split"], search, search
