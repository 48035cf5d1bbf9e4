"""The file in which a world is kept: SQLite with a write-ahead log.

What was written when a process dies at whatever moment is there, whole transactions of it. When the whole machine loses its
power, the last transactions may be missing, those before them are there (`synchronous` is NORMAL): each change would else
cost a wait for the disk.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path

FILE = "world.sqlite"
MARK = 0x4C4B4557
"""application_id: LKEW."""
FORMAT = 2
"""Of what is written; what was written as 1 is read, too."""
CACHE_KIB = 1 << 16
"""A whole account is written in one transaction: what does not fit here is written twice."""
LOG_PAGES = 1 << 13
"""Of the write-ahead log, before it is moved into the file, which waits for the disk."""
SCHEMA = """
CREATE TABLE world (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE credentials (id INTEGER PRIMARY KEY, secret_id TEXT UNIQUE NOT NULL, value BLOB NOT NULL);
CREATE TABLE accounts (id INTEGER PRIMARY KEY AUTOINCREMENT, uin TEXT UNIQUE NOT NULL, value BLOB NOT NULL);
CREATE TABLE origins (uin TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE fragments (
    id INTEGER PRIMARY KEY, account INTEGER NOT NULL, part TEXT NOT NULL, thing TEXT NOT NULL, item INTEGER NOT NULL,
    value BLOB NOT NULL, UNIQUE (account, part, thing, item)
);
"""
NEW_FRAGMENT = "INSERT INTO fragments (account, part, thing, item, value) VALUES (?, ?, ?, ?, ?)"
PUT_FRAGMENT = f"{NEW_FRAGMENT} ON CONFLICT DO UPDATE SET value = excluded.value"


class CannotKeep(Exception):
    """The folder cannot keep a world; the text says why and what would help."""


def opened(folder: Path) -> sqlite3.Connection:
    """The file of a folder, which is made where there is none, and held by this process alone. CannotKeep where it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotKeep(f"{folder} cannot be made: {error.strerror}") from None
    try:
        with ExitStack() as unless_prepared:
            connection = sqlite3.connect(folder / FILE, timeout=0, isolation_level=None, check_same_thread=False)
            unless_prepared.callback(connection.close)
            prepare(connection, folder)
            unless_prepared.pop_all()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise CannotKeep(
                f"{folder} is held by another lke-emulator: end that one, or give another folder"
            ) from None
        raise CannotKeep(f"{folder / FILE} cannot be used: {error}") from None
    except sqlite3.DatabaseError as error:
        raise CannotKeep(f"{folder / FILE} cannot be read ({error}): give another folder, or remove this one") from None
    return connection


def prepare(connection: sqlite3.Connection, folder: Path) -> None:
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
    with transaction(connection):
        check_format(connection, folder)


def check_format(connection: sqlite3.Connection, folder: Path) -> None:
    (mark,), (format,) = [
        connection.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")
    ]
    if (mark, format) == (0, 0) and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        for statement in SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {MARK}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
    elif mark != MARK:
        raise CannotKeep(f"{folder / FILE} is no file of lke-emulator: give another folder")
    elif format > FORMAT:
        raise CannotKeep(
            f"{folder} was written by a newer lke-emulator (format {format}, and this one reads up to {FORMAT}):"
            " use that one, or give another folder"
        )
    else:
        # An older lke-emulator would read no more than a part of what is written from now on.
        connection.execute(f"PRAGMA user_version = {FORMAT}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is done within, or nothing of it."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


Row = tuple[int, str, str, int, bytes | None]
"""Account, part, thing, item, value."""


def put_fragments(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Those without a value go, and with item 0 all of their thing."""
    written: list[Row] = []
    for row in rows:
        if row[4] is not None:
            written.append(row)
            continue
        connection.executemany(PUT_FRAGMENT, written)
        written.clear()
        account, part, thing, item, _ = row
        where = "account = ? AND part = ? AND thing = ?" + (" AND item = ?" if item else " AND item >= ?")
        connection.execute(f"DELETE FROM fragments WHERE {where}", (account, part, thing, item))
    connection.executemany(PUT_FRAGMENT, written)


Items = list[tuple[int, bytes]]
"""Numbers and values, in their order; the first is item 0, the thing itself."""
Parts = dict[str, dict[str, Items]]
"""By part and thing, in the order in which they came."""


def get_fragments(connection: sqlite3.Connection) -> dict[int, Parts]:
    """By account."""
    found: dict[int, Parts] = {}
    rows = connection.execute("SELECT account, part, thing, item, value FROM fragments ORDER BY id")
    for (account, part, thing), items in groupby(rows, itemgetter(0, 1, 2)):
        things = found.setdefault(account, {}).setdefault(part, {})
        things.setdefault(thing, []).extend([row[3:] for row in items])
    for parts in found.values():
        for things in parts.values():
            for kept in things.values():
                kept.sort()
    return found


def put_new_fragments(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Those of an account of which nothing is there."""
    connection.executemany(NEW_FRAGMENT, rows)


def is_written(connection: sqlite3.Connection, row: Row) -> bool:
    """Whether this is what is there already."""
    account, part, thing, item, value = row
    asked = "SELECT value FROM fragments WHERE account = ? AND part = ? AND thing = ? AND item = ?"
    (found,) = connection.execute(asked, (account, part, thing, item)).fetchone() or (None,)
    return bool(found == value)
