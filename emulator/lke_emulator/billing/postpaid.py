"""Postpaid settings: one switch per API, and who may turn it (BA-14 to BA-19, RL-4, RL-5, RL-30)."""

import msgspec

from lke_emulator.billing.packages import APIS
from lke_emulator.primitives.months import at
from lke_emulator.primitives.refused import Refused


class Switch(msgspec.Struct, frozen=True):
    on: bool = False
    changed: float | None = None
    """When somebody last turned it; None while it is as the account was set up."""


class Postpaid(msgspec.Struct):
    """The switches of one account; the ones that nobody has touched are off. What is in it is replaced, never changed."""

    switches: dict[str, Switch] = {}
    permitted: tuple[str, ...] = ()
    """Uins of the sub-accounts that may turn them, sorted."""

    def is_on(self, api: str) -> bool:
        switch = self.switches.get(api)
        return switch is not None and switch.on

    def turn(self, api: str, on: bool, now: float, cooldown: float, zone: int) -> Switch:
        """Refused within `cooldown` seconds of the last time that somebody turned this switch, whichever way; what lies ahead
        since the clock was set back locks nothing."""
        if api not in APIS:
            raise Refused(f"no API {api!r} has a postpaid switch; there are {', '.join(APIS)}")
        before = self.switches.get(api, Switch())
        if before.changed is not None and 0 <= now - before.changed < cooldown:
            until = before.changed + cooldown
            raise Refused(
                f"the postpaid switch of {api} was changed less than {cooldown:g} s ago; it can be changed again at"
                f" {at(until, zone).isoformat(' ', 'seconds')}",
                until,
            )
        switch = Switch(on, float(now))
        self.switches = {**self.switches, api: switch}
        return switch
