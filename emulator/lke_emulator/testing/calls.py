"""What was called: the journal of one account, counted, waited for, and held against what should have been called."""

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from lke_emulator.primitives.members import member_at
from lke_emulator.testing.control import ControlClient

NEAREST = 3
"""Calls that a failed expectation shows."""
LONGEST = 200
"""Characters of parameters in a line."""
MEMBERS = {
    "operation": "Action",
    "surface": "Surface",
    "caller": "Caller",
    "code": "Code",
    "model": "Model",
    "key": "Key",
    "streamed": "Streamed",
    "request_id": "RequestId",
}
"""What a call is asked for by -> its member in the journal."""


class AccountCalls:
    """Every question takes the same words: `operation` (a pattern such as lke.Describe*), `surface, caller, code, model,
    streamed`, and `params`, a mapping of a parameter's path (Filters.0.Name) to its value."""

    def __init__(self, control: ControlClient, uin: str) -> None:
        self._control = control
        self._uin = uin

    def find(self, *, limit: int = 1000, **match: Any) -> list[dict[str, Any]]:
        """The calls that match, newest first, without any secret."""
        calls: list[dict[str, Any]] = self._ask("find", limit=limit, **match)["calls"]
        return calls

    def count(self, **match: Any) -> int:
        """How many have ended, also of those whose entries have made room for newer ones."""
        count: int = self._ask("count", **match)["count"]
        return count

    def wait(self, count: int = 1, *, timeout: float = 5, **match: Any) -> bool:
        """Until so many calls match; False when they have not come in so many seconds."""
        return bool(self._ask("wait", count=count, timeout=timeout, **match)["count"] >= count)

    def expect(self, *, times: int | None = None, **match: Any) -> None:
        """AssertionError unless so many calls match (without `times`: at least one); it shows the nearest ones."""
        found = self.count(**match)
        if (found != times) if times is not None else not found:
            wanted = f"{times} calls" if times is not None else "a call"
            said = ", ".join(f"{name}={value!r}" for name, value in match.items()) or "of any kind"
            raise AssertionError(f"expected {wanted} with {said}; there were {found}\n{self.explain(match)}")

    def expect_in_order(self, *operations: str) -> None:
        """AssertionError unless calls of these operations came one after another; others may lie between them."""
        came = [call["Action"] for call in reversed(self.find())]
        place = 0
        for operation in operations:
            if operation not in came[place:]:
                raise AssertionError(f"expected {' then '.join(operations)}; they came as {', '.join(came) or 'none'}")
            place = came.index(operation, place) + 1

    def explain(self, match: Mapping[str, Any]) -> str:
        """The calls that fit most of what was asked for, each with what does not."""
        calls = self.find()
        if not calls:
            return "nothing was called"
        differing = sorted((differences(call, match) for call in calls), key=len)
        return "\n".join("nearest: " + "; ".join(lines) for lines in differing[:NEAREST])

    def lines(self, limit: int) -> list[str]:
        """The last calls, oldest first, a line each."""
        return [call_line(call) for call in reversed(self.find(limit=limit))]

    def clear(self) -> None:
        """Forget this account's calls."""
        self._control.delete("/journal", account=self._uin)

    def _ask(self, question: str, **match: Any) -> Any:
        return self._control.post(f"/journal/{question}", account=self._uin, **match)


def call_line(call: Mapping[str, Any]) -> str:
    params = json.dumps(call["Params"], ensure_ascii=False)
    verdict = f"{call['Code']}: {call['Message']}" if call["Code"] else call["Verdict"]
    fault = f" (fault {call['Fault']})" if call["Fault"] else ""
    return f"{call['Action']} {params[:LONGEST]} -> {verdict}{fault} [{call['RequestId']}]"


def differences(call: Mapping[str, Any], match: Mapping[str, Any]) -> list[str]:
    """The call, and every member of it that is not as asked for."""
    told = {name: call.get(MEMBERS[name]) for name in match if name in MEMBERS}
    lines = [
        f"{name} is {there!r}, not {match[name]!r}"
        for name, there in told.items()
        if not fnmatchcase(str(there), str(match[name]))
    ]
    for path, wanted in match.get("params", {}).items():
        there = member_at(call["Params"], path.split("."))
        if there != wanted:
            lines.append(f"{path} is {there!r}, not {wanted!r}")
    return [call_line(call), *lines]
