"""The `faults` of a scenario's account: which calls fail, wait or break."""

from collections.abc import Sequence

import msgspec

from lke_emulator.account.account import Account
from lke_emulator.account.faults import FaultRule
from lke_emulator.scenario import moments
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.section import Moment


class FaultSection(FaultRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which calls, which of these, and what happens to them."""

    until: Moment | None = None  # type: ignore[assignment]
    """No call from this moment on."""


def build_faults(sections: Sequence[FaultSection], account: Account, now: float, at: Place) -> None:
    for i, section in enumerate(sections):
        given = msgspec.structs.asdict(section)
        if section.until is not None:
            given["until"] = (at / i / "until").checked(moments.moment, section.until, now, account.zone)
        account.faults.add(FaultRule(**given))
