"""What each action does. A handler is one decorated function; everything derivable comes from the spec."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from lke_emulator.account.call import Call, Handler
from lke_emulator.knowledge.unread import Unread
from lke_emulator.products.auditing import audited, logged
from lke_emulator.protocol.errors import ApiError
from lke_emulator.protocol.spec import spec

Check = Callable[[Call], None]
Preparation = Callable[[Call], Iterator[None]]
LongFiles = Callable[[Call], Sequence[Unread]]
HANDLERS: dict[str, Handler] = {}
CHECKS: dict[str, Check] = {}
PREPARATIONS: dict[str, Preparation] = {}
FILES: dict[str, LongFiles] = {}
MODULES = {
    "lke": (
        "apps",
        "agents",
        "categories",
        "channels",
        "documents",
        "labels",
        "qas",
        "rejected",
        "releases",
        "shared",
        "transfer",
        "uploads",
        "variables",
        "workflows",
        "usage",
        "concurrency",
        "history",
        "knowledge",
        "messages",
        "models",
    ),
    "adp": (
        "agents",
        "apps",
        "audit",
        "bases",
        "belongings",
        "categories",
        "documents",
        "labels",
        "mcp",
        "qas",
        "releases",
        "search",
        "spaces",
        "statistics",
        "usage",
        "variables",
        "conversations",
        "workflows",
    ),
    "lkeap": (
        "chat",
        "documents",
        "retrieval",
    ),
}
"""Product -> the modules with its handlers."""


def action(key: str) -> Callable[[Handler], Handler]:
    """Register the handler of `product.Action`; the name is the cloud's, written literally, and must be in the spec."""
    if key not in spec().by_key:
        raise LookupError(f"{key} is not an action of the spec")
    if key in HANDLERS:
        raise LookupError(f"{key} has a handler already")

    def register(handler: Handler) -> Handler:
        kind = audited(key)
        whole = logged(handler, kind) if kind else handler
        HANDLERS[key] = coded(whole) if key.startswith("adp.") else whole
        return handler

    return register


def checks(key: str) -> Callable[[Check], Check]:
    """Register what can be refused of an action whose reply is generated."""
    if key not in spec().by_key:
        raise LookupError(f"{key} is not an action of the spec")

    def register(check: Check) -> Check:
        CHECKS[key] = coded(check)
        return check

    return register


def prepares(*keys: str) -> Callable[[Preparation], Preparation]:
    """Register what is built before the handlers of these actions, step by step: at once it would hold everybody else up.
    It refuses nothing."""

    def register(preparation: Preparation) -> Preparation:
        PREPARATIONS.update(dict.fromkeys(keys, preparation))
        return preparation

    return register


def reads(*keys: str) -> Callable[[LongFiles], LongFiles]:
    """Register which files the handlers of these actions read that take long: they are read before, while others are served. It
    refuses nothing."""

    def register(files: LongFiles) -> LongFiles:
        FILES.update(dict.fromkeys(keys, files))
        return files

    return register


ADP_CODES = {"no-such": "ResourceNotFound"}
"""What adp has a code of its own for (documented)."""


def coded(handler: Callable[[Call], Any]) -> Callable[[Call], Any]:
    """The handler or check, with adp's codes in its refusals."""

    def answered(call: Call) -> Any:
        try:
            return handler(call)
        except ApiError as error:
            error.code = ADP_CODES.get(error.key, error.code)
            raise

    return answered


def handler_of(key: str) -> Handler | None:
    """The handler of `product.Action`, if there is one."""
    found = HANDLERS.get(key)
    if found is None:
        load_product(key.partition(".")[0])
        found = HANDLERS.get(key)
    return found


@cache
def load_product(product: str) -> None:
    """With the first call to it: a client seldom knows more than one."""
    for module in MODULES[product]:
        import_module(f"{__name__}.{product}.{module}")


def load_handlers() -> dict[str, Handler]:
    """Those of every product."""
    for product in MODULES:
        load_product(product)
    return HANDLERS
