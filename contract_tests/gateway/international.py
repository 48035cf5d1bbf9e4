"""Calls by the international SDK, in a process of its own: it shares its package name with the mainland SDK.

Reads {endpoint, secret_id, secret_key} from standard input, writes what each call gave as JSON.
"""

import json
import sys
from typing import Any

from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.lke.v20231130 import models
from tencentcloud.lke.v20231130.lke_client import LkeClient

REQUESTS: dict[str, dict[str, Any]] = {
    "DescribeTokenUsage": {"ModelName": "cs-normal-70b", "StatStartTime": 1758988800, "StatEndTime": 1759075199},
    "DescribeTokenUsageGraph": {"ModelName": "cs-normal", "StartTime": "1726070400", "EndTime": "1726156799"},
    "DescribeConcurrencyUsage": {"ModelName": "cs-normal-70b", "StartTime": "1758988800", "EndTime": "1759075199"},
    "ListUsageCallDetail": {"ModelName": "cs-normal-70b", "PageNumber": 1, "PageSize": 2},
    "ListAppKnowledgeDetail": {"PageNumber": 1, "PageSize": 10},
    "DescribeKnowledgeUsagePieGraph": {},
}


def main() -> None:
    target = json.load(sys.stdin)
    http = HttpProfile(protocol="http", endpoint=target["endpoint"])
    opened = credential.Credential(target["secret_id"], target["secret_key"])
    client = LkeClient(opened, "ap-jakarta", ClientProfile(httpProfile=http))
    given = {}
    for action, params in REQUESTS.items():
        request = getattr(models, f"{action}Request")()
        request.from_json_string(json.dumps(params))
        given[action] = json.loads(getattr(client, action)(request).to_json_string())
    refused = LkeClient(credential.Credential("AKIDnobody", "x"), "ap-jakarta", ClientProfile(httpProfile=http))
    try:
        refused.DescribeKnowledgeUsage(models.DescribeKnowledgeUsageRequest())
    except TencentCloudSDKException as error:
        given["refused"] = [error.get_code(), error.get_message()]
    json.dump(given, sys.stdout)


if __name__ == "__main__":
    main()
