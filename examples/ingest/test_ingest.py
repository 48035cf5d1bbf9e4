"""A folder is brought into an app and asked about, with nothing but the plugin's fixture."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qcloud_cos import CosS3Client

from examples.ingest.ingest import GivenUp, Ingestion

APP, UNRELEASED = "1900000000000000007", "1900000000000000008"
SHOP = {
    "spaces": [{"id": "s"}],
    "apps": [
        {"biz_id": APP, "name": "Shop", "space": "s"},
        {"biz_id": UNRELEASED, "name": "Next shop", "space": "s", "status": "not_online"},
    ],
    "models": [{"name": "hunyuan"}],
    "rate_limit": 0,
    "billing": {"postpaid": "all", "balance": 10},
}
pytestmark = pytest.mark.lke_scenario(SHOP)


@pytest.fixture
def ingestion(lke: Any) -> Iterator[Ingestion]:
    """Whose seconds are the account's."""
    lke.clock.freeze("2026-11-20 10:00")
    yield Ingestion(lke.client("lke"), APP, lke.url, lambda seconds: lke.clock.advance(seconds))
    CosS3Client._CosS3Client__built_in_sessions.close()  # all clients of the SDK share one, which it keeps


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "returns.md").write_text("# Returns\n\nA lamp can be sent back within thirty days, in its own box.")
    (tmp_path / "lamps.txt").write_text("The lighthouse lamp is made of oak and costs 48 dollars.")
    return tmp_path


def test_a_folder_is_learned_released_and_answers(lke: Any, ingestion: Ingestion, folder: Path) -> None:
    assert ingestion.ingest(folder) == []
    before = ingestion.cost()
    answer = ingestion.chat("What is the lighthouse lamp made of?", "session-0123456789-0123456789-01")
    assert "oak" in answer
    after = ingestion.cost()
    assert after.input > before.input
    assert after.output > before.output
    lke.calls.expect(operation="lke.SaveDoc", times=2)
    lke.calls.expect_in_order("lke.DescribeStorageCredential", "lke.SaveDoc", "lke.CreateRelease", "lke.GetAppSecret")


def test_what_cannot_be_read_is_told_and_the_others_go_on(ingestion: Ingestion, folder: Path) -> None:
    (folder / "broken.docx").write_bytes(b"this is no zip")
    assert ingestion.ingest(folder) == ["broken.docx"]
    assert "oak" in ingestion.chat("What is the lighthouse lamp made of?", "session-0123456789-0123456789-02")


def test_a_release_that_fails_is_said(lke: Any, ingestion: Ingestion, folder: Path) -> None:
    lke.control.post(f"/accounts/{lke.uin}/failures", kind="release", stage="release", reason="no room")
    with pytest.raises(GivenUp, match="failed"):
        ingestion.ingest(folder)


def test_an_app_that_was_never_released_does_not_answer(ingestion: Ingestion) -> None:
    ingestion.app = UNRELEASED
    with pytest.raises(GivenUp, match=r"^4600\d\d: "):
        ingestion.chat("Hello?", "session-0123456789-0123456789-03")
