"""An account with an app, and its object storage as the official SDK reaches it.

Fixtures: `grant` (DescribeStorageCredential with these members), `bucket` (an SDK client for a credential, at the emulator's own
address), and of lke `shop`, `ask` and `refused`.
"""

import gc
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from qcloud_cos import CosS3Client

from contract_tests.conftest import Control
from contract_tests.lke.conftest import ask, refused, shop
from contract_tests.lke.worlds import SHOP, Ask
from contract_tests.objects.stores import Granted, sdk

__all__ = ["ask", "refused", "shop"]
Grant = Callable[..., Granted]
Bucket = Callable[[Granted], CosS3Client]


@pytest.fixture
def grant(ask: Ask) -> Grant:
    def granted(file_type: str = "", **params: Any) -> Granted:
        if file_type:
            params["FileType"] = file_type
        return ask("DescribeStorageCredential", BotBizId=SHOP, **params)

    return granted


@pytest.fixture
def bucket(emulator: Control) -> Bucket:
    return lambda granted: sdk(granted, Domain=emulator.url.removeprefix("http://"))


@pytest.fixture(autouse=True)
def hung_up() -> Iterator[None]:
    """All clients of the SDK share connections, which it keeps open."""
    yield
    session = getattr(CosS3Client, "_CosS3Client__built_in_sessions", None)
    if session is not None:
        session.close()
    with warnings.catch_warnings():
        # What a refusal or a cut ended it leaves to the collector.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
