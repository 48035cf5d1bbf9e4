"""The error codes of lkeap with their documented meanings; no literal texts of the service are known.

A refusal says the meaning and, behind it, the place and the way out in this project's words.
"""

from lke_emulator.protocol.errors import ApiError

# Code -> meaning in English and Chinese (both editions of the SDK; FailedOperation.OcrFailed has no text of its own).
MEANINGS = {
    "FailedOperation": ("Operation failed.", "操作失败。"),
    "FailedOperation.EngineServerError": ("Internal engine error.", "引擎层内部错误。"),
    "FailedOperation.FileParseError": ("Parsing failed.", "解析失败。"),
    "FailedOperation.FileParseTimeout": ("Document parsing timed out.", "文档解析超时。"),
    "FailedOperation.InternalError": ("Internal error.", "内部错误。"),
    "FailedOperation.NonsupportParse": ("Parsing this file is not supported.", "暂不支持解析该文件。"),
    "FailedOperation.OcrFailed": ("OCR failed.", "OCR失败。"),
    "FailedOperation.UnKnowError": ("Unknown internal error.", "内部未知错误。"),
    "FailedOperation.UnOpenError": ("The service is not activated.", "服务未开通。"),
    "FailedOperation.UploadResultFileFailed": (
        "The address of the result file could not be made. Try again later.",
        "生成识别结果文件访问url失败，请稍后重试。",
    ),
    "InternalError": ("Internal error.", "内部错误。"),
    "InvalidParameter": ("Parameter error.", "参数错误。"),
    "InvalidParameter.FileURLInvalid": ("The file URL is incorrect.", "文件url链接不正确。"),
    "InvalidParameter.InvalidFileFormat": ("Invalid file format.", "无效的文件格式。"),
    "InvalidParameter.InvalidFileType": ("Invalid file type.", "无效的文件类型。"),
    "InvalidParameterValue.InvalidParameterValueLimit": ("Wrong parameter value.", "参数值错误。"),
    "LimitExceeded.ExceededMaxPagesError": ("The maximum number of pages is exceeded.", "超过最大文件页数限制。"),
    "LimitExceeded.TooLargeFileError": ("The file is too large.", "文件太大。"),
    "RequestLimitExceeded": ("The number of requests exceeds the frequency limit.", "请求的次数超过了频率限制。"),
    "ResourceUnavailable.InArrears": ("The account is in arrears.", "账号已欠费。"),
    "ResourceUnavailable.ResourcePackageRunOut": ("The resource package is exhausted.", "账号资源包耗尽。"),
    "ResourcesSoldOut.ChargeStatusException": ("The billing status is abnormal.", "计费状态异常。"),
}
PARAMETER = "InvalidParameter"
VALUE = "InvalidParameterValue.InvalidParameterValueLimit"


def lkeap_error(code: str, detail: str = "") -> ApiError:
    """The ApiError of a code; `detail` is the place and the way out, such as `Inputs: 8 texts, at most 7`."""
    en, zh = MEANINGS[code]
    return ApiError(code, f"{en} {detail}".strip(), f"{zh}{detail}")
