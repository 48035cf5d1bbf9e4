"""What the emulator assumes, and why."""

import msgspec

from lke_emulator.control.table import ControlCall, route
from lke_emulator.scenario.assumptions import Assumption, assumed


class AssumptionList(msgspec.Struct, frozen=True, kw_only=True):
    assumptions: list[Assumption]


@route("GET", "/assumptions")
def list_assumptions(call: ControlCall) -> AssumptionList:
    """Every setting for something unknown: its value here, its default, and what that rests on."""
    return AssumptionList(assumptions=assumed(call.world.assumptions))
