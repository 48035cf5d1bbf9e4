"""Laws of what stands behind lkeap: nearness, rewriting, splitting, parsing, archives, tasks and signed addresses."""

import zipfile
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lke_emulator.knowledge.archive import pack
from lke_emulator.knowledge.files import Files, NoAccess
from lke_emulator.knowledge.jobs import KEPT_SECONDS, Job, Jobs
from lke_emulator.knowledge.markup import markdown
from lke_emulator.knowledge.parsing import parse
from lke_emulator.knowledge.splitting import split
from lke_emulator.knowledge.tables import as_html, table
from lke_emulator.knowledge.unparsable import Unparsable
from lke_emulator.models.rerank import scores
from lke_emulator.models.rewrite import rewrite

texts = st.text(alphabet="ab cd知识引擎大模型。?\n#", max_size=40)
documents = st.lists(texts, min_size=1, max_size=6)


# rerank


@given(texts, documents)
def test_the_query_itself_scores_highest(query: str, docs: list[str]) -> None:
    own, *others = scores(query, [query, *docs])
    assert all(other <= own for other in others)


@given(texts, documents, st.randoms(use_true_random=False))
def test_scores_go_with_their_documents_in_any_order(query: str, docs: list[str], random: object) -> None:
    shuffled = docs[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    by_text = dict(zip(docs, scores(query, docs), strict=True))
    assert scores(query, shuffled) == [by_text[doc] for doc in shuffled]


@given(texts, documents)
def test_scores_lie_between_nothing_and_everything(query: str, docs: list[str]) -> None:
    assert all(0 <= score <= 1 for score in scores(query, docs))


def test_the_documented_example_ranks_as_documented() -> None:
    far, near = scores("知识引擎大模型", ["混元大模型", "腾讯知识引擎"])
    assert near > far


def test_a_text_that_shares_more_words_is_nearer() -> None:
    price, banana, none = scores("price of the model", ["the price of a model", "price of a banana", "über alles"])
    assert price > banana > none == 0


# rewrite


def test_the_documented_dialogue_is_completed_as_documented() -> None:
    assert rewrite(["你家在哪里", "国内哪里"]) == "你家在国内哪里？"


@pytest.mark.parametrize(
    ("dialogue", "expected"),
    [
        (["腾讯云知识引擎是什么？", "它怎么收费？"], "腾讯云知识引擎怎么收费？"),
        (["什么是知识引擎", "怎么收费"], "知识引擎怎么收费？"),
        (["What is DeepSeek V3?", "How much does it cost?"], "How much does DeepSeek V3 cost?"),
        (["What is DeepSeek V3?", "Hello", "What are its limits?"], "What are DeepSeek V3's limits?"),
        (["Tell me about rerank models", "And the price?"], "And the price for rerank models?"),
    ],
)
def test_what_a_question_leaves_out_is_filled_in(dialogue: list[str], expected: str) -> None:
    assert rewrite(dialogue) == expected


@pytest.mark.parametrize("question", ["hello", "今天天气怎么样", "How do I bake a chocolate cake at home?"])
def test_a_question_that_stands_alone_stays_as_it_is(question: str) -> None:
    assert rewrite([question]) == question
    assert rewrite(["你好", question]) == question
    assert rewrite(["hello", question]) == question


@given(st.lists(texts.filter(str.strip), min_size=1, max_size=4))
def test_rewriting_never_loses_what_the_question_says(dialogue: list[str]) -> None:
    rewritten = rewrite(dialogue)
    assert dialogue[-1].strip().rstrip(" \n。?") in rewritten


# split


@given(st.text(alphabet="ab #\n.。`|", max_size=300), st.integers(1, 60))
def test_the_chunks_together_are_the_document(text: str, size: int) -> None:
    chunks = split(text, size)
    assert "".join(chunk.text for chunk in chunks) == text
    assert all(0 < len(chunk.text) <= size and chunk.text in chunk.section for chunk in chunks)


def test_a_document_is_split_at_its_headings() -> None:
    assert [chunk.text for chunk in split("# A\n\none\n\n## B\n\ntwo\n", 100)] == ["# A\n\none\n\n", "## B\n\ntwo\n"]


def test_a_heading_inside_code_is_none() -> None:
    assert len(split("# A\n\n```\n# no heading\n```\n\ntext\n", 100)) == 1


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    assert [chunk.text for chunk in split("One two. Three four. Five", 22)] == ["One two. Three four. ", "Five"]


def test_an_image_is_a_placeholder_where_text_is_embedded() -> None:
    (chunk,) = split("see ![the chart](images/1.png) here", 100)
    assert chunk.plain == "see [image] here"
    assert chunk.text == "see ![the chart](images/1.png) here"


# parse


def test_text_is_read_whatever_chinese_encoding_it_has() -> None:
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert parse("知识引擎\r\n大模型".encode(encoding), "TXT", "t", 100) == ["知识引擎\n大模型"]


def test_a_form_feed_ends_a_page() -> None:
    assert parse(b"one\ftwo\f", "MD", "t", 100) == ["one", "two"]


def test_a_long_text_has_several_pages() -> None:
    pages = parse(b"word " * 100, "TXT", "t", 100)
    assert len(pages) > 1
    assert "".join(pages) == "word " * 100


def test_html_becomes_markdown() -> None:
    html = (
        b"<h1>T &amp; U</h1><script>no()</script><p>a <b>b</b><ul><li>x<li>y</ul><table><tr><th>k<td>v<tr><td>1<td>2|3"
    )
    assert parse(html, "HTML", "t", 1000) == [
        "# T & U\n\na **b**\n\n- x\n- y\n\n| k | v |\n| --- | --- |\n| 1 | 2\\|3 |\n"
    ]


def test_csv_becomes_a_table() -> None:
    assert parse(b'a,b\n1,"2,3"\n4\n', "CSV", "t", 1000) == ["| a | b |\n| --- | --- |\n| 1 | 2,3 |\n| 4 |  |\n"]


@given(
    st.lists(
        st.lists(st.text(alphabet="ab|&<", min_size=1, max_size=3), min_size=2, max_size=2), min_size=1, max_size=4
    )
)
def test_a_table_is_the_same_as_html(rows: list[list[str]]) -> None:
    read = markdown(as_html(table(rows)))
    assert read == table(rows)


def pdf(pages: int, extra: bytes = b"") -> bytes:
    body = b"".join(b"%d 0 obj << /Type /Page /Parent 1 0 R >> endobj\n" % n for n in range(2, pages + 2))
    return b"%PDF-1.7\n1 0 obj << /Type /Pages /Count " + str(pages).encode() + b" >> endobj\n" + body + extra


def test_a_pdf_has_as_many_pages_as_page_objects() -> None:
    assert len(parse(pdf(7), "PDF", "t", 100)) == 7


def test_page_objects_in_compressed_streams_count_too() -> None:
    stream = zlib.compress(b"<< /Type /Page >> << /Type/Page/Rotate 0 >> << /Type /Pages >>")
    extra = b"9 0 obj << /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + stream + b"\nendstream\n"
    assert len(parse(pdf(1, extra), "PDF", "t", 100)) == 3


@pytest.mark.parametrize(
    ("content", "file_type", "code"),
    [
        (b"", "TXT", "InvalidParameter.InvalidFileFormat"),
        (b"\xfe\xff", "CSV", "InvalidParameter.InvalidFileFormat"),
        (b"plain", "PDF", "InvalidParameter.InvalidFileFormat"),
        (b"plain", "DOCX", "InvalidParameter.InvalidFileFormat"),
        (b"%PDF-1.7 nothing in it", "PDF", "FailedOperation.FileParseError"),
        (pdf(1, b"trailer << /Encrypt 5 0 R >>"), "PDF", "FailedOperation.NonsupportParse"),
        (b"\xff\x00\x80", "TXT", "FailedOperation.FileParseError"),
    ],
)
def test_what_cannot_be_parsed_says_why(content: bytes, file_type: str, code: str) -> None:
    with pytest.raises(Unparsable) as caught:
        parse(content, file_type, "t", 100)
    assert caught.value.code == code


@given(st.sampled_from(["TXT", "MD", "HTML", "CSV", "PDF"]), st.binary(max_size=200))
@settings(max_examples=50)
def test_any_bytes_are_parsed_or_refused(file_type: str, content: bytes) -> None:
    with suppress(Unparsable):
        assert len(parse(content, file_type, "t", 50)) >= 1


# archives


def test_an_archive_depends_on_its_contents_alone() -> None:
    entries = {"a.md": "知识".encode(), "images/": b""}
    assert pack(entries) == pack(entries)
    with zipfile.ZipFile(BytesIO(pack(entries))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == entries


# jobs

ORDER = ("WaitExecute", "Processing", "Success", "Failed", "Cancelled")
moments = st.floats(0, 100)


@given(moments, moments, st.none() | moments, st.booleans(), st.lists(moments, min_size=2))
def test_a_job_only_goes_forward(
    waits: float, lasts: float, cancelled_at: float | None, fails: bool, at: list[float]
) -> None:
    job = Job(id="1", kind="split", began=0, waits=waits, lasts=lasts, error=("code", "why") if fails else None)
    if cancelled_at is not None:
        job.cancel(cancelled_at)
    seen = [job.status(moment) for moment in sorted(at)]
    steps = [min(2, ORDER.index(status)) for status in seen]
    assert steps == sorted(steps)
    assert len({status for status in seen if ORDER.index(status) >= 2}) <= 1


@given(moments, moments, st.booleans(), st.floats(-100, 100))
def test_a_clock_that_is_set_back_undoes_no_job(waits: float, lasts: float, is_cancelled: bool, back: float) -> None:
    job = Job(id="1", kind="split", began=0, waits=waits, lasts=lasts)
    is_cancelled = job.cancel(0) if is_cancelled else False
    found = job.status(back)
    assert found == ("Cancelled" if is_cancelled else "Success") or (not is_cancelled and 0 <= back < waits + lasts)


def test_a_job_is_forgotten_after_thirty_days() -> None:
    jobs = Jobs()
    jobs.add(Job(id="old", kind="split", began=0, waits=1, lasts=1))
    assert jobs.find("old", KEPT_SECONDS - 1) is not None
    assert jobs.find("old", KEPT_SECONDS) is None
    assert jobs.find("new", 0) is None


# files


def test_an_address_opens_its_file_for_half_an_hour() -> None:
    files = Files("1", b"secret")
    files.put("a.zip", b"content", now=0, seconds=10_000)
    path = files.link("a.zip", now=100)
    assert files.open(path, 100 + 1799) == b"content"
    with pytest.raises(NoAccess) as caught:
        files.open(path, 100 + 1800)
    assert caught.value.code == "AccessDenied"


@given(st.integers(0, 80), st.characters(min_codepoint=33, max_codepoint=126))
def test_an_address_that_was_changed_opens_nothing(place: int, character: str) -> None:
    files = Files("1", b"secret")
    files.put("a.zip", b"content", now=0)
    path = files.link("a.zip", now=0)
    place %= len(path)
    changed = path[:place] + character + path[place + 1 :]
    if changed != path and changed.startswith("/files/1/"):
        with pytest.raises(NoAccess):
            files.open(changed, 0)


def test_the_oldest_files_make_room() -> None:
    files = Files("1", b"secret")
    files.put("old", bytes(40 << 20), now=0)
    files.put("new", bytes(40 << 20), now=0)
    with pytest.raises(NoAccess) as caught:
        files.open(files.link("old", 0), 0)
    assert caught.value.code == "NoSuchKey"
    assert len(files.open(files.link("new", 0), 0)) == 40 << 20
