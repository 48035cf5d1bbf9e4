"""The world a scenario describes: accounts and the credentials that open them."""

from emulator.world.account import Account
from emulator.world.assumptions import Assumptions
from emulator.world.ids import Ids
from emulator.world.journal import Journal
from emulator.world.keys import Key, find
from emulator.world.records import Credential


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
    ) -> None:
        """At least one account with at least one credential. `deterministic`: request ids come from the seed."""
        self.scenario = scenario
        self.seed = seed
        self.accounts = {account.uin: account for account in accounts}
        self.credentials = {credential.secret_id: credential for credential in credentials}
        self.assumptions = assumptions
        self.ids = Ids((seed, "world") if deterministic else None)
        self.journal = Journal()
        self._keys: dict[bytes, Key] = {}
        for account in accounts:
            account.keys.publish(self._keys)
        first = accounts[0]
        self.first_credential = next(
            (credential for credential in credentials if credential.uin == first.uin),
            Credential("", "", first.uin, first.uin),
        )

    def account_of_key(self, secret: str) -> tuple[Account, Key] | None:
        """Whose API key this is, whatever its status; None for a secret that opens nothing."""
        key = find(self._keys, secret)
        return None if key is None else (self.accounts[key.account], key)
