"""What the checks say of each assumption."""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from lke_emulator.account.assumptions import Assumptions
from lke_emulator.scenario.assumptions import Assumption, assumed
from lke_emulator.verification.checks import Check

Verdict = Literal["refuted", "confirmed", "not checkable"]
ORDER: tuple[Verdict, ...] = ("refuted", "confirmed", "not checkable")
LONGEST = 160
"""Characters of a line."""
SHORT = 40
"""Characters of a default in it."""


class VerifiedAssumption(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    verdict: Verdict
    default: object
    """What was held against the endpoint."""
    why: str
    """Why it is refuted, or cannot be checked."""
    checks: list[str]


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    target: str
    assumptions: list[VerifiedAssumption]
    others: dict[str, int]
    """Checks that tell of no assumption: passed, failed, not run."""
    failures: dict[str, str]
    """Of these the ones that failed, and why."""

    @property
    def is_good(self) -> bool:
        return not self.failures and all(one.verdict != "refuted" for one in self.assumptions)


def verification(target: str, checks: Sequence[Check], only: frozenset[str]) -> Verification:
    rows = [judged(one, checks) for one in assumed(Assumptions()) if not only or one.id in only]
    others = [check for check in checks if not check.assumptions]
    return Verification(
        target=target,
        assumptions=sorted(rows, key=lambda row: ORDER.index(row.verdict)),
        others={outcome: sum(one.outcome == outcome for one in others) for outcome in ("passed", "failed", "not run")},
        failures={one.name: one.why for one in others if one.outcome == "failed"},
    )


def judged(assumption: Assumption, checks: Sequence[Check]) -> VerifiedAssumption:
    """One check that fails refutes it, whatever the others say."""
    own = [check for check in checks if assumption.id in check.assumptions]
    verdict: Verdict = "not checkable"
    if any(check.outcome == "failed" for check in own):
        verdict = "refuted"
    elif any(check.outcome == "passed" for check in own):
        verdict = "confirmed"
    wanted = {"refuted": "failed", "confirmed": "", "not checkable": "not run"}[verdict]
    why = next((check.why for check in own if check.outcome == wanted), "")
    if not own:
        why = "no check can tell it from outside"
    return VerifiedAssumption(
        id=assumption.id, verdict=verdict, default=assumption.default, why=why, checks=[check.name for check in own]
    )


def told_to_people(report: Verification) -> Iterator[str]:
    counts = dict.fromkeys(ORDER, 0)
    for one in report.assumptions:
        counts[one.verdict] += 1
        default = msgspec.json.encode(one.default).decode()
        default = default if len(default) <= SHORT else f"{default[:SHORT]}..."
        why = f"  {one.why}" if one.why else ""
        yield f"{one.verdict:13}  {one.id} = {default}{why}"[:LONGEST]
    for name, why in report.failures.items():
        yield f"{'failed':13}  {name}  {why}"[:LONGEST]
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    others = ", ".join(f"{count} {outcome}" for outcome, count in report.others.items())
    yield f"{report.target}: assumptions: {told}; other checks: {others}"
