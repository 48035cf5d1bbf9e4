"""How a thing of the account is refused: three codes are all that the product has (documented)."""

from lke_emulator.protocol.errors import ApiError, refusal


def no_such(noun: str, id: str) -> ApiError:
    """FailedOperation, in adp ResourceNotFound: there is no such thing, or not any more."""
    return refusal("no-such", noun=noun, id=id)


def failed(why: str) -> ApiError:
    return ApiError("FailedOperation", why)


def invalid(name: str, why: str) -> ApiError:
    """`why` goes on after the member's name: `must be from 1 to 200, not 0`."""
    return ApiError("InvalidParameter", f"{name} {why}")


def missing(name: str) -> ApiError:
    return refusal("missing", name=name)


def check_length(name: str, text: str, most: int, least: int = 1) -> None:
    if not least <= len(text) <= most:
        raise invalid(name, f"must have {least} to {most} characters, not {len(text)}")
