"""The limits of a scenario's account: calls a second of actions, and requests, tokens and concurrency of API keys."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from lke_emulator.account.account import Account
from lke_emulator.account.key_limits import Limit, LimitFor
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.replies import action_of
from lke_emulator.scenario.section import NonEmpty

PerSecond = Annotated[int, Meta(ge=0, le=10**9)]


class LimitSection(Limit, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A limit of the OpenAI-compatible endpoint for the models and key labels that these patterns match."""

    model: NonEmpty = "*"
    """A pattern such as deepseek-*."""
    key: str = "*"
    """A pattern of API key labels."""


def build_limits(sections: Sequence[LimitSection], account: Account) -> None:
    account.throttle.limits = [
        LimitFor(section.model, section.key, msgspec.convert(section, Limit, from_attributes=True))
        for section in sections
    ]


def build_rate_limits(every: int | None, single: Mapping[str, int], account: Account, at: Place) -> None:
    """`at` is the place of the single actions' limits."""
    if every is not None:
        account.limits.every = every
        account.limits.single.clear()
    for key, limit in single.items():
        account.limits.single[action_of(key, at / key).key] = limit
