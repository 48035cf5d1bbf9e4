"""Where a file is uploaded to, and with what."""

from string import ascii_letters
from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.knowledge.reading import LIMITS, OTHERS
from lke_emulator.knowledge.refusals import invalid, missing
from lke_emulator.primitives.clock import real_now
from lke_emulator.products import action
from lke_emulator.products.lke.bases import found_base

REGION = "ap-guangzhou"
PICTURES = frozenset("jpg jpeg png gif bmp tiff webp heif heic jp2 eps icns im pcx ppm xbm".split())  # noqa: SIM905
"""FileTypes that may be public: pictures of a dialogue (documented)."""


@action("lke.DescribeStorageCredential")
def describe_storage_credential(call: Call) -> dict[str, Any]:
    """With a FileType a credential that uploads one file, without one that reads what was uploaded (documented)."""
    params, storage, known = call.params, call.account.storage, call.assumptions
    if not params.get("BotBizId"):
        raise missing("BotBizId")
    base = found_base(call)
    kind = params.get("TypeKey") or "offline"
    if kind not in ("offline", "realtime"):
        raise invalid("TypeKey", f"must be offline or realtime, not {kind}")
    type = params.get("FileType", "").lower()
    path = upload_path(call, base, type) if type else ""
    starts = int(signing_moment(call))
    seconds = int(known.upload_credential_ttl_s if type else known.download_credential_ttl_s)
    bucket = storage.bucket(kind)
    given = storage.give(
        "upload" if type else "download",
        base=base,
        caller=call.caller,
        bucket=bucket,
        path=path,
        starts=starts,
        ends=starts + seconds,
    )
    return {
        "Credentials": {
            "Token": storage.token_of(given.secret_id),
            "TmpSecretId": given.secret_id,
            "TmpSecretKey": storage.key_of(given.secret_id),
            "AppId": storage.app_id,
        },
        "StartTime": starts,
        "ExpiredTime": given.ends,
        "Bucket": bucket,
        "Region": call.region if call.region in known.regions else REGION,
        "Type": "cos",
        "CorpUin": "0",
        "FilePath": "" if type else f"/corp/{call.account.uin}/doc/",
        "ImagePath": "" if type else f"/public/{call.account.uin}/image/",
        "UploadPath": path,
        "UploadUrl": address(call, "PUT", path, seconds) if type else "",
        "FileUrl": address(call, "GET", path, known.download_credential_ttl_s) if type else "",
    }


def upload_path(call: Call, base: str, type: str) -> str:
    """Of one file, which no other one has."""
    if type not in LIMITS and type not in OTHERS:
        raise invalid("FileType", f"must be a type that can be uploaded, such as pdf or docx, not {type}")
    is_public = call.params.get("IsPublic", False)
    if is_public and type not in PICTURES:
        raise invalid("IsPublic", f"must be false for {type}: only pictures are public")
    account = call.account
    letters = "".join(ascii_letters[byte % 52] for byte in account.ids.take(20))
    place = f"/public/{account.uin}/{base}/image" if is_public else f"/corp/{account.uin}/{base}/doc"
    return f"{place}/{letters}-{account.snowflakes.next(call.now)}.{type}"


def signing_moment(call: Call) -> float:
    """Now, by the clock that signatures are judged by."""
    return call.now if call.assumptions.signatures == "account" else real_now()


def address(call: Call, method: str, path: str, seconds: float) -> str:
    """An object's whole address, which is signed for so long."""
    where = call.assumptions.object_public_url.rstrip("/") or call.base_url
    return where + call.account.storage.address(method, path, int(signing_moment(call)), seconds)
