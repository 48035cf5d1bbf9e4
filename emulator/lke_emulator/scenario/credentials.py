"""The `credentials` of a scenario's account: who may call."""

from collections.abc import Sequence

from lke_emulator.account.account import Account
from lke_emulator.account.records import Credential
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.moments import moment_of
from lke_emulator.scenario.section import HeaderText, Moment, SecretId, Section, Text
from lke_emulator.scenario.things import Things


class CredentialSection(Section, frozen=True):
    """A SecretId and its SecretKey."""

    secret_id: SecretId
    """What requests carry, such as AKIDlocal."""
    secret_key: Text
    """What requests are signed with."""
    sub_account: Text | None = None
    """Who signs with it: a sub-account's name or uin. Left out: the root account."""
    token: HeaderText | None = None
    """Makes it a temporary credential: requests must carry this token."""
    expires: Moment | None = None
    """When it ceases to be accepted, by the real clock (signatures are never judged by the account's)."""


def build_credentials(
    sections: Sequence[CredentialSection], account: Account, things: Things, now: float, at: Place
) -> list[Credential]:
    """`now` is the real moment."""
    return [
        Credential(
            section.secret_id,
            section.secret_key,
            account.uin,
            things.person(section.sub_account, account, at / i / "sub_account"),
            section.token,
            moment_of(section, "expires", now, account.zone, at / i),
        )
        for i, section in enumerate(sections)
    ]
