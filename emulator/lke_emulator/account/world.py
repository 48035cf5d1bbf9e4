"""The world a scenario describes: accounts and the credentials that open them."""

from lke_emulator.account.account import Account
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.journal import Journal
from lke_emulator.account.keys import Key, find_key
from lke_emulator.account.records import Credential
from lke_emulator.primitives.ids import Ids, drawn


class World:
    """Replaced as a whole when a scenario is loaded again; a request sees one world from beginning to end."""

    def __init__(
        self,
        scenario: str,
        seed: int,
        accounts: list[Account],
        credentials: list[Credential],
        assumptions: Assumptions,
        deterministic: bool = False,
        chance: object = None,
    ) -> None:
        """At least one account with at least one credential. `chance` seeds the request ids; without it nobody can guess
        them. `deterministic`: what is opened later has its ids from the seed, too."""
        self.scenario = scenario
        self.seed = seed
        self.accounts = {account.uin: account for account in accounts}
        self.credentials = {credential.secret_id: credential for credential in credentials}
        self.assumptions = assumptions
        self.deterministic = deterministic
        self.ids = Ids((drawn() if chance is None else chance, "world"))
        self.journal = Journal()
        self._keys: dict[bytes, Key] = {}
        for account in accounts:
            account.keys.publish(self._keys)
        first = accounts[0]
        self.first_credential = next(
            (credential for credential in credentials if credential.uin == first.uin),
            Credential("", "", first.uin, first.uin),
        )

    def add(self, account: Account, credentials: list[Credential]) -> None:
        """Open an account beside the others. ValueError where a uin, a SecretId or a key's secret is taken."""
        taken = [one.secret_id for one in credentials if one.secret_id in self.credentials]
        if account.uin in self.accounts or taken:
            raise ValueError(f"{taken[0] if taken else account.uin} is taken")
        account.keys.publish(self._keys)
        self.accounts[account.uin] = account
        self.credentials |= {one.secret_id: one for one in credentials}

    def remove(self, account: Account) -> None:
        """Close an account for good: nothing opens it any more."""
        del self.accounts[account.uin]
        for key in account.keys.all():
            account.keys.delete(key.id)
        self.credentials = {id: one for id, one in self.credentials.items() if one.account != account.uin}

    def account_of_key(self, secret: str) -> tuple[Account, Key] | None:
        """Whose API key this is, whatever its status; None for a secret that opens nothing."""
        key = find_key(self._keys, secret)
        return None if key is None else (self.accounts[key.account], key)
