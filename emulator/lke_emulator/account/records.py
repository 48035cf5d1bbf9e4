"""The things an account holds, as typed records that serialise."""

from typing import Annotated

import msgspec
from msgspec import Meta

from lke_emulator.protocol.signature import Signer
from lke_emulator.protocol.spec import spec

Few = Annotated[int, Meta(ge=0, le=10**9)]


class SubAccount(msgspec.Struct, frozen=True):
    uin: str
    name: str


class Space(msgspec.Struct, frozen=True):
    id: str
    name: str
    description: str = ""


class Model(msgspec.Struct, frozen=True):
    name: str
    display_name: str
    """What call details show: the documented example asks cs-normal-70b and its rows say youtu-mrc-pro (inferred)."""
    concurrency: Few
    """Calls in flight at the same time; 0 when nothing is bought (documented example)."""
    call_seconds: Few
    """How long one synthesised call lasts; concurrency of synthesised usage is computed with it."""


class Messages(msgspec.Struct):
    """How the answers of dialogue calls came about and were received: shares of the calls that the ledger counts."""

    class State(msgspec.Struct, frozen=True):
        methods: dict[str, Annotated[int, Meta(ge=0, le=10**4)]]
        rated: Annotated[float, Meta(ge=0, le=100)]
        liked: Annotated[float, Meta(ge=0, le=1)]

    @staticmethod
    def check_state(state: State) -> None:
        known = spec().by_key["lke.GetAnswerTypeDataCount"].response.members
        unknown = next((name for name in state.methods if name not in known), None)
        if unknown is not None:
            raise ValueError(f".methods: GetAnswerTypeDataCount has no {unknown}")
        if not any(state.methods.values()):
            raise ValueError(".methods: one of them must be above 0")

    methods: dict[str, int]
    """Member of GetAnswerTypeDataCount (ModelReplyCount, ...) -> relative weight, a whole number."""
    rated: float
    """Ratings for each message; the documented example has 1.75, for somebody may rate twice."""
    liked: float
    """The share of ratings that were likes, 0 to 1; the others were dislikes."""

    def saved(self) -> State:
        return self.State(self.methods.copy(), self.rated, self.liked)

    def restored(self, state: State) -> None:
        self.methods, self.rated, self.liked = state.methods.copy(), state.rated, state.liked


class Credential(msgspec.Struct, eq=False):
    """A SecretId and what it opens. `token` is None for permanent credentials."""

    secret_id: str
    secret_key: str
    account: str
    """The root account's uin."""
    uin: str
    """Who acts: the root's uin or a sub-account's."""
    token: str | None = None
    expires_at: float | None = None
    signers: dict[tuple[str, str], Signer] = {}
    """(date, service) -> what signs with the key derived for them; a day's key is derived once."""
