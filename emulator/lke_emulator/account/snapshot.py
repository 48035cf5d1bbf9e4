"""An account written down and made again: a new beginning or a copy in this process, or another one's from JSON.

Who may call is no part of it. Of API keys and access tokens it has the hashes, as the account has; a SecretKey cannot be
hashed, so credentials stay where they are: with the world.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple, cast

import msgspec
from msgspec import Meta

from lke_emulator.account.account import PARTS, Account, Order
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.part import Checked, state_of
from lke_emulator.primitives.garbage import uncollected
from lke_emulator.primitives.strict_json import what_and_where

FORMAT = 1
UIN = r"^[0-9]{1,20}(?!\n)$"
"""`$` alone lets a line end after it in Python, and in JSON Schema does not."""
HALF_A_DAY = 14 * 3600


class Identity(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an account is from its beginning to its end."""

    uin: Annotated[str, Meta(pattern=UIN)]
    name: str
    seed: int
    zone: Annotated[int, Meta(ge=-HALF_A_DAY, le=HALF_A_DAY)]
    """Seconds east of UTC."""
    order: Order
    assumptions: Assumptions


class Snapshot(NamedTuple):
    """It never changes, and can be restored more than once."""

    account: Identity
    parts: dict[str, msgspec.Struct]


class SnapshotText(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An account as JSON, everything in it sorted. Members that are left out of `parts` are as in a new account."""

    account: msgspec.Raw
    """What it is: uin, name, seed, zone, order, assumptions."""
    format: int
    """Which version of this text it is; the emulator reads those up to its own."""
    parts: dict[str, msgspec.Raw]
    """What it knows, by noun. It holds no secret in full unless the account was told to keep it so."""


ENCODER = msgspec.json.Encoder(order="sorted")
IDENTITY = msgspec.json.Decoder(Identity)
STATES: dict[str, msgspec.json.Decoder[Any]] = {
    name: msgspec.json.Decoder(state_of(part)) for name, part in PARTS.items()
}
CHECKED: Mapping[str, Checked] = {name: cast(Any, part) for name, part in PARTS.items() if hasattr(part, "check_state")}
WRONG = (ArithmeticError, LookupError, TypeError, ValueError)
"""What a part raises for figures that are not so in any account: too large, of no line, in no order."""


def identity_of(account: Account) -> Identity:
    return Identity(
        uin=account.uin,
        name=account.name,
        seed=account.seed,
        zone=account.zone,
        order=account.order,
        assumptions=account.assumptions,
    )


def save(account: Account) -> Snapshot:
    return Snapshot(identity_of(account), {name: getattr(account, name).saved() for name in PARTS})


@uncollected()
def restore(snapshot: Snapshot) -> Account:
    """An account of its own that stands as the saved one did. ValueError(place: what is wrong)."""
    one = snapshot.account
    account = Account(
        one.uin, name=one.name, seed=one.seed, zone=one.zone, order=one.order, assumptions=one.assumptions
    )
    for name, state in snapshot.parts.items():
        try:
            getattr(account, name).restored(state)
        except WRONG as error:
            raise ValueError(f"parts.{name}: {error}") from None
    return account


WHERE_A_UIN_STANDS = ('"{}"', "/files/{}/", "/corp/{}/", "/public/{}/")


def copied_account(snapshot: Snapshot, uin: str, chance: object) -> Account:
    """The same as an account of another uin and with other identifiers, or the two would make the same API keys.

    Wherever the old uin stands by itself, or in the address of a file or object, the new one stands.
    """
    identity, old = snapshot.account, snapshot.account.uin
    pairs = [(form.format(old).encode(), form.format(uin).encode()) for form in WHERE_A_UIN_STANDS]

    def moved(name: str, state: msgspec.Struct) -> Any:
        text = ENCODER.encode(state)
        if not any(written in text for written, _ in pairs):
            return state
        for written, wanted in pairs:
            text = text.replace(written, wanted)
        return STATES[name].decode(text)

    parts = {name: moved(name, state) for name, state in snapshot.parts.items()}
    account = restore(Snapshot(msgspec.structs.replace(identity, uin=uin), parts))
    account.ids.begin(chance)
    return account


def write(snapshot: Snapshot) -> SnapshotText:
    text = begun(snapshot)
    for _ in writing(snapshot, text):
        pass
    return text


def begun(snapshot: Snapshot) -> SnapshotText:
    """Without its parts."""
    return SnapshotText(account=msgspec.Raw(ENCODER.encode(snapshot.account)), format=FORMAT, parts={})


def writing(snapshot: Snapshot, text: SnapshotText) -> Iterator[None]:
    """Write its parts into the text, one at a step."""
    for name in sorted(snapshot.parts):
        text.parts[name] = msgspec.Raw(ENCODER.encode(snapshot.parts[name]))
        yield


def read_snapshot(text: SnapshotText) -> Snapshot:
    """ValueError(place: what is wrong)."""
    if text.format > FORMAT:
        raise ValueError(
            f"format: this is a snapshot of format {text.format}, and formats up to {FORMAT} can be read here:"
            " a newer lke-emulator reads it"
        )
    if text.format < 1:
        raise ValueError(f"format: there is no format {text.format}; the first is 1")
    unknown = sorted(set(text.parts) - set(PARTS))
    if unknown:
        raise ValueError(f"parts: there is no part {unknown[0]!r}; there are {', '.join(PARTS)}")
    parts = {name: decoded(f"parts.{name}", STATES[name], raw) for name, raw in text.parts.items()}
    for name, state in parts.items():
        try:
            if name in CHECKED:
                CHECKED[name].check_state(state)
        except ValueError as error:
            raise ValueError(f"parts.{name}{error}") from None
    return Snapshot(decoded("account", IDENTITY, text.account), parts)


def decoded(place: str, decoder: msgspec.json.Decoder[Any], text: msgspec.Raw) -> Any:
    try:
        value = decoder.decode(text)
        msgspec.msgpack.encode(value)  # which has no longer numbers
    except msgspec.ValidationError as error:
        what, where = what_and_where(error)
        raise ValueError(f"{place}{where}: {what}") from None
    except msgspec.MsgspecError as error:
        raise ValueError(f"{place}: {error}") from None
    except OverflowError:
        raise ValueError(f"{place}: a number in it has more than 64 bits") from None
    return value
