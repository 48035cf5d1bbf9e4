"""Rate limits: fixed one-second windows per action, access region and caller, on the account's clock (documented).

With a frozen clock exactly `limit` calls pass and the next is refused, every time.
"""

from lke_emulator.protocol.errors import refusal


class Limits:
    """The windows of one account. Only the current second is kept."""

    __slots__ = ("_counts", "_second")

    def __init__(self) -> None:
        self._second = -1
        self._counts: dict[tuple[str, str, str], int] = {}

    def admit(self, action: str, region: str, caller: str, limit: int, now: float) -> None:
        """Count a call; RequestLimitExceeded with its ordinal once more than `limit` came in this second. 0 is no limit."""
        if not limit:
            return
        second = int(now)
        if second != self._second:
            self._second = second
            self._counts.clear()
        window = (action, region, caller)
        times = self._counts.get(window, 0) + 1
        self._counts[window] = times
        if times > limit:
            raise refusal("rate", times=times, limit=limit)
