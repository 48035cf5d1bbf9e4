"""What each action does. A handler is one decorated function; everything derivable comes from the spec."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from lke_emulator.account.call import Call, Handler
from lke_emulator.protocol.errors import ApiError
from lke_emulator.protocol.spec import spec

HANDLERS: dict[str, Handler] = {}
MODULES = (
    "lke_emulator.products.lke.apps",
    "lke_emulator.products.lke.agents",
    "lke_emulator.products.lke.categories",
    "lke_emulator.products.lke.channels",
    "lke_emulator.products.lke.documents",
    "lke_emulator.products.lke.labels",
    "lke_emulator.products.lke.qas",
    "lke_emulator.products.lke.rejected",
    "lke_emulator.products.lke.releases",
    "lke_emulator.products.lke.shared",
    "lke_emulator.products.lke.transfer",
    "lke_emulator.products.lke.variables",
    "lke_emulator.products.lke.workflows",
    "lke_emulator.products.lke.usage",
    "lke_emulator.products.lke.concurrency",
    "lke_emulator.products.lke.history",
    "lke_emulator.products.lke.knowledge",
    "lke_emulator.products.lke.messages",
    "lke_emulator.products.lke.models",
    "lke_emulator.products.adp.agents",
    "lke_emulator.products.adp.apps",
    "lke_emulator.products.adp.bases",
    "lke_emulator.products.adp.belongings",
    "lke_emulator.products.adp.categories",
    "lke_emulator.products.adp.documents",
    "lke_emulator.products.adp.labels",
    "lke_emulator.products.adp.qas",
    "lke_emulator.products.adp.releases",
    "lke_emulator.products.adp.search",
    "lke_emulator.products.adp.spaces",
    "lke_emulator.products.adp.statistics",
    "lke_emulator.products.adp.usage",
    "lke_emulator.products.adp.variables",
    "lke_emulator.products.adp.conversations",
    "lke_emulator.products.adp.workflows",
    "lke_emulator.products.lkeap.chat",
    "lke_emulator.products.lkeap.documents",
    "lke_emulator.products.lkeap.retrieval",
)


def action(key: str) -> Callable[[Handler], Handler]:
    """Register the handler of `product.Action`; the name is the cloud's, written literally, and must be in the spec."""
    if key not in spec().by_key:
        raise LookupError(f"{key} is not an action of the spec")
    if key in HANDLERS:
        raise LookupError(f"{key} has a handler already")

    def register(handler: Handler) -> Handler:
        HANDLERS[key] = coded(handler) if key.startswith("adp.") else handler
        return handler

    return register


ADP_CODES = {"no-such": "ResourceNotFound"}
"""What adp has a code of its own for (documented)."""


def coded(handler: Handler) -> Handler:
    """The handler, with adp's codes in its refusals."""

    def answered(call: Call) -> Any:
        try:
            return handler(call)
        except ApiError as error:
            error.code = ADP_CODES.get(error.key, error.code)
            raise

    return answered


def load_handlers() -> dict[str, Handler]:
    for module in MODULES:
        import_module(module)
    return HANDLERS
