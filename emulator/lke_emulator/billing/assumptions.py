"""What neither a document nor a real response settles about packages, postpaid and the wallet."""

from typing import Annotated, Literal

import msgspec

from lke_emulator.billing.packages import TRIAL_GRANTS, TrialGrant
from lke_emulator.primitives.evidence import documented, inferred


class BillingAssumptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    settlement: Annotated[
        Literal["hourly", "monthly"], documented("operation guide, Billing; the page on arrears says monthly")
    ] = "hourly"
    """When postpaid usage is taken from the balance: the operation guide says hourly, the page on arrears monthly."""
    overdue_grace_hours: Annotated[
        int, msgspec.Meta(ge=0, le=10**5), inferred("the page on arrears says within 24 hours, and names no moment")
    ] = 0
    """How long after the balance fell below 0 service stops; one page says within 24 hours."""
    overdue_pauses_packages: Annotated[
        bool, documented("page on arrears: deduction is suspended and goes on after a top-up")
    ] = True
    """Whether packages too are not deducted while service is stopped, and nothing is served."""
    postpaid_cooldown_s: Annotated[
        float,
        msgspec.Meta(ge=0, le=10**9),
        documented("console text: modified once an hour; that each switch and each way counts is inferred"),
    ] = 3600.0
    """How long a postpaid switch cannot be changed after it was, whichever way."""
    package_order: Annotated[
        Literal["expiry", "purchase"], inferred("documented is only that experience packages go before paid ones")
    ] = "expiry"
    """Which of two experience, or of two paid packages is deducted first: the one that expires, or was bought first."""
    overflow: Annotated[
        Literal["free", "postpaid"], inferred("no document says what becomes of the call that uses a package up")
    ] = "free"
    """Who pays for what a call uses beyond the packages when its postpaid switch is off: nobody, or the balance all the same."""
    dedicated_usage: Annotated[
        Literal["prepaid", "postpaid"],
        inferred("a concurrency package is bought for a model; nothing says that its tokens are charged beside it"),
    ] = "prepaid"
    """Who pays for what a generative model with dedicated concurrency uses beyond the packages: the concurrency package, or
    postpaid where its switch is on."""
    trial_grants: Annotated[tuple[TrialGrant, ...], inferred("documented are 500 000 tokens of QueryRewrite alone")] = (
        TRIAL_GRANTS
    )
    """What an account is given when it registers; only the 500 000 tokens of QueryRewrite are documented."""
    purchase_payment: Annotated[
        Literal["outside", "balance"], inferred("packages are bought on a page of their own")
    ] = "outside"
    """Whether packages are paid for beside the balance, or from it."""
    price_table: Annotated[
        Literal["shipped", "documented"], inferred("documented are DeepSeek's prices in CNY; the others are invented")
    ] = "shipped"
    """Postpaid prices: the documented ones (DeepSeek's, in CNY) and invented ones, or the documented ones alone."""
    custom_top_up_bonus: Annotated[Literal["preset-below", "none"], inferred("documented are the presets")] = (
        "preset-below"
    )
    """The bonus of an amount that is no preset: that of the highest preset not above it, or none."""
    cloud_notices: Annotated[
        Literal["all", "purchased"], inferred("the page on notifications does not tell the kinds of packages apart")
    ] = "all"
    """Whether in-site messages, SMS and e-mail tell of trial packages too, or of purchased ones alone."""
