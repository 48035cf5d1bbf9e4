"""What neither a document nor a real response settles, as named settings.

Every default is an assumption of this project and may be wrong about the cloud; a scenario's `assumptions:` changes it.
"""

from typing import Literal

import msgspec


class Assumptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """World-wide; the words in quotes are the values a setting can take."""

    # usage and statistics (LKE)

    # gateway
    check_order: Literal["lookup-first", "signature-first"] = "lookup-first"
    """Whether an unknown version or action, or a content type the action cannot take, is told before the signature is judged."""
    missing_order: Literal["public", "tce"] = "public"
    """The first common parameter named missing in v1: the public cloud's Timestamp, or the private cloud's Action."""
    strict_scope_service: bool = False
    """Refuse a credential scope whose service is not the product on IP and local hosts too (always on *.tencentcloudapi.com)."""
    unknown_signature_method: Literal["HmacSHA1", "refuse"] = "HmacSHA1"
    """A v1 SignatureMethod that is neither HmacSHA1 nor HmacSHA256 counts as HmacSHA1, or is InvalidParameterValue."""
    regions: tuple[str, ...] = ("ap-jakarta", "ap-guangzhou")
    """Regions that the three products support; every other one is UnsupportedRegion."""
    post_oversize: Literal["envelope", "413"] = "envelope"
    """A POST above its limit: RequestSizeLimitExceeded in the envelope, or a bare HTTP status."""
    get_oversize: Literal["envelope", "414"] = "envelope"
    """A GET above 32 KB: RequestSizeLimitExceeded in the envelope, or a bare HTTP status."""
    other_method: Literal["envelope", "405"] = "envelope"
    """PUT, DELETE and the like: UnsupportedProtocol in the envelope, or a bare HTTP status."""
    other_path: Literal["404", "envelope"] = "404"
    """A signed call to another path than `/`: a bare HTTP 404, or served as if it came to `/`."""
    error_texts: dict[str, str] = {}
    """Texts in place of the shipped ones, by key of the table in emulator/api3/errors.py (also older generations of a text)."""
    sse_space: bool = False
    """Whether a frame of a stream is written `data: {...}`; lkeap's examples have no blank."""

    # scenario

    # account (packages, postpaid, wallet, keys)
