"""Every way a call can be refused: a code, and a text in the cloud's own words.

Raise `ApiError` with a literal message (business errors), or `refusal(KEY, **facts)` for a text of the common table
(reference: the official list of common error codes). Nothing here knows HTTP; `envelope` renders it.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Detail = Mapping[str, Any] | Callable[[], Mapping[str, Any]]
"""What only the journal tells of a refusal; what is long to work out is worked out when it is read."""


class ApiError(Exception):
    """A refusal that the caller gets as `Response.Error`; its language is chosen at the moment it is rendered."""

    def __init__(self, code: str, en: str, zh: str | None = None, detail: Detail | None = None) -> None:
        """`detail` is for the journal and the log alone; it never reaches the caller."""
        super().__init__(code, en)
        self.code = code
        self.en = en
        self.zh = en if zh is None else zh
        self.detail = detail
        self.key = ""
        self.facts: Mapping[str, object] = {}

    def message(self, language: str, texts: Mapping[str, str] = {}) -> str:
        """In Chinese for zh-CN, else in English; `texts` replaces texts of the common table by their keys."""
        text = texts.get(self.key) or (self.zh if language == "zh-CN" else self.en)
        return text.format_map(self.facts) if self.key else text


class ErrorText(NamedTuple):
    code: str
    en: str
    zh: str | None = None


# Literal texts: observed in real responses or documented (D, R, DE, T in the project's assumptions page); where no literal
# text is known the meaning from the official list stands in its place (assumption `error_texts`).
TEXTS: dict[str, ErrorText] = {
    "authorization": ErrorText(
        "AuthFailure.InvalidAuthorization",
        "The request `Authorization` header does not conform to tencentcloud standards: `{part}` in Credential not valid.",
    ),
    "secret-id": ErrorText(
        "AuthFailure.SecretIdNotFound",
        "The SecretId is not found, please ensure that your SecretId is correct.",
        "SecretId不存在，请输入正确的密钥。",
    ),
    "expired": ErrorText(
        "AuthFailure.SignatureExpire",
        "Signature expired. Please use local time and enable NTP service for time synchronization to avoid a deviation"
        " between `Timestamp` and the server time {now}.",
    ),
    "signature": ErrorText(
        "AuthFailure.SignatureFailure",
        "The provided credentials could not be validated. Please check your signature is correct.",
        "请求签名验证失败，请检查您的签名计算是否正确。",
    ),
    "v1-size": ErrorText(
        "AuthFailure.SignatureFailure",
        "The provided credentials could not be validated because of exceeding request size limit, please use new signature"
        " method `TC3-HMAC-SHA256`.",
        "由于请求包大小超过限制，请求签名验证失败，请使用新的签名方法 `TC3-HMAC-SHA256`。",
    ),
    "token": ErrorText(
        "AuthFailure.TokenFailure",
        "Token verification failed, please check if your Token is correct",
    ),
    "internal": ErrorText(
        "InternalError",
        "An internal error has occurred. Retry your request, but if the problem persists, contact us.",
        "内部服务错误，请稍后重试。",
    ),
    "action": ErrorText(
        "InvalidAction",
        "The request action=`{action}` is invalid or not found in service=`{service}` and version=`{version}`.",
    ),
    "version": ErrorText(
        "NoSuchVersion", "The specified api version=`{version}` does not exist in service=`{service}`."
    ),
    "product": ErrorText("NoSuchProduct", "The product does not exist."),
    "failed": ErrorText("FailedOperation", "Operation failed.", "操作失败。"),
    "no-such": ErrorText("FailedOperation", "The {noun} {id} does not exist."),
    "parameter-type": ErrorText(
        "InvalidParameter",
        "The value type of parameter `{name}` is not valid, input type should be `{type}`",
        "参数 `{name}` 取值类型错误。参数类型应为 `{type}`",
    ),
    "common-type": ErrorText("InvalidParameter", "Parameter `{name}` type error."),
    "no-equals": ErrorText(
        "InvalidParameter",
        "Url key and value should be splited by `=`.",
        "参数错误，请求URL中参数key和value必须以 `=` 分隔。",
    ),
    "empty-key": ErrorText(
        "InvalidParameter",
        "The request has a parameter key which is empty string.",
        "参数错误，请求参数key不能为空字符串。",
    ),
    "not-json": ErrorText(
        "InvalidParameter",
        "The request content not valid json format for specified content-type=application/json.",
        "对于指定content-type=application/json协议下，请求内容不是合法的Json格式。",
    ),
    "format": ErrorText("InvalidParameter", "Parameter `{name}` format invalid.", "参数 `{name}` 格式非法。"),
    "repeated": ErrorText("InvalidParameter", "Parameter `{name}` input repeated.", "参数 `{name}` 重复输入。"),
    "array-index": ErrorText(
        "InvalidParameter",
        "Parameter `{name}` invalid array format, array index must be continuous and starts with 0.",
        "参数 `{name}` 是非法是数组格式，数组下标必须是连续的而且从0下标开始。",
    ),
    "common-value": ErrorText(
        "InvalidParameterValue",
        "A value specified in `{name}` is not valid, is unsupported, or cannot be used.",
        "参数 `{name}` 取值错误。",
    ),
    "content-hash": ErrorText(
        "InvalidParameterValue",
        "The value specified in `X-TC-Content-SHA256` is not correct.",
        "参数 `X-TC-Content-SHA256` 计算值不正确。",
    ),
    "parameter-value": ErrorText(
        "InvalidParameterValue",
        "The value `{value}` specified in the parameter `{name}` is not valid",
    ),
    "missing": ErrorText(
        "MissingParameter",
        "The request is missing a required parameter `{name}`.",
        "请求缺少必传参数 `{name}` 。",
    ),
    "missing-header": ErrorText(
        "MissingParameter",
        "The request header is missing a required common parameter `{name}`.",
        "请求头部缺少必传的公共参数 `{name}`。",
    ),
    "rate": ErrorText(
        "RequestLimitExceeded",
        "Your current request times equals to `{times}` in a second, which exceeds the frequency limit `{limit}` for a"
        " second. Please reduce the frequency of calls.",
        "您当前每秒请求 `{times}` 次，超过了每秒频率上限 `{limit}`，请稍后重试。",
    ),
    "size": ErrorText("RequestSizeLimitExceeded", "The request size exceeds the upper limit."),
    "unknown": ErrorText("UnknownParameter", "The parameter `{name}` is not recognized.", "未定义参数 `{name}`。"),
    "unsupported": ErrorText("UnsupportedOperation", "Unsupported operation."),
    "method": ErrorText(
        "UnsupportedProtocol", "HTTP(S) request protocol error; only GET and POST requests are supported."
    ),
    "content-type": ErrorText("UnsupportedProtocol", "this action does not support Content-Type=`{type}`"),
    "region": ErrorText("UnsupportedRegion", "The action not support this region."),
}


def refusal(key: str, **facts: object) -> ApiError:
    """The ApiError of a common text, with its facts. A key that is not in the table is a programmer's KeyError."""
    text = TEXTS[key]
    error = ApiError(text.code, text.en, text.zh)
    error.key = key
    error.facts = facts
    return error


SAMPLE: Mapping[str, object] = {
    "times": 21,
    "limit": 20,
    "now": 0,
    **dict.fromkeys(("name", "value", "part", "type", "action", "version", "service"), "?"),
}
"""Facts for a refusal that nothing has caused."""


def sample(code: str, message: str = "", **facts: object) -> ApiError:
    """The ApiError of a code as a caller would meet it, in the common text where there is one for the code."""
    key = next((key for key, text in TEXTS.items() if text.code == code), "")
    if message or not key:
        return ApiError(code, message or code)
    return refusal(key, **{**SAMPLE, **facts})
