"""The common parameters: from headers (TC3) or from the flat parameters (v1)."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from lke_emulator.account.assumptions import Assumptions
from lke_emulator.protocol.errors import refusal

HEADERS_REQUIRED = ("X-TC-Action", "X-TC-Version", "X-TC-Timestamp")
PARAMS_REQUIRED = ("Timestamp", "Action", "Version", "Nonce", "SecretId", "Signature")
"""Observed: the public cloud names Timestamp first; the rest in the inferred order of checks (assumption `missing_order`)."""
PARAMS = frozenset((*PARAMS_REQUIRED, "Region", "SignatureMethod", "Token", "Language", "RequestClient"))
REGION = re.compile(r"[a-z]{2}-[a-z]+(-[a-z0-9]+)*")
LANGUAGES = ("", "zh-CN", "en-US")


class Common(NamedTuple):
    action: str
    version: str
    region: str
    timestamp: str
    """Unix seconds as sent; empty where nothing has to be signed (`--auth off`)."""
    token: str
    language: str


def language(headers: Mapping[str, str], params: Mapping[str, object]) -> str:
    """What an error is written in, before anything is checked. Observed: English unless zh-CN is asked for."""
    return headers.get("x-tc-language") or str(params.get("Language", ""))


def from_headers(headers: Mapping[str, str], signed: bool) -> Common:
    """Common parameters of header mode; `signed` is False where anyone may call (`--auth off`): then no timestamp is needed."""
    get = headers.get
    return checked(
        get("x-tc-action", ""),
        get("x-tc-version", ""),
        get("x-tc-region", ""),
        get("x-tc-timestamp", ""),
        get("x-tc-token", ""),
        get("x-tc-language", ""),
        signed,
    )


@lru_cache(1024)
def checked(action: str, version: str, region: str, timestamp: str, token: str, language: str, signed: bool) -> Common:
    """The headers of most calls of a second say the same."""
    common = Common(action, version, region, timestamp, token, language)
    given = zip(HEADERS_REQUIRED, (action, version, timestamp or not signed), strict=True)
    missing = next((name for name, value in given if not value), "")
    if missing:
        raise refusal("missing-header", name=missing)
    if common.timestamp and not whole_text(common.timestamp):
        raise refusal("common-type", name="X-TC-Timestamp")
    if common.language not in LANGUAGES:
        raise refusal("common-value", name="X-TC-Language")
    return common


def from_params(params: Mapping[str, str], signed: bool, assumptions: Assumptions) -> Common:
    """Common parameters of parameter mode."""
    required: tuple[str, ...] = PARAMS_REQUIRED if signed else ("Action", "Version")
    if assumptions.missing_order == "tce":
        required = ("Action", *(name for name in required if name != "Action"))
    for name in required:
        if not params.get(name):
            raise refusal("missing", name=name)
    for name in ("Timestamp", "Nonce"):
        if name in params and not whole_text(params[name]):
            raise refusal("common-type", name=name)
    get = params.get
    method = get("SignatureMethod", "HmacSHA1")
    if assumptions.unknown_signature_method == "refuse" and method not in ("HmacSHA1", "HmacSHA256"):
        raise refusal("common-value", name="SignatureMethod")
    common = Common(
        get("Action", ""),
        get("Version", ""),
        get("Region", ""),
        get("Timestamp", ""),
        get("Token", ""),
        get("Language", ""),
    )
    if common.language not in LANGUAGES:
        raise refusal("common-value", name="Language")
    return common


def whole_text(text: str) -> bool:
    """A non-negative integer that fits 64 bits."""
    return text.isascii() and text.isdecimal() and len(text) <= 19
