"""What a refusal says."""

from collections.abc import Callable

from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

Refusal = Callable[..., TencentCloudSDKException]
USAGE = "DescribeTokenUsage"


def told(error: TencentCloudSDKException) -> tuple[str, str]:
    return error.get_code(), error.get_message()
