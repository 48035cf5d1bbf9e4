"""Faults of one account, in the words that control takes."""

from typing import Any

from lke_emulator.testing.control import ControlClient


class SetFault:
    """A fault that was set; `hits`, `remaining` and `requests` are asked for anew each time."""

    def __init__(self, control: ControlClient, at: str, id: str) -> None:
        self._control = control
        self._at = f"{at}/{id}"
        self.id = id

    @property
    def hits(self) -> int:
        """Calls that it struck."""
        hits: int = self._control.get(self._at)["hits"]
        return hits

    @property
    def remaining(self) -> int | None:
        """How often it can still strike; None is without end."""
        remaining: int | None = self._control.get(self._at)["remaining"]
        return remaining

    @property
    def requests(self) -> list[str]:
        """The request ids of the calls that it struck."""
        requests: list[str] = self._control.get(self._at)["requests"]
        return requests

    def end(self) -> None:
        self._control.delete(self._at)


class AccountFaults:
    def __init__(self, control: ControlClient, account: str) -> None:
        self._control = control
        self._at = f"{account}/faults"

    def add(self, **rule: Any) -> SetFault:
        """Which calls: `operation, surface, region, caller, params`; which of these: `first, nth, every, probability, until`;
        what happens: `error, message, status, latency, reset, silence, truncate, malformed, content_type, drop_after,
        stall_after, garble_after, throttle`."""
        return SetFault(self._control, self._at, self._control.post(self._at, **rule)["id"])

    def clear(self) -> None:
        """End all of them."""
        self._control.delete(self._at)
