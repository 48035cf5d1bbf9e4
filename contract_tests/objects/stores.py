"""What a client of object storage gets from lke: a credential, and the official SDK opened with it."""

from typing import Any

from qcloud_cos import CosConfig, CosS3Client

Granted = dict[str, Any]


def sdk(granted: Granted, **where: Any) -> CosS3Client:
    """`where` are members of CosConfig: Domain, or IP and Port, or Proxies."""
    opened = granted["Credentials"]
    config = CosConfig(
        Region=granted["Region"],
        SecretId=opened["TmpSecretId"],
        SecretKey=opened["TmpSecretKey"],
        Token=opened["Token"],
        Scheme="http",
        **where,
    )
    return CosS3Client(config, retry=0)
