"""The `access_tokens` of a scenario's account: how dashboards and balance checkers are known."""

from collections.abc import Sequence

from lke_emulator.account.account import Account
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.section import Section, Text
from lke_emulator.scenario.things import Things


class AccessTokenSection(Section, frozen=True):
    """What a dashboard or a balance checker of the gateway family shows as its user."""

    token: Text
    """What it sends as Authorization."""
    sub_account: Text | None = None
    """Whose it is: a sub-account's name or uin. Left out: the root account."""


def build_access_tokens(sections: Sequence[AccessTokenSection], account: Account, things: Things, at: Place) -> None:
    for i, section in enumerate(sections):
        owner = things.person(section.sub_account, account, at / i / "sub_account")
        if account.access_tokens.has(owner):
            raise (at / i).wrong("somebody has an access token already; there is one for each")
        (at / i / "token").checked(account.access_tokens.issue, owner, section.token)
