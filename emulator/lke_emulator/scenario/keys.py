"""The `keys` of a scenario's account: API keys that open the OpenAI-compatible endpoint."""

from collections.abc import Sequence

from lke_emulator.account.account import Account
from lke_emulator.primitives.money import money
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.moments import moment_of
from lke_emulator.scenario.section import Cost, Digits, Moment, NonEmpty, Section, Text
from lke_emulator.scenario.things import Things


class KeySection(Section, frozen=True):
    """An API key, which opens the OpenAI-compatible endpoint."""

    label: str = ""
    """What lists call it, and what chat rules and limits know it by."""
    remark: str = ""
    """A note for people."""
    id: Digits | None = None
    """A whole number. Left out: one more than that of the key before."""
    secret: Text | None = None
    """What clients send: sk- and more. Left out: one is made that nobody learns."""
    sub_account: Text | None = None
    """Who made it: a sub-account's name or uin. Left out: the root account."""
    group: str = ""
    """The gateway's group."""
    enabled: bool = True
    """Whether it works."""
    quota: Cost | None = None
    """What it may spend of the balance in all, in the account's currency. Left out: no limit of its own."""
    used: Cost = 0
    """What of it is spent, in the account's currency."""
    models: list[NonEmpty] = []
    """Names or patterns of the models that it may call, such as deepseek-*. Left out: all."""
    created: Moment | None = None
    """Left out: as the account's clock starts."""
    expires: Moment | None = None
    """When it ceases to be accepted, by the account's clock. Left out: never."""


def build_keys(sections: Sequence[KeySection], account: Account, things: Things, now: float, at: Place) -> None:
    for i, section in enumerate(sections):
        here = at / i
        created = moment_of(section, "created", now, account.zone, here)
        expires = moment_of(section, "expires", now, account.zone, here)
        if created is not None and expires is not None and expires <= created:
            raise (here / "expires").wrong("this is not after `created`")
        key, _ = here.checked(
            account.keys.create,
            section.label,
            id=section.id or "",
            secret=section.secret or "",
            owner=things.person(section.sub_account, account, here / "sub_account"),
            remark=section.remark,
            group=section.group,
            quota=None if section.quota is None else money("quota", section.quota),
            expires=expires,
            models=section.models,
            now=now if created is None else created,
            assumptions=account.assumptions,
        )
        key.enabled = section.enabled
        key.used = money("used", section.used)
