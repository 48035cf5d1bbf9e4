"""The emulator for tests: the pytest plugin's fixtures, and `serve()` for scripts and unittest.

    with lke_emulator.testing.serve() as server:
        with server.account() as lke:
            lke.usage.add(model="hunyuan", calls=3, input_tokens=300)
            print(lke.client("lke").call_json("DescribeTokenUsage", {}))

Importing this costs nothing: what serves is imported when something is served.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lke_emulator.testing.server import ThreadedServer


@contextmanager
def serve(scenario: str = "default", **settings: Any) -> Iterator["ThreadedServer"]:
    """A server of this process, on a free port of 127.0.0.1, that ends with the block.

    `settings` are those of `lke-emulator serve` (`auth="off"`, `rate_limit=0`, ...). ScenarioError for a bad scenario.
    """
    from lke_emulator.testing.server import ThreadedServer

    server = ThreadedServer(scenario, **settings)
    try:
        yield server
    finally:
        server.stop()
