"""What takes long to read, or is read by other people's code, is read in a process of its own, with bounds of time and memory.

A library makes room for every cell between a sheet's corners, and two cells far apart end the process that it is in; another
one takes minutes for a page of a few kilobytes. A call that can wait has its files read ahead, and others are served meanwhile.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec.json import decode

from lke_emulator.knowledge.unparsable import Unparsable
from lke_emulator.knowledge.unread import Unread
from lke_emulator.primitives.bell import Bell, Ear

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

PATIENCE = 60
"""Seconds, on a machine that is busy; of its own time the reader has less."""
AT_ONCE = 2
"""Readers: each may have a gigabyte."""
MODULE = "lke_emulator.knowledge.reader"
Outcome = dict[str, Any]
TOO_MUCH = "LimitExceeded.TooLargeFileError", "reading the file takes more time or memory than it may"
TOO_LONG = "FailedOperation.FileParseTimeout", "reading the file takes too long"


class ReadApart:
    """A file and its reader."""

    def __init__(self, unread: Unread) -> None:
        self.unread = unread
        self.process: subprocess.Popen[bytes] | None = None
        self._is_left = False

    def outcome(self) -> Outcome:
        """What the reader writes."""
        content, type, page_characters = self.unread
        command = [sys.executable, "-P", "-m", MODULE, type, str(page_characters)]
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, env=surroundings()) as process:
            self.process = process
            if self._is_left:
                process.kill()
            try:
                written, _ = process.communicate(content, PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                return dict(zip(("code", "problem"), TOO_LONG, strict=True))
        outcome: Outcome = (
            dict(zip(("code", "problem"), TOO_MUCH, strict=True)) if process.returncode else decode(written)
        )
        return outcome

    def leave(self) -> None:
        """Nobody waits for it any more."""
        self._is_left = True
        if self.process is not None:
            self.process.kill()


AHEAD: "list[tuple[ReadApart, Future[Outcome]]]" = []
"""What is read for calls that wait for it."""


def told_apart(unread: Unread) -> list[str] | int:
    """What `parsing.read_here` gives. Unparsable for what it refuses, or what takes too much."""
    ahead = next((future for apart, future in AHEAD if apart.unread == unread), None)
    told = ReadApart(unread).outcome() if ahead is None else ahead.result()
    if "problem" in told:
        raise Unparsable(told["code"], told["problem"])
    found: list[str] | int = told["read"]
    return found


@contextmanager
def read_ahead(files: Iterable[Unread]) -> Iterator[Ear]:
    """Have files read in the background: the ear hears when all of them are, and until the end of the block they are told at
    once. Whoever leaves the block before ends their readers."""
    bell = Bell()
    with bell.heard() as ear:
        begun = [(apart := ReadApart(unread), readers().submit(apart.outcome)) for unread in files]
        AHEAD.extend(begun)
        left = {future for _, future in begun}

        def ended(future: "Future[Outcome]") -> None:
            left.discard(future)
            if not left:
                bell.ring()

        for _, future in begun:
            future.add_done_callback(ended)
        try:
            yield ear
        finally:
            for each in begun:
                AHEAD.remove(each)
                each[1].cancel()
                each[0].leave()


@cache
def readers() -> "ThreadPoolExecutor":
    """A thread waits for each reader."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(AT_ONCE, "reader")


def surroundings() -> dict[str, str]:
    """The reader finds the modules that are found here."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
