"""The world a scenario describes: accounts and the credentials that open them."""

from typing import Self

import msgspec

from lke_emulator.account.account import Account
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.faults import Faults
from lke_emulator.account.journal import Journal
from lke_emulator.account.keys import Key, find_key
from lke_emulator.account.records import Credential
from lke_emulator.account.snapshot import Snapshot, SnapshotText, read_snapshot, restore, save, write
from lke_emulator.primitives.ids import Ids, drawn


class MadeOf(msgspec.Struct, frozen=True, kw_only=True):
    """What a scenario's world was made of: the same makes the same one again."""

    text: str
    """The scenario's."""
    seed: int | None
    """The one that was given in place of its own."""
    chance: str
    """What was drawn for it."""
    moment: float
    """Unix seconds of the machine, which stood still meanwhile."""


class SavedAccount(msgspec.Struct, frozen=True):
    now: SnapshotText
    origin: SnapshotText
    opened: bool


class World:
    """Replaced as a whole when a scenario is loaded again; a request sees one world from beginning to end."""

    class State(msgspec.Struct, frozen=True):
        """For the emulator's own eyes: it has every SecretKey. What happened, the journal, is not in it."""

        scenario: str
        seed: int
        deterministic: bool
        assumptions: Assumptions
        ids: Ids.State
        faults: Faults.State
        accounts: tuple[SavedAccount, ...]
        credentials: tuple[tuple[str, str, str, str, str | None, float | None], ...]
        """Members of Credential in their order."""

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
        self.faults = Faults(seed)
        """Of every account, and of calls that are nobody's."""
        self._keys: dict[bytes, Key] = {}
        self._origins: dict[str, Snapshot] = {}
        """Uin -> how its scenario or template made the account."""
        self.made_of: MadeOf | None = None
        """None where it came from no scenario, but from what was saved of another one."""
        self.opened: set[str] = set()
        """Uins of accounts that are not the scenario's."""
        for account in accounts:
            account.keys.publish(self._keys)
            self._origins[account.uin] = save(account)
        first = accounts[0]
        self.first_credential = next(
            (credential for credential in credentials if credential.uin == first.uin),
            Credential("", "", first.uin, first.uin),
        )

    def saved(self) -> State:
        accounts = [
            SavedAccount(write(save(account)), write(self._origins[uin]), uin in self.opened)
            for uin, account in self.accounts.items()
        ]
        credentials = [
            (one.secret_id, one.secret_key, one.account, one.uin, one.token, one.expires_at)
            for one in self.credentials.values()
        ]
        return self.State(
            self.scenario,
            self.seed,
            self.deterministic,
            self.assumptions,
            self.ids.saved(),
            self.faults.saved(),
            tuple(accounts),
            tuple(credentials),
        )

    @classmethod
    def restored(cls, state: State) -> Self:
        """ValueError as `read_snapshot` raises it."""
        world = cls(
            state.scenario,
            state.seed,
            [restore(read_snapshot(one.now)) for one in state.accounts],
            [Credential(*row) for row in state.credentials],
            state.assumptions,
            state.deterministic,
        )
        world.ids.restored(state.ids)
        world.faults.restored(state.faults)
        pairs = list(zip(world.accounts, state.accounts, strict=True))
        world.hark_back(
            {uin: read_snapshot(one.origin) for uin, one in pairs}, {uin for uin, one in pairs if one.opened}
        )
        return world

    def hark_back(self, origins: dict[str, Snapshot], opened: set[str]) -> None:
        """Its accounts are as they came to be, not as they began: with these a reset goes back to the beginning."""
        self._origins, self.opened = origins, opened

    def origin(self, uin: str) -> Snapshot:
        """How its scenario or template made the account."""
        return self._origins[uin]

    def add(self, account: Account, credentials: list[Credential], origin: Snapshot | None = None) -> None:
        """Open an account beside the others; `origin` is what a reset goes back to, where that is not how it is now.

        ValueError where a uin, a SecretId, a key's secret or an AppKey is taken.
        """
        taken = [one.secret_id for one in credentials if one.secret_id in self.credentials]
        if account.uin in self.accounts or taken:
            raise ValueError(f"{taken[0] if taken else account.uin} is taken")
        self._check_app_keys(account)
        account.keys.publish(self._keys)
        self.accounts[account.uin] = account
        self._origins[account.uin] = origin or save(account)
        self.opened.add(account.uin)
        self.credentials |= {one.secret_id: one for one in credentials}

    def replace(self, account: Account) -> None:
        """Put it in the place of the account of its uin, at once: calls under way end in the one they began in.

        ValueError where another account has the secret of one of its keys, or an AppKey: then nothing has happened.
        """
        self._check_app_keys(account)
        old = self.accounts[account.uin]
        old.keys.withdraw()
        try:
            account.keys.publish(self._keys)
        except ValueError:
            old.keys.publish(self._keys)
            raise
        self.accounts[account.uin] = account
        account.watch.go_on(old.watch)

    def _check_app_keys(self, account: Account) -> None:
        """An AppKey opens one app."""
        others = [one for one in self.accounts.values() if one.uin != account.uin]
        for app in account.apps:
            for other in others:
                if other.apps.by_key(app.key) is not None:
                    raise ValueError(f"the AppKey of app {app.name!r} is in use by account {other.uin}")

    def reset(self, uin: str) -> Account:
        """The account as its scenario or template made it. ValueError as in `replace`."""
        self.replace(account := restore(self._origins[uin]))
        return account

    def remove(self, account: Account) -> None:
        """Close an account for good: nothing opens it any more."""
        account.keys.withdraw()
        del self.accounts[account.uin], self._origins[account.uin]
        self.opened.discard(account.uin)
        self.credentials = {id: one for id, one in self.credentials.items() if one.account != account.uin}

    def keep(self, old: "World") -> dict[str, str]:
        """Take over from the world before this one the accounts that are not its scenario's; tell why which of them, and of
        the scenario's, are gone."""
        gone = {uin: "the scenario has it no more" for uin in old.accounts if uin not in self.accounts}
        for uin in sorted(old.opened):
            credentials = [one for one in old.credentials.values() if one.account == uin]
            account = old.accounts[uin]
            account.keys.withdraw()
            try:
                self.add(account, credentials, old._origins[uin])
            except ValueError as error:
                gone[uin] = str(error)
            else:
                del gone[uin]
        return gone

    def come_back(self, later: "World") -> dict[str, str]:
        """Be served again after a later world, whose accounts that are not its scenario's go on as they are; tell as `keep`."""
        for uin in self.opened & later.opened:
            self.remove(self.accounts[uin])
        for uin in self.opened:
            self.accounts[uin].keys.publish(self._keys)
        return self.keep(later)

    def account_of_key(self, secret: str) -> tuple[Account, Key] | None:
        """Whose API key this is, whatever its status; None for a secret that opens nothing."""
        key = find_key(self._keys, secret)
        return None if key is None else (self.accounts[key.account], key)
