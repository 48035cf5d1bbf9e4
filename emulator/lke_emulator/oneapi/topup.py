"""Wallet Management, Quota Top-up (GW-13 to GW-18). Nobody is asked for money: what is paid arrives at once."""

from typing import Any

import msgspec

from lke_emulator.account.access_tokens import user_id
from lke_emulator.billing.wallet import COMING_SOON, METHODS, PRESETS, credit
from lke_emulator.oneapi.call import Denied, OneapiCall, Plain, page, paged, read_body
from lke_emulator.primitives.millionths import MILLION
from lke_emulator.primitives.money import money, text
from lke_emulator.primitives.refused import Refused

NAMES = {"card": "Credit or debit card", "american-express": "American Express", "paypal": "PayPal"}
NO_CODES = "There are no redemption codes here; top up by POST /api/user/pay."


class Payment(msgspec.Struct, kw_only=True):
    amount: float
    """What is paid, in the account's currency."""
    payment_method: str = METHODS[0]


class Redemption(msgspec.Struct, kw_only=True):
    key: str = ""


def info(call: OneapiCall) -> Any:
    """Presets and methods. `credit` is what a preset brings with its bonus; the family itself only knows discounts."""
    custom = call.account.assumptions.custom_top_up_bonus
    return {
        "enable_online_topup": True,
        "enable_stripe_topup": False,
        "enable_creem_topup": False,
        "pay_methods": [{"name": method_name(one), "type": one, "color": "", "min_topup": "0.01"} for one in METHODS],
        "coming_soon": [{"name": method_name(one), "type": one} for one in COMING_SOON],
        "min_topup": 1,
        "amount_options": list(PRESETS),
        "discount": {},
        "credit": {str(amount): credit(amount * MILLION, custom) / MILLION for amount in PRESETS},
        "topup_link": "",
    }


def method_name(method: str) -> str:
    return NAMES.get(method, method.capitalize())


def amount(call: OneapiCall) -> Plain:
    """What would be paid; the family's payment routes have an envelope of their own."""
    try:
        return Plain({"message": "success", "data": text(micro(read_body(call, Payment)))})
    except Refused as error:
        return Plain({"message": "error", "data": str(error)})


def pay(call: OneapiCall) -> Plain:
    """Pay. The family's answer holds a form for the payment provider; here `data` tells what has come of it."""
    payment = read_body(call, Payment)
    try:
        entry = call.account.billing.top_up(micro(payment), payment.payment_method, call.now)
    except Refused as error:
        return Plain({"message": "error", "data": str(error)})
    paid, credited = text(entry.paid), text(entry.amount)
    return Plain({"message": "success", "data": {"trade_no": entry.id, "money": paid, "credit": credited}, "url": ""})


def micro(payment: Payment) -> int:
    try:
        return money("amount", payment.amount)
    except ValueError as error:
        raise Denied(str(error)) from None


def redeem(call: OneapiCall) -> Any:
    read_body(call, Redemption)
    raise Denied(NO_CODES)


def payments(call: OneapiCall) -> Any:
    """The top-ups of the account, newest first."""
    entries = [entry for entry in call.account.billing.wallet(call.now).history if entry.kind == "top-up"][::-1]
    offset, size = page(call)
    rows = [
        {
            "id": int(entry.id),
            "user_id": user_id(call.account.uin),
            "amount": entry.amount / MILLION,
            "money": entry.paid / MILLION,
            "trade_no": entry.id,
            "payment_method": entry.method,
            "create_time": int(entry.time),
            "complete_time": int(entry.time),
            "status": "success",
        }
        for entry in entries[offset : offset + size]
    ]
    return paged(call, rows, len(entries))
