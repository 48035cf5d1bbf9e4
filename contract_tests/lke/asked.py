"""Actions asked of an account in this process: for thousands of calls, and in the middle of what takes time."""

from typing import Any

from msgspec.json import decode

from lke_emulator.account.account import Account
from lke_emulator.account.call import Call, Prepared
from lke_emulator.products import load_handlers
from lke_emulator.protocol.shapes import check, encode
from lke_emulator.protocol.spec import spec

HANDLERS = load_handlers()


def asked(account: Account, key: str, **params: Any) -> dict[str, Any]:
    """The reply to `product.Action`, which fits its shape. ApiError for what is refused."""
    action = spec().by_key[key]
    call = Call(
        account=account,
        caller=account.uin,
        action=action,
        params=check(action.request, params),
        now=account.clock.now(),
        region="ap-guangzhou",
        request_id="r",
        assumptions=account.assumptions,
        host="127.0.0.1",
        entry=None,  # type: ignore[arg-type]
    )
    result = HANDLERS[key](call)
    if isinstance(result, Prepared):
        result = decode(result.body + b'r"}')
    assert isinstance(result, dict)
    encode(action.response, {**result, "RequestId": "r"})
    return result
