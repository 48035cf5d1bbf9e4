"""What the gateway is and what its models cost. A ratio of 1 is $0.002 for 1 000 tokens (documented)."""

from typing import Any

from lke_emulator import __version__
from lke_emulator.models.catalogue import CATALOGUE, DECLARED
from lke_emulator.oneapi.call import OneapiCall, Plain
from lke_emulator.primitives.money import QUOTA_PER_UNIT

RATIO_ONE = 0.002
SERVED = {
    "": ("ChatCompletions", "openai"),
    "chat": ("ChatCompletions", "openai"),
    "embedding": ("GetEmbedding", "embeddings"),
    "image": ("ImageGeneration", "image-generation"),
}
"""Kind of a model -> the API that is billed, and the family's name of the endpoint."""
ENDPOINTS = {
    "openai": {"path": "/v1/chat/completions", "method": "POST"},
    "embeddings": {"path": "/v1/embeddings", "method": "POST"},
    "image-generation": {"path": "/v1/images/generations", "method": "POST"},
}


def status(call: OneapiCall) -> Any:
    """The account of whoever asks says the currency; without one it is the first account."""
    currency = call.account.billing.wallet(call.now).currency
    return {
        "version": __version__,
        "system_name": "lke-emulator",
        "quota_per_unit": QUOTA_PER_UNIT,
        "display_in_currency": True,
        "quota_display_type": currency,
        "price": 1,
        "usd_exchange_rate": 1,
        "enable_data_export": True,
        "data_export_default_time": "hour",
        "setup": True,
    }


def pricing(call: OneapiCall) -> Plain:
    """Every model: a quota of (tokens in + tokens out * completion_ratio) * model_ratio, or model_price for an image."""
    declared = {name: CATALOGUE.get(name, DECLARED) for name in call.account.models}
    rows = [row(call, name, *facts) for name, facts in (declared | CATALOGUE).items()]
    return Plain(
        {
            "success": True,
            "message": "",
            "data": rows,
            "vendors": [],
            "group_ratio": {"default": 1},
            "usable_group": {"default": "default"},
            "supported_endpoint": ENDPOINTS,
            "auto_groups": [],
        }
    )


def row(call: OneapiCall, name: str, kind: str, owner: str) -> dict[str, Any]:
    api, endpoint = SERVED[kind]
    price = call.account.billing.price(api, name)
    by_token, by_call = (0.0, price.image or 0.0) if kind == "image" else (price.input or 0.0, 0.0)
    return {
        "model_name": name,
        "quota_type": 1 if kind == "image" else 0,
        "model_ratio": round(by_token / RATIO_ONE, 9),
        "model_price": by_call,
        "owner_by": owner,
        "completion_ratio": round((price.output or 0.0) / by_token, 9) if by_token else 0,
        "enable_groups": ["default"],
        "supported_endpoint_types": [endpoint],
    }
