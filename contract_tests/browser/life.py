"""Calls of every kind, so that the console has something to show: well and refused, streamed, of keys and of SecretIds."""

import contextlib
from typing import Any

import httpx
from openai import APIError, OpenAI
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

KEY = "sk-localRootKeyOfLkeEmulatorOpensNothingOutsideOfIt"
DAY = {"StatStartTime": 1758988800, "StatEndTime": 1759075199}


def client(url: str, product: str = "lke", secret: str = "local-secret-key") -> Any:
    version = {"lke": "2023-11-30", "lkeap": "2024-05-22", "adp": "2026-05-20"}[product]
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=url.partition("://")[2]))
    return CommonClient(product, version, Credential("AKIDlocal", secret), "ap-guangzhou", profile)


def live(url: str) -> None:
    """About a dozen calls of the default scenario's first account."""
    lke = client(url)
    lke.call_json("DescribeTokenUsage", {"ModelName": "cs-normal-70b"})
    lke.call_json("DescribeTokenUsageGraph", DAY | {"ModelName": "cs-normal-70b"})
    lke.call_json("ListApp", {"PageNumber": 1, "PageSize": 10})
    client(url, "lkeap").call_json("RunRerank", {"Query": "harbour", "Docs": ["a harbour", "a mountain"]})
    for action, params, secret in (
        ("DescribeTokenUsage", {"ModelNames": "x"}, "local-secret-key"),
        ("DescribeTokenUsages", {}, "local-secret-key"),
        ("ListApp", {"PageNumber": 1, "PageSize": 10}, "another-key"),
        ("DescribeApp", {"AppBizId": "1"}, "local-secret-key"),
    ):
        with contextlib.suppress(TencentCloudSDKException):
            client(url, secret=secret).call_json(action, params)
    with OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0) as openai:
        for model in ("deepseek-v3.2", "hunyuan-turbos", "no-such-model"):
            with contextlib.suppress(APIError):
                openai.chat.completions.create(
                    model=model, messages=[{"role": "user", "content": "Where is the harbour?"}]
                )
        for _ in openai.chat.completions.create(
            model="deepseek-v3.2", messages=[{"role": "user", "content": "Hello"}], stream=True
        ):
            pass


def hostile(url: str, text: str) -> None:
    """A call whose every part is what somebody else wrote."""
    httpx.post(f"{url}/v1/chat/completions", json={"model": text, "messages": [{"role": "user", "content": text}]})
    with contextlib.suppress(TencentCloudSDKException):
        client(url).call_json("DescribeTokenUsage", {text[:50]: text})
