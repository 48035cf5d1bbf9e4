"""Work in a thread beside the event loop, on what nobody else changes: others are served meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from lke_emulator.primitives.bell import Bell, Ear

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")


@contextmanager
def aside(work: Callable[[], T]) -> "Iterator[tuple[Ear, Future[T]]]":
    """What hears when the work is done, and its result."""
    from concurrent.futures import ThreadPoolExecutor

    bell, pool = Bell(), ThreadPoolExecutor(1, "aside")
    try:
        with bell.heard() as ear:
            done = pool.submit(work)
            done.add_done_callback(lambda _: bell.ring())
            yield ear, done
    finally:
        pool.shutdown(wait=False)
