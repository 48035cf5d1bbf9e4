"""What object storage answers when it refuses: a code, its text and status, as XML (documented: 436/7730)."""

import re
from html import escape

from lke_emulator.exchange.answer import Answer, Headers, Spelled

CODES: dict[str, tuple[int, str]] = {
    "AccessDenied": (403, "Access Denied."),
    "AccessForbidden": (403, "CORSResponse: This CORS request is not allowed."),
    "BadDigest": (400, "The Content-MD5 you specified did not match what we received."),
    "EntityTooLarge": (400, "Your proposed upload exceeds the maximum allowed object size."),
    "EntityTooSmall": (400, "Your proposed upload is smaller than the minimum allowed object size."),
    "ExpiredToken": (400, "The provided token has expired."),
    "InternalError": (500, "We encountered an internal error. Please try again."),
    "InvalidAccessKeyId": (403, "The Access Key Id you provided does not exist in our records."),
    "InvalidArgument": (400, "Invalid Argument."),
    "InvalidDigest": (400, "The Content-MD5 you specified is not valid."),
    "InvalidPart": (400, "One or more of the specified parts could not be found."),
    "InvalidPartOrder": (400, "The list of parts was not in ascending order."),
    "InvalidRange": (416, "The requested range is not satisfiable."),
    "InvalidToken": (403, "The provided token is malformed or otherwise not valid."),
    "MalformedXML": (400, "The XML you provided was not well formed or did not validate against our published schema."),
    "MethodNotAllowed": (405, "The specified method is not allowed against this resource."),
    "NoSuchBucket": (404, "The specified bucket does not exist."),
    "NoSuchKey": (404, "The specified key does not exist."),
    "NoSuchUpload": (404, "The specified multipart upload does not exist."),
    "NotImplemented": (501, "This emulator has no such operation of object storage."),
    "PreconditionFailed": (412, "At least one of the preconditions you specified did not hold."),
    "RequestTimeTooSkewed": (403, "The difference between the request time and the current time is too large."),
    "ServiceUnavailable": (503, "Please reduce your request rate."),
    "SignatureDoesNotMatch": (403, "The Signature you specified is invalid."),
    "SlowDown": (503, "Please reduce your request rate."),
}
"""Code -> HTTP status and text."""
EXPIRED = "Request has expired"
"""The text of AccessDenied that SDKs compare to set their clocks right (observed)."""
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
XML: Headers = [(Spelled(b"Content-Type"), b"application/xml")]


class ObjectRefusal(Exception):
    def __init__(self, code: str, message: str = "") -> None:
        self.code = code
        self.status, text = CODES.get(code, (400, code))
        self.message = message or text
        super().__init__(code, self.message)


def argument(name: str, must: str, value: str) -> ObjectRefusal:
    return ObjectRefusal("InvalidArgument", f"{name} must be {must}, not {value}")


def xml_refusal(code: str, message: str, resource: str, request_id: str, status: int, headers: Headers) -> Answer:
    """Python's SDK takes a body for no error at all unless each of its members says something."""
    body = (
        "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n"
        f"\t<Code>{xml_text(code)}</Code>\n\t<Message>{xml_text(message)}</Message>\n"
        f"\t<Resource>{xml_text(resource)}</Resource>\n\t<RequestId>{request_id}</RequestId>\n"
        f"\t<TraceId>{request_id}</TraceId>\n</Error>\n"
    )
    return Answer(body.encode("utf-8", "replace"), [*XML, *headers], status)


def xml_text(text: str) -> str:
    """Escaped; what XML cannot hold is U+FFFD."""
    return escape(NOT_XML.sub("\ufffd", text))
