"""An account on a frozen clock, for the tests of what it has and owes."""

from typing import Any

from lke_emulator.account.account import Account
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.billing.billing import Reason
from lke_emulator.billing.packages import APIS
from lke_emulator.primitives.clock import Clock
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.line import Line
from lke_emulator.usage.series import literal

ROOT = "100000000001"
SUB = "100000000011"
NOON = 1758945600
"""2025-09-27 12:00 at UTC+8."""
HOUR = 3600
DAY = 86400
MICRO = 1_000_000
CHAT = Line(api="ChatCompletions", model="deepseek-v3.2")


def account(now: float = NOON, **assumed: Any) -> Account:
    return Account(ROOT, clock=Clock(now, frozen=True), assumptions=Assumptions(**assumed))


def now(it: Account) -> float:
    return it.clock.now()


def chat(
    it: Account, input: int = 0, output: int = 0, model: str = "deepseek-v3.2", api: str = "ChatCompletions"
) -> int:
    """One call that was served; what it cost from the balance."""
    return it.billing.record(Line(api=api, model=model, sub_account=ROOT), now(it), input=input, output=output)


def refusal(it: Account, api: str = "ChatCompletions", model: str = "deepseek-v3.2") -> Reason | None:
    return it.billing.refusal(api, model, now(it))


def used(it: Account) -> dict[str, int]:
    """Package -> what was deducted from it."""
    return {row.id: row.used for row in it.billing.resources.list(now(it), statuses=())}


def balance(it: Account) -> int:
    return it.billing.wallet(now(it)).balance


def postpaid(*apis: str, paid_in: int = 0, **assumed: Any) -> Account:
    it = account(**assumed)
    it.billing.open(postpaid=apis or APIS, balance=paid_in * MICRO, currency="CNY")
    return it


def described(it: Account, *points: tuple[int, int]) -> None:
    """Calls at these moments, of so many input tokens."""
    it.ledger.add(literal(CHAT, [(moment, Amounts(1, tokens)) for moment, tokens in points]))
