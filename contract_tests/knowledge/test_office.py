"""What office files say is read as their authors wrote it; what would hurt is refused before it is unpacked."""

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import openpyxl
import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lke_emulator.knowledge import apart, container
from lke_emulator.knowledge.parsing import parse, read_here
from lke_emulator.knowledge.unparsable import Unparsable
from lke_emulator.knowledge.unread import Unread

WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)
BODY = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>{}</w:body></w:document>"


def saved(document: Any) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def read(content: bytes, type: str) -> list[str]:
    return list(parse(content, type, "title", 100_000))


def archive(members: dict[str, str]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as writer:
        for name, text in members.items():
            writer.writestr(name, text)
    return file.getvalue()


def members(content: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(content)) as reader:
        return {name: reader.read(name).decode() for name in reader.namelist()}


def refused(content: bytes, type: str) -> str:
    with pytest.raises(Unparsable) as caught:
        read(content, type)
    return caught.value.code


def outcome(content: bytes, type: str) -> object:
    """Its pages, or the code of a refusal; whatever else is raised fails the test."""
    try:
        return read(content, type)
    except Unparsable as problem:
        return problem.code


def test_a_document_is_read_in_its_order_with_its_structure() -> None:
    document: Any = docx.Document()
    document.add_heading("Refunds", 2)
    document.add_paragraph("Within 30 days.")
    document.add_paragraph("with a receipt", style="List Bullet")
    table = document.add_table(2, 2)
    for place, text in enumerate(("plan", "days", "basic", "3|0")):
        table.cell(place // 2, place % 2).text = text
    document.add_page_break()
    document.add_paragraph("第二页")
    first, second = read(saved(document), "DOCX")
    assert first.split("\n\n") == [
        "## Refunds",
        "Within 30 days.",
        "- with a receipt",
        "| plan | days |\n| --- | --- |\n| basic | 3\\|0 |",
    ]
    assert second == "第二页"


@settings(max_examples=20)
@given(st.lists(WORDS, min_size=1, max_size=8))
def test_every_paragraph_is_there_once_and_in_order(words: list[str]) -> None:
    document = docx.Document()
    for word in words:
        document.add_paragraph(word)
    assert "\n\n".join(read(saved(document), "DOCX")).split("\n\n") == words


def test_a_presentation_has_a_page_for_each_slide_in_its_order() -> None:
    show = pptx.Presentation()
    for title in ("One", "Two"):
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = f"about {title}"
    slides = show.slides._sldIdLst
    slides.append(slides[0])  # the first becomes the last
    assert read(saved(show), "PPTX") == ["# Two\n\nabout Two", "# One\n\nabout One"]


def test_a_workbook_has_a_page_for_each_sheet() -> None:
    book = openpyxl.Workbook()
    book.active.title = "faq"
    book.active.append(["question", "answer"])
    book.active.append(["days?", 30])
    assert read(saved(book), "XLSX") == ["# faq\n\n| question | answer |\n| --- | --- |\n| days? | 30 |\n"]


@pytest.mark.parametrize("corner", ["XFD1048576", "Z90000"])
def test_a_workbook_of_two_cells_far_apart_is_refused(corner: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = book.active[corner] = 1
    assert refused(saved(book), "XLSX") == "LimitExceeded.TooLargeFileError"


def test_a_workbook_whose_directory_lies_of_a_size_is_refused() -> None:
    """Its one sheet says that it has ten bytes, and unpacks to what no process of its may have."""
    sheet = "<worksheet><sheetData>" + "<row><c t='inlineStr'><is><t>x</t></is></c></row>" * 400_000
    book = openpyxl.Workbook()
    whole = archive({name: text for name, text in members(saved(book)).items() if "sheet1" not in name})
    with ZipFile(file := BytesIO(whole), "a", ZIP_DEFLATED) as writer:
        writer.writestr("xl/worksheets/sheet1.xml", sheet)
    content, size = bytearray(file.getvalue()), len(sheet).to_bytes(4, "little")
    while (place := content.find(size)) >= 0:
        content[place : place + 4] = (10).to_bytes(4, "little")
    assert refused(bytes(content), "XLSX") == "FailedOperation.FileParseError"


def test_no_parser_sees_a_workbook_with_a_member_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MEMBER_BYTES", 1000)
    book = openpyxl.Workbook()
    for number in range(100):
        book.active.append([number])
    with pytest.raises(Unparsable) as caught:
        read_here(Unread(saved(book), "XLSX", 1000))
    assert caught.value.code == "LimitExceeded.TooLargeFileError"


def pdf(*objects: bytes) -> bytes:
    """The catalogue is the first of its objects."""
    file, places = BytesIO(b""), []
    file.write(b"%PDF-1.4\n")
    for number, written in enumerate(objects, 1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, written))
    table = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    file.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    file.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table))
    return file.getvalue()


def test_a_page_whose_forms_draw_one_another_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each twice the next: what a few kilobytes draw has no end."""
    monkeypatch.setattr(apart, "PATIENCE", 2)
    forms = b"".join(b"/X%d %d 0 R " % (number, 5 + number) for number in range(60))
    resources = b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> /XObject << %s >> >>" % forms

    def stream(drawn: bytes, more: bytes = b"") -> bytes:
        return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(drawn), more, drawn)

    inner = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources " + resources
    page = b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources %s >>" % resources
    start = (b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page)
    drawn = [stream(b"/X%d Do /X%d Do" % (number + 1, number + 1), inner) for number in range(59)]
    content = pdf(*start, stream(b"/X0 Do"), *drawn, stream(b"BT /F 12 Tf (Hello) Tj ET", inner))
    assert refused(content, "PDF") == "FailedOperation.FileParseTimeout"


def test_an_archive_that_unpacks_to_far_more_is_refused_unread() -> None:
    bomb = archive({"word/document.xml": BODY.format("<w:p/>" * 5_000_000)})
    assert len(bomb) < 200_000
    assert refused(bomb, "DOCX") == "LimitExceeded.TooLargeFileError"


def test_a_member_of_too_many_elements_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its ratio alone would let it pass."""
    monkeypatch.setattr(container, "MOST_ELEMENTS", 1000)
    noise = "".join(f"<w:p w:x='{number * 7919:x}'/>" for number in range(1100))
    assert refused(archive({"word/document.xml": BODY.format(noise)}), "DOCX") == "LimitExceeded.TooLargeFileError"


def test_a_directory_of_too_many_entries_is_refused() -> None:
    assert (
        refused(archive({f"{number}.xml": "" for number in range(10_001)}), "DOCX") == "LimitExceeded.TooLargeFileError"
    )


def test_entities_are_refused() -> None:
    lol = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]>" + BODY.format("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>")
    assert refused(archive({"word/document.xml": lol}), "DOCX") == "FailedOperation.FileParseError"


@pytest.mark.parametrize("type", ["DOCX", "PPTX", "XLSX"])
def test_an_archive_of_something_else_is_refused(type: str) -> None:
    assert refused(archive({"readme.txt": "hello"}), type).startswith(("InvalidParameter.", "FailedOperation."))


@pytest.mark.parametrize("type", ["DOCX", "PPTX", "XLSX", "PDF"])
@given(content=st.binary(max_size=200))
def test_whatever_is_sent_is_read_or_refused(type: str, content: bytes) -> None:
    start = b"%PDF-" if type == "PDF" else b"PK\x03\x04"
    assert outcome(start + content, type)


@given(st.data())
def test_a_document_with_a_byte_changed_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    content[data.draw(st.integers(4, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    assert outcome(bytes(content), "DOCX")


def small() -> bytes:
    document = docx.Document()
    document.add_paragraph("hello")
    return saved(document)


WHOLE = small()
