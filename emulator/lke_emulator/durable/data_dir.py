"""A folder that keeps a world: whatever a call has changed is in it before the call is answered.

After every step of a call what its account knows is compared with what is written, and what differs is written in one
transaction. What changes nothing, a read or a call that was refused, writes nothing.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import repeat
from os.path import samestat
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakSet

import msgspec

from lke_emulator.account.account import ASKED, Account
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.call import Wait
from lke_emulator.account.faults import Faults
from lke_emulator.account.records import Credential
from lke_emulator.account.snapshot import Snapshot, SnapshotText, read_snapshot, write
from lke_emulator.account.world import World
from lke_emulator.durable.database import (
    FILE,
    CannotKeep,
    Row,
    get_fragments,
    is_written,
    opened,
    put_fragments,
    put_new_fragments,
    transaction,
)
from lke_emulator.durable.kept_account import KeptAccount, PartFragment, Standing, Unwritten, read_account
from lke_emulator.exchange.answer import Parts
from lke_emulator.exchange.exchange import Exchange
from lke_emulator.exchange.running import NotKept, Running
from lke_emulator.primitives.ids import Ids

log = logging.getLogger("lke_emulator.durable")
encode = msgspec.msgpack.Encoder().encode
TABLES = ("world", "credentials", "accounts", "origins", "fragments")
READING = ("GET", "HEAD", "OPTIONS")
PUT_ACCOUNT = (
    "INSERT INTO accounts (uin, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value RETURNING id"
)
PUT_CREDENTIAL = (
    "INSERT INTO credentials (secret_id, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
)

UNREADABLE = (ValueError, LookupError, msgspec.MsgspecError, sqlite3.Error)


class ScenarioFile(msgspec.Struct, frozen=True):
    """The scenario that the world began as."""

    scenario: str
    """The path of its file."""
    digest: str
    """Of its text."""
    seed: int | None
    """The one that was given in place of its own."""


class KeptWorld(msgspec.Struct, frozen=True):
    """What a world is beside its accounts and credentials."""

    scenario: str
    seed: int
    deterministic: bool
    assumptions: Assumptions


class Known(NamedTuple):
    """What is written, and of which objects."""

    accounts: dict[str, KeptAccount]
    origins: dict[str, Snapshot]
    credentials: dict[str, Credential]
    faults: Faults.State | None

    def is_new(self, account: Account) -> bool:
        kept = self.accounts.get(account.uin)
        return kept is None or kept.account is not account


class DataDir:
    def __init__(self, folder: Path) -> None:
        """CannotKeep where the folder cannot be used."""
        self.folder = folder
        self._file = opened(folder)
        self._stat = (folder / FILE).stat()
        self._world: World | None = None
        self._known = Known({}, {}, {}, None)
        self._gone: WeakSet[World] = WeakSet()
        """Worlds of which something could not be written."""

    def close(self) -> None:
        self._file.close()

    # reading

    def origin(self) -> ScenarioFile | None:
        """None in an empty folder."""
        found: ScenarioFile | None = self._named("origin", ScenarioFile)
        return found

    def read(self) -> World:
        """The world that is kept. CannotKeep where it cannot be read."""
        try:
            return self._read()
        except UNREADABLE as error:
            raise CannotKeep(
                f"{self.folder} holds a world that cannot be read here ({error}): give another folder, or remove this one"
            ) from None

    def _read(self) -> World:
        known, select = self._named("world", KeptWorld), self._file.execute
        if known is None:
            raise LookupError("it has no world")
        fragments, accounts, opened_since, kept = get_fragments(self._file), [], set(), {}
        for id, uin, value in select("SELECT id, uin, value FROM accounts ORDER BY id"):
            standing = msgspec.msgpack.decode(value, type=Standing)
            account = read_account(standing, fragments[id])
            accounts.append(account)
            if standing.opened:
                opened_since.add(uin)
            kept[uin] = KeptAccount(id, account, standing.opened)
            if not kept[uin].number(fragments[id]):
                del kept[uin]  # an older version wrote it: it is written anew
        credentials = [
            Credential(*msgspec.msgpack.decode(value))
            for (value,) in select("SELECT value FROM credentials ORDER BY id")
        ]
        world = World(known.scenario, known.seed, accounts, credentials, known.assumptions, known.deterministic)
        origins = {
            uin: read_snapshot(msgspec.json.decode(value, type=SnapshotText))
            for uin, value in select("SELECT uin, value FROM origins")
        }
        world.hark_back(origins, opened_since)
        if known.deterministic:
            world.ids.restored(self._needed("ids", Ids.State))
        world.faults.restored(self._needed("faults", Faults.State))
        self._world, self._known = world, Known(kept, dict(origins), dict(world.credentials), world.faults.saved())
        return world

    def _named(self, name: str, kind: type[Any]) -> Any:
        row = self._file.execute("SELECT value FROM world WHERE name = ?", (name,)).fetchone()
        return None if row is None else msgspec.msgpack.decode(row[0], type=kind)

    def _needed(self, name: str, kind: type[Any]) -> Any:
        found = self._named(name, kind)
        if found is None:
            raise LookupError(f"it has no {name}")
        return found

    # writing

    def begin(self, world: World, origin: ScenarioFile) -> None:
        """Keep this world in place of whatever was kept. CannotKeep where that is not possible."""
        try:
            self._begin(world, origin)
        except (OSError, sqlite3.Error) as error:
            raise CannotKeep(f"{self.folder} cannot be written: {error}") from None

    def _begin(self, world: World, origin: ScenarioFile | None) -> None:
        with self._writing():
            known = self._written_anew(world, origin or self.origin())
        self._world, self._known = world, known

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """OSError where the file is no more: SQLite would go on to write one that has no name."""
        if not samestat((self.folder / FILE).stat(), self._stat):
            raise OSError(f"{FILE} is another file than before")
        with transaction(self._file):
            yield

    def _written_anew(self, world: World, origin: ScenarioFile | None) -> Known:
        for table in TABLES:
            self._file.execute(f"DELETE FROM {table}")
        if origin is not None:
            self._put("origin", origin)
        self._put("world", KeptWorld(world.scenario, world.seed, world.deterministic, world.assumptions))
        return self._write(world, Known({}, {}, {}, None), {}, {})

    def attend(self, exchange: Exchange, parts: Parts) -> Parts:
        """Each part once what it tells of is written. Where that fails, the call fails."""
        try:
            for part in parts:
                if not isinstance(part, Wait):
                    try:
                        self.keep(exchange)
                    except NotKept as error:
                        yield parts.throw(error)
                        return
                yield part
        finally:
            parts.close()
            with suppress(NotKept):
                self.keep(exchange)

    def keep(self, exchange: Exchange) -> None:
        """Write what has changed. NotKept where that is not possible: then the world is again as it was written last."""
        if exchange.world in self._gone:
            raise NotKept(f"{self.folder} could not be written")
        try:
            self._keep(exchange)
        except (OSError, sqlite3.Error) as error:
            self._go_back(exchange.running)
            raise NotKept(f"{self.folder} cannot be written: {error}") from None

    def _go_back(self, running: Running) -> None:
        """What is refused has not happened. Calls under way are refused, too: their world is no more."""
        gone = running.world
        self._gone |= {world for world in (gone, self._world) if world is not None}  # which a load has replaced
        try:
            running.world = self._read()
        except UNREADABLE as error:  # then every call is refused
            log.error("%s cannot be read: %s", self.folder, error)
        else:
            running.world.journal = gone.journal
            running.before = None  # a load that is refused cannot be undone

    def _keep(self, exchange: Exchange) -> None:
        world, present = exchange.world, exchange.running.world
        if present is not self._world:  # control has put another scenario in its place: the same flags go on with it
            self._begin(present, None)
        if world is not present:
            return  # a call that ends in a world before this one
        known = self._known
        keeps_books = exchange.keeps_books and exchange.raw.method not in READING and not exchange.entry.code
        account = exchange.account
        asked = ASKED if account is None else exchange.may_change or ()
        touched = [account] if account is not None else list(world.accounts.values()) if keeps_books else []
        changes = {
            one.uin: kept.changes(one.uin in world.opened, keeps_books, asked)
            for one in touched
            if (kept := known.accounts.get(one.uin)) is not None and kept.account is one
        }
        news = {uin: self._unwritten(known.accounts[uin].id, one.news) for uin, one in changes.items() if one.news}
        if (
            any(one.is_change for one in changes.values())
            or any(news.values())
            or any(known.is_new(one) for one in world.accounts.values())
            or len(known.accounts) != len(world.accounts)
            or known.credentials != world.credentials
            or known.faults != world.faults.saved()
        ):
            with self._writing():
                written = self._write(world, known, changes, news)
            self._known = written
            for uin, one in changes.items():
                known.accounts[uin].wrote(one)
        for uin in changes:
            known.accounts[uin].told()

    def _unwritten(self, id: int, news: list[PartFragment]) -> list[Row]:
        return [row for row in map(row_of, repeat(id), news) if not is_written(self._file, row)]

    def _write(self, world: World, known: Known, changes: dict[str, Unwritten], news: dict[str, list[Row]]) -> Known:
        """Within a transaction; gives what is known when it is done."""
        execute = self._file.execute
        for uin in known.accounts.keys() - world.accounts.keys():
            execute("DELETE FROM fragments WHERE account = ?", (known.accounts[uin].id,))
            execute("DELETE FROM accounts WHERE uin = ?", (uin,))
            execute("DELETE FROM origins WHERE uin = ?", (uin,))
        accounts = {
            uin: self._put_account(world, account) if known.is_new(account) else known.accounts[uin]
            for uin, account in world.accounts.items()
        }
        origins = {uin: world.origin(uin) for uin in accounts}
        for uin, origin in origins.items():
            if known.origins.get(uin) is not origin:
                text = msgspec.json.encode(write(origin))
                execute("INSERT OR REPLACE INTO origins (uin, value) VALUES (?, ?)", (uin, text))
        for uin, changed in changes.items():
            kept = accounts.get(uin)
            if kept is known.accounts[uin]:
                put_fragments(
                    self._file, [*(row_of(kept.id, fragment) for fragment in changed.fragments), *news.get(uin, ())]
                )
                if changed.standing != kept.standing:
                    execute("UPDATE accounts SET value = ? WHERE id = ?", (encode(changed.standing), kept.id))
        for secret_id in known.credentials.keys() - world.credentials.keys():
            execute("DELETE FROM credentials WHERE secret_id = ?", (secret_id,))
        for secret_id, one in world.credentials.items():
            if known.credentials.get(secret_id) is not one:
                row = encode((one.secret_id, one.secret_key, one.account, one.uin, one.token, one.expires_at))
                execute(PUT_CREDENTIAL, (secret_id, row))
        faults = world.faults.saved()
        if faults != known.faults:
            self._put("faults", faults)
        self._put("ids", world.ids.saved())
        return Known(accounts, origins, dict(world.credentials), faults)

    def _put_account(self, world: World, account: Account) -> KeptAccount:
        """All of it, in place of the account of its uin."""
        kept = KeptAccount(0, account, account.uin in world.opened)
        row = account.uin, encode(kept.standing)
        (kept.id,) = self._file.execute(PUT_ACCOUNT, row).fetchone()
        self._file.execute("DELETE FROM fragments WHERE account = ?", (kept.id,))
        put_new_fragments(self._file, map(row_of, repeat(kept.id), kept.fragments()))
        return kept

    def _put(self, name: str, value: msgspec.Struct) -> None:
        self._file.execute("INSERT OR REPLACE INTO world (name, value) VALUES (?, ?)", (name, encode(value)))


def row_of(id: int, fragment: PartFragment) -> Row:
    part, (thing, item, value) = fragment
    return id, part, thing, item, None if value is None else encode(value)
