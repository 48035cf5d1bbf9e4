"""What neither a document nor a real response settles about packages, postpaid and the wallet."""

from typing import Annotated, Literal

import msgspec

from lke_emulator.billing.packages import TRIAL_GRANTS, TrialGrant


class BillingAssumptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    settlement: Literal["hourly", "monthly"] = "hourly"
    """When postpaid usage is taken from the balance: the operation guide says hourly, the page on arrears monthly."""
    overdue_grace_hours: Annotated[int, msgspec.Meta(ge=0, le=10**5)] = 0
    """How long after the balance fell below 0 service stops; one page says within 24 hours."""
    overdue_pauses_packages: bool = True
    """Whether packages too are not deducted while service is stopped, and nothing is served."""
    postpaid_cooldown_s: Annotated[float, msgspec.Meta(ge=0, le=10**9)] = 3600.0
    """How long a postpaid switch cannot be changed after it was, whichever way."""
    package_order: Literal["expiry", "purchase"] = "expiry"
    """Which of two experience, or of two paid packages is deducted first: the one that expires, or was bought first."""
    overflow: Literal["free", "postpaid"] = "free"
    """Who pays for what a call uses beyond the packages when its postpaid switch is off: nobody, or the balance all the same."""
    dedicated_usage: Literal["prepaid", "postpaid"] = "prepaid"
    """Who pays for what a generative model with dedicated concurrency uses beyond the packages: the concurrency package, or
    postpaid where its switch is on."""
    trial_grants: tuple[TrialGrant, ...] = TRIAL_GRANTS
    """What an account is given when it registers; only the 500 000 tokens of QueryRewrite are documented."""
    purchase_payment: Literal["outside", "balance"] = "outside"
    """Whether packages are paid for beside the balance, or from it."""
    price_table: Literal["shipped", "documented"] = "shipped"
    """Postpaid prices: the documented ones (DeepSeek's, in CNY) and invented ones, or the documented ones alone."""
    custom_top_up_bonus: Literal["preset-below", "none"] = "preset-below"
    """The bonus of an amount that is no preset: that of the highest preset not above it, or none."""
    cloud_notices: Literal["all", "purchased"] = "all"
    """Whether in-site messages, SMS and e-mail tell of trial packages too, or of purchased ones alone."""
