"""What each action does. A handler is one decorated function; everything derivable comes from the spec."""

from collections.abc import Callable
from importlib import import_module

from emulator.api3.spec import spec
from emulator.world.call import Handler

HANDLERS: dict[str, Handler] = {}
MODULES = (
    "emulator.products.lke.usage",
    "emulator.products.lke.concurrency",
    "emulator.products.lke.knowledge",
    "emulator.products.lke.messages",
    "emulator.products.lke.models",
    "emulator.products.lkeap.chat",
    "emulator.products.lkeap.documents",
    "emulator.products.lkeap.retrieval",
)


def action(key: str) -> Callable[[Handler], Handler]:
    """Register the handler of `product.Action`; the name is the cloud's, written literally, and must be in the spec."""
    if key not in spec().by_key:
        raise LookupError(f"{key} is not an action of the spec")
    if key in HANDLERS:
        raise LookupError(f"{key} has a handler already")

    def register(handler: Handler) -> Handler:
        HANDLERS[key] = handler
        return handler

    return register


def load() -> dict[str, Handler]:
    for module in MODULES:
        import_module(module)
    return HANDLERS
