"""The files that lkeap takes: types, sizes and pages, judged before a file is looked at."""

from typing import NamedTuple

from lke_emulator.account.call import Call
from lke_emulator.knowledge.source import check_url, from_base64
from lke_emulator.knowledge.unparsable import Unparsable
from lke_emulator.products.lkeap.codes import PARAMETER, VALUE, lkeap_error

MB = 1 << 20
TEXT = frozenset(("MD", "TXT"))
OFFICE = frozenset(("WPS", "DOC", "DOCX", "PPT", "PPTX"))
SHEETS = frozenset(("XLS", "XLSX", "CSV"))
PICTURES = frozenset(("PNG", "JPG", "JPEG"))
RARE_PICTURES = frozenset(
    ("BMP", "GIF", "WEBP", "HEIC", "EPS", "ICNS", "IM", "PCX", "PPM", "TIFF", "XBM", "HEIF", "JP2")
)
BOOKS = frozenset(("HTML", "EPUB"))
IN_BASE64 = frozenset(("PNG", "JPG", "JPEG", "PDF", "GIF", "BMP", "TIFF"))
NUMBERED = OFFICE | {"PDF"}
"""Types of which a range of pages can be asked for."""


class FileRules(NamedTuple):
    """The file types that an action takes, and how large they may be (documented)."""

    types: frozenset[str]
    sizes: tuple[tuple[frozenset[str], int], ...]
    otherwise: int = 20 * MB

    def of(self, file_type: str) -> int:
        return next((size for types, size in self.sizes if file_type in types), self.otherwise)


SPLIT_TYPES = OFFICE | SHEETS | TEXT | PICTURES | BOOKS | {"PDF"}
FLOW_SIZES = (OFFICE, 200 * MB), (TEXT, 10 * MB)
FLOW = FileRules(SPLIT_TYPES | RARE_PICTURES, ((frozenset({"PDF"}), 300 * MB), *FLOW_SIZES))
INTERNATIONAL_FLOW = FLOW._replace(sizes=((frozenset({"PDF"}), 100 * MB), *FLOW_SIZES))
SPLIT = FLOW._replace(types=SPLIT_TYPES)
STREAM = FileRules(FLOW.types - BOOKS, ((NUMBERED, 100 * MB), (TEXT | SHEETS, 10 * MB)))
"""Of ReconstructDocumentSSE."""


def checked(call: Call, limits: FileRules) -> str:
    """The file type of a request whose parameters can be judged before the file is looked at."""
    params = call.params
    file_type: str = params["FileType"].upper()
    if file_type not in limits.types:
        raise lkeap_error(
            "InvalidParameter.InvalidFileType", f"FileType: `{params['FileType']}` is none of this action's"
        )
    url, encoded = params.get("FileUrl", ""), params.get("FileBase64", "")
    if not url and not encoded:
        raise lkeap_error(PARAMETER, "FileUrl or FileBase64: one of them is needed")
    try:
        if url:
            check_url(url)
        else:
            from_base64(encoded, "")
    except Unparsable as error:
        raise lkeap_error(error.code, error.why) from None
    if not url and call.assumptions.base64_file_types == "documented" and file_type not in IN_BASE64:
        raise lkeap_error("InvalidParameter.InvalidFileType", f"FileBase64: is for {', '.join(sorted(IN_BASE64))}")
    first, last = page_range(call)
    if first < 1 or (last is not None and last < first):
        raise lkeap_error(VALUE, "FileStartPageNumber, FileEndPageNumber: from 1, and the end not before the start")
    return file_type


def page_range(call: Call) -> tuple[int, int | None]:
    return call.params.get("FileStartPageNumber", 1), call.params.get("FileEndPageNumber")
